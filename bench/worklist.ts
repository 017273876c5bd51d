import { randomBytes, randomFillSync, randomUUID } from 'node:crypto'
import { openStore, type Store } from '../db/index.js'
import type { WorkPlace } from '../db/staff/worklist.js'
import { createEngine, createIds, loadTicketTypes, VirtualClock } from '../src/engine/index.js'

import { createVault, localKeyring, openKeyFile } from '../src/privacy/index.js'
import { createWorklist, type Worker, type Worklist } from '../src/staff/worklist/index.js'
import { median } from './median.js'
import type { Target } from './targets.js'
import { MORNING, openBare, OPEN, seeded, TEMPLATES } from './worklistSeed.js'

const AGENTS = 50
const PAGE = 25
const WARM = 5
/** By then everything that is filled in has been released. */
const NOW = MORNING + 3_600_000
const LIMIT_MS = 20

interface Figures {
  /** The tenth part that went best: the nearest to a quiet machine that a busy one shows. */
  readonly p10: number
  readonly p50: number
  readonly p95: number
  /** Of this process's own time, which a busy machine does not stretch. On SQLite that is all there is, but for the disk. */
  readonly cpu: number
}
interface OneBench {
  /** Null: kept from an earlier run. */
  readonly fillSeconds: number | null
  /** The bare query of one page, and one claim's row written and committed: what the database alone takes. Milliseconds throughout. */
  readonly floorPage: Figures
  readonly floorClaim: Figures
  readonly firstPage: Figures
  /** A supervisor's, of all offices. */
  readonly everyOffice: Figures
  readonly deepPage: Figures
  readonly filteredPage: Figures
  readonly claimNext: Figures
  readonly pageToFloor: number
  readonly claimToFloor: number
}
export interface WorklistBench {
  readonly tickets: number
  readonly open: number
  readonly sqlite: OneBench
  readonly postgres: OneBench
  readonly targets: readonly Target[]
}

/** Pages and claims among very many tickets, on both databases. */
export async function benchWorklist({ tickets = 1_000_000, rounds = 200 } = {}): Promise<WorklistBench> {
  const sqlite = await bench('sqlite', tickets, rounds)
  const postgres = await bench('postgres', tickets, rounds)
  const targets = Object.entries({ sqlite, postgres }).flatMap(([name, it]): Target[] => [
    { what: `${name}: first page p95 ms`, reached: it.firstPage.p95, below: LIMIT_MS },
    { what: `${name}: page of all offices p95 ms`, reached: it.everyOffice.p95, below: LIMIT_MS },
    { what: `${name}: claim-next p95 ms`, reached: it.claimNext.p95, below: LIMIT_MS },
  ])
  return { tickets, open: (tickets / TEMPLATES) * OPEN, sqlite, postgres, targets }
}

async function bench(kind: 'sqlite' | 'postgres', tickets: number, rounds: number): Promise<OneBench> {
  const { place, fillSeconds, stop } = await seeded(kind, tickets)
  const store = await openStore({ ...place, clock: new VirtualClock(NOW) })
  const bare = await openBare(place)
  try {
    const worklist = await open(store, place.dataDir)
    const agents = Array.from({ length: AGENTS }, (_, n) => someone(`agent-${n}`, 'agent', 'pusat'))
    // Every other one lacks what some tickets ask for.
    for (const [n, { id }] of agents.entries())
      if (n % 2 === 1)
        await worklist.desk.saveProfile(ADMIN, { agentId: id, skills: [], offices: null, wipLimit: null })
    const supervisor = someone('supervisor-1', 'supervisor', null)
    const agent = agents[0]!
    const middle = await middleOf(worklist, agent)
    const page = (worker: Worker, query: object, after: WorkPlace | null) => () =>
      worklist.listing.page(worker, query, PAGE, after)
    // One of each first: statements are prepared, and caches filled, once in a process's life.
    await times(WARM, page(agent, {}, null))
    const floorPage = await times(rounds, () => bare.run(FLOOR_PAGE))
    const firstPage = await times(rounds, page(agent, {}, null))
    const everyOffice = await times(rounds, page(supervisor, {}, null))
    const deepPage = await times(rounds, page(agent, {}, middle))
    const filteredPage = await times(rounds, page(agent, { cause: 'PERUBAHAN_STATUS' }, null))
    const floorClaim = await times(rounds, (n) => bare.run(floorClaimOf(n, kind === 'sqlite' ? '0' : 'false')))
    await bare.run("DELETE FROM assignments WHERE agent_id = 'floor'")
    const claimNext = await claiming(worklist, agents, rounds)
    return {
      ...{ fillSeconds, floorPage, floorClaim, firstPage, everyOffice, deepPage, filteredPage, claimNext },
      pageToFloor: ratio(firstPage, floorPage),
      claimToFloor: ratio(claimNext, floorClaim),
    }
  } finally {
    await bare.close()
    await store.close()
    await stop()
  }
}

/** Each agent up to their limit; everything is given back afterwards, for the next run on the same database. */
async function claiming(worklist: Worklist, agents: readonly Worker[], rounds: number): Promise<Figures> {
  const run = randomUUID()
  const held: [Worker, string][] = []
  const claimNext = await times(Math.min(rounds, agents.length * 5), async (n) => {
    const worker = agents[n % agents.length]!
    const { assignment } = await worklist.claimNext(worker, `${run}-${n}`)
    if (assignment === null) throw new Error('nothing to claim')
    held.push([worker, assignment.ticketId])
  })
  for (const [worker, ticketId] of held) await worklist.release(worker, ticketId, null)
  return claimNext
}

const someone = (id: string, role: 'agent' | 'supervisor' | 'admin', officeId: string | null): Worker => ({
  id,
  grants: [{ role, officeId }],
})
const ADMIN = someone('admin-1', 'admin', null)
const ratio = (it: Figures, floor: Figures): number => Number((it.p50 / floor.p50).toFixed(1))

const FLOOR_PAGE = `SELECT id, ticket_number, state, office_id, next_due_at, filed_at FROM tickets
  WHERE office_id = 'pusat' AND standing = 'waitingOnUs' AND next_due_at IS NOT NULL ORDER BY next_due_at, id LIMIT ${PAGE}`
const floorClaimOf = (n: number, no: string): string =>
  `INSERT INTO assignments SELECT id, 'floor-${n}', 'floor', office_id, ${n}, 'next', NULL, 'floor', 1, 1, 2, ${no}
   FROM tickets WHERE standing = 'waitingOnUs' AND next_due_at > 0 ORDER BY next_due_at DESC LIMIT 1 OFFSET ${n}`

/** The real thing, but for the record of who did it (its price is in the audit's own bench) and whose authority is asked. */
async function open(store: Store, dataDir: string): Promise<Worklist> {
  const clock = new VirtualClock(NOW)
  const ids = createIds(clock, (bytes) => randomFillSync(bytes))
  const engine = await createEngine({ store, types: await loadTicketTypes(), clock, ids })
  const keyring = localKeyring(openKeyFile(dataDir, randomBytes), randomBytes)
  const vault = createVault({ keyring, keys: store.intake.keys, clock, random: randomBytes })
  return createWorklist({
    ...{ store, engine, vault, clock, ids },
    audit: { record: () => Promise.resolve() },
    authority: { holds: () => Promise.resolve(true) },
  })
}

async function middleOf({ listing }: Worklist, agent: Worker) {
  let after: Awaited<ReturnType<typeof listing.page>>['next'] = null
  for (let n = 0; n < 40; n++) after = (await listing.page(agent, {}, 100, after)).next
  return after
}

async function times(rounds: number, work: (n: number) => Promise<unknown>): Promise<Figures> {
  const took: number[] = []
  const before = process.cpuUsage()
  for (let n = 0; n < rounds; n++) {
    const started = performance.now()
    await work(n)
    took.push(performance.now() - started)
  }
  const { user, system } = process.cpuUsage(before)
  const sorted = took.toSorted((a, b) => a - b)
  const rounded = (value: number) => Number(value.toFixed(2))
  const at = (part: number) => rounded(sorted[Math.ceil(sorted.length * part) - 1] ?? 0)
  return { p10: at(0.1), p50: rounded(median(took)), p95: at(0.95), cpu: rounded((user + system) / 1_000 / rounds) }
}
