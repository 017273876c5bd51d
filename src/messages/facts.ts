import { z } from 'zod'
import type { Store } from '../../db/types.js'
import type { Engine, LogEntry, SlaClock, TicketRow } from '../engine/types.js'
import { reopenDaysOf } from '../machines/pengaduan/reopening.js'
import type { Label } from '../machines/ticketType.js'
import type { Contact } from '../privacy/index.js'
import { spokenIn } from './dates.js'
import type { Facts } from './templates/index.js'

/** Labels for codes; never for text that somebody typed. */
export interface Words {
  readonly document: (kind: string) => Label
  readonly reason: (code: string) => Label
  readonly mask: (channel: Contact['channel'], address: string) => string
}
export interface FactParts {
  readonly store: Pick<Store, 'readLog'>
  readonly engine: Pick<Engine, 'reference'>
  readonly words: Words
}

const Context = z.looseObject({
  requestedDocuments: z.array(z.string()).catch([]),
  pauseCauses: z.array(z.string()).catch([]),
  referredTo: z.string().nullable().catch(null),
  reviewStarted: z.boolean().catch(false),
})
/** Where the coded reason that a template gives comes from: the latest of these facts. */
const REASONED: Readonly<Record<string, string>> = {
  rejected: 'TicketRejected',
  'correction.requested': 'CorrectionRequested',
}
const Asked = z.looseObject({ documents: z.array(z.looseObject({ kind: z.string(), reason: z.string() })) })
const ASKING = new Set(['DocumentsRequested', 'DocumentsRevoked'])
const LOG_PAGE = 500

/** The zone of the office that has the ticket. */
export const zoneOf = ({ reference }: Pick<Engine, 'reference'>, { officeId }: Pick<TicketRow, 'officeId'>): string =>
  reference.calendar(reference.office(officeId).calendarId).zone

/** Before there is a ticket. */
export const NOTHING: Facts = {
  ticketNumber: '',
  receivedAt: { id: '', en: '' },
  startsAt: null,
  firstReviewBy: null,
  resolutionBy: null,
  paused: false,
  holdUntil: null,
  expiresAt: null,
  documents: [],
  reason: null,
  reopenDays: 0,
  office: null,
  newEmail: null,
  newPhone: null,
  notMe: null,
  code: null,
}

/** What `template` may say about a ticket as it is now. */
export async function factsOf(
  { store, engine, words }: FactParts,
  ticket: TicketRow,
  contacts: readonly Contact[],
  template: string,
): Promise<Facts> {
  const zone = zoneOf(engine, ticket)
  const say = (at: number | null | undefined) => (at === null || at === undefined ? null : spokenIn(at, zone))
  const { requestedDocuments, pauseCauses, referredTo, reviewStarted } = Context.parse(ticket.snapshot.context)
  const { clocks, deadlines } = ticket.schedule
  const running = (target: string): SlaClock | undefined =>
    clocks.findLast((it) => it.target === target && it.settledAt === null)
  const [first, last] = [running('firstReview'), running('resolution')]
  const thresholdOf = (name: string) => deadlines.find((it) => it.name === name)?.thresholds.at(-1)?.at
  const expiry = thresholdOf('noReply') ?? thresholdOf('referral')
  const log = await store.readLog(ticket.id, Math.max(0, ticket.logSeq - LOG_PAGE), LOG_PAGE)
  const masked = (channel: Contact['channel']) => {
    const contact = contacts.find((it) => it.channel === channel)
    return contact === undefined ? null : words.mask(channel, contact.address)
  }
  return {
    ticketNumber: ticket.ticketNumber,
    receivedAt: spokenIn(ticket.filedAt, zone),
    startsAt: reviewStarted ? null : say(first?.countsFrom ?? last?.countsFrom),
    firstReviewBy: reviewStarted ? null : say(first?.dueAt),
    resolutionBy: say(last?.dueAt),
    paused: pauseCauses.length > 0,
    holdUntil: say(thresholdOf('hold')),
    expiresAt: say(expiry),
    documents: requestedDocuments.map((kind) => askedFor(kind, log, words)),
    reason: reasonOf(log, template, words),
    reopenDays: reopenDaysOf(ticket.snapshot.context),
    office: referredTo === null ? null : engine.reference.office(referredTo).name,
    newEmail: masked('email'),
    newPhone: masked('phone'),
    notMe: null,
    code: null,
  }
}

/** A document, and why it is asked for where there are words for that. */
function askedFor(kind: string, log: readonly LogEntry[], words: Words): Label {
  const label = words.document(kind)
  const asked = log.findLast(
    ({ fact, event }) => ASKING.has(fact) && Asked.parse(event).documents.some((it) => it.kind === kind),
  )
  const code =
    asked === undefined ? undefined : Asked.parse(asked.event).documents.find((it) => it.kind === kind)?.reason
  const reason = labelOf(code, words)
  return reason === null ? label : { id: `${label.id} (${reason.id})`, en: `${label.en} (${reason.en})` }
}

function reasonOf(log: readonly LogEntry[], template: string, words: Words): Label | null {
  const event = log.findLast(({ fact }) => fact === REASONED[template])?.event
  return labelOf(event?.['code'] ?? event?.['reason'], words)
}

/** A label stands inside a sentence; a code that has none is for officers. */
function labelOf(code: unknown, words: Words): Label | null {
  if (typeof code !== 'string') return null
  const { id, en } = words.reason(code)
  return id === code ? null : { id: id.replace(/\.$/, ''), en: en.replace(/\.$/, '') }
}
