import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

export interface CaughtMail {
  readonly from: string
  readonly to: readonly string[]
  /** As it came over the wire, headers first. */
  readonly raw: string
}
/** What the server answers to each recipient; null accepts. */
export type Mood = ((to: string) => { readonly code: number } | 'cut' | null) | null

/** A real SMTP server on a free loopback port. */
export async function startSmtp() {
  const mails: CaughtMail[] = []
  const held: { mood: Mood } = { mood: null }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onRcptTo({ address }, session, callback) {
      const answer = held.mood?.(address) ?? null
      if (answer === null) callback()
      else if (answer === 'cut') {
        const { connections } = server as unknown as { connections: Set<{ id: string; _socket: { destroy(): void } }> }
        for (const it of connections) if (it.id === session.id) it._socket.destroy()
      } else callback(Object.assign(new Error(`no to ${address}`), { responseCode: answer.code }))
    },
    onData(stream, session, callback) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const from = session.envelope.mailFrom
        mails.push({
          from: from === false ? '' : from.address,
          to: session.envelope.rcptTo.map((it) => it.address),
          raw: Buffer.concat(chunks).toString('utf8'),
        })
        callback()
      })
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    set mood(mood: Mood) {
      held.mood = mood
    },
    stop: () => new Promise<void>((resolve) => server.close(resolve)),
  }
}

export interface CaughtSms {
  readonly id: string
  readonly to: string
  readonly text: string
  readonly signed: boolean
}

/** A real SMS gateway over HTTP, which checks signatures as its contract says. */
export async function startGateway(secret: string) {
  const received: CaughtSms[] = []
  const held: { status: number; location: string | null } = { status: 202, location: null }
  const bodyOf = async (request: IncomingMessage) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    return Buffer.concat(chunks).toString('utf8')
  }
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const header = (name: string) => String(request.headers[name])
      const id = header('webhook-id')
      const mac = createHmac('sha256', secret)
        .update(`${id}.${header('webhook-timestamp')}.${body}`)
        .digest('base64')
      const signed = header('webhook-signature') === `v1,${mac}`
      if (held.status < 300) received.push({ id, ...(JSON.parse(body) as { to: string; text: string }), signed })
      response.writeHead(held.status, held.location === null ? {} : { location: held.location }).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/sms`,
    received,
    answer(status: number, location: string | null = null) {
      held.status = status
      held.location = location
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
