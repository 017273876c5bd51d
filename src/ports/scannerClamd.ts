import { once } from 'node:events'
import { createConnection, type Socket } from 'node:net'
import { ScannerUnavailable, type Scanner, type Verdict } from './scanner.js'

/** Where clamd listens: `unix:/run/clamav/clamd.ctl` or `tcp://127.0.0.1:3310`. */
export type ClamdAddress = { readonly path: string } | { readonly host: string; readonly port: number }

export interface ClamdOptions {
  readonly address: ClamdAddress
  /** Ms for the connection, and for the whole scan. */
  readonly connectMs?: number
  readonly scanMs?: number
}
const CONNECT_MS = 3_000
const SCAN_MS = 30_000
/** clamd's answers are one short line. */
const MAX_ANSWER = 1_024
const END = Buffer.alloc(4)

/** Null for a text that names no such address. */
export function readClamdUrl(text: string): ClamdAddress | null {
  const path = /^unix:(?:\/\/)?(\/[^\0]{1,100})$/.exec(text)?.[1]
  if (path !== undefined) return { path }
  if (!URL.canParse(text)) return null
  const { protocol, hostname, port } = new URL(text)
  if (protocol !== 'tcp:' || hostname === '') return null
  return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: port === '' ? 3310 : Number(port) }
}

/** clamd over INSTREAM: each chunk behind its length, an empty one at the end, one line as the answer. */
export function clamdScanner({ address, connectMs = CONNECT_MS, scanMs = SCAN_MS }: ClamdOptions): Scanner {
  return {
    async scan(bytes) {
      const socket = createConnection(address)
      const failed = new Promise<never>((_, reject) => {
        socket.once('error', (cause) => reject(unavailable('connection failed', cause)))
      })
      const answer = readAnswer(socket)
      const overdue = new AbortController()
      // Whichever comes second is nobody's.
      for (const it of [failed, answer]) it.catch(() => undefined)
      try {
        await Promise.race([once(socket, 'connect'), failed, late(connectMs, 'no connection in time', overdue.signal)])
        const inTime = late(scanMs, 'no answer in time', overdue.signal)
        // It may answer before it has everything, when it refuses to read on: then nobody waits for the rest.
        const line = await Promise.race([answer, sendAll(socket, bytes).then(() => answer), failed, inTime])
        return verdictOf(line)
      } finally {
        overdue.abort()
        socket.destroy()
      }
    },
  }
}

async function sendAll(socket: Socket, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  socket.write('zINSTREAM\0')
  for await (const chunk of bytes) {
    if (chunk.length === 0) continue
    if (socket.destroyed) return
    const length = Buffer.alloc(4)
    length.writeUInt32BE(chunk.length)
    socket.write(length)
    if (!socket.write(chunk)) await drained(socket)
  }
  socket.write(END)
}

/** Also when there is nobody left to send to. */
function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.off('drain', done).off('close', done)
      resolve()
    }
    socket.once('drain', done).once('close', done)
  })
}

function readAnswer(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1')
      const end = text.search(/[\0\n]/)
      if (end !== -1) resolve(text.slice(0, end))
      else if (text.length > MAX_ANSWER) reject(new ScannerUnavailable('an answer without an end'))
    })
    socket.once('close', () => reject(new ScannerUnavailable('closed without an answer')))
  })
}

/** Anything that is neither OK nor FOUND is no verdict, `INSTREAM size limit exceeded. ERROR` among it (A14). */
function verdictOf(line: string): Verdict {
  if (line === 'stream: OK') return { verdict: 'clean' }
  const signature = /^stream: ([\w.:/()-]{1,200}) FOUND$/.exec(line)?.[1]
  if (signature !== undefined) return { verdict: 'infected', signature }
  if (line.endsWith(' FOUND')) return { verdict: 'infected', signature: 'unnamed' }
  throw new ScannerUnavailable(line.includes('size limit exceeded') ? 'size limit exceeded' : 'answered with an error')
}

function late(ms: number, reason: string, signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const timer = setTimeout(() => reject(new ScannerUnavailable(reason)), ms)
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
  })
}

const unavailable = (reason: string, cause: unknown): ScannerUnavailable => new ScannerUnavailable(reason, { cause })
