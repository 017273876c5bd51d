import type { Decided, DecideContext } from './decide.js'
import { PulihError } from './errors.js'
import type { ObservedCommand } from './observer.js'
import type { Accepted, Change, IdempotencyRecord, TicketRow, TimerKey, TimerVerdict } from './types.js'

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
  readonly seen: ObservedCommand
  readonly decide: (row: TicketRow | null, context: DecideContext) => Decided
  readonly resolve: (done: Done) => void
  readonly reject: (error: unknown) => void
  tries: number
  /** Its key was looked up and is not known; until then only a commit that accepts the key says so. */
  looked: boolean
}

/** What is known of a command before it is taken in. */
export type Asked = Omit<Job, 'seen' | 'resolve' | 'reject' | 'tries' | 'looked'>

/** The command as it waits; whoever looks on hears of its end before its sender does. */
export function jobOf(
  asked: Asked,
  seen: ObservedCommand,
  resolve: (done: Done) => void,
  reject: (error: Error) => void,
): Job {
  // Name by name, here and wherever a command passes: V8 takes longer to add to a spread object than to make a whole one.
  return {
    ticketId: asked.ticketId,
    key: asked.key,
    fingerprint: asked.fingerprint,
    load: asked.load,
    decide: asked.decide,
    seen,
    tries: 0,
    looked: asked.key === null,
    resolve(done) {
      seen.accepted()
      resolve(done)
    },
    reject(error) {
      seen.refused(error)
      reject(error instanceof Error ? error : new Error('A command failed.', { cause: error }))
    },
  }
}

/** A command whose change waits for the commit. */
export interface Decision {
  readonly job: Job
  readonly decided: Decided
  /** The row it was decided on; null for a new ticket. */
  readonly before: TicketRow | null
  readonly change: Change
  readonly answer: Accepted
}

export function toWrite(job: Job, before: TicketRow | null, decided: Decided, context: DecideContext): Decision {
  const answer = answerOf(decided)
  const record = decided.refusal === null ? recordOf(job, answer, context.now) : null
  return { job, decided, before, answer, change: traced(decided.working.change(record), job.seen.trace) }
}

/**
 * Decides on a remembered row. Null when no commit would prove that it still was the newest: a refusal, and "nothing to do",
 * are told on the row in the database only.
 */
export function onRecent(job: Job, recent: TicketRow, context: DecideContext): Decision | null {
  try {
    const decided = job.decide(recent, context)
    return decided.working.changed ? toWrite(job, recent, decided, context) : null
  } catch {
    return null
  }
}

/**
 * Decides without a look at the database, where a commit proves all that was guessed: that the remembered row is the newest, and (its key
 * is written with it) that the command is new. Null where it has to be looked up first. `recent`: null for a new ticket.
 */
export function atOnce(job: Job, recent: TicketRow | null, context: DecideContext): Decision | null {
  try {
    const decided = job.decide(recent, context)
    return decided.working.changed && decided.refusal === null ? toWrite(job, recent, decided, context) : null
  } catch {
    return null
  }
}

/** What a traced command sends out says so, so that its way can be followed through the outbox. */
const traced = (change: Change, trace: string | null): Change =>
  trace === null || change.outbox.length === 0
    ? change
    : { ...change, outbox: change.outbox.map((row) => ({ ...row, trace })) }

export function verdictOf(decided: Decided, key: TimerKey): TimerVerdict {
  if (decided.working.hasFired(key)) return 'fired'
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

function recordOf(job: Job, answer: Accepted, now: number): IdempotencyRecord | null {
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
