import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Asked {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** A server that behaves as it is told, over a real connection. */
export class Trouble {
  readonly asked: Asked[] = []
  /** What the next answers are; the last one stays. */
  behave: ((response: ServerResponse, asked: Asked) => void)[] = []
  readonly #server = createServer((request, response) => {
    void this.#take(request, response)
  })
  static async open(): Promise<Trouble> {
    const trouble = new Trouble()
    trouble.#server.listen(0, '127.0.0.1')
    await once(trouble.#server, 'listening')
    return trouble
  }
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }
  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    const asked = { path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks).toString('utf8') }
    this.asked.push(asked)
    const next = this.behave.length > 1 ? this.behave.shift() : this.behave[0]
    next?.(response, asked)
  }
  async close(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }
}

export const answers =
  (status: number, body: unknown, headers: Record<string, string> = {}) =>
  (response: ServerResponse): void => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }
/** Takes the request and says nothing, for ever. */
export const silent = (): void => undefined
/** Cuts the connection in the middle of the answer. */
export const cuts = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
  response.write('{"participant":', () => response.destroy())
}
/** Cuts it before a word. */
export const hangsUp = (response: ServerResponse): void => void response.destroy()
/** Sends without end and without saying how much. */
export const floods = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'application/json' })
  const more = (): void => {
    while (!response.destroyed && response.write('x'.repeat(65_536)));
    if (!response.destroyed) response.once('drain', more)
  }
  more()
}
