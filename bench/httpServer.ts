import { randomFillSync } from 'node:crypto'
import { openStore } from '../db/index.js'
import { seedReference } from '../db/seeds/index.js'
import { createApi, Health, startHttp } from '../src/api/index.js'
import { digestToken, loadConfig } from '../src/config.js'
import { createEngine, createIds, loadTicketTypes, pooled, systemClock } from '../src/engine/index.js'
import { createLogger } from '../src/logging.js'
import { openObserve } from '../src/observe/index.js'
import { openServices } from '../src/services.js'
import { TOKENS } from './httpTokens.js'

/**
 * `node --import tsx bench/httpServer.ts DIR [DATABASE_URL]`: the API as `pulih` joins it (metrics, logs at `info`), without workers: those of `pulih serve`
 * would share its core. Its day began at nine on an open morning, so that verification may start whenever the bench runs.
 */
const [dataDir = '', databaseUrl = null] = process.argv.slice(2)
const MORNING = Date.parse('2026-03-17T02:00:00Z')
const startedAt = systemClock.now()
const clock = { now: () => MORNING + systemClock.now() - startedAt }

const logger = createLogger({ level: 'info' })
const store = await openStore({ dataDir, databaseUrl, clock })
const types = await loadTicketTypes()
await seedReference(store, clock.now())
const observe = await openObserve({ tracing: null, clock })
const ids = createIds(
  clock,
  pooled((bytes) => randomFillSync(bytes)),
)
const engine = await createEngine({ store, types, clock, ids, observer: observe.engine })
const tokens = Object.entries(TOKENS).map(([role, token]) => ({
  role: role as keyof typeof TOKENS,
  actorId: `${role}-1`,
  sha256: digestToken(token),
}))
const app = createApi({
  engine,
  store,
  services: openServices({ ...loadConfig(), dataDir }, { store, clock, ids, engine, logger }),
  types,
  config: { tokens, trustProxyHops: 0, mailbox: false, production: false },
  logger,
  health: new Health(),
  observer: observe.http,
  clock,
  ids,
  replayDeadLetter: () => Promise.resolve(),
})
const http = await startHttp({ app, host: '127.0.0.1', port: 0 })
process.send?.({ port: http.port })
process.once('SIGTERM', () => {
  void http
    .stop(1_000)
    .then(() => engine.stop())
    .then(() => store.close())
    .then(() => process.exit(0))
})
