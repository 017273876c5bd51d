import type { Store } from '../../db/types.js'
import type { Clock } from './clock.js'
import { decideEvent, type Decided, type DecideContext } from './decide.js'
import { PulihError } from './errors.js'
import type { CommitHints } from './hints.js'
import { answerOf } from './jobs.js'
import type { RecentTickets } from './recent.js'
import type { ReferenceData } from './reference.js'
import type { TicketTypes } from './ticketTypes.js'
import type { Accepted, Change, Command, IdempotencyRecord } from './types.js'

export interface TogetherParts {
  readonly store: Pick<Store, 'findTicket' | 'findIdempotency' | 'commitTogether'>
  readonly types: TicketTypes
  readonly reference: ReferenceData
  readonly clock: Clock
  readonly recent: RecentTickets
  readonly hints: CommitHints
}

/** A decision that lost a race is made again on fresh rows, this often at most. */
const MAX_TRIES = 4

/**
 * Sends system events to several tickets in one commit: all of them happen or none (D31). Past the lanes, on rows as they stand in the
 * database: what a lane writes meanwhile makes this decide again. A key that is known gives its first answer.
 * Throws the first refusal; CONFLICT after too many lost races or where a constraint says no.
 */
export async function systemTogether(parts: TogetherParts, commands: readonly Command[]): Promise<readonly Accepted[]> {
  if (new Set(commands.map((it) => it.ticketId)).size < commands.length)
    throw new PulihError('INTERNAL', 'one ticket twice in one commit')
  for (let tries = 1; ; tries++) {
    const known = await Promise.all(commands.map((it) => knownAnswer(parts, it)))
    const answers = known.filter((it) => it !== null)
    if (answers.length > 0 && answers.length === commands.length) return answers
    const context: DecideContext = { types: parts.types, reference: parts.reference, now: parts.clock.now() }
    const decided = await Promise.all(commands.map((it) => decide(parts, it, context)))
    const changes = decided.map((it, n) => changeOf(it, commands[n], context.now))
    const outcomes = await parts.store.commitTogether(changes)
    for (const { ticketId } of commands) parts.recent.drop(ticketId)
    const refused = outcomes.find((it) => !it.ok)
    if (refused === undefined) {
      parts.hints.tell({
        timers: changes.flatMap((it) => it.timersAdded.filter((timer) => timer.state === 'pending')),
        outbox: changes.flatMap((it) => it.outbox),
      })
      return decided.map(answerOf)
    }
    if (refused.reason === 'refused' || tries === MAX_TRIES) {
      const { reason, constraint } = refused
      throw new PulihError('CONFLICT', 'The tickets could not be changed.', { reason, constraint })
    }
  }
}

async function decide({ store }: TogetherParts, command: Command, context: DecideContext): Promise<Decided> {
  const row = await store.findTicket(command.ticketId)
  if (row === null) throw new PulihError('TICKET_NOT_FOUND', 'There is no such ticket.')
  const decided = decideEvent(command, row, context, false)
  if (decided.refusal !== null) throw decided.refusal
  return decided
}

async function knownAnswer({ store }: TogetherParts, { key, fingerprint }: Command): Promise<Accepted | null> {
  const record = key === null ? null : await store.findIdempotency(key)
  if (record === null) return null
  if (record.fingerprint !== (fingerprint ?? ''))
    throw new PulihError('IDEMPOTENCY_KEY_REUSED', 'This Idempotency-Key was used with another request.')
  return { ...(record.answer as unknown as Accepted), replayed: true }
}

function changeOf(decided: Decided, command: Command | undefined, now: number): Change {
  const answer = answerOf(decided)
  const { key = null, fingerprint = null } = command ?? {}
  const record: IdempotencyRecord | null =
    key === null
      ? null
      : {
          key,
          fingerprint: fingerprint ?? '',
          ticketId: answer.ticketId,
          answer: { ...answer },
          createdAt: now,
        }
  return decided.working.change(record)
}
