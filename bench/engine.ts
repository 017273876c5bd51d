import { randomFillSync } from 'node:crypto'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type Store } from '../db/index.js'
import { seedReference } from '../db/seeds/index.js'
import {
  createEngine,
  createIds,
  loadTicketTypes,
  pooled,
  VirtualClock,
  type TicketEngine,
} from '../src/engine/index.js'
import type { Change } from '../src/engine/types.js'
import { openFloor } from './floor.js'
import { watched } from './lives.js'
import { median } from './median.js'
import { profiled, type Shares } from './profile.js'
import type { Target } from './targets.js'

const IN_FLIGHT = 64
const WARM_LIVES = 500
const PROFILED_LIVES = 3_000
/** file (with its filing event), then five transitions: a whole life up to the proposal, with timers scheduled and cancelled. */
export const TRANSITIONS_PER_LIFE = 6
const START = Date.parse('2026-03-12T03:00:00Z')
const portal = { id: 'portal', role: 'portal' as const }
const agent = { id: 'agent-1', role: 'agent' as const }
const FINGERPRINT = 'f'.repeat(64)

export interface EngineBench {
  /** Raw driver, the engine's own rows, 100 per commit, SQLite FULL. */
  readonly floorPerSecond: number
  readonly transitionsPerSecond: number
  readonly ratio: number
  readonly lifecyclesPerSecond: number
  /** Growth of the database file (WAL folded in) per transition. */
  readonly bytesPerTransition: number
  readonly floorBytesPerTransition: number
  readonly rounds: number
  readonly inFlight: number
  readonly targets: readonly Target[]
  /** With `profile`: percent of the time, by part of the program. */
  readonly whereTheTimeGoes?: Shares
}

export interface World {
  readonly engine: TicketEngine
  readonly store: Store
  readonly clock: VirtualClock
  readonly dir: string
  stop(): Promise<void>
}

/** `databaseUrl`: PostgreSQL instead of SQLite in a folder of its own. */
export async function openWorld({
  wrap = (store) => store,
  databaseUrl = null,
}: { wrap?: (store: Store) => Store; databaseUrl?: string | null } = {}): Promise<World> {
  const dir = mkdtempSync(join(tmpdir(), 'pulih-bench-'))
  const clock = new VirtualClock(START)
  const store = await openStore({ dataDir: dir, databaseUrl, clock })
  await seedReference(store, clock.now())
  const ids = createIds(
    clock,
    pooled((bytes) => randomFillSync(bytes)),
  )
  const engine = await createEngine({ store: wrap(store), types: await loadTicketTypes(), clock, ids })
  const stop = async () => {
    await engine.stop()
    await store.close()
  }
  return { engine, store, clock, dir, stop }
}

let keys = 0
const nextKey = () => `bench:${(keys++).toString(36)}`

/** One life: filed, both contacts proven, verified, proposed. Every step carries a key and a version, as over HTTP. */
async function live({ engine, clock }: World): Promise<void> {
  const filed = await engine.file({
    type: 'pengaduan',
    filing: { route: 'layanan_digital', cause: 'HP_GANTI', participantRef: 'ps_bench-abc', declaration: true },
    actor: portal,
    key: nextKey(),
    fingerprint: FINGERPRINT,
  })
  let version = filed.contentVersion
  const send = async (actor: typeof portal | typeof agent, event: { type: string; [key: string]: unknown }) => {
    const command = { ticketId: filed.ticketId, actor, event, key: nextKey(), fingerprint: FINGERPRINT }
    version = (await engine.handle({ ...command, expectedContentVersion: version })).contentVersion
  }
  await send(portal, { type: 'contact.prove', channel: 'email' })
  await send(portal, { type: 'contact.prove', channel: 'phone' })
  clock.advance(1)
  await send(agent, { type: 'verification.start' })
  await send(agent, { type: 'identity.verify', verdict: 'matched', checklist: [{ item: 'KTP_COCOK', matched: true }] })
  await send(agent, { type: 'approval.propose' })
}

export async function lives(world: World, count: number, inFlight = IN_FLIGHT): Promise<void> {
  let left = count
  await Promise.all(
    Array.from({ length: inFlight }, async () => {
      while (left-- > 0) await live(world)
    }),
  )
}

/** Records what the engine commits, so that the floor writes the very same rows. */
export async function recordChanges(count: number): Promise<readonly Change[]> {
  const changes: Change[] = []
  const keep = (batch: readonly Change[]) => changes.push(...structuredClone(batch))
  const world = await openWorld({ wrap: (store) => watched(store, { before: keep }) })
  await lives(world, count)
  await world.stop()
  rmSync(world.dir, { recursive: true })
  return changes
}

/** Engine and floor alternate in one run, so that both meet the same machine; medians of the rounds. */
export async function benchEngine({
  rounds = 5,
  seconds = 3,
  profile = false,
}: { rounds?: number; seconds?: number; profile?: boolean } = {}): Promise<EngineBench> {
  const changes = await recordChanges(200)
  const world = await openWorld()
  const floorDir = mkdtempSync(join(tmpdir(), 'pulih-floor-'))
  const floor = openFloor(changes, { dataDir: floorDir })
  const results: { floor: number; engine: number }[] = []
  const written = { floor: floor.run(0.5).transitions, engine: WARM_LIVES * TRANSITIONS_PER_LIFE }
  await lives(world, WARM_LIVES)
  for (let round = 0; round < rounds; round++) {
    const raw = floor.run(seconds)
    const count = Math.max(200, Math.round((seconds * (results.at(-1)?.engine ?? 4_000)) / TRANSITIONS_PER_LIFE))
    const started = performance.now()
    await lives(world, count)
    const took = (performance.now() - started) / 1_000
    results.push({ floor: raw.perSecond, engine: (count * TRANSITIONS_PER_LIFE) / took })
    written.floor += raw.transitions
    written.engine += count * TRANSITIONS_PER_LIFE
  }
  floor.close()
  // After the rounds, so that the profiler slows none of them.
  const shares = profile ? await profiled(() => lives(world, PROFILED_LIVES)) : null
  written.engine += profile ? PROFILED_LIVES * TRANSITIONS_PER_LIFE : 0
  await world.stop()
  // Closed files hold everything: the WAL is folded in.
  const bytes = { floor: fileBytes(floorDir) / written.floor, engine: fileBytes(world.dir) / written.engine }
  for (const dir of [floorDir, world.dir]) rmSync(dir, { recursive: true })
  const transitionsPerSecond = median(results.map((it) => it.engine))
  const ratio = Number(median(results.map((it) => it.engine / it.floor)).toFixed(3))
  const lifecyclesPerSecond = Math.round(transitionsPerSecond / TRANSITIONS_PER_LIFE)
  return {
    floorPerSecond: Math.round(median(results.map((it) => it.floor))),
    transitionsPerSecond: Math.round(transitionsPerSecond),
    ratio,
    lifecyclesPerSecond,
    bytesPerTransition: Math.round(bytes.engine),
    floorBytesPerTransition: Math.round(bytes.floor),
    rounds,
    inFlight: IN_FLIGHT,
    targets: [
      { what: 'share of the raw floor', reached: ratio, atLeast: 0.25 },
      { what: 'whole lifecycles a second', reached: lifecyclesPerSecond, atLeast: 1_000 },
    ],
    ...(shares === null ? {} : { whereTheTimeGoes: shares }),
  }
}
const fileBytes = (dir: string): number => statSync(join(dir, 'pulih.db')).size
