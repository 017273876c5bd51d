import type { ServerResponse } from 'node:http'

/** One answer that goes on: events as `text/event-stream` has them. */
export interface Stream {
  /** `data` as JSON, in one line. */
  send(event: string, data: unknown, id?: number): void
  /** A comment: keeps proxies and browsers from giving up. */
  beat(): void
  end(event?: string): void
}

/** Whoever reads slower than this much waits gets the end, and comes back by itself. */
const WAITING_BYTES = 64 * 1024
/** So long a browser waits before it comes back. */
const RETRY_MS = 3_000

export function openStream(res: ServerResponse): Stream {
  res.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' })
  const write = (text: string): void => {
    if (res.writableEnded || res.destroyed) return
    if (res.writableLength > WAITING_BYTES) res.destroy()
    else res.write(text)
  }
  write(`retry: ${RETRY_MS}\n\n`)
  return {
    send: (event, data, id) => {
      write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    },
    beat: () => {
      write(': .\n\n')
    },
    end: (event) => {
      if (event !== undefined) write(`event: ${event}\ndata: {}\n\n`)
      res.end()
    },
  }
}
