import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { openStore, type OutboxKey, type Store } from '../../../db/index.js'
import { seedReference } from '../../../db/seeds/index.js'
import { createApi, Health, startHttp, type ApiDeps } from '../../api/index.js'
import { loadConfig } from '../../config.js'
import { seedDirectory } from '../../directory/index.js'
import { createEngine, createIds, loadTicketTypes, VirtualClock, type TicketEngine } from '../../engine/index.js'
import { createLogger } from '../../logging.js'
import { messageSink } from '../../messages/index.js'
import { embeddedSink } from '../../ports/sink.js'
import { eventSink } from '../../recovery/index.js'
import { openServices, type Services } from '../../services.js'
import { createDeliverer, type Deliverer } from '../../workers/deliver.js'
import { startTasks, type TaskRunner } from '../../workers/tasks.js'
import { createDice } from '../dice.js'
import { placeFor } from '../world.js'

/** A whole Pulih behind its HTTP API on a loopback port, on embedded defaults in a folder of its own; only the clock is virtual. */
export interface DayWorld {
  readonly url: string
  readonly clock: VirtualClock
  readonly store: Store
  readonly engine: TicketEngine
  readonly services: Services
  readonly types: ApiDeps['types']
  /** Does whatever follows from what was just asked: codes, comparisons, messages, commands to the account service. */
  settle(): Promise<void>
  /** Works until every bulk job is over. */
  runBulk(): Promise<void>
  /** Lives on to `at`, timer by timer. */
  liveUntil(at: number): Promise<void>
  /** How many timers fired so far, and how many outbox rows were delivered. */
  readonly done: { timers: number; delivered: number }
  close(): Promise<void>
}

export interface DayPlace {
  readonly seed: number
  readonly start: number
  /** How many people the directory holds. */
  readonly people: number
  /** Where the thrown-away data folder is made. */
  readonly folder?: string | undefined
}

const MAX_ATTEMPTS = 3
const NEVER = new AbortController().signal

export async function openDayWorld({ seed, start, people, folder = placeFor() }: DayPlace): Promise<DayWorld> {
  const dataDir = mkdtempSync(join(folder, 'pulih-day-'))
  const undo: (() => unknown)[] = [() => rmSync(dataDir, { recursive: true, force: true })]
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  try {
    const clock = new VirtualClock(start)
    // Everybody comes from an address of their own, as the proxy in front would say.
    const config = { ...loadConfig({}, { data: dataDir }), mailbox: true, trustProxyHops: 1 }
    const logger = createLogger({ level: 'silent' })
    const store = await openStore({ dataDir, clock })
    undo.push(() => store.close())
    const types = await loadTicketTypes()
    await seedReference(store, clock.now(), types)
    const dice = createDice(seed, 'ids')
    const ids = createIds(clock, (into) => dice.bytes(into))
    const engine = await createEngine({ store, types, clock, ids })
    undo.push(() => engine.stop())
    const services = openServices(config, { store, clock, ids, engine, logger })
    undo.push(() => services.messages.close())
    await services.care.start()
    await seedDirectory({ store: store.intake.directory, vault: services.vault, clock }, { seed, size: people })
    const { tasks: board, handlers } = services
    const runner = startTasks({ world: { store, clock }, board, handlers, logger, random: () => 0.5 })
    undo.push(() => runner.stop())
    const health = new Health()
    const replayDeadLetter = () => Promise.resolve()
    const deps: ApiDeps = { engine, store, types, config, services, logger, health, clock, ids, replayDeadLetter }
    const http = await startHttp({ app: createApi(deps), host: '127.0.0.1', port: 0 })
    undo.push(() => http.stop(1_000))
    const parts = { store, engine, services, clock, runner, deliverer: delivererOf({ store, engine, services, clock }) }
    return { url: `http://127.0.0.1:${http.port}`, clock, store, engine, services, types, ...living(parts), close }
  } catch (error) {
    await close()
    throw error
  }
}

type Base = Pick<DayWorld, 'store' | 'engine' | 'services' | 'clock'>

/** Messages to people go to the local mailbox, approved contacts to the embedded account service, as in a real start. */
function delivererOf({ store, engine, services, clock }: Base): Deliverer {
  const sink = messageSink({
    messenger: services.messages.messenger,
    apply: services.apply,
    isOurs: async (ticketId) => (await store.intake.keys.findKey(ticketId)) !== null,
    others: eventSink(embeddedSink, SENSITIVE_DAYS),
  })
  return createDeliverer({ engine, store, clock }, sink, MAX_ATTEMPTS)
}
const SENSITIVE_DAYS = 7

function living({
  ...parts
}: Base & { runner: TaskRunner; deliverer: Deliverer }): Pick<DayWorld, 'settle' | 'runBulk' | 'liveUntil' | 'done'> {
  const { store, engine, services, clock, runner, deliverer } = parts
  const outbox: OutboxKey[] = []
  engine.onCommitted((hint) => void outbox.push(...hint.outbox))
  const done = { timers: 0, delivered: 0 }
  const settle = async () => {
    for (;;) {
      const ran = await runner.runDue()
      const row = outbox.shift()
      if (row !== undefined && (await deliverer.deliver(row)) === 'done') done.delivered += 1
      if (ran === 0 && row === undefined) return
    }
  }
  return {
    done,
    settle,
    async runBulk() {
      await services.bulk.run(NEVER)
      await settle()
    },
    async liveUntil(at) {
      for (;;) {
        const timer = await store.nextPendingTimer()
        if (timer === null || timer.dueAt > at) break
        clock.moveTo(Math.max(timer.dueAt, clock.now()))
        if ((await engine.deliverTimer(timer)) === 'fired') done.timers += 1
        await settle()
      }
      clock.moveTo(Math.max(at, clock.now()))
      await settle()
    },
  }
}
