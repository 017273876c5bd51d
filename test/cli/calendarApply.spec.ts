import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore } from '../../db/index.js'
import { exampleCalendars } from '../../db/seeds/calendars.js'
import { seedReference } from '../../db/seeds/index.js'
import {
  beginCalendarChange,
  createEngine,
  createIds,
  loadTicketTypes,
  planCalendarChange,
  systemClock,
} from '../../src/engine/index.js'
import { checkCalendar } from '../../src/calendar/index.js'
import { problemsOf } from '../engine/redate.story.js'
import { hasPostgres } from '../support/postgres.js'
import { sharedPostgres } from '../support/sharedPostgres.js'

const ROOT = join(import.meta.dirname, '..', '..')
const pusat = exampleCalendars.find((spec) => spec.id === 'pusat')!
/** A fortnight of days off from tomorrow: whenever this runs, three business days are hit. */
const fortnight = Array.from({ length: 14 }, (_, n) =>
  new Date(systemClock.now() + (n + 1) * 86_400_000).toISOString().slice(0, 10),
)
const taken = new Set(pusat.holidays.map((it) => it.date))
const added = fortnight
  .filter((date) => !taken.has(date))
  .map((date) => ({ date, name: 'Hari uji', kind: 'libur', source: 'uji' }))
const next = { ...pusat, version: 2, holidays: [...pusat.holidays, ...added] }

let dir: string
let file: string
const started: ChildProcess[] = []
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pulih-apply-'))
  file = join(dir, 'pusat.json')
  writeFileSync(file, JSON.stringify(next))
})
afterEach(() => {
  for (const child of started) child.kill('SIGKILL')
  rmSync(dir, { recursive: true, force: true })
})

function pulih(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
  const child = spawn(process.execPath, [join(ROOT, 'bin/pulih.js'), ...args], {
    cwd: ROOT,
    env: { ...process.env, LOG_LEVEL: 'fatal', ...env },
  })
  started.push(child)
  return child
}
async function run(
  ...given: (string | { file: string })[]
): Promise<{ out: string; err: string; code: number | null }> {
  const args = given.filter((it) => typeof it === 'string')
  const other = given.find((it) => typeof it !== 'string')
  const child = pulih(['calendar', 'apply', other?.file ?? file, ...args])
  let out = ''
  let err = ''
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => (err += chunk.toString()))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { out, err, code }
}

async function filled(tickets: number): Promise<void> {
  const store = await openStore({ dataDir: dir, clock: systemClock })
  await seedReference(store, systemClock.now())
  const ids = createIds(systemClock, (bytes) => crypto.getRandomValues(bytes))
  const engine = await createEngine({ store, types: await loadTicketTypes(), clock: systemClock, ids })
  const filing = { route: 'layanan_digital', cause: 'HP_GANTI', participantRef: 'ps_abcdef', declaration: true }
  const actor = { id: 'portal', role: 'portal' as const }
  const file = () => engine.file({ type: 'pengaduan', filing, actor, key: null, fingerprint: null })
  await Promise.all(Array.from({ length: tickets }, file))
  await engine.stop()
  await store.close()
}
const problems = async (): Promise<readonly string[]> => {
  const store = await openStore({ dataDir: dir, readOnly: true })
  try {
    return await problemsOf(store)
  } finally {
    await store.close()
  }
}
const totals = (out: string): unknown => (JSON.parse(out) as { totals: unknown }).totals

test('a version on which tickets find no dates ends with 1, dry and for real', async () => {
  await filled(2)
  const spec = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  const soon = join(dir, 'soon.json')
  const [from, to] = [fortnight[0], fortnight[1]]
  const last = { from, to, weekly: Object.fromEntries(Array.from('1234567', (day) => [day, [['08:00', '17:00']]])) }
  writeFileSync(soon, JSON.stringify({ ...spec, weekly: {}, seasons: [last], holidays: pusat.holidays }))
  for (const args of [['--dry-run'], []]) {
    const { code, err } = await run('--data', dir, ...args, { file: soon })
    expect(code, err).toBe(1)
    expect(err).toContain('2 open tickets find no dates on this version')
    expect(err).toContain('note: the plain week of pusat@2 has no hours; after its last season it never opens.')
  }
})

test('a version that never opens is refused, and one without its holidays remarked on', async () => {
  await filled(1)
  const never = join(dir, 'never.json')
  writeFileSync(never, JSON.stringify({ ...next, weekly: {}, seasons: [] }))
  for (const args of [['--dry-run'], []]) {
    const { code, err } = await run('--data', dir, ...args, { file: never })
    expect(code).toBe(1)
    expect(err).toMatch(/^pulih: pusat@2 has no open time from now on: .*\(NO_OPEN_TIME\)\n$/)
  }
  const bare = join(dir, 'bare.json')
  writeFileSync(bare, JSON.stringify({ ...next, holidays: [] }))
  const { code, err } = await run('--data', dir, '--dry-run', { file: bare })
  const notice = /note: \d+ holidays still ahead are in version 1 and not in/
  expect([code, err]).toEqual([0, expect.stringMatching(notice)])
  // A Saturday is closed without its holiday too.
  const saturday = (date: string) => new Date(date).getUTCDay() === 6
  writeFileSync(bare, JSON.stringify({ ...next, holidays: next.holidays.filter((it) => !saturday(it.date)) }))
  expect((await run('--data', dir, '--dry-run', { file: bare })).err).not.toMatch(notice)
  // A dry run would measure the second against what is in force, and not against the first.
  writeFileSync(bare, JSON.stringify([next, { ...next, version: 3 }]))
  const both = await run('--data', dir, '--dry-run', { file: bare })
  expect([both.code, both.err]).toEqual([
    1,
    expect.stringContaining('holds two versions of pusat; apply them one after'),
  ])
})

test('dry run, kill -9 in the middle, the rest, and once more', { timeout: 180_000 }, async () => {
  await filled(600)
  const dry = await run('--data', dir, '--dry-run', '--json')
  expect(dry.code, dry.err).toBe(0)
  expect(totals(dry.out)).toMatchObject({ open: 600, concerned: 600, later: 600, failed: 0 })

  const child = pulih(['calendar', 'apply', file, '--data', dir])
  const killed = new Promise((resolve) => child.once('close', resolve))
  // As soon as the first page is in the database.
  const reader = await openStore({ dataDir: dir, readOnly: true })
  await expect
    .poll(async () => (await reader.findCalendarChange('pusat', 2))?.progress.concerned ?? 0, {
      interval: 2,
      timeout: 60_000,
    })
    .toBeGreaterThan(0)
  child.kill('SIGKILL')
  await killed
  const left = await reader.findCalendarChange('pusat', 2)
  await reader.close()
  expect(await problems()).toEqual([])

  const again = await run('--data', dir)
  expect(again.code, again.err).toBe(0)
  expect(again.out).toContain('pusat@2 diterapkan / applied')
  expect(again.out).toMatch(/600 open tickets: \d+ concerned, \d+ later, 0 earlier, 0 unchanged, 0 failed/)
  expect(left).not.toBeNull()
  expect(await problems()).toEqual([])

  const store = await openStore({ dataDir: dir, readOnly: true })
  for (const id of await store.ticketIds(null, 10_000)) {
    const facts = (await store.readLog(id, 0, 50)).map((it) => it.fact)
    expect(facts.filter((it) => it === 'CalendarChanged')).toHaveLength(1)
  }
  await store.close()
  expect(totals((await run('--data', dir, '--json')).out)).toMatchObject({ concerned: 0, later: 0 })
})

test('beside a running service it says how, and works through it', { timeout: 120_000 }, async () => {
  await filled(5)
  const server = pulih(['serve', '--port', '0', '--data', dir], {
    PULIH_TOKENS: 'supervisor:sari:rahasia-untuk-uji-0123456789',
  })
  const url = await new Promise<string>((resolve, reject) => {
    let said = ''
    const read = (chunk: Buffer) => {
      said += chunk.toString()
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said)
      if (found !== null) resolve(found[0])
    }
    server.stdout?.on('data', read)
    server.stderr?.on('data', read)
    server.once('close', () => reject(new Error(said)))
  })
  const locked = await run('--data', dir)
  expect(locked.code).toBe(1)
  expect(locked.err).toMatch(/--server http:\/\/HOST:PORT --token-file FILE\. \(STORE_LOCKED\)/)

  const token = join(dir, 'token')
  writeFileSync(token, 'rahasia-untuk-uji-0123456789\n')
  const through = ['--server', url, '--token-file', token]
  const dry = await run(...through, '--dry-run')
  expect(dry.code, dry.err).toBe(0)
  expect(dry.out).toMatch(/PGD-[0-9A-Z]{4}-[0-9A-Z]{4} {2}resolution +\d{4}-\d\d-\d\d \d\d:\d\d WIB → \d{4}-\d\d-\d\d/)
  // What the service would do is what the database itself says: a dry run needs no lock.
  const beside = await run('--data', dir, '--dry-run', '--json')
  expect(beside.code, beside.err).toBe(0)
  expect(totals(beside.out)).toMatchObject({ concerned: 5, later: 5 })
  const behind = join(dir, 'behind.json')
  writeFileSync(behind, JSON.stringify({ ...next, version: 1 }))
  const refused = await run(...through, { file: behind })
  expect(refused.err).toBe(
    'pulih: The service refused: A change needs a version above 1, the one in force. (CONFLICT)\n',
  )
  writeFileSync(behind, JSON.stringify({ ...next, weekly: {}, seasons: [] }))
  expect((await run(...through, { file: behind })).err).toMatch(/pusat@2 has no open time from now on/)
  const applied = await run(...through, '--json', '--reason', 'SKB uji')
  expect(applied.code, applied.err).toBe(0)
  expect(JSON.parse(applied.out)).toMatchObject({
    calendar: 'pusat@2',
    reason: { id: 'SKB uji', en: 'SKB uji' },
    finished: true,
    totals: { open: 5, concerned: 5, later: 5 },
  })
})

test.skipIf(!hasPostgres)('on PostgreSQL it says once whom it waits for', { timeout: 120_000 }, async () => {
  const databaseUrl = await (await sharedPostgres()).emptyDatabase()
  const place = { dataDir: dir, databaseUrl }
  const store = await openStore({ ...place, clock: systemClock })
  await seedReference(store, systemClock.now())
  const spec = checkCalendar(next).spec!
  const actor = { id: 'admin-1', role: 'admin' as const }
  const now = systemClock.now()
  const planned = await planCalendarChange(store, { spec, reason: null, actor, at: now, production: false })
  const change = await beginCalendarChange(store, planned, now - 60_000)
  // One that was killed at it.
  const until = now + 600_000
  await store.leaseCalendarChange(change, now, until)
  const child = pulih(['calendar', 'apply', file, '--json'], { DATABASE_URL: databaseUrl })
  let said = ''
  let out = ''
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()))
  const ended = new Promise((resolve) => child.once('close', resolve))
  const waits = `another process works on it, or was killed at it: waiting, until ${new Date(until).toISOString()} at most`
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes(waits)) resolve()
    })
    child.once('close', () => reject(new Error(said)))
  })
  await store.saveCalendarChange(change, until, { progress: change.progress, leasedUntil: null })
  expect(await ended, said).toBe(0)
  await store.close()
  expect(said.split(waits)).toHaveLength(2)
  expect(JSON.parse(out)).toMatchObject({ finished: true })
})

test('a service that is none, and a token that is none, are said in one line', async () => {
  const token = join(dir, 'token')
  writeFileSync(token, 'rahasia\nuji')
  const html = createServer((_, response) => response.end('<p>not Pulih'))
  await new Promise<void>((resolve) => html.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(html.address() as AddressInfo).port}`
  const said = async (server: string, tokenFile: string) =>
    (await run('--server', server, '--token-file', tokenFile, '--dry-run')).err
  expect(await said('localhost:3000', token)).toMatch(/^pulih: --server takes the URL of a service.*\n$/)
  expect(await said(url, join(dir, 'nowhere'))).toMatch(/^pulih: .*cannot be read \(ENOENT\) \(VALIDATION_FAILED\)\n$/)
  expect(await said(url, token)).toMatch(/^pulih: .*token: holds no token \(VALIDATION_FAILED\)\n$/)
  writeFileSync(token, 'rahasia-untuk-uji-0123456789')
  expect(await said(url, token)).toMatch(/^pulih: What --server names answers HTTP 200, and not as Pulih does\..*\n$/)
  html.close()
})

test('what cannot be is refused in one line', async () => {
  await filled(1)
  writeFileSync(file, JSON.stringify({ ...next, version: 1 }))
  const { err, code } = await run('--data', dir)
  expect(code).toBe(1)
  expect(err).toMatch(/^pulih: .*\(CONFLICT\)\n$/)
  expect(readFileSync(file, 'utf8')).toContain('"version":1')
})
