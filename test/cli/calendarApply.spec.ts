import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openStore } from '../../db/index.js'
import { exampleCalendars } from '../../db/seeds/calendars.js'
import { seedReference } from '../../db/seeds/index.js'
import { createEngine, createIds, loadTicketTypes, systemClock } from '../../src/engine/index.js'
import { problemsOf } from '../engine/redate.story.js'

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
  const never = join(dir, 'never.json')
  writeFileSync(never, JSON.stringify({ ...spec, weekly: {}, seasons: [] }))
  for (const args of [['--dry-run'], []]) {
    const { code, err } = await run('--data', dir, ...args, { file: never })
    expect(code, err).toBe(1)
    expect(err).toContain('2 open tickets find no dates on this version')
  }
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
  const applied = await run(...through, '--json', '--reason', 'SKB uji')
  expect(applied.code, applied.err).toBe(0)
  expect(JSON.parse(applied.out)).toMatchObject({
    calendar: 'pusat@2',
    reason: { id: 'SKB uji', en: 'SKB uji' },
    finished: true,
    totals: { open: 5, concerned: 5, later: 5 },
  })
})

test('what cannot be is refused in one line', async () => {
  await filled(1)
  writeFileSync(file, JSON.stringify({ ...next, version: 1 }))
  const { err, code } = await run('--data', dir)
  expect(code).toBe(1)
  expect(err).toMatch(/^pulih: .*\(CONFLICT\)\n$/)
  expect(readFileSync(file, 'utf8')).toContain('"version":1')
})
