import { inspectSqlite } from '../../db/inspect.sqlite.js'
import { queueOf, type Config } from '../config.js'
import { loadTicketTypes } from '../engine/index.js'
import { PulihError } from '../engine/errors.js'
import { CHECKS } from './checks/index.js'
import { checkMachine } from './checks/machine.js'
import { readContents, SHIPPED } from './contents.js'
import { fail, ok, skipped } from './findings.js'
import { lookAtPostgres } from './postgres.js'
import { lookAtRedis } from './redis.js'
import type { Contents, Evidence, FileLook, Finding, PostgresLook, Probes } from './types.js'

export { machineProbes } from './probes.js'
export type { Finding, Level, Probes } from './types.js'

/** Whatever does not answer by then is said not to. */
const LOOK_LIMIT_MS = 5_000
const CHECK_LIMIT_MS = 3_000
/** A larger file is not read through: `pulih verify` does that, in its own time. */
const FILE_CHECKED_UP_TO = 256_000_000

/** Looks at everything and judges it, in under ten seconds whatever does not answer; writes nothing and takes no lock. `faults`: why there is no configuration. */
export async function examine(
  config: Config | null,
  faults: readonly string[],
  probes: Probes,
): Promise<readonly Finding[]> {
  if (config === null) {
    const wrong = faults.map((it) => fail('configuration', it, 'Correct the environment variable named here.'))
    return [...wrong, ...checkMachine(probes), skipped('everything else', 'Needs a valid configuration first.')]
  }
  const evidence = await gather(config, probes)
  const judged = await Promise.all(
    Object.entries(CHECKS).map(([name, check]) =>
      within(
        CHECK_LIMIT_MS,
        // A check that throws is itself a finding, never the end of the others.
        Promise.resolve()
          .then(() => check(evidence))
          .catch((error: unknown) => [
            fail(name, `This could not be looked at: ${reasonOf(error)}`, 'See the log of the system.'),
          ]),
        [fail(name, 'This did not answer in time.', 'Look at the server or disk it asks.')],
      ),
    ),
  )
  const form = config.production ? 'production' : 'development'
  return [ok('configuration', `Valid, for ${form}.`), ...checkMachine(probes), ...judged.flat()]
}

async function gather(config: Config, probes: Probes): Promise<Evidence> {
  const { databaseUrl } = config
  const queueUrl = queueOf(config)
  const late = { fault: 'it does not answer in time' }
  const postgres = (url: string, store: boolean): Promise<PostgresLook> =>
    within(LOOK_LIMIT_MS, lookAtPostgres(url, store, probes), late)
  const queueOnPostgres = queueUrl !== null && /^postgres/i.test(queueUrl)
  const [database, queueDatabase, redis, types] = await Promise.all([
    databaseUrl === null ? null : postgres(databaseUrl, true),
    queueOnPostgres && queueUrl !== databaseUrl ? postgres(queueUrl, false) : null,
    queueUrl === null || queueOnPostgres ? null : within(LOOK_LIMIT_MS, lookAtRedis(queueUrl, probes), late),
    loadTicketTypes(undefined, config.ticketTypes).catch(() => null),
  ])
  const file = databaseUrl === null ? lookAtFile(config.dataDir) : null
  const contents = await contentsOf(config, file, database, probes)
  return { config, probes, file, database, queueDatabase, redis, types, contents }
}

function lookAtFile(dataDir: string): FileLook {
  try {
    return { facts: inspectSqlite(dataDir, FILE_CHECKED_UP_TO) }
  } catch (error) {
    return { fault: reasonOf(error) }
  }
}

/** Only what answered just now is opened: opening waits longer than this command may. */
async function contentsOf(
  config: Config,
  file: FileLook | null,
  database: PostgresLook | null,
  { clock }: Probes,
): Promise<Contents | null> {
  const look = database ?? file
  if (look === null || 'fault' in look) return null
  if (look.facts === null) return SHIPPED
  if (look.facts.pending !== 0) return null
  return within(LOOK_LIMIT_MS, readContents(config, clock.now()), null).catch(() => null)
}

/** Refusals that Pulih words itself; what the system says may hold paths and values. */
function reasonOf(error: unknown): string {
  if (error instanceof PulihError) return error.message
  return (error as NodeJS.ErrnoException).code ?? (error instanceof Error ? error.name : 'unknown error')
}

function within<T, L>(ms: number, work: Promise<T>, late: L): Promise<T | L> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<L>((resolve) => {
    timer = setTimeout(() => {
      resolve(late)
    }, ms)
  })
  return Promise.race([work, limit]).finally(() => {
    clearTimeout(timer)
  })
}
