import { performance } from 'node:perf_hooks'
import type { DataRequestStore } from '../../db/intake/dataRequests.js'
import type { TaskStore } from '../../db/intake/tasks.js'
import type { Store } from '../../db/types.js'
import type { Clock } from '../engine/clock.js'
import { withLimit } from '../workers/queues/limit.js'
import { QUEUE_NAMES, type QueueCounts, type QueueName } from '../workers/queues/types.js'
import { COUNTED, type Metrics } from './registry.js'

/** What is looked at when somebody scrapes. */
export interface Sources {
  readonly store: Pick<
    Store,
    'pendingTimers' | 'unrelayedOutbox' | 'undeliveredOutbox' | 'listDeadLetters' | 'countTickets'
  > & {
    readonly intake: {
      readonly tasks: Pick<TaskStore, 'countTasks'>
      readonly dataRequests: Pick<DataRequestStore, 'overdueRequests'>
    }
  }
  readonly clock: Clock
  readonly engine: { readonly backlog: { readonly waiting: number; readonly working: number } }
  readonly audit: { standing(): Promise<{ readonly entries: number; readonly sealLagMs: number }> }
  readonly queues: { counts(queue: QueueName): Promise<QueueCounts> }
}

/** A scrape waits so long for a server that does not answer. */
const ANSWER_MS = 500
/** Scrapers that come together share one look. */
const FRESH_MS = 1_000
/** Open tickets are counted one by one in the database. */
const COUNT_EVERY_MS = 60_000
const GATE_FAMILY = 'release'

/** Fills the gauges that are read from the store, the queue and the engine. A server that is down shows as such and hides what is not known. */
export class Vitals {
  readonly #metrics: Metrics
  readonly #sources: Sources
  readonly #looks = new Map<string, Promise<void>>()
  #seenAt = Number.NEGATIVE_INFINITY
  #countedAt = Number.NEGATIVE_INFINITY
  #running: Promise<void> | null = null

  constructor(metrics: Metrics, sources: Sources) {
    this.#metrics = metrics
    this.#sources = sources
  }

  /** Never rejects; over within about half a second, whatever is down. */
  refresh(): Promise<void> {
    const now = performance.now()
    if (this.#running === null && now - this.#seenAt < FRESH_MS) return Promise.resolve()
    this.#running ??= this.#look().finally(() => {
      this.#running = null
      this.#seenAt = performance.now()
    })
    return this.#running
  }

  async #look(): Promise<void> {
    const { backlog } = this.#sources.engine
    this.#metrics.waiting.set(backlog.waiting)
    this.#metrics.working.set(backlog.working)
    const [storeUp] = await Promise.all([
      this.#within('store', () => this.#lookAtStore()),
      ...QUEUE_NAMES.map((queue) => this.#lookAtQueue(queue)),
    ])
    this.#metrics.storeUp.set(storeUp ? 1 : 0)
    if (!storeUp) this.#forgetStore()
  }

  /** One that hangs is not asked again until it has answered. */
  async #within(name: string, look: () => Promise<void>): Promise<boolean> {
    const asked = this.#looks.get(name)
    const answer = asked ?? look().finally(() => this.#looks.delete(name))
    if (asked === undefined) this.#looks.set(name, answer)
    return withLimit(answer, ANSWER_MS).then(
      () => true,
      () => false,
    )
  }

  async #lookAtQueue(queue: QueueName): Promise<void> {
    const { queueUp, queueJobs } = this.#metrics
    const up = await this.#within(queue, async () => {
      const counts = await this.#sources.queues.counts(queue)
      for (const [state, count] of Object.entries(counts)) queueJobs.set({ queue, state }, Number(count))
    })
    queueUp.set({ queue }, up ? 1 : 0)
    if (!up) for (const state of ['waiting', 'active', 'delayed']) queueJobs.remove({ queue, state })
  }

  async #lookAtStore(): Promise<void> {
    const { store, clock } = this.#sources
    const now = clock.now()
    const age = (since: number | undefined) => (since === undefined ? 0 : Math.max(0, now - since) / 1_000)
    const [overdue, unrelayed, undelivered, letters, tasks, requests, audit] = await Promise.all([
      store.pendingTimers(now, COUNTED, null),
      store.unrelayedOutbox(COUNTED),
      store.undeliveredOutbox(now + 1, COUNTED),
      store.listDeadLetters(COUNTED),
      store.intake.tasks.countTasks('pending', COUNTED),
      store.intake.dataRequests.overdueRequests(now, COUNTED),
      this.#sources.audit.standing(),
    ])
    const { queueAge, outboxLag, outboxRows } = this.#metrics
    // Past a full page nothing is known but that it is younger: the page's last is the oldest it can be.
    const rest = overdue.length < COUNTED ? undefined : overdue.at(-1)
    const oldest = (gate: boolean) => overdue.find(({ family }) => (family === GATE_FAMILY) === gate) ?? rest
    queueAge.set({ queue: 'sla-timers' }, age(oldest(false)?.dueAt))
    queueAge.set({ queue: 'verification' }, age(oldest(true)?.dueAt))
    queueAge.set({ queue: 'notifications' }, age(undelivered.find((row) => row.relayedAt !== null)?.createdAt))
    outboxLag.set({ stage: 'relay' }, age(unrelayed[0]?.createdAt))
    outboxLag.set({ stage: 'delivery' }, age(undelivered[0]?.createdAt))
    outboxRows.set({ stage: 'relay' }, unrelayed.length)
    outboxRows.set({ stage: 'delivery' }, undelivered.length)
    this.#metrics.overdue.set(overdue.length)
    this.#metrics.auditEntries.set(audit.entries)
    this.#metrics.auditLag.set(audit.sealLagMs / 1_000)
    this.#metrics.tasksWaiting.set(tasks)
    this.#metrics.dataRequestsOverdue.set(requests.length)
    this.#metrics.deadLetters.set(letters.filter((letter) => letter.replayedAt === null).length)
    await this.#countTickets()
  }

  async #countTickets(): Promise<void> {
    if (performance.now() - this.#countedAt < COUNT_EVERY_MS) return
    for (const standing of ['waitingOnUs', 'waitingOnParticipant'])
      this.#metrics.openTickets.set({ standing }, await this.#sources.store.countTickets({ standing }))
    this.#countedAt = performance.now()
  }

  #forgetStore(): void {
    const { queueAge, outboxLag, outboxRows, openTickets } = this.#metrics
    const { overdue, deadLetters, tasksWaiting, dataRequestsOverdue, auditEntries, auditLag } = this.#metrics
    for (const metric of [queueAge, outboxLag, outboxRows, openTickets]) metric.reset()
    // Reset they would say 0; removed they say nothing.
    for (const metric of [overdue, deadLetters, tasksWaiting, dataRequestsOverdue, auditEntries, auditLag])
      metric.remove()
    this.#countedAt = Number.NEGATIVE_INFINITY
  }
}
