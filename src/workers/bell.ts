import type { TimerAlarm } from '../engine/observer.js'
import type { TimerKey, TimerRow, TimerVerdict } from '../engine/types.js'
import { nobody } from './observer.js'
import { withLimit } from './queues/limit.js'
import type { World } from './world.js'

/** What became of one timer of a page: its verdict, or what it failed with. */
export type Rung = { readonly timer: TimerRow } & ({ readonly verdict: TimerVerdict } | { readonly error: Error })

/**
 * Delivers timers that are due, those of different tickets together: they share commits. One call for each ticket, since
 * it settles all that is due there. Never rejects.
 */
export async function ringAll(world: World, timers: readonly TimerRow[], alarm: TimerAlarm): Promise<readonly Rung[]> {
  const { engine, observer = nobody } = world
  const tickets = new Map<string, TimerRow[]>()
  for (const timer of timers) {
    const group = tickets.get(timer.ticketId)
    if (group === undefined) tickets.set(timer.ticketId, [timer])
    else group.push(timer)
  }
  const rung = await Promise.all(
    [...tickets.values()].map(async (group): Promise<Rung[]> => {
      const first = group[0] as TimerRow
      try {
        const verdict = await observer.timer(first, alarm, () => engine.deliverTimer(first, alarm))
        return group.map((timer) => ({ timer, verdict }))
      } catch (thrown) {
        const error = thrown instanceof Error ? thrown : new Error(String(thrown))
        return group.map((timer) => ({ timer, error }))
      }
    }),
  )
  return rung.flat()
}

/** Timers delivered in one go; one commit of the engine. */
const PAGE = 256
/** An alarm whose timer was delivered before it rang asks for the next look at most this often. */
const LOOK_EVERY_MS = 5
/** Timers remembered as delivered before their alarm, and as failed; what is forgotten costs its alarm a read. */
const MAX_REMEMBERED = 50_000

const idOf = (key: TimerKey): string => `${key.ticketId}|${key.family}|${key.threshold}|${key.generation}`

interface Waiting {
  readonly resolve: (verdict: TimerVerdict | null) => void
  readonly reject: (error: Error) => void
}

/**
 * One alarm rings for all that are due: the row is the truth, so whatever SQL says is due now is delivered together, in due
 * order, and the alarms of its neighbours find their work done. Bursts (a closing hour) then cost the engine's time alone,
 * not a round trip to the queue for each timer. For the one process that works on its database; where several do, they
 * would take the same timers.
 */
export class Bell {
  readonly #world: World
  /** Ends it after the timers being delivered. */
  readonly #signal: AbortSignal
  readonly #waiting = new Map<string, Waiting>()
  /** Delivered, but their alarms have not rung yet. */
  readonly #done = new Set<string>()
  /** Left to their own alarms, which know how often to try again. */
  readonly #failed = new Set<string>()
  /** The look going on, if any. */
  #looking: Promise<void> | null = null
  #lookedAt = Number.NEGATIVE_INFINITY

  constructor(world: World, signal: AbortSignal) {
    this.#world = world
    this.#signal = signal
  }

  /** Is delivering what is due. */
  get busy(): boolean {
    return this.#looking !== null
  }

  /** Resolves when it is not busy, or after `limitMs`: for work that should not slow down timers that are due. */
  async quiet(limitMs: number): Promise<void> {
    if (this.#looking !== null) await withLimit(this.#looking, limitMs).catch(() => undefined)
  }

  /** Delivers what is due, this timer among it; gives what became of this one. Rejects when it is worth trying again. */
  async ring(key: TimerKey): Promise<TimerVerdict> {
    const id = idOf(key)
    if (this.#done.delete(id)) {
      // While others are due, the queue's own round trips for what is done already can wait.
      if (this.#looking !== null) await this.#looking
      else if (Math.abs(this.#world.clock.now() - this.#lookedAt) >= LOOK_EVERY_MS) this.#look()
      return 'fired'
    }
    const verdict = this.#failed.has(id) || this.#waiting.has(id) ? null : await this.#wait(id)
    if (verdict !== null) return verdict
    const { engine, observer = nobody } = this.#world
    const own = await observer.timer(key, 'queue', () => engine.deliverTimer(key))
    this.#failed.delete(id)
    return own
  }

  /** Null: it is not among what is due. */
  #wait(id: string): Promise<TimerVerdict | null> {
    const answer = new Promise<TimerVerdict | null>((resolve, reject) => this.#waiting.set(id, { resolve, reject }))
    this.#look()
    return answer
  }

  #look(): void {
    this.#looking ??= this.#passes()
  }

  /** Until nobody waits for an answer any more. */
  async #passes(): Promise<void> {
    do {
      // A turn of its own: until then nobody knows that this look has begun.
      await new Promise((resolve) => setImmediate(resolve))
      const asked = [...this.#waiting.keys()]
      try {
        await this.#pass()
        for (const id of asked) this.#answer(id)?.resolve(null)
      } catch (thrown) {
        const error = thrown instanceof Error ? thrown : new Error(String(thrown))
        for (const id of asked) this.#answer(id)?.reject(error)
      }
    } while (this.#waiting.size > 0)
    this.#looking = null
  }

  /** Everything that is due by now, and what falls due meanwhile. */
  async #pass(): Promise<void> {
    const { store, clock } = this.#world
    let after: { dueAt: number; key: TimerRow } | null = null
    for (;;) {
      this.#lookedAt = clock.now()
      const page: readonly TimerRow[] = await store.pendingTimers(this.#lookedAt, PAGE, after)
      const rung = await ringAll(
        this.#world,
        page.filter((timer) => !this.#failed.has(idOf(timer))),
        'queue',
      )
      for (const it of rung) this.#tell(it)
      const last = page.at(-1)
      if (last === undefined || page.length < PAGE || this.#signal.aborted) return
      after = { dueAt: last.dueAt, key: last }
    }
  }

  #tell(rung: Rung): void {
    const id = idOf(rung.timer)
    const waiting = this.#answer(id)
    if ('error' in rung) {
      remember(this.#failed, id)
      waiting?.reject(rung.error)
    } else if (waiting !== undefined) waiting.resolve(rung.verdict)
    else if (rung.verdict !== 'early') remember(this.#done, id)
  }

  #answer(id: string): Waiting | undefined {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    return waiting
  }
}

/** Forgets the oldest when there are too many. */
function remember(ids: Set<string>, id: string): void {
  ids.add(id)
  if (ids.size <= MAX_REMEMBERED) return
  const [oldest] = ids
  if (oldest !== undefined) ids.delete(oldest)
}
