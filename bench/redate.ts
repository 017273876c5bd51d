import { randomFillSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type Store } from '../db/index.js'
import { exampleCalendars } from '../db/seeds/calendars.js'
import { seedReference } from '../db/seeds/index.js'
import {
  beginCalendarChange,
  createEngine,
  createIds,
  loadTicketTypes,
  planCalendarChange,
  previewCalendarChange,
  runCalendarChange,
  VirtualClock,
  type TicketEngine,
} from '../src/engine/index.js'
import type { Change } from '../src/engine/types.js'

const portal = { id: 'portal', role: 'portal' as const }
const admin = { id: 'admin-1', role: 'admin' as const }
/** Thursday 12 March 2026, 10.00 WIB: three business days reach over the weekend. */
const START = Date.parse('2026-03-12T03:00:00Z')
const MINUTE = 60_000
/** The day that version 2 closes: Monday 16 March 2026. */
const CLOSED = '2026-03-16'
const PATTERNS = 40
const BATCH = 1_000

export interface RedateBench {
  readonly tickets: number
  readonly openClocks: number
  readonly dryRunSeconds: number
  readonly applySeconds: number
  /** Processor time of this process: what the figures above come to when nobody else wants the processors. */
  readonly dryRunCpuSeconds: number
  readonly applyCpuSeconds: number
  readonly ticketsPerSecond: number
  readonly moved: number
  readonly peakRssMb: number
}

/** Open tickets by the tens of thousands, re-dated by a new calendar version: SQLite FULL, in process. */
export async function benchRedate({ clocks = 100_000 }: { clocks?: number } = {}): Promise<RedateBench> {
  const dir = mkdtempSync(join(tmpdir(), 'pulih-bench-redate-'))
  const clock = new VirtualClock(START)
  const store = await openStore({ dataDir: dir, clock })
  try {
    await seedReference(store, clock.now())
    const ids = createIds(clock, (bytes) => randomFillSync(bytes))
    const engine = await createEngine({ store, types: await loadTicketTypes(), clock, ids })
    const perTicket = 2
    const tickets = Math.ceil(clocks / perTicket)
    await fill(engine, store, clock, tickets, ids)
    clock.moveTo(START + 5 * 60 * MINUTE)
    return { tickets, openClocks: tickets * perTicket, ...(await measure(engine, store)) }
  } finally {
    await store.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

async function measure(engine: TicketEngine, store: Store) {
  const [pusat] = exampleCalendars
  if (pusat === undefined) throw new Error('no calendar')
  const day = { date: CLOSED, name: 'Hari uji', kind: 'cuti_bersama' as const, source: 'bench' }
  const spec = { ...pusat, version: 2, holidays: [...pusat.holidays, day] }
  const planned = await planCalendarChange(store, {
    spec,
    reason: null,
    actor: admin,
    at: engine.clock.now(),
    production: false,
  })

  let peak = 0
  const look = () => (peak = Math.max(peak, process.memoryUsage.rss()))
  const dry = stopwatch()
  let next: Awaited<ReturnType<typeof previewCalendarChange>>['next'] = null
  let foreseen = 0
  do {
    const page = await previewCalendarChange(engine, store, planned, next)
    foreseen += page.items.filter((it) => it.moves.length > 0).length
    next = page.next
    look()
  } while (next !== null)
  const [dryRunSeconds, dryRunCpuSeconds] = dry()

  const real = stopwatch()
  const change = await beginCalendarChange(store, planned, engine.clock.now())
  const { progress, finishedAt } = await runCalendarChange(engine, store, change, { onProgress: look })
  const [applySeconds, applyCpuSeconds] = real()
  if (finishedAt === null || progress.later !== foreseen) throw new Error('the dry run foresaw something else')
  const ticketsPerSecond = Math.round(progress.concerned / applySeconds)
  const peakRssMb = Math.round(peak / 1_048_576)
  const times = { dryRunSeconds, applySeconds, dryRunCpuSeconds, applyCpuSeconds }
  return { ...times, ticketsPerSecond, moved: progress.later, peakRssMb }
}

/** Wall and processor seconds since it was made. */
function stopwatch(): () => [wall: number, cpu: number] {
  const [wall, cpu] = [performance.now(), process.cpuUsage()]
  const seconds = (ms: number) => Math.round(ms / 100) / 10
  return () => {
    const { user, system } = process.cpuUsage(cpu)
    return [seconds(performance.now() - wall), seconds((user + system) / 1000)]
  }
}

type Ids = ReturnType<typeof createIds>

/** A few tickets told through the engine, each a minute later, every other one waiting for its participant; the rest are copies of their rows. */
async function fill(engine: TicketEngine, store: Store, clock: VirtualClock, tickets: number, ids: Ids): Promise<void> {
  const patterns: Change[] = []
  for (let n = 0; n < Math.min(PATTERNS, tickets); n++) patterns.push(await tell(engine, store, clock, n % 2 === 1))
  for (let made = patterns.length; made < tickets; made += BATCH) {
    const size = Math.min(BATCH, tickets - made)
    const copies = Array.from({ length: size }, (_, n) => copyOf(patterns[n % patterns.length] as Change, ids))
    const outcomes = await store.commit(copies)
    if (!outcomes.every((it) => it.ok)) throw new Error('a copy was refused')
  }
}

async function tell(engine: TicketEngine, store: Store, clock: VirtualClock, paused: boolean): Promise<Change> {
  clock.advance(MINUTE)
  const filed = await engine.file({
    type: 'pengaduan',
    filing: { route: 'layanan_digital', cause: 'HP_GANTI', participantRef: 'ps_bench-abc', declaration: true },
    actor: portal,
    key: null,
    fingerprint: null,
  })
  const { ticketId } = filed
  const prove = (channel: string) =>
    engine.handle({ ticketId, actor: portal, event: { type: 'contact.prove', channel }, key: null, fingerprint: null })
  await prove('email')
  if (!paused) await prove('phone')
  const ticket = await store.findTicket(ticketId)
  if (ticket === null) throw new Error('the pattern is gone')
  return {
    expectedRevision: null,
    ticket,
    log: await store.readLog(ticketId, 0, 100),
    timersAdded: await store.timersOf(ticketId),
    timersClosed: [],
    outbox: (await store.outboxOf(ticketId)).map((row) => ({
      ...row,
      relayedAt: row.createdAt,
      deliveredAt: row.createdAt,
    })),
    idempotency: null,
  }
}

function copyOf({ ticket, log, timersAdded, outbox, ...rest }: Change, ids: Ids): Change {
  const ticketId = ids.id()
  return {
    ...rest,
    ticket: { ...ticket, id: ticketId, ticketNumber: ids.ticketNumber() },
    log: log.map((it) => ({ ...it, ticketId })),
    timersAdded: timersAdded.map((it) => ({ ...it, ticketId })),
    outbox: outbox.map((it) => ({ ...it, ticketId })),
  }
}
