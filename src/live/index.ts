import type { ServerResponse } from 'node:http'
import { PulihError } from '../engine/errors.js'
import { createFeed, type FeedParts } from './feed.js'
import { connectionOf, createTelling, type Connection, type Viewer } from './telling.js'

export type { Viewer } from './telling.js'

/** Server-sent events: what changed, as ids, codes and versions, so that a page knows when to ask again. */
export interface Live {
  /** Takes a place and gives what answers the request with it. Throws TOO_MANY_REQUESTS when all are taken, SHUTTING_DOWN. */
  open(viewer: Viewer): (res: ServerResponse) => void
  /** Looks at every stream now: still allowed? Then a sign of life. Done by itself every quarter of a minute. */
  beat(): Promise<void>
  /** How many are open. */
  readonly size: number
  /** Ends all streams and takes no more. */
  close(): void
}

export interface LiveParts extends FeedParts {
  /** Told when this process committed something. */
  readonly onCommitted: (listener: () => void) => () => void
  readonly beatMs?: number
  readonly caps?: { readonly each: number; readonly all: number }
}

const BEAT_MS = 15_000
/** A browser opens one for each window. */
const CAPS = { each: 6, all: 1_000 }
const RETRY_SECONDS = 30

export function createLive(parts: LiveParts): Live {
  const { clock, logger, onCommitted, beatMs = BEAT_MS, caps = CAPS } = parts
  const feed = createFeed(parts)
  const connections = new Set<Connection>()
  let unhook: (() => void) | null = null
  let beating: NodeJS.Timeout | null = null
  let closed = false
  const telling = createTelling(feed, { clock, logger, isClosed: () => closed })

  function take(viewer: Viewer): Connection {
    if (closed) throw new PulihError('SHUTTING_DOWN', 'no new streams while stopping')
    const mine = [...connections].filter((it) => it.viewer.key === viewer.key).length
    if (mine >= caps.each || connections.size >= caps.all)
      throw new PulihError('TOO_MANY_REQUESTS', 'too many streams are open', { retryAfter: RETRY_SECONDS })
    const connection = connectionOf(viewer)
    connections.add(connection)
    unhook ??= onCommitted(() => {
      feed.nudge()
    })
    beating ??= setInterval(() => void beat(), beatMs).unref()
    return connection
  }

  function release(connection: Connection): void {
    connections.delete(connection)
    if (connections.size > 0) return
    unhook?.()
    unhook = null
    if (beating !== null) clearInterval(beating)
    beating = null
  }

  async function beat(): Promise<void> {
    await Promise.all([...connections].map((it) => telling.beat(it)))
  }

  return {
    open(viewer) {
      const connection = take(viewer)
      return (res) => {
        res.once('close', () => {
          release(connection)
        })
        telling.serve(connection, res).catch((error: unknown) => {
          logger.warn({ err: error }, 'a stream failed')
          res.destroy()
        })
      }
    },
    beat,
    get size() {
      return connections.size
    },
    close() {
      closed = true
      for (const { stream } of connections) stream?.end('bye')
      feed.stop()
    },
  }
}
