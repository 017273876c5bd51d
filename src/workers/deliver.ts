import type { OutboxKey } from '../../db/types.js'
import { PulihError, type ErrorCode } from '../engine/errors.js'
import type { OutboxRow } from '../engine/types.js'
import type { Answer, EffectSink, Outgoing } from '../ports/sink.js'
import { nobody } from './observer.js'
import type { World } from './world.js'
import { reasonOf } from './queues/index.js'

export const outboxId = ({ ticketId, seq }: OutboxKey): string => `${ticketId}-${seq}`
/**
 * The id a receiver tells repetitions by. With the instant in it, for after a restored backup a ticket that had lived on counts its
 * messages from where the backup stood: another message under an old number must not be taken for the old one.
 */
const sendingId = (row: OutboxRow): string => `${outboxId(row)}-${row.createdAt.toString(36)}`
export const outboxJobId = (key: OutboxKey): string => `outbox-${outboxId(key)}`

/** `done`: delivered now or before. `givenUp`: a dead letter says why. */
export type DeliveryOutcome = 'done' | 'givenUp'

export interface Deliverer {
  /**
   * Delivers one outbox row, through whichever alarm rang. Rejects when it is worth trying again; the failed try is
   * counted in SQL, and the one that reaches the limit becomes a dead letter. `trace`: the traceparent its job carried.
   */
  deliver(key: OutboxKey, trace?: string | null): Promise<DeliveryOutcome>
  /** Once more, limit or not: what an operator asks for. Rejects with the reason if it fails again. */
  redeliver(key: OutboxKey): Promise<void>
  giveUp(key: OutboxKey, reason: string, attempts: number): Promise<void>
}

const SYSTEM = { id: 'system', role: 'system' } as const

/** A message that its receiver will never take; a code says why. */
class MessageRefused extends Error {
  constructor(code: string) {
    super('The receiver refused the message.')
    this.name = `Refused_${code}`
  }
}

/** Refusals that time does not heal: trying again would repeat them. */
const FINAL: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'TICKET_NOT_FOUND',
  'EVENT_UNKNOWN',
  'EVENT_NOT_ALLOWED',
  'ROLE_NOT_ALLOWED',
  'VALIDATION_FAILED',
])
const isFinal = (error: Error) =>
  error instanceof MessageRefused || (error instanceof PulihError && FINAL.has(error.code))

/**
 * The only way out of the outbox. For a command to an outside system the answer goes back to the ticket before the row
 * is marked: a crash in between repeats both, and both know a repetition by the row's id.
 */
export function createDeliverer(world: World, sink: EffectSink, maxAttempts: number): Deliverer {
  const { store, clock, observer = nobody } = world
  /** The queue and the sweeper may reach for the same row at the same time. */
  const running = new Map<string, Promise<DeliveryOutcome>>()

  const handOver = async (row: OutboxRow): Promise<void> => {
    const outgoing: Outgoing = { id: sendingId(row), ticketId: row.ticketId, kind: row.kind, body: row.body }
    const answer = await observer.send(row, (trace) => sink.deliver({ ...outgoing, trace }))
    if (row.kind === 'port') await reply(world, row, answer)
    else if (answer.outcome === 'refused') throw new MessageRefused(answer.code)
    const sinkName = sink.recordAs(outgoing)
    const at = clock.now()
    const delivery =
      sinkName === null
        ? null
        : { ticketId: row.ticketId, seq: row.seq, sink: sinkName, body: row.body, deliveredAt: at }
    await store.markDelivered(row, at, delivery)
    observer.delivered(row, 'delivered', at)
  }

  const giveUp = (key: OutboxKey, reason: string, attempts: number) =>
    store.addDeadLetter({
      id: outboxJobId(key),
      queue: 'notifications',
      job: { kind: 'outbox', ticketId: key.ticketId, seq: key.seq },
      reason,
      failedAt: clock.now(),
      attempts,
      replayedAt: null,
    })

  const attempt = async (key: OutboxKey, trace: string | null): Promise<DeliveryOutcome> => {
    const row = await store.findOutbox(key)
    if (row === null || row.deliveredAt !== null) return 'done'
    try {
      await observer.delivery(row, trace, () => handOver(row))
      return 'done'
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown))
      // The letter first: a crash in between costs a try, not the letter.
      const last = isFinal(error) || row.attempts + 1 >= maxAttempts
      if (last) await giveUp(key, reasonOf(error), row.attempts + 1)
      await store.recordAttempt(key)
      observer.delivered(row, last ? 'givenUp' : 'failed', clock.now())
      if (!last) throw error
      return 'givenUp'
    }
  }

  return {
    deliver(key, trace = null) {
      const id = outboxId(key)
      const already = running.get(id)
      if (already !== undefined) return already
      const work = attempt(key, trace).finally(() => running.delete(id))
      running.set(id, work)
      return work
    },
    async redeliver(key) {
      await running.get(outboxId(key))?.catch(() => undefined)
      const row = await store.findOutbox(key)
      if (row === null) throw new PulihError('NOT_FOUND', 'This outbox row does not exist.')
      if (row.deliveredAt === null) await observer.delivery(row, null, () => handOver(row))
    },
    giveUp,
  }
}

async function reply(world: World, row: OutboxRow, answer: Answer): Promise<void> {
  const refused = answer.outcome === 'refused'
  if (row.body['replyEvent'] === undefined && row.body['refusalEvent'] === undefined) {
    // Nobody waits for the answer; a final no is for people to look at.
    if (refused) throw new MessageRefused(answer.code)
    return
  }
  const type = row.body[refused ? 'refusalEvent' : 'replyEvent']
  if (typeof type !== 'string') throw new PulihError('EVENT_UNKNOWN', 'This command names no event for its answer.')
  const event = refused ? { type, code: answer.code } : { type }
  const key = `${SYSTEM.id}:${outboxJobId(row)}`
  await world.engine.system({ ticketId: row.ticketId, event, actor: SYSTEM, key, fingerprint: null })
}
