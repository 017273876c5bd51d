import { queueOf } from '../../config.js'
import { lockFault, lockNote } from '../../../db/lock.js'
import { fail, ok, size, skipped, warn } from '../findings.js'
import type { Check, FileLook, Finding, PostgresLook } from '../types.js'

const WAL_LARGE = 256_000_000
const PG_MIN = 130_000
/** Connections of one process at most: `db/open.pg.ts` and the queue keep 16 each. */
const POOL = 16
const NEWER = /newer version/
const UNUSABLE = /folder cannot be opened/

/** Is the store there, of this program's schema, sound, and set up to keep what it acknowledged? */
export const checkDatabase: Check = ({ file, database, config }) => {
  if (database !== null) return postgres(database, queueOf(config) === config.databaseUrl ? 2 * POOL : POOL)
  return file === null ? [] : sqlite(file, config.dataDir)
}

function sqlite(look: FileLook, dataDir: string): readonly Finding[] {
  if ('fault' in look) return [fail('database', look.fault, todoFor(look.fault))]
  const { facts } = look
  if (facts === null)
    return [skipped('database', 'SQLite: nothing there yet, the first start makes it.'), ...brokenLock(dataDir)]
  const findings: Finding[] = []
  const of = `SQLite, ${size(facts.bytes + facts.walBytes)}`
  if (facts.pending > 0)
    findings.push(
      warn(
        'database',
        `${of}: ${facts.pending} migrations to do.`,
        'Make a backup, then `pulih migrate` or start the service.',
      ),
    )
  else findings.push(ok('database', `${of}: of this version.`))
  if (facts.journalMode !== 'wal')
    findings.push(
      warn('database', `Its journal mode is ${facts.journalMode}, not wal.`, 'Start the service once: it sets wal.'),
    )
  if (facts.walBytes > WAL_LARGE)
    findings.push(
      warn(
        'database',
        `Its write-ahead log has grown to ${size(facts.walBytes)}.`,
        'End long readers and backups; stopping the service folds it in.',
      ),
    )
  const broken = brokenLock(dataDir)
  findings.push(integrity(facts.problems), ...(broken.length > 0 ? broken : [lock(dataDir)]))
  return findings
}

function integrity(problems: readonly string[] | null): Finding {
  if (problems === null)
    return skipped('integrity', 'The file is too large to be read through here: run `pulih verify`.')
  if (problems[0] === undefined) return ok('integrity', 'The database stands its own checks.')
  return fail(
    'integrity',
    `The database does not stand its own checks: ${problems.length} found, first: ${problems[0]}.`,
    'Stop the service, keep the file, restore a backup.',
  )
}

function todoFor(fault: string): string {
  if (NEWER.test(fault)) return 'Install the newer version.'
  return UNUSABLE.test(fault)
    ? 'Correct the folder, or name another one (PULIH_DATA, --data).'
    : 'Restore a backup (`pulih restore`).'
}

function todoForServer(fault: string): string {
  if (/no such database/.test(fault)) return 'Make it (`createdb`), or correct DATABASE_URL.'
  return /user/.test(fault)
    ? 'Correct user and password in DATABASE_URL, or what the user may do.'
    : 'Start it, or correct DATABASE_URL.'
}

function brokenLock(dataDir: string): readonly Finding[] {
  const fault = lockFault(dataDir)
  if (fault === null) return []
  return [fail('lock', `lock.db ${fault}: no service can start.`, 'Remove it while none runs: it holds no data.')]
}

function lock(dataDir: string): Finding {
  const note = lockNote(dataDir)
  if (note === null) return ok('lock', 'No service runs on this data folder.')
  if (note.alive) return ok('lock', `Process ${note.pid} runs on this data folder since ${note.since}.`)
  return ok('lock', `Process ${note.pid} was killed; its lock went with it.`)
}

function postgres(look: PostgresLook, pool: number): readonly Finding[] {
  if ('fault' in look)
    return [
      fail('database', `PostgreSQL at DATABASE_URL: ${look.fault.replace(/\.$/, '')}.`, todoForServer(look.fault)),
    ]
  const it = look.facts
  const findings: Finding[] = []
  const of = `PostgreSQL ${it.versionText}`
  if (it.version < PG_MIN) findings.push(fail('database', `${of} is too old.`, 'Use PostgreSQL 13 or newer.'))
  else if (it.pending === 0) findings.push(ok('database', `${of}: of this version.`))
  else
    findings.push(
      warn(
        'database',
        `${of}: ${it.pending ?? 0} migrations to do.`,
        'Make a backup, then `pulih migrate` or start the service.',
      ),
    )
  if (it.recovering || it.readOnly)
    findings.push(
      fail(
        'database',
        `It ${it.recovering ? 'is a replica' : 'takes no writes'}.`,
        'Name the primary in DATABASE_URL.',
      ),
    )
  if (!it.mayCreate && it.pending !== 0)
    findings.push(
      fail(
        'database',
        'This user may not create schemas, which the migrations need.',
        'GRANT CREATE ON DATABASE … TO …, or let its owner run `pulih migrate`.',
      ),
    )
  findings.push(...durability(it.fsync, it.synchronousCommit))
  const free = it.maxConnections - it.reserved
  if (free < pool)
    findings.push(
      warn('database', `It allows ${free} connections; one process takes up to ${pool}.`, 'Raise max_connections.'),
    )
  return findings
}

function durability(fsync: string, commit: string): readonly Finding[] {
  if (fsync !== 'on')
    return [fail('durability', 'fsync is off: a crash of the server destroys the database.', 'Set fsync = on.')]
  if (commit === 'off')
    return [
      fail(
        'durability',
        'synchronous_commit is off: a crash loses acknowledged commits; Pulih does not start.',
        'Set synchronous_commit = on.',
      ),
    ]
  return [ok('durability', `fsync on, synchronous_commit ${commit}.`)]
}
