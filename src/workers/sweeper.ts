import type { Logger } from 'pino'
import type { OutboxRow, TimerRow } from '../engine/types.js'
import { outboxId, outboxJobId, type Deliverer } from './deliver.js'
import { ringAll } from './ring.js'
import type { World } from './world.js'
import { reasonOf } from './queues/index.js'

const PAGE = 200
/** Tickets worked on at the same time; they share commits. */
const WIDTH = 32
const MAX_LETTERS = 10_000
/** Among several processes a row belongs to the sweeper that took it for so long. */
const LEASE_MS = 30_000

export interface SweepSettings {
  /** A timer this long overdue was forgotten by the queue. */
  readonly timerGraceMs: number
  /** The same for an outbox row, counted from when its next try was due. */
  readonly outboxGraceMs: number
  /** First wait between two tries of a row, doubling: as the queue does it. */
  readonly backoffMs: number
}
export interface Swept {
  readonly fired: number
  readonly delivered: number
  readonly failed: number
}

export interface Sweeping {
  readonly world: World
  readonly deliverer: Deliverer
  readonly logger: Logger
  /** Ends the sweep after the rows being worked on. */
  readonly signal: AbortSignal
  /** Whoever already delivers all that is due is left to it. */
  readonly bell?: { readonly busy: boolean }
}

/**
 * Delivers what the queue forgot, in due order, through the engine and the deliverer themselves and never by adding
 * jobs: losing the whole queue then loses nothing and doubles nothing. One that fails does not stop the others.
 */
export async function sweep(sweeping: Sweeping, settings: SweepSettings): Promise<Swept> {
  const timers = sweeping.bell?.busy === true ? NOTHING : await sweepTimers(sweeping, settings.timerGraceMs)
  const outbox = await sweepOutbox(sweeping, settings)
  return { fired: timers.done, delivered: outbox.done, failed: timers.failed + outbox.failed }
}

interface Tally {
  done: number
  failed: number
}
const NOTHING: Readonly<Tally> = { done: 0, failed: 0 }

/** Fires what is due for longer than `graceMs`. */
export async function sweepTimers({ world, logger, signal }: Sweeping, graceMs: number): Promise<Tally> {
  const tally: Tally = { done: 0, failed: 0 }
  const until = world.clock.now() - graceMs
  let after: { dueAt: number; key: TimerRow } | null = null
  for (;;) {
    const page: readonly TimerRow[] = await world.store.pendingTimers(until, PAGE, after)
    for (const { timer, ...rung } of await ringAll(world, page, 'sweeper')) {
      if ('error' in rung) {
        tally.failed++
        const { ticketId, family, threshold } = timer
        logger.error({ ticketId, family, threshold, reason: reasonOf(rung.error) }, 'overdue timer failed')
      } else if (rung.verdict === 'fired') tally.done++
    }
    const last = page.at(-1)
    if (last === undefined || page.length < PAGE || signal.aborted) return tally
    after = { dueAt: last.dueAt, key: last }
  }
}

async function sweepOutbox({ world, deliverer, logger, signal }: Sweeping, settings: SweepSettings): Promise<Tally> {
  const tally: Tally = { done: 0, failed: 0 }
  const now = world.clock.now()
  const before = now - settings.outboxGraceMs + 1
  let after: OutboxRow | null = null
  for (;;) {
    const rows: readonly OutboxRow[] = await world.store.claimUndelivered(before, PAGE, now, LEASE_MS, after)
    if (rows.length === 0) return tally
    const dead = await openLetters(world)
    const due = rows.filter((row) => nextTryAt(row, settings) <= now && !dead.has(outboxJobId(row)))
    await eachInTurn(due, signal, async (row) => {
      try {
        if ((await deliverer.deliver(row)) === 'done') tally.done++
        else tally.failed++
      } catch (error) {
        tally.failed++
        logger.warn({ outboxId: outboxId(row), reason: reasonOf(error as Error) }, 'outbox row failed again')
      }
    })
    if (rows.length < PAGE || signal.aborted) return tally
    after = rows.at(-1) ?? null
  }
}

async function openLetters(world: World): Promise<ReadonlySet<string>> {
  const letters = await world.store.listDeadLetters(MAX_LETTERS)
  return new Set(letters.filter((letter) => letter.replayedAt === null).map((letter) => letter.id))
}

/** When the queue, had it forgotten nothing, would have tried again, plus the grace. */
const nextTryAt = (row: OutboxRow, settings: SweepSettings): number =>
  row.createdAt + settings.backoffMs * (2 ** row.attempts - 1) + settings.outboxGraceMs

/** Works through rows in their order, one after the other within a ticket, at most `WIDTH` tickets at once. */
async function eachInTurn<T extends { ticketId: string }>(
  rows: readonly T[],
  signal: AbortSignal,
  work: (row: T) => Promise<void>,
): Promise<void> {
  const byTicket = new Map<string, T[]>()
  for (const row of rows) {
    const group = byTicket.get(row.ticketId)
    if (group === undefined) byTicket.set(row.ticketId, [row])
    else group.push(row)
  }
  const groups = byTicket.values()
  const lane = async () => {
    for (const group of groups) for (const row of group) if (!signal.aborted) await work(row)
  }
  await Promise.all(Array.from({ length: Math.min(WIDTH, byTicket.size) }, lane))
}
