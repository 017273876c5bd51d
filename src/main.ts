import { randomFillSync } from 'node:crypto'
import { openStore, type Store } from '../db/index.js'
import { seedReference } from '../db/seeds/index.js'
import { createApi, Health, startHttp } from './api/index.js'
import type { Config } from './config.js'
import { createEngine, createIds, loadTicketTypes, PulihError, systemClock, type TicketEngine } from './engine/index.js'
import { createLogger, type Logger } from './logging.js'
import { embeddedSink, httpSink } from './ports/sink.js'
import { startWorkers } from './workers/index.js'
import { openQueues } from './workers/queues/index.js'

/** A whole Pulih in one process. */
export interface Pulih {
  readonly port: number
  readonly engine: TicketEngine
  readonly store: Store
  readonly queueKind: string
  /** Stops in reverse: no new requests, workers finish, queue and database close. True if nothing had to be cut off. */
  stop(): Promise<boolean>
}

/** Requests and workers in flight get this long each: well inside the half minute an orchestrator grants. */
const GRACE_MS = 10_000

/** config → database → engine → queues → workers → listen. What was opened is closed again when a later step fails. */
export async function startPulih(
  config: Config,
  logger: Logger = createLogger({ level: config.logLevel }),
): Promise<Pulih> {
  const clock = systemClock
  const ids = createIds(clock, (bytes) => randomFillSync(bytes))
  const undo: (() => Promise<unknown>)[] = []
  try {
    const store = await openStore({ dataDir: config.dataDir, clock })
    undo.push(() => store.close())
    await seedReference(store, clock.now())
    const types = await loadTicketTypes()
    const engine = await createEngine({ store, types, clock, ids })
    if (config.production) refuseExamples(engine)
    undo.push(() => engine.stop())

    const queues = await openQueues({ queueUrl: config.queueUrl, dataDir: config.dataDir, clock, logger })
    undo.push(() => queues.close())
    const sink = config.sinkUrl === null ? embeddedSink : httpSink({ url: config.sinkUrl })
    const workers = await startWorkers({ engine, store, clock, queues, logger, options: { sink } })
    undo.push(() => workers.stop())

    const health = new Health(async () => (await workers.health()).ok)
    const app = createApi({
      engine,
      store,
      types,
      config,
      logger,
      health,
      clock,
      ids,
      replayDeadLetter: async (letter) => {
        await workers.replay(letter.id)
      },
    })
    const http = await startHttp({ app, host: config.host, port: config.port })
    const stop = async (): Promise<boolean> => {
      health.beginStop()
      await http.stop(GRACE_MS)
      const finished = await workers.stop(GRACE_MS)
      await engine.stop()
      await queues.close()
      await store.close()
      return finished
    }
    return { port: http.port, engine, store, queueKind: queues.kind, stop }
  } catch (error) {
    for (const step of undo.reverse())
      await step().catch((failure: unknown) => logger.error({ err: failure }, 'not closed cleanly'))
    throw error
  }
}

/** No source gives official operating hours: production runs on confirmed calendars only (D5). */
function refuseExamples(engine: TicketEngine): void {
  const used = new Set(engine.reference.offices().map((office) => office.calendarId))
  const examples = [...used].filter((id) => engine.reference.calendar(id).spec.example)
  if (examples.length === 0) return
  throw new PulihError(
    'CALENDAR_UNCONFIRMED',
    `These calendars are examples, not confirmed operating hours: ${examples.join(', ')}. ` +
      'Publish confirmed versions with `pulih migrate --calendars FILE` before a production start.',
  )
}
