import { createTransport } from 'nodemailer'
import { SendRefused, SendUnreachable } from './sending.js'

/** One mail to one address; text and HTML say the same. */
export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
  /** The same on every try, so that a receiver can tell a repetition. */
  readonly id: string
  /** Whose and which it is, for a mailer that keeps what it is given. */
  readonly ticketId: string
  readonly template: string
}
/** Throws SendUnreachable for what is worth trying again, SendRefused for a final no. Neither says to whom. */
export interface Mailer {
  send(mail: Mail): Promise<void>
}

export interface SmtpOptions {
  /** `smtp://user:password@host:port` or `smtps://…`. Holds a password: never printed. */
  readonly url: string
  /** Address of the sender, on a domain of its own (R-MAIL-4). */
  readonly from: string
  /** Refuse a server that speaks no TLS. */
  readonly requireTls: boolean
  readonly timeoutMs?: number
}
const TIMEOUT_MS = 15_000
/** A line end would begin another header (R-MAIL-1). */
const UNSAFE_ADDRESS = /[\r\n\0\s,;<>]/

/** Mail over SMTP on pooled connections; headers are built by the library alone. */
export function smtpMailer({ url, from, requireTls, timeoutMs = TIMEOUT_MS }: SmtpOptions): Mailer & { close(): void } {
  const domain = from.slice(from.lastIndexOf('@') + 1)
  const transport = createTransport(
    {
      url,
      pool: true,
      maxConnections: 4,
      requireTLS: requireTls,
      connectionTimeout: timeoutMs,
      greetingTimeout: timeoutMs,
      dnsTimeout: timeoutMs,
      socketTimeout: timeoutMs,
      disableFileAccess: true,
      disableUrlAccess: true,
      logger: false,
    },
    { from },
  )
  return {
    async send({ to, subject, text, html, id }) {
      if (UNSAFE_ADDRESS.test(to)) throw new SendRefused('ADDRESS_UNSAFE')
      try {
        await transport.sendMail({
          to: { name: '', address: to },
          subject,
          text,
          html,
          messageId: `<${id.replaceAll(/[^A-Za-z0-9._-]/g, '-')}@${domain}>`,
          headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
        })
      } catch (error) {
        throw failureOf(error)
      }
    },
    close: () => transport.close(),
  }
}

/**
 * The library's own errors repeat addresses and what servers said: none of that goes on. Only a no to the recipient or to the mail itself is
 * final: one to our greeting, our password or our sender is a fault of the installation, which somebody mends.
 */
function failureOf(error: unknown): Error {
  const { responseCode, code, command } = error as { responseCode?: unknown; code?: unknown; command?: unknown }
  const final = code === 'EMESSAGE' || (code === 'EENVELOPE' && command === 'RCPT TO')
  if (code === 'EENVELOPE' && command === 'API') return new SendRefused('ADDRESS_UNSAFE')
  if (typeof responseCode === 'number' && responseCode >= 500 && final) return new SendRefused(`SMTP_${responseCode}`)
  return new SendUnreachable(typeof responseCode === 'number' ? `SMTP_${responseCode}` : 'SMTP_UNREACHABLE')
}
