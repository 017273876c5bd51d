/** What the outbox hands to the world: a message to people, or a command to an outside system. Ids and codes only. */
export interface Outgoing {
  /** `<ticketId>-<seq>-<instant>`: the same on every try, so that the receiver can tell a repetition. */
  readonly id: string
  readonly ticketId: string
  /** `message` or `port`; `event`: the body is a CloudEvent. */
  readonly kind: string
  readonly body: Readonly<Record<string, unknown>>
  /** W3C traceparent, for a receiver that traces too; null where nothing is traced. */
  readonly trace?: string | null
}

/** `refused` is a final no with a coded reason, never a fault: faults are thrown and tried again. */
export type Answer = { readonly outcome: 'accepted' } | { readonly outcome: 'refused'; readonly code: string }

/**
 * Where outbox rows go. `deliver` may be called more than once with the same id (a crash between the effect and its
 * record): the receiver keeps the first.
 */
export interface EffectSink {
  /**
   * Name under which a delivery is written beside the outbox row, in the transaction that marks it: what an embedded
   * receiver gets, it gets exactly once. Null: the receiver is outside and keeps its own record.
   */
  recordAs(outgoing: Outgoing): string | null
  /** Throws SinkFailure when it is worth trying again. */
  deliver(outgoing: Outgoing): Promise<Answer>
}

/** Says what went wrong by its name alone: `SinkUnreachable`, `SinkTimeout`, `SinkAnswered503`. */
export class SinkFailure extends Error {
  constructor(name: string, options?: ErrorOptions) {
    super('The receiver of outgoing messages and commands did not accept.', options)
    this.name = name
  }
}

/** The default: messages land in the local `mailbox`, commands at a port by its own name. Everything is accepted. */
export const embeddedSink: EffectSink = {
  recordAs({ kind, body }) {
    const port = body['port']
    return kind === 'port' && typeof port === 'string' ? port : 'mailbox'
  },
  deliver: () => Promise.resolve({ outcome: 'accepted' }),
}

const REFUSAL_CODE = /^[A-Z][A-Z0-9_]{2,63}$/

/**
 * Posts each row as JSON with its id as `Idempotency-Key` (a quoted string, as RFC 8941 writes them). 2xx accepts, 422
 * with `{"code": "…"}` refuses for good, everything else is thrown and tried again. Redirects are not followed.
 */
export function httpSink(options: { readonly url: string; readonly timeoutMs?: number }): EffectSink {
  const timeoutMs = options.timeoutMs ?? 10_000
  return {
    recordAs: () => null,
    async deliver(outgoing) {
      const response = await post(options.url, outgoing, timeoutMs)
      if (response.status !== 422) await response.body?.cancel()
      if (response.ok) return { outcome: 'accepted' }
      const code = response.status === 422 ? await refusalCode(response) : null
      if (code !== null) return { outcome: 'refused', code }
      throw new SinkFailure(`SinkAnswered${response.status}`)
    },
  }
}

/** Structured mode of the CloudEvents HTTP binding. */
const MEDIA: Readonly<Record<string, string>> = { event: 'application/cloudevents+json' }

async function post(url: string, outgoing: Outgoing, timeoutMs: number): Promise<Response> {
  const { id, ticketId, kind, body, trace } = outgoing
  const traceparent = typeof trace === 'string' ? { traceparent: trace } : {}
  try {
    return await fetch(url, {
      method: 'POST',
      headers: { 'content-type': MEDIA[kind] ?? 'application/json', 'idempotency-key': `"${id}"`, ...traceparent },
      body: JSON.stringify(kind === 'event' ? body : { id, ticketId, kind, body }),
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
  } catch (cause) {
    const late = cause instanceof DOMException && cause.name === 'TimeoutError'
    throw new SinkFailure(late ? 'SinkTimeout' : 'SinkUnreachable', { cause })
  }
}

async function refusalCode(response: Response): Promise<string | null> {
  const answer: unknown = await response.json().catch(() => null)
  const code = typeof answer === 'object' && answer !== null && 'code' in answer ? answer.code : null
  return typeof code === 'string' && REFUSAL_CODE.test(code) ? code : null
}
