import { PulihError } from '../engine/errors.js'
import type { EffectSink, Outgoing } from '../ports/sink.js'

/** What other systems are told, as CloudEvents 1.0; docs/contracts has the schema. */
export interface CloudEvent {
  readonly specversion: '1.0'
  readonly id: string
  readonly source: string
  readonly type: string
  readonly subject: string
  /** RFC 3339. */
  readonly time: string
  readonly datacontenttype: 'application/json'
  readonly data: Readonly<Record<string, unknown>>
}

export const CONTACT_CHANGED = 'id.pulih.pengaduan.contact-changed.v1'
const DAY_MS = 86_400_000

/**
 * The envelope of an outbox row of port `events`: ids and codes only. Until `sensitiveUntil` whatever is asked of this account deserves a
 * second look (R-HOLD-5). Throws INTERNAL for an operation that nobody described.
 */
export function cloudEventOf({ id, ticketId, body }: Outgoing, sensitiveDays: number): CloudEvent {
  const { operation, at, data } = body
  if (operation !== 'contactChanged' || typeof at !== 'number' || typeof data !== 'object' || data === null)
    throw new PulihError('INTERNAL', 'no such outgoing event')
  const { cycle, participantRef } = data as Readonly<Record<string, unknown>>
  return {
    specversion: '1.0',
    id,
    source: 'urn:pulih',
    type: CONTACT_CHANGED,
    subject: ticketId,
    time: new Date(at).toISOString(),
    datacontenttype: 'application/json',
    data: { ticketId, cycle, participantRef, sensitiveUntil: new Date(at + sensitiveDays * DAY_MS).toISOString() },
  }
}

/** Commands of port `events` leave as CloudEvents through the sink that everything else of the outside takes. */
export const eventSink = (others: EffectSink, sensitiveDays: number): EffectSink => ({
  recordAs: (outgoing) => others.recordAs(outgoing),
  deliver: (outgoing) =>
    others.deliver(
      outgoing.body['port'] === 'events'
        ? { ...outgoing, kind: 'event', body: { ...cloudEventOf(outgoing, sensitiveDays) } }
        : outgoing,
    ),
})
