import { createHmac, type KeyObject } from 'node:crypto'
import { SendRefused, SendUnreachable } from './sending.js'

/** One text message; at most 160 characters of the GSM alphabet. */
export interface Sms {
  /** E.164. */
  readonly to: string
  readonly text: string
  /** The same on every try. */
  readonly id: string
  readonly ticketId: string
  readonly template: string
}
/** Throws SendUnreachable for what is worth trying again, SendRefused for a final no. */
export interface SmsGateway {
  send(sms: Sms): Promise<void>
}

export interface SmsGatewayOptions {
  readonly url: string
  readonly secret: KeyObject
  readonly clock: { now(): number }
  readonly timeoutMs?: number
}
const TIMEOUT_MS = 15_000

/**
 * A gateway over HTTP: `POST {to, text}`, signed as Standard Webhooks are: `webhook-signature: v1,base64(HMAC-SHA256(id.timestamp.body))`.
 * 2xx accepts, 422 refuses for good, everything else is tried again. Redirects are not followed.
 */
export function httpSmsGateway({ url, secret, clock, timeoutMs = TIMEOUT_MS }: SmsGatewayOptions): SmsGateway {
  return {
    async send({ to, text, id }) {
      const body = JSON.stringify({ to, text })
      const timestamp = String(Math.floor(clock.now() / 1_000))
      const signature = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')
      const status = await post(url, body, timeoutMs, {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1,${signature}`,
      })
      if (status >= 200 && status < 300) return
      throw status === 422 ? new SendRefused('SMS_422') : new SendUnreachable(`SMS_${status}`)
    },
  }
}

async function post(url: string, body: string, timeoutMs: number, headers: Record<string, string>): Promise<number> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
    await response.body?.cancel()
    return response.status
  } catch {
    // What went wrong may name the number: only that it did goes on.
    throw new SendUnreachable('SMS_UNREACHABLE')
  }
}
