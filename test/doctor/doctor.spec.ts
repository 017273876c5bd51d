import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { once } from 'node:events'
import { createServer, type Server as TcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { exampleCalendars } from '../../db/seeds/calendars.js'
import { policies } from '../../db/seeds/policies.js'
import { openSqliteStore } from '../../db/open.sqlite.js'
import { digestToken, loadConfig } from '../../src/config.js'
import { PulihError } from '../../src/engine/errors.js'
import { startReferenceServer, type ReferenceParts } from '../../src/directory/index.js'
import { examine, machineProbes, type Finding, type Probes } from '../../src/doctor/index.js'
import { hasPostgres, onPostgres, startPostgres } from '../support/postgres.js'
import { freePort, hasRedis, startRedis } from '../support/servers.js'
import { DAY, World } from '../support/world.js'

/** Tuesday 17 November 2026, 10:00 in Jakarta. */
const NOW = Date.UTC(2026, 10, 17, 3, 0)
const at = (now: number) => ({ now: () => now })
/** This machine, except for what differs from one machine to the next. */
const probes: Probes = {
  ...machineProbes,
  clock: at(NOW),
  node: '20.20.2',
  platform: 'linux x64',
  availableMemory: () => 4_000_000_000,
  freeDisk: () => Promise.resolve(50_000_000_000),
  openFiles: () => 20_000,
}

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'pulih-doctor-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

interface Asked {
  readonly env?: Record<string, string>
  readonly data?: string
  readonly probes?: Partial<Probes>
}
async function ask({ env = {}, data = join(folder, 'data'), probes: other = {} }: Asked = {}): Promise<
  readonly Finding[]
> {
  const config = loadConfig({ PULIH_DATA: data, ...env })
  return examine(config, [], { ...probes, ...other })
}
const of = (findings: readonly Finding[], check: string): string[] =>
  findings.filter((it) => it.check === check).map((it) => `${it.level}: ${it.is}`)

/** A database of its own with a ticket on hold, closed again, so that it may be damaged. */
async function someDatabase(start = NOW - DAY): Promise<string> {
  const world = await World.open({ start })
  onTestFinished(() => rmSync(world.place.dataDir, { recursive: true, force: true }))
  await world.ticketIn('onHold')
  await world.engine.stop()
  await world.store.close()
  return world.place.dataDir
}
function sql(dataDir: string, text: string): void {
  const db = new Database(join(dataDir, 'pulih.db'))
  db.exec(text)
  db.close()
}

describe('a fresh machine', () => {
  it('is told what will be made, touches nothing, and has nothing to be ashamed of but examples', async () => {
    const findings = await ask()
    expect(existsSync(join(folder, 'data'))).toBe(false)
    expect(findings.filter((it) => it.level !== 'ok').map((it) => `${it.level} ${it.check}`)).toEqual([
      'skipped database',
      'skipped permissions',
      'skipped keys',
      'skipped tokens',
      'warn calendars',
      'skipped backlog',
      'skipped sink',
      'skipped directory',
    ])
    expect(of(findings, 'queue')).toEqual([
      'ok: Embedded: takes about 835 MB of memory at the first start (later ones 307 MB), 4.0 GB are free.',
    ])
  })

  it('lists every fault of a configuration, and still looks at the machine', async () => {
    const findings = await examine(null, ['PORT must be a whole number.', 'HOST must be a host name.'], probes)
    expect(findings.map((it) => `${it.level} ${it.check}`)).toEqual([
      'fail configuration',
      'fail configuration',
      'ok node',
      'ok time zones',
      'ok open files',
      'skipped everything else',
    ])
  })

  it('with too little of everything is told so', async () => {
    const small = {
      availableMemory: () => 500_000_000,
      freeDisk: () => Promise.resolve(99_000_000),
      openFiles: () => 256,
      node: '18.19.0',
    }
    const findings = await ask({ probes: small })
    expect(findings.filter((it) => it.level === 'fail').map((it) => it.check)).toEqual(['node', 'queue', 'disk'])
    expect(of(findings, 'open files')).toEqual(['warn: Only 256 may be open: each connection takes one.'])
    expect(of(await ask({ probes: { freeDisk: () => Promise.resolve(500_000_000) } }), 'disk')[0]).toMatch(/^warn/)
    // Opened again it takes less: what is too little for the first start is enough then.
    mkdirSync(join(folder, 'data', 'queue'), { recursive: true, mode: 0o700 })
    expect(of(await ask({ probes: small }), 'queue')[0]).toMatch(/^ok: Embedded: takes about 307 MB/)
  })

  it('whose system tells nothing is not blamed', async () => {
    const silent = { availableMemory: () => null, freeDisk: () => Promise.resolve(null), openFiles: () => null }
    const findings = await ask({ probes: silent })
    expect(['queue', 'disk', 'open files'].map((it) => findings.find(({ check }) => check === it)?.level)).toEqual([
      'skipped',
      'skipped',
      'skipped',
    ])
  })
})

describe('the database file', () => {
  it('in order, next to the process that runs on it', async () => {
    const world = await World.open({ start: NOW - DAY })
    onTestFinished(() => world.close())
    await world.ticketIn('onHold')
    const findings = await ask({ data: world.place.dataDir })
    expect(of(findings, 'database')).toEqual([expect.stringMatching(/^ok: SQLite, [\d.]+ [kM]B: of this version\.$/)])
    expect(of(findings, 'integrity')).toEqual(['ok: The database stands its own checks.'])
    expect(of(findings, 'lock')).toEqual([
      expect.stringContaining(`ok: Process ${process.pid} runs on this data folder since`),
    ])
    expect(of(findings, 'policies')).toEqual(['ok: 2 in force, each fits its ticket type.'])
    expect(findings.filter((it) => it.level === 'fail')).toEqual([])
    // The lock is still held: the doctor neither took nor dropped it.
    await world.ticketIn('submitted')
  })

  it('cut in the middle', async () => {
    const data = await someDatabase()
    truncateSync(join(data, 'pulih.db'), 20_000)
    const findings = await ask({ data })
    expect([...of(findings, 'database'), ...of(findings, 'integrity')].join()).toMatch(
      /fail: .*(damaged|does not stand its own checks)/,
    )
  })

  it('gone, or empty, from a folder that was in use', async () => {
    const data = await someDatabase()
    writeFileSync(join(data, 'audit-checkpoints.jsonl'), '{}\n')
    mkdirSync(join(data, 'queue', 'base'), { recursive: true })
    mkdirSync(join(data, 'before-restore-2026'))
    const said = /was in use \(audit-checkpoints\.jsonl, queue, before-restore-2026\), but its database is not there/
    const lost = [expect.stringMatching(new RegExp(`^fail: .*${said.source}`))]
    truncateSync(join(data, 'pulih.db'), 0)
    expect(of(await ask({ data }), 'database')).toEqual(lost)
    rmSync(join(data, 'pulih.db'))
    expect(of(await ask({ data }), 'database')).toEqual(lost)
    for (const readOnly of [false, true]) expect(() => openSqliteStore({ dataDir: data, readOnly })).toThrow(said)
    expect(existsSync(join(data, 'pulih.db'))).toBe(false)
    // Keys and an empty volume are put in place before a database is; a start that was killed leaves an empty file.
    const fresh = join(folder, 'fresh')
    mkdirSync(join(fresh, 'files', 'lost+found'), { recursive: true, mode: 0o700 })
    for (const name of ['keys.json', 'pulih.db', 'files/.keep']) writeFileSync(join(fresh, name), '', { mode: 0o600 })
    expect(of(await ask({ data: fresh }), 'database')).toEqual([
      'skipped: SQLite: nothing there yet, the first start makes it.',
    ])
    await openSqliteStore({ dataDir: fresh }).close()
  })

  it.each([
    ['no database', 'not a database', 'is damaged'],
    ['one in name only', 'SQLite format 3\0garbage', 'is damaged'],
    ['a folder', null, 'cannot be opened'],
  ])('with a lock that is %s', async (_what, content, fault) => {
    const data = await someDatabase()
    rmSync(join(data, 'lock.db'))
    if (content === null) mkdirSync(join(data, 'lock.db', 'x'), { recursive: true })
    else writeFileSync(join(data, 'lock.db'), content)
    const findings = await ask({ data })
    expect(of(findings, 'lock')).toEqual([`fail: lock.db ${fault}: no service can start.`])
    expect(of(findings, 'integrity')).toEqual(['ok: The database stands its own checks.'])
    expect(() => openSqliteStore({ dataDir: data })).toThrow(PulihError)
  })

  it('with a guard dropped', async () => {
    const data = await someDatabase()
    sql(data, 'DROP TRIGGER ticket_log_append_only_update')
    expect(of(await ask({ data }), 'integrity')).toEqual([
      expect.stringMatching(/^fail: .*trigger ticket_log_append_only_update is missing/),
    ])
  })

  it('of an older and of a newer version', async () => {
    const data = await someDatabase()
    sql(data, 'DELETE FROM __drizzle_migrations WHERE created_at = (SELECT max(created_at) FROM __drizzle_migrations)')
    const older = await ask({ data })
    expect(of(older, 'database')).toEqual([expect.stringMatching(/^warn: SQLite, .*: 1 migrations to do\.$/)])
    expect(of(older, 'calendars')).toEqual(['skipped: Needs a database that can be read, of this version.'])
    sql(data, "INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('x', 9999999999999)")
    expect(of(await ask({ data }), 'database')).toEqual([expect.stringMatching(/^fail: .*newer version/)])
  })

  it('no longer in WAL, and left by a killed process', async () => {
    const data = await someDatabase()
    sql(data, 'PRAGMA journal_mode = DELETE')
    const { pid } = spawnSync('true')
    writeFileSync(join(data, 'lock.json'), JSON.stringify({ pid, since: '2026-11-16T00:00:00.000Z' }))
    const findings = await ask({ data })
    expect(of(findings, 'database')[1]).toBe('warn: Its journal mode is delete, not wal.')
    expect(of(findings, 'lock')).toEqual([`ok: Process ${pid} was killed; its lock went with it.`])
  })

  it('open to others, with tokens that others can read', async () => {
    const data = await someDatabase()
    writeFileSync(join(data, 'dev-tokens.json'), '[]', { mode: 0o644 })
    chmodSync(data, 0o755)
    const findings = of(await ask({ data }), 'permissions')
    expect(findings).toEqual([
      'warn: Other users of this machine can look into the data folder.',
      'warn: Other users of this machine can read dev-tokens.json: each token opens the API.',
    ])
    const file = join(folder, 'file')
    writeFileSync(file, '')
    const onFile = await ask({ data: file })
    expect(onFile.filter((it) => it.level === 'fail').map((it) => `${it.check}: ${it.is}`)).toEqual([
      expect.stringMatching(/^database: The data folder cannot be opened \(the path names a file\)/),
      expect.stringMatching(/^permissions: The path of the data folder names a file/),
    ])
  })

  it('tells what waits too long, and why', async () => {
    const data = await someDatabase()
    sql(
      data,
      `INSERT INTO dead_letters (id, queue, job, reason, failed_at, attempts) VALUES ('x', 'sla-timers', '{}', 'X', 1, 5)`,
    )
    const findings = await ask({ data, probes: { clock: at(NOW + 30 * DAY) } })
    expect(of(findings, 'overdue timers')).toEqual([expect.stringMatching(/^warn: \d+, the oldest for \d+ days\.$/)])
    expect(of(findings, 'outbox')).toEqual([
      expect.stringMatching(/^warn: \d+ messages and commands are not delivered, the oldest for \d+ days\.$/),
    ])
    expect(of(findings, 'dead letters')).toEqual(['warn: 1 were given up.'])
  })
})

describe('time', () => {
  it('a clock that stands before the newest record', async () => {
    const data = await someDatabase(NOW)
    const [later] = of(await ask({ data, probes: { clock: at(NOW + DAY) } }), 'clock')
    expect(later).toMatch(/^ok: .*the newest record is older, as it should be\.$/)
    const [minutes] = of(await ask({ data, probes: { clock: at(NOW - 60_000) } }), 'clock')
    expect(minutes).toMatch(/^warn: .* before the newest record/)
    const [back] = of(await ask({ data, probes: { clock: at(NOW - DAY) } }), 'clock')
    expect(back).toMatch(/^fail: It is 2026-11-16T03:00:00\.000Z here, 24 h before the newest record/)
  })

  it('warns a year before the holidays end, and fails after', async () => {
    const known = async (now: number) => of(await ask({ probes: { clock: at(now) } }), 'holidays')[0]
    expect(await known(Date.UTC(2026, 11, 31, 10))).toMatch(/^ok: Known until 2027-12-31: pusat@1, wit@1, wita@1/)
    // 1 January 2027 in Jakarta, still the old year in UTC.
    expect(await known(Date.UTC(2026, 11, 31, 17))).toMatch(/^warn: Known until 2027-12-31/)
    expect(await known(Date.UTC(2028, 0, 2))).toMatch(/^fail: /)
  })

  it('names the days that still wait for a decision', async () => {
    const [march] = of(await ask({ probes: { clock: at(Date.UTC(2027, 1, 1)) } }), 'tentative days')
    expect(march).toMatch(/^warn: Within 60 days, still waiting for the decision: .*2027-03-1\d .*\(cuti bersama\)/)
  })
})

describe('reference data', () => {
  it('an unconfirmed calendar is a warning, in production a failure; a confirmed one neither', async () => {
    const key = (byte: number) => Buffer.alloc(32, byte).toString('base64')
    const outside = {
      SMTP_URL: 'smtps://mail.example:465',
      MAIL_FROM: 'pulih@example.org',
      SMS_URL: 'https://sms.example/send',
      SMS_SECRET: 'Qm9yb2J1ZHVyLVByYW1iYW5hbi0xOTQ1LXNpZ25lZA',
    }
    const keys = {
      PULIH_AUDIT_KEY: key(3),
      PULIH_KEYS: `k1:${key(1)}`,
      PULIH_INDEX_KEYS: `i1:${key(2)}`,
      CLAMD_URL: 'tcp://127.0.0.1:3310',
    }
    const production = { NODE_ENV: 'production', PULIH_TOKENS: 'portal:web:kJ8vN2xQ5wR7tY1uP4zL', ...keys, ...outside }
    expect(of(await ask({ env: production }), 'calendars')[0]).toMatch(/^fail: .*a production start is refused\.$/)
    const world = await World.open({ start: NOW - DAY })
    onTestFinished(() => world.close())
    for (const it of exampleCalendars) await world.store.publishCalendar({ ...it, version: 2, example: false }, NOW)
    expect(of(await ask({ data: world.place.dataDir }), 'calendars')[0]).toMatch(
      /^ok: Confirmed: pusat@2, wit@2, wita@2\.$/,
    )
  })

  it('a calendar in force that never opens', async () => {
    const world = await World.open({ start: NOW - DAY })
    onTestFinished(() => world.close())
    const [pusat] = exampleCalendars
    const { weekly } = pusat!
    const season = { from: '2026-11-01', to: '2026-12-31', weekly }
    await world.store.publishCalendar({ ...pusat!, version: 2, weekly: {}, seasons: [season] }, NOW)
    expect(of(await ask({ data: world.place.dataDir }), 'calendars')).toContain(
      'warn: No hours in the plain week: pusat@2. After the last season nobody can file there.',
    )
    await world.store.publishCalendar({ ...pusat!, version: 3, weekly: {}, seasons: [] }, NOW)
    expect(of(await ask({ data: world.place.dataDir }), 'calendars')).toContain(
      'fail: Never open again: pusat@3. Nobody can file with the offices that work by it.',
    )
  })

  it('a policy that does not fit its type, and one for a type that is not loaded', async () => {
    const world = await World.open({ start: NOW - DAY })
    onTestFinished(() => world.close())
    const [policy] = policies
    const deadlines = { ...policy!.deadlines, ghost: { normal: { end: { unit: 'wallMinutes' as const, amount: 1 } } } }
    await world.store.publishPolicy({ ...policy!, version: policy!.version + 1, deadlines }, NOW)
    await world.store.publishPolicy({ ...policy!, id: 'other', ticketType: 'unheardOf' }, NOW)
    const findings = of(await ask({ data: world.place.dataDir }), 'policies')
    expect(findings.toSorted()).toEqual([
      expect.stringMatching(/^fail: .*ghost/),
      'warn: other@1 is for the ticket type unheardOf, which is not loaded.',
    ])
  })
})

describe('who can reach it', () => {
  it.each([
    [{ HOST: '0.0.0.0' }, 'warn'],
    [{ HOST: '0.0.0.0', TRUST_PROXY_HOPS: '1' }, 'ok'],
    [{ HOST: '::1' }, 'ok'],
    [{ HOST: '127.8.8.8' }, 'ok'],
    [{ HOST: '127.example.org' }, 'warn'],
  ])('%j: %s', async (env, level) => {
    expect((await ask({ env })).find((it) => it.check === 'exposure')?.level).toBe(level)
  })

  it('tells weak tokens by their actor and never shows one', async () => {
    const tokens = [
      'agent:ani:aaaaaaaaaaaaaaaaaaaa',
      'agent:budi:my-secret-password',
      'checker:citra:abcdefghijklmnopqrst',
      'admin:dewi:kJ8vN2xQ5wR7tY1uP4zL',
    ]
    const findings = await ask({ env: { PULIH_TOKENS: tokens.join(',') } })
    expect(of(findings, 'tokens')).toEqual(['warn: Easy to guess: the tokens of ani, budi, citra.'])
    expect(JSON.stringify(findings)).not.toMatch(/aaaa|my-secret|abcdefg|kJ8v/)
  })

  it('says whether somebody listens at SINK_URL', async () => {
    const listener: TcpServer = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
    await once(listener, 'listening')
    const { port } = listener.address() as { port: number }
    const sink = async () => of(await ask({ env: { SINK_URL: `http://127.0.0.1:${port}/` } }), 'sink')[0]
    expect(await sink()).toBe('ok: Somebody listens at SINK_URL.')
    listener.close()
    await once(listener, 'close')
    expect(await sink()).toMatch(/^warn: Nobody listens at SINK_URL/)
  })

  it('says whether the directory and the account service are well and know our secret', async () => {
    const token = 'a-secret-of-16-or-more'
    // Without a directory behind it: a question about a person would fail.
    const reference = await startReferenceServer({ tokenSha256: digestToken(token) } as ReferenceParts)
    onTestFinished(() => reference.close())
    const nowhere = `http://127.0.0.1:${await freePort()}`
    const told = async (directory: string, itsToken: string, accounts: string) => {
      const upstreams = {
        DIRECTORY_URL: directory,
        DIRECTORY_TOKEN: itsToken,
        ACCOUNTS_URL: accounts,
        ACCOUNTS_TOKEN: token,
      }
      const findings = await ask({ env: upstreams })
      expect(JSON.stringify(findings)).not.toContain(token)
      return [...of(findings, 'directory'), ...of(findings, 'account service')]
    }
    expect(await told(reference.url, token, reference.url)).toEqual([
      'ok: The system at DIRECTORY_URL answers and knows our secret.',
      'ok: The system at ACCOUNTS_URL answers and knows our secret.',
    ])
    expect(await told(reference.url, 'another-secret-of-16', nowhere)).toEqual([
      'fail: The system at DIRECTORY_URL refuses our secret.',
      'warn: The system at ACCOUNTS_URL does not answer: what needs it waits and is tried again.',
    ])
    expect((await told(`${reference.url}/elsewhere`, token, reference.url))[0]).toMatch(
      /^warn: .* says that it is not well/,
    )
  })
})

describe.skipIf(!hasRedis)('Redis', () => {
  const real = { clock: machineProbes.clock }

  it('that may evict and keeps nothing', async () => {
    const redis = await startRedis({ policy: 'allkeys-lru' })
    onTestFinished(() => redis.stop())
    const findings = await ask({ env: { QUEUE_URL: redis.url }, probes: real })
    expect(of(findings, 'queue')).toEqual([expect.stringMatching(/^ok: Redis \d+\.\d+/)])
    expect(of(findings, 'eviction')).toEqual([
      expect.stringMatching(/^fail: Redis runs with maxmemory-policy allkeys-lru/),
    ])
    expect(of(findings, 'persistence')).toEqual([
      expect.stringMatching(/^warn: Redis keeps no append-only file: .*nothing is lost/),
    ])
    expect(of(findings, 'redis memory')).toEqual([expect.stringMatching(/^ok: .* used, no limit set\.$/)])
    expect(of(findings, 'clock')[0]).toBe('ok: This machine and Redis agree on the time.')
  })

  it('as Pulih wants it, seen from a machine whose clock is wrong', async () => {
    const redis = await startRedis({ persistent: true })
    onTestFinished(() => redis.stop())
    const asked = async (off: number) => {
      const clock = { now: () => machineProbes.clock.now() + off }
      return ask({ env: { QUEUE_URL: redis.url }, probes: { clock } })
    }
    const findings = await asked(3_600_000)
    expect(of(findings, 'eviction')[0]).toMatch(/^ok/)
    expect(of(findings, 'persistence')).toEqual(['ok: Append-only file, appendfsync always.'])
    expect(of(findings, 'clock')[0]).toMatch(/^fail: This machine’s clock is \d+ min ahead of that of Redis\.$/)
    expect(of(await asked(-10_000), 'clock')[0]).toMatch(/^warn: This machine’s clock is \d+ s behind that of Redis\.$/)
  })
})

describe.skipIf(!hasPostgres)('PostgreSQL', { timeout: 60_000 }, () => {
  it('empty, migrated, read-only, without rights, and set up to forget', async () => {
    const server = await startPostgres()
    onTestFinished(() => server.stop())
    const probesNow = { clock: machineProbes.clock }
    const asked = (url: string) => ask({ env: { DATABASE_URL: url }, probes: probesNow })
    const empty = await asked(await server.emptyDatabase())
    expect(of(empty, 'database')).toEqual([expect.stringMatching(/^warn: PostgreSQL \d+.*: \d+ migrations to do\.$/)])
    expect(of(empty, 'durability')).toEqual(['fail: fsync is off: a crash of the server destroys the database.'])

    const nowhere = (await asked(server.url.replace(/[^/]*$/, 'nowhere'))).find((it) => it.check === 'database')
    expect([nowhere?.level, nowhere?.todo]).toEqual(['fail', 'Make it (`createdb`), or correct DATABASE_URL.'])

    expect(of(empty, 'queue')).toEqual(['ok: In the PostgreSQL that holds the data.'])

    const url = await server.database()
    const name = new URL(url).pathname.slice(1)
    const migrated = await asked(url)
    expect(of(migrated, 'database')).toEqual([expect.stringMatching(/^ok: PostgreSQL \d+.*: of this version\.$/)])
    expect(of(migrated, 'clock')[0]).toBe('ok: This machine and PostgreSQL agree on the time.')
    await onPostgres(url, (db) => db.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`))
    expect(of(await asked(url), 'database')[1]).toBe('fail: It takes no writes.')

    await onPostgres(server.url, (db) => db.query('CREATE USER clerk'))
    const clerk = new URL(await server.emptyDatabase())
    clerk.username = 'clerk'
    expect(of(await asked(clerk.href), 'database')[1]).toMatch(/^fail: This user may not create schemas/)
    await onPostgres(server.url, (db) => db.query(`ALTER USER clerk SET synchronous_commit = off`))
    const queue = await ask({ env: { QUEUE_URL: clerk.href }, probes: probesNow })
    expect(of(queue, 'queue')).toEqual([expect.stringMatching(/^ok: PostgreSQL/)])
  })
})

describe('servers that do not answer', () => {
  it('cost no more than their time, each for itself, and show no secret', { timeout: 60_000 }, async () => {
    // It takes connections and says nothing, which is worse than being down.
    const silent = createServer(() => undefined).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    onTestFinished(() => void silent.close())
    const { port } = silent.address() as { port: number }
    const env = {
      DATABASE_URL: `postgres://clerk:hush-hush@127.0.0.1:${port}/pulih`,
      QUEUE_URL: `redis://:hush-hush@127.0.0.1:${port}`,
      SINK_URL: `http://127.0.0.1:${await freePort()}/`,
    }
    const startedAt = performance.now()
    const findings = await ask({ env })
    expect(performance.now() - startedAt).toBeLessThan(30_000)
    expect(of(findings, 'database')).toEqual(['fail: PostgreSQL at DATABASE_URL: it does not answer in time.'])
    expect(of(findings, 'queue')).toEqual(['fail: Redis at QUEUE_URL: it does not answer in time.'])
    expect(JSON.stringify(findings)).not.toContain('hush')
  })

  it('down: says so', async () => {
    const port = await freePort()
    const down = await ask({
      env: { DATABASE_URL: `postgres://u@127.0.0.1:${port}/x`, QUEUE_URL: `postgres://u@127.0.0.1:${port}/x` },
    })
    expect(of(down, 'database')).toEqual(['fail: PostgreSQL at DATABASE_URL: nothing listens there.'])
    expect(of(down, 'queue')).toEqual(['skipped: In the PostgreSQL that holds the data.'])
    const apart = await ask({ env: { QUEUE_URL: `postgres://u@127.0.0.1:${port}/x` } })
    expect(of(apart, 'queue')).toEqual(['fail: PostgreSQL at QUEUE_URL: nothing listens there.'])
    expect(of(await ask({ env: { QUEUE_URL: `redis://127.0.0.1:${port}` } }), 'queue')).toEqual([
      'fail: Redis at QUEUE_URL: nothing listens there.',
    ])
  })
})

it('leaves a data folder as it found it', async () => {
  const data = await someDatabase()
  const before = readdirSync(data).map((name) => [name, readFileSync(join(data, name)).toString('base64')])
  await ask({ data })
  const after = readdirSync(data).filter((name) => !/-(wal|shm)$/.test(name))
  expect(after.map((name) => [name, readFileSync(join(data, name)).toString('base64')])).toEqual(before)
})
