import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { freePort, sayMissing, type RunningServer } from './servers.js'

/** The databases of a server; several processes may take from one. */
export interface Databases {
  /** Of the server's own database, which tests leave alone. */
  readonly url: string
  /** The URL of a new database with nothing in it. */
  emptyDatabase(): Promise<string>
  /** The URL of a database with Pulih's tables and no rows. `giveBack` empties it for the next test; its connections are closed by then. */
  database(): Promise<string>
  /** Not one whose tables, triggers or migrations were touched: the next test would get it as it is. */
  giveBack(url: string): Promise<void>
}
export interface PostgresServer extends RunningServer, Databases {}

const ROOT = '/usr/lib/postgresql'
const versions = existsSync(ROOT) ? readdirSync(ROOT).toSorted((a, b) => Number(a) - Number(b)) : []
const bin = versions.length === 0 ? null : join(ROOT, versions.at(-1)!, 'bin')
/** Copied as files instead of through the log, half of the time; before 15 there was no other way. */
const COPY = Number(versions.at(-1)) >= 15 ? 'STRATEGY file_copy' : ''

/** False when Debian's `postgresql` is missing: the suites that need it are then skipped, and say so. */
export const hasPostgres = bin !== null
if (!hasPostgres) sayMissing('postgresql')

// Its own order of text is not that of bytes: a page that leans on the server's locale shows here.
const INITDB = ['-U', 'pulih', '-A', 'trust', '-E', 'UTF8', '--locale-provider=icu', '--icu-locale=id', '--no-sync']
/** Nobody pulls the plug on a test; what must survive `kill -9` does without fsync too. */
const SETTINGS = ['fsync=off', 'full_page_writes=off', 'max_connections=200', 'shared_buffers=64MB', 'autovacuum=off']

/** It refuses to run as root: then it runs as the user `postgres` that Debian's package makes. */
const asOwner = (program: string, args: readonly string[]) => asOwnerOf(join(bin ?? '', program), args)

function asOwnerOf(path: string, args: readonly string[]): [command: string, args: string[]] {
  if (process.getuid?.() !== 0) return [path, [...args]]
  return ['setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', path, ...args]]
}

/** So that nothing outlives its tests: Linux ends it when the process that started it is gone, however that one ended. */
function withMe([command, args]: [command: string, args: string[]]): [command: string, args: string[]] {
  if (process.platform !== 'linux') return [command, args]
  const own = command === 'setpriv' ? args : [command, ...args]
  return ['setpriv', ['--pdeathsig=QUIT', ...own]]
}

/** Starts a PostgreSQL on a free loopback port in a folder of its own, and waits until it accepts connections. `kept`: a folder that stays, with what is in it. */
export async function startPostgres(settings: readonly string[] = [], kept?: string): Promise<PostgresServer> {
  const folder = kept ?? (await mkdtemp(join(tmpdir(), 'pulih-pg-')))
  if (process.getuid?.() === 0) await chown(folder, idOf('-u'), idOf('-g'))
  const data = join(folder, 'data')
  if (!existsSync(data)) run(...asOwnerOf('cp', ['-a', freshData(), data]))
  const port = await freePort()
  const all = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`]
  const args = ['-D', data, ...[...all, ...SETTINGS, ...settings].flatMap((it) => ['-c', it])]
  const start = () =>
    ready(spawn(...withMe(asOwner('postgres', args)), { stdio: ['ignore', 'ignore', 'pipe'], cwd: folder }))
  let child = await start()
  const atExit = () => child.kill('SIGKILL')
  process.once('exit', atExit)
  return {
    ...databasesOf(urlOf(port, 'postgres')),
    port,
    get pid() {
      return child.pid!
    },
    async stop() {
      process.off('exit', atExit)
      await end(child, 'SIGINT')
      if (kept === undefined) await rm(folder, { recursive: true, force: true })
    },
    kill: () => end(child, 'SIGKILL'),
    async restart() {
      child = await start()
    },
  }
}

/** An empty cluster made once per machine and copied since: `initdb` takes seconds, a copy a tenth of one. */
function freshData(): string {
  const recipe = createHash('sha256')
    .update(JSON.stringify([bin, INITDB, process.getuid?.()]))
    .digest('hex')
  const kept = join(existsSync('/tmp') ? '/tmp' : tmpdir(), `pulih-initdb-${recipe.slice(0, 16)}`)
  if (existsSync(join(kept, 'data', 'PG_VERSION'))) return join(kept, 'data')
  const making = mkdtempSync(`${kept}-`)
  if (process.getuid?.() === 0) chownSync(making, idOf('-u'), idOf('-g'))
  run(...asOwner('initdb', ['-D', join(making, 'data'), ...INITDB]))
  try {
    renameSync(making, kept)
  } catch {
    // Another worker was first; what it made is as good.
    rmSync(making, { recursive: true, force: true })
  }
  return join(kept, 'data')
}

function run(command: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8', cwd: tmpdir() })
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`)
}

const urlOf = (port: number, database: string) => `postgres://pulih@127.0.0.1:${port}/${database}`
const idOf = (flag: string) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout)

async function ready(child: ChildProcess): Promise<ChildProcess> {
  const said: string[] = []
  for await (const line of createInterface({ input: child.stderr! })) {
    said.push(line)
    if (line.includes('ready to accept connections')) {
      child.stderr!.resume()
      return child
    }
  }
  throw new Error(`postgres did not start:\n${said.join('\n')}`)
}

/** SIGINT: connections are cut. After `kill -9` the postmaster's children end by themselves. */
async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill(signal)
  await exited
}

/** Runs SQL over a connection of its own, as an intruder or another program would. */
export async function onPostgres<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** A table's rows are deleted while they are few; beyond, what they leave behind would slow down who comes later. */
const FEW_BYTES = 256 * 1024
/** TRUNCATE makes every table, index and TOAST table anew, a fifth of a second for all of them; this is a hundredth. */
const EMPTY = `DO $$ DECLARE it record; BEGIN
  FOR it IN SELECT oid::regclass AS name, pg_relation_size(oid) AS size FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0
  LOOP EXECUTE format(CASE WHEN it.size > ${FEW_BYTES} THEN 'TRUNCATE %s CASCADE' ELSE 'DELETE FROM %s' END, it.name); END LOOP;
  END $$`
const TEMPLATE = 'pulih_template'
const TEMPLATE_LOCK = 1

/**
 * The databases of the server at `url`, taken by this process: making one from a template takes a tenth of a second, emptying one a tenth
 * of that, so those given back are used again. The first process that needs the template makes it.
 */
export function databasesOf(url: string): Databases {
  const free: string[] = []
  /** A connection each, open for good: a new one would have to read up on all tables first. */
  const cleaners = new Map<string, pg.Pool>()
  const mine = randomBytes(6).toString('hex')
  let count = 0
  let template: Promise<void> | null = null
  const named = (name: string): string => Object.assign(new URL(url), { pathname: name }).href
  const make = async (from: string): Promise<string> => {
    const name = `test_${mine}_${++count}`
    await onPostgres(url, (db) => db.query(`CREATE DATABASE ${name} TEMPLATE ${from} ${COPY}`))
    return named(name)
  }
  function cleanerOf(database: string): pg.Pool {
    const known = cleaners.get(database)
    if (known !== undefined) return known
    // The guards refuse to be emptied, as they must. Somebody who still holds rows is a mistake of the test.
    const options = '-c session_replication_role=replica -c lock_timeout=10s'
    const idle = { max: 1, idleTimeoutMillis: 0, allowExitOnIdle: true }
    const cleaner = new pg.Pool({ connectionString: database, options, ...idle })
    cleaner.on('error', () => undefined)
    cleaners.set(database, cleaner)
    return cleaner
  }
  return {
    url,
    emptyDatabase: () => make('template0'),
    async database() {
      template ??= makeTemplate(url, named)
      await template
      return free.pop() ?? make(TEMPLATE)
    },
    async giveBack(database) {
      await cleanerOf(database).query(EMPTY)
      free.push(database)
    },
  }
}

/** Once per server, whichever process comes first; the others wait. Under its name it is whole. */
function makeTemplate(url: string, named: (name: string) => string): Promise<void> {
  return onPostgres(url, async (db) => {
    await db.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK])
    const { rowCount } = await db.query('SELECT FROM pg_database WHERE datname = $1', [TEMPLATE])
    if (rowCount !== 0) return
    const draft = `${TEMPLATE}_draft`
    await db.query(`CREATE DATABASE ${draft} ${COPY}`)
    const { migrate } = await import('../../db/index.js')
    await migrate({ dataDir: '', databaseUrl: named(draft) })
    await db.query(`ALTER DATABASE ${draft} RENAME TO ${TEMPLATE}`)
  })
}
