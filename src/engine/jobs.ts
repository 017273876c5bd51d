import type { Decided, DecideContext } from './decide.js'
import { PulihError } from './errors.js'
import type { Accepted, IdempotencyRecord, TicketRow, TimerKey, TimerVerdict } from './types.js'

/** What became of a command; a replayed one was not decided again. */
export interface Done {
  readonly answer: Accepted
  readonly decided: Decided | null
}

/** A command on its way through the group commit. */
export interface Job {
  /** One command per ticket and per key in a batch: the next one must see what this one wrote. */
  readonly ticketId: string
  readonly key: string | null
  readonly fingerprint: string | null
  readonly load: boolean
  readonly decide: (row: TicketRow | null, context: DecideContext) => Decided
  readonly resolve: (done: Done) => void
  readonly reject: (error: unknown) => void
  tries: number
}

export function verdictOf(decided: Decided, key: TimerKey): TimerVerdict {
  const { closed, added } = decided.working.timerRows
  const same = (it: { family: string; threshold: string; generation: number }) =>
    it.family === key.family && it.threshold === key.threshold && it.generation === key.generation
  if (closed.some((it) => same(it) && it.state === 'fired') || added.some((it) => same(it) && it.state === 'fired'))
    return 'fired'
  return decided.working.isPending(key) ? 'early' : 'dropped'
}

/** The first answer of a key that is known already. Throws IDEMPOTENCY_KEY_REUSED for another body under the same key. */
export function replay(job: Job, record: IdempotencyRecord | null): boolean {
  if (record === null) return false
  if (record.fingerprint !== (job.fingerprint ?? '')) {
    throw new PulihError('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used with another request.')
  }
  job.resolve({ answer: { ...(record.answer as unknown as Accepted), replayed: true }, decided: null })
  return true
}

export function recordOf(job: Job, answer: Accepted, now: number): IdempotencyRecord | null {
  if (job.key === null) return null
  return {
    key: job.key,
    fingerprint: job.fingerprint ?? '',
    ticketId: answer.ticketId,
    answer: { ...answer },
    createdAt: now,
  }
}

export function finish(job: Job, decided: Decided, answer: Accepted): void {
  if (decided.refusal === null) job.resolve({ answer, decided })
  else job.reject(decided.refusal)
}

export function answerOf({ working }: Decided): Accepted {
  const row = working.identity
  return {
    ticketId: row.id,
    ticketNumber: row.ticketNumber,
    state: working.state,
    revision: working.changed ? working.revision : working.revision - 1,
    contentVersion: working.contentVersion,
    facts: working.log.map((it) => it.fact),
    moves: working.log.flatMap((it) => it.moves ?? []),
    replayed: false,
  }
}
