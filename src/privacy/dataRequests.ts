import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { BreachFacts, DataRequestAnswer, DataRequestRow, DataRequestStore } from '../../db/intake/dataRequests.js'
import { LEGAL_MS } from '../../db/schemaPrivacy.js'
import type { Clock } from '../engine/clock.js'
import { PulihError } from '../engine/errors.js'
import type { Ids } from '../engine/ids.js'
import type { Label } from '../machines/ticketType.js'

/** What may be asked, and `breach`, which nobody asks but the law (R-PDP-2, R-PDP-6). */
export const DATA_REQUEST_KINDS = [
  'access',
  'correction',
  'consentWithdrawal',
  'objectionToProcessing',
  'erasure',
  'breach',
] as const
/** What a breach may have disclosed, how, and what is done about it: lists instead of free text, so that nobody's data slip into the register. */
export const BREACH_DATA = ['IDENTITY', 'NIK', 'KPJ', 'CONTACTS', 'DOCUMENTS', 'TOKENS', 'KEYS', 'CASE_RECORD'] as const
export const BREACH_WAYS = [
  'ACCESS_BY_OUTSIDER',
  'ACCESS_BY_STAFF',
  'LOST_DEVICE',
  'LOST_BACKUP',
  'SENT_TO_WRONG_PERSON',
  'SOFTWARE_FAULT',
  'SUPPLIER',
  'UNKNOWN',
] as const
export const BREACH_REMEDIES = [
  'ACCESS_CLOSED',
  'KEYS_ROTATED',
  'TOKENS_REVOKED',
  'ACCOUNTS_LOCKED',
  'FAULT_MENDED',
  'COPY_RECOVERED',
  'COPY_DESTROYED',
  'POLICE_TOLD',
  'UNDER_WAY',
] as const
/** Why it ended as it did. */
export const ANSWER_REASONS = [
  'ANSWERED',
  'EXPORTED',
  'CORRECTED',
  'STOPPED',
  'ERASED',
  'NOTIFIED',
  'NOT_PROVEN',
  'NOT_HELD',
  'OPEN_CASE',
  'LEGAL_HOLD',
  'LEGAL_DUTY',
  'UNFOUNDED',
  'NO_BREACH',
] as const

const Instant = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text))
/** Instants as ISO 8601 with a zone, everything else from closed lists. */
export const NewDataRequest = z
  .strictObject({
    kind: z.enum(DATA_REQUEST_KINDS),
    ticketId: z.uuid().optional().describe('Whose case; a breach may be about no one ticket'),
    receivedAt: Instant.describe('When it came in, or a breach was found: the 3 × 24 hours run from here'),
    breach: z
      .strictObject({
        data: z.array(z.enum(BREACH_DATA)).min(1).max(BREACH_DATA.length),
        from: Instant,
        until: Instant.nullable().default(null),
        how: z.enum(BREACH_WAYS),
        persons: z.int().min(0).max(99_999_999).nullable().default(null),
        remedies: z.array(z.enum(BREACH_REMEDIES)).min(1).max(BREACH_REMEDIES.length),
      })
      .optional()
      .describe('Of a breach, and of nothing else'),
  })
  .refine(({ kind, breach }) => (kind === 'breach') === (breach !== undefined), {
    path: ['breach'],
    error: 'goes with the kind `breach` and with no other',
  })
  .refine(({ kind, ticketId }) => kind === 'breach' || ticketId !== undefined, {
    path: ['ticketId'],
    error: 'whose case it is',
  })
export type NewDataRequest = z.infer<typeof NewDataRequest>

export const DataRequestAnswered = z.strictObject({
  outcome: z.enum(['done', 'refused']),
  reason: z.enum(ANSWER_REASONS),
  toldPersonsAt: Instant.optional().describe('Of a breach: when those concerned were told'),
  toldAuthorityAt: Instant.optional().describe('Of a breach: when the authority was told'),
})
export type DataRequestAnswered = z.infer<typeof DataRequestAnswered>

/** What is left of the law's time, in words. */
export function countdown(leftMs: number): Label {
  const minutes = Math.floor(Math.abs(leftMs) / 60_000)
  const [days, hours] = [Math.floor(minutes / 1_440), Math.floor(minutes / 60) % 24]
  const id = `${days} hari ${hours} jam ${minutes % 60} menit`
  const en = `${days} d ${hours} h ${minutes % 60} min`
  return leftMs < 0 ? { id: `Terlambat ${id}`, en: `${en} late` } : { id: `${id} lagi`, en: `${en} left` }
}

/** A row with its countdown. */
export interface DataRequestView extends Omit<DataRequestRow, 'ticketId'> {
  readonly ticketId: string | null
  /** Milliseconds until it is due, negative when over; null once answered. */
  readonly leftMs: number | null
  /** Due before it was answered, or before now. */
  readonly late: boolean
}

export interface DataRequests {
  /**
   * Writes down what was asked; said again, it is the same one. Due 3 × 24 h after it came in, whatever day that is (R-PDP-2). Throws
   * EVENT_IN_THE_FUTURE for an instant to come, TICKET_NOT_FOUND, CONFLICT for another breach found at the very same instant.
   */
  open(request: NewDataRequest, actorId: string): Promise<DataRequestView>
  /** Throws NOT_FOUND, CONFLICT (answered before), EVENT_IN_THE_FUTURE, VALIDATION_FAILED (a breach that nobody was told of). */
  answer(id: string, answer: DataRequestAnswered, actorId: string): Promise<DataRequestView>
  /** Unanswered ones, the next due first; or the newest of all. */
  list(which: { readonly open: boolean; readonly ticketId?: string }): Promise<readonly DataRequestView[]>
}
export interface DataRequestParts {
  readonly store: DataRequestStore
  readonly isTicket: (ticketId: string) => Promise<boolean>
  readonly clock: Clock
  readonly ids: Pick<Ids, 'id'>
}

const LISTED = 500
const NONE = '-'

export function createDataRequests({ store, isTicket, clock, ids }: DataRequestParts): DataRequests {
  const view = (row: DataRequestRow) => viewOf(row, clock.now())
  return {
    async open({ kind, ticketId, receivedAt, breach }, actorId) {
      const now = clock.now()
      notYet(now, receivedAt, breach?.from, breach?.until)
      if (ticketId !== undefined && !(await isTicket(ticketId)))
        throw new PulihError('TICKET_NOT_FOUND', 'no such ticket')
      const row: DataRequestRow = {
        ...{ id: ids.id(), kind, ticketId: ticketId ?? NONE, receivedAt, dueAt: receivedAt + LEGAL_MS },
        ...{ openedBy: actorId, openedAt: now, breach: breach === undefined ? null : factsOf(breach) },
        ...{ answeredAt: null, outcome: null, reason: null, answeredBy: null },
        ...{ toldPersonsAt: null, toldAuthorityAt: null },
      }
      if (await store.addRequest(row)) return view(row)
      const known = await store.findRequestBy(row)
      if (known === null || !isDeepStrictEqual(known.breach, row.breach))
        throw new PulihError('CONFLICT', 'another one stands at this very instant')
      return view(known)
    },
    async answer(id, answer, actorId) {
      const row = await store.findRequest(id)
      if (row === null) throw new PulihError('NOT_FOUND', 'no such request')
      const given = answerOf(row, answer, actorId, clock.now())
      if (!(await store.answerRequest(id, given))) throw new PulihError('CONFLICT', 'it was answered before')
      return view({ ...row, ...given })
    },
    async list({ open, ticketId }) {
      const rows = open ? await store.openRequests(LISTED, ticketId) : await store.requests(LISTED, ticketId)
      return rows.map(view)
    },
  }
}

function viewOf(row: DataRequestRow, now: number): DataRequestView {
  return {
    ...row,
    ticketId: row.ticketId === NONE ? null : row.ticketId,
    leftMs: row.answeredAt === null ? row.dueAt - now : null,
    late: (row.answeredAt ?? now) > row.dueAt,
  }
}

const factsOf = ({ data, from, until, how, persons, remedies }: BreachFacts): BreachFacts => ({
  ...{ data: [...new Set(data)], from, until },
  ...{ how, persons, remedies: [...new Set(remedies)] },
})

/** A breach is done with when those concerned and the authority know of it (art. 46). */
function answerOf(
  { kind }: DataRequestRow,
  { outcome, reason, ...told }: DataRequestAnswered,
  answeredBy: string,
  now: number,
): DataRequestAnswer {
  const toldPersonsAt = told.toldPersonsAt ?? null
  const toldAuthorityAt = told.toldAuthorityAt ?? null
  notYet(now, toldPersonsAt, toldAuthorityAt)
  const known = [toldPersonsAt, toldAuthorityAt].filter((at) => at !== null).length
  if (kind === 'breach' ? outcome === 'done' && known < 2 : known > 0)
    throw new PulihError('VALIDATION_FAILED', 'a breach, and nothing else, says when people and authority were told')
  return { answeredAt: now, outcome, reason, answeredBy, toldPersonsAt, toldAuthorityAt }
}

function notYet(now: number, ...instants: readonly (number | null | undefined)[]): void {
  if (instants.some((at) => at != null && at > now)) throw new PulihError('EVENT_IN_THE_FUTURE', 'it has not come yet')
}
