import { randomBytes, randomFillSync } from 'node:crypto'
import { openStore, type Store } from '../db/index.js'
import { seedReference } from '../db/seeds/index.js'
import {
  createApi,
  Health,
  requestLimiterOf,
  startHttp,
  startProbes,
  type ApiDeps,
  type QueueState,
} from './api/index.js'
import { queueOf, type Config } from './config.js'
import { startDuties } from './duties.js'
import {
  createEngine,
  createIds,
  loadTicketTypes,
  pooled,
  PulihError,
  systemClock,
  type TicketEngine,
} from './engine/index.js'
import { createLogger, type Logger } from './logging.js'
import { messageSink } from './messages/index.js'
import { openObserve, type Observe } from './observe/index.js'
import { embeddedSink, httpSink, type EffectSink } from './ports/sink.js'
import { eventSink } from './recovery/index.js'
import { openServices, refuseFreshKeys, type Services } from './services.js'
import { createConsole } from './web/consoleServer/index.js'
import { createPortal, type PortalDeps } from './web/portal/index.js'
import { startFeeding, startWorkers, type WorkersHealth } from './workers/index.js'
import { openQueuesBehind } from './workers/queues/index.js'

/** What a process does: all of it, or the API or the workers alone beside other processes. */
export interface Roles {
  readonly api: boolean
  readonly work: boolean
}

/** What stands before anybody is served. */
export interface Opened {
  readonly engine: TicketEngine
  readonly store: Store
  readonly services: Services
}

/** A running Pulih: a whole one, or one of its processes. */
export interface Pulih extends Opened {
  /** Null for a process without the API. */
  readonly port: number | null
  /** Where `/metrics`, `/livez` and `/readyz` stand apart (METRICS_PORT); null: beside the API only. */
  readonly probesPort: number | null
  /** Are the officers' pages served? They may not have been built. */
  readonly hasConsole: boolean
  readonly queueKind: string
  /** Stops in reverse: no new requests, workers finish, queue and database close. True if nothing had to be cut off. */
  stop(): Promise<boolean>
}

export interface StartOptions {
  readonly logger?: Logger
  readonly roles?: Roles
  /** Runs before anything listens, also for those who only ask whether it is ready: what it leaves is there from the first answer on. */
  readonly beforeListening?: (opened: Opened) => Promise<void>
}

/** Requests and workers in flight get this long each: well inside the half minute an orchestrator grants. */
const GRACE_MS = 10_000
/** What is left of a long backlog in the log is sealed at the next start. */
const SEAL_MS = 2_000
/** After the stop signal the API answers on for so long; a balancer that looks less often waits before it sends the signal. */
const DRAIN_MS = 500
/** config → database → engine → queues (the embedded one opens behind all this) → workers → listen. What was opened is closed again when a later step fails. */
export async function startPulih(config: Config, given: StartOptions = {}): Promise<Pulih> {
  const { logger = createLogger({ level: config.logLevel }), roles = { api: true, work: true } } = given
  refuseEmbeddedApart(config, roles)
  const clock = systemClock
  const ids = createIds(
    clock,
    pooled((bytes) => randomFillSync(bytes)),
  )
  const undo: (() => Promise<unknown>)[] = []
  try {
    const { databaseUrl, dataDir } = config
    // First: a wrong file name makes no data folder.
    const types = await loadTicketTypes(undefined, config.ticketTypes)
    const store = await openStore({ databaseUrl, dataDir, clock })
    undo.push(() => store.close())
    await seedReference(store, clock.now(), types)
    const observe = await openObserve({ tracing: config.tracing, clock })
    undo.push(() => observe.stop())
    const engine = await createEngine({ store, types, clock, ids, observer: observe.engine })
    if (config.production) refuseExamples(engine)
    undo.push(() => engine.stop())
    const watched = { onMessage: observe.message, onAlarm: observe.alarm, onAlert: observe.alert, codes: observe.codes }
    await refuseFreshKeys(config, store)
    const services = openServices(config, { ...{ store, clock, ids, engine, logger }, ...watched })
    if (roles.work && config.tokens.length === 0)
      logger.info('no PULIH_TOKENS here: what their actors approved is put back, see docs/four-eyes.md')
    await startCare(services, logger)

    const opening = new AbortController()
    const queues = await openQueuesBehind({ queueUrl: queueOf(config), dataDir, clock, logger, signal: opening.signal })
    undo.push(() => queues.close())
    observe.watch({ store, clock, engine, queues, audit: services.audit }, engine.reference.policies())
    const sink = sinkOf(config, { services, store })
    undo.push(() => {
      services.messages.close()
      return Promise.resolve()
    })
    const options = { sink, alone: databaseUrl === null }
    const parts = { ...{ engine, store, clock, queues, logger, options }, observer: observe.work }
    const background = roles.work ? startWorkers(parts) : startFeeding(parts)
    const stopBackground = (limitMs?: number): Promise<boolean> => {
      // Nobody waits any more for a queue that is not there yet: what it would have got is in SQL.
      opening.abort()
      return background.stop(limitMs)
    }
    undo.push(() => stopBackground())
    // What was cut off in mid-upload by a kill; other processes may be receiving in the same folder.
    if (databaseUrl === null) await services.documents.clearQuarantine()
    const duties = roles.work ? startDuties({ services, store, clock, logger, observer: observe.work }) : null
    undo.push(async () => duties?.stop())
    await given.beforeListening?.({ engine, store, services })

    const health = new Health(async () => queueState(await background.health()))
    const replayDeadLetter = ({ id }: { readonly id: string }) => background.replay(id).then(() => undefined)
    const base = { engine, store, types, config, services, logger, health, clock, ids }
    const counted = { ...base, limiter: requestLimiterOf({ ...base, observer: observe.http }) }
    const deps: ApiDeps = { ...counted, observer: observe.http, replayDeadLetter }
    const { host, port } = config
    const probes = config.metrics.port === null ? null : await startProbes(deps, { host, port: config.metrics.port })
    undo.push(async () => probes?.stop(0))
    const pages = roles.api ? pagesOf(config, counted, observe.triage) : null
    const http = pages === null ? null : await startHttp({ app: createApi({ ...deps, ...pages }), host, port })
    const stop = async (): Promise<boolean> => {
      health.beginStop()
      services.live.close()
      await http?.stop(GRACE_MS, DRAIN_MS)
      const [finished, dutiesFinished = true] = await Promise.all([stopBackground(GRACE_MS), duties?.stop(GRACE_MS)])
      await engine.stop()
      if (roles.work) await sealed(services, logger)
      await queues.close()
      await store.close()
      await probes?.stop(0)
      services.messages.close()
      await observe.stop()
      return finished && dutiesFinished
    }
    const ports = { port: http?.port ?? null, probesPort: probes?.port ?? null }
    return { ...ports, engine, store, services, hasConsole: Boolean(pages?.console), queueKind: queues.kind, stop }
  } catch (error) {
    for (const step of undo.reverse())
      await step().catch((failure: unknown) => logger.error({ err: failure }, 'not closed cleanly'))
    throw error
  }
}

async function startCare({ care }: Services, logger: Logger): Promise<void> {
  const { erased } = await care.start()
  if (erased > 0) logger.warn({ erased }, 'erased again what a restored backup had brought back')
}

/** What people see: the participants' pages and the officers' console. */
function pagesOf(config: Config, base: Omit<PortalDeps, 'config' | 'random'>, triage: Observe['triage']) {
  const officers = createConsole({ oidc: base.services.staff.oidc !== null })
  if (officers === null) base.logger.warn('the console of the officers was not built: `npm run build` makes it')
  return { portal: portalOf(config, base, triage), console: officers }
}

/** The participants' pages. Their requests are counted with those of the API. */
function portalOf(config: Config, base: Omit<PortalDeps, 'config' | 'random'>, triage: Observe['triage']) {
  const pages = { production: config.production, mailbox: config.mailbox, filesOrigin: config.files.picturesOrigin }
  return createPortal({ ...base, config: pages, random: randomBytes, triage })
}

/** What the last commits logged; a store that cannot take it now has it sealed at the next start. */
const sealed = ({ audit }: Services, logger: Logger) =>
  audit.finish(AbortSignal.timeout(SEAL_MS)).catch((error: unknown) => logger.error({ err: error }, 'audit not sealed'))

/** Tickets with a person behind them get mail, SMS and the account service; everything else goes to the configured or embedded sink. */
const sinkOf = ({ sinkUrl, limits }: Config, { services, store }: { services: Services; store: Store }): EffectSink =>
  messageSink({
    messenger: services.messages.messenger,
    apply: services.apply,
    isOurs: async (ticketId) => (await store.intake.keys.findKey(ticketId)) !== null,
    others: services.notices.sink(
      eventSink(sinkUrl === null ? embeddedSink : httpSink({ url: sinkUrl }), limits.sensitiveDays),
    ),
  })

const queueState = ({ ok, queue }: WorkersHealth): QueueState =>
  ok ? 'up' : queue.starting === true ? 'starting' : 'down'

/** SQLite and the embedded queue belong to one process. Throws CONFIGURATION_INVALID for a role of its own on them. */
function refuseEmbeddedApart({ databaseUrl }: Config, { api, work }: Roles): void {
  if ((api && work) || databaseUrl !== null) return
  throw new PulihError(
    'CONFIGURATION_INVALID',
    'API and workers in processes of their own need a database that several processes can write: set DATABASE_URL=postgres://… ' +
      '(QUEUE_URL may add a Redis), or run everything in one process with `pulih serve`.',
  )
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
