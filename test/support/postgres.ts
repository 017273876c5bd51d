import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { chownSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { migrate } from '../../db/index.js'
import { freePort, sayMissing, type RunningServer } from './servers.js'

export interface PostgresServer extends RunningServer {
  /** The URL of a new database with nothing in it. */
  emptyDatabase(): Promise<string>
  /** The URL of a database with Pulih's tables and no rows. `giveBack` empties it for the next test; its connections are closed by then. */
  database(): Promise<string>
  giveBack(url: string): Promise<void>
}

const ROOT = '/usr/lib/postgresql'
const versions = existsSync(ROOT) ? readdirSync(ROOT).toSorted((a, b) => Number(a) - Number(b)) : []
const bin = versions.length === 0 ? null : join(ROOT, versions.at(-1)!, 'bin')

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

/** Starts a PostgreSQL on a free loopback port in a folder of its own, and waits until it accepts connections. `kept`: a folder that stays, with what is in it. */
export async function startPostgres(settings: readonly string[] = [], kept?: string): Promise<PostgresServer> {
  const folder = kept ?? (await mkdtemp(join(tmpdir(), 'pulih-pg-')))
  if (process.getuid?.() === 0) await chown(folder, idOf('-u'), idOf('-g'))
  const data = join(folder, 'data')
  if (!existsSync(data)) run(...asOwnerOf('cp', ['-a', freshData(), data]))
  const port = await freePort()
  const all = [`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`]
  const args = ['-D', data, ...[...all, ...SETTINGS, ...settings].flatMap((it) => ['-c', it])]
  const start = () => ready(spawn(...asOwner('postgres', args), { stdio: ['ignore', 'ignore', 'pipe'], cwd: folder }))
  let child = await start()
  const atExit = () => child.kill('SIGKILL')
  process.once('exit', atExit)
  return {
    ...databasesOf(port),
    url: urlOf(port, 'postgres'),
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
  const kept = join(tmpdir(), `pulih-initdb-${recipe.slice(0, 16)}`)
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

/** Making a database from a template takes a tenth of a second, emptying one less: those given back are used again. */
function databasesOf(port: number) {
  const free: string[] = []
  let count = 0
  let template: Promise<void> | null = null
  const make = async (from: string): Promise<string> => {
    const name = `test_${++count}`
    await onPostgres(urlOf(port, 'postgres'), (db) => db.query(`CREATE DATABASE ${name} TEMPLATE ${from}`))
    return urlOf(port, name)
  }
  const makeTemplate = async () => {
    await onPostgres(urlOf(port, 'postgres'), (db) => db.query('CREATE DATABASE pulih_template'))
    await migrate({ dataDir: '', databaseUrl: urlOf(port, 'pulih_template') })
  }
  return {
    emptyDatabase: () => make('template0'),
    async database() {
      template ??= makeTemplate()
      await template
      return free.pop() ?? make('pulih_template')
    },
    async giveBack(url: string) {
      await onPostgres(url, async (db) => {
        const { rows } = await db.query<{ names: string }>(
          `SELECT string_agg(quote_ident(tablename), ', ') AS names FROM pg_tables WHERE schemaname = 'public'`,
        )
        // The guards refuse this, as they must.
        await db.query(`SET session_replication_role = replica; TRUNCATE ${rows[0]!.names}`)
      })
      free.push(url)
    },
  }
}
