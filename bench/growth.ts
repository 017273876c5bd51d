import { randomFillSync } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { closeSync, createReadStream, fsyncSync, mkdtempSync, openSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { openStore, type Store } from '../db/index.js'
import { seedReference } from '../db/seeds/index.js'
import type { TicketFilter, TicketOrder } from '../db/types.js'
import { createEngine, createIds, loadTicketTypes, VirtualClock, type TicketEngine } from '../src/engine/index.js'
import { stockId, stockUp, type Life } from './bulk.js'
import { FILING, fileTicket, FINGERPRINT, nextKey, portal, recordLives, send } from './lives.js'
import { median } from './median.js'
import type { Target } from './targets.js'

/** Tuesday 17 March 2026, 09:00 in Jakarta: an open morning. */
const MORNING = Date.UTC(2026, 2, 17, 2)
/** Of so many lives one is rare (a branch, a cause of its own), 80 wait for their participant, the rest for us or are over. */
const LIVES = 100
const WAITING = 80
const OVER = 90
/** A million within the hour. */
const FILED_EVERY_MS = 3
const IN_FLIGHT = 64
/** Fifteen rounds stay below the 8 000 that wait in the smaller database: each is asked once. */
const PER_ROUND = 500
const PAGE = 50
const HOPELESS_MS = 2_000

/** What people look for; `deep`: a page in the middle. */
const PAGES: Readonly<Record<string, { filter: TicketFilter; order: TicketOrder; deep?: boolean }>> = {
  newest: { filter: {}, order: 'filed' },
  due: { filter: {}, order: 'due' },
  dueDeep: { filter: {}, order: 'due', deep: true },
  dueOurs: { filter: { standing: 'waitingOnUs' }, order: 'due' },
  dueOursDeep: { filter: { standing: 'waitingOnUs' }, order: 'due', deep: true },
  dueBefore: { filter: { standing: 'waitingOnUs', dueBefore: MORNING + 86_400_000 }, order: 'due' },
  officeCommon: { filter: { officeId: 'pusat' }, order: 'due' },
  officeRare: { filter: { officeId: 'cabang-jayapura' }, order: 'due' },
  officeRareOurs: { filter: { officeId: 'cabang-jayapura', standing: 'waitingOnUs' }, order: 'due' },
  officeNone: { filter: { officeId: 'cabang-makassar' }, order: 'due' },
  officeCommonFiled: { filter: { officeId: 'pusat' }, order: 'filed' },
  oursFiled: { filter: { standing: 'waitingOnUs' }, order: 'filed' },
  officeNoneFiled: { filter: { officeId: 'cabang-makassar' }, order: 'filed' },
  causeRare: { filter: { cause: 'PERUBAHAN_STATUS' }, order: 'filed' },
  causeNone: { filter: { cause: 'NOBODY' }, order: 'filed' },
  routeNoneDue: { filter: { route: 'aplikasi' }, order: 'due' },
  stateRare: { filter: { state: 'underVerification' }, order: 'due' },
  stateNone: { filter: { state: 'onHold' }, order: 'filed' },
}

export interface GrowthBench {
  readonly small: number
  readonly large: number
  readonly gigabytes: number
  readonly fillSeconds: number
  readonly rounds: number
  /** Median time of a transition, 64 in flight, on tickets the process does not know yet. */
  readonly transitionMicros: Readonly<Record<Where, Pair>>
  /** Median time of a page of 50. */
  readonly pageMs: Readonly<Record<string, Pair>>
  readonly targets: readonly Target[]
}
/** `unread`: anywhere, while the system has none of the files in memory (SQLite's own cache is kept), as where memory is smaller than the file. */
type Where = 'unread' | 'newest' | 'anywhere'
type Pairs = Record<Where, { few: number; many: number }[]>
interface Pair {
  readonly small: number
  readonly large: number
  readonly ratio: number
}
export interface GrowthOptions {
  readonly rounds?: number
  readonly large?: number
  readonly small?: number
}

/** The same work on few tickets and on many, in turns. */
export async function benchGrowth(options: GrowthOptions = {}): Promise<GrowthBench> {
  const { rounds = 5, large = 1_000_000, small = 10_000 } = options
  const lives = await mixedLives()
  const started = performance.now()
  const many = await openSized(lives, large, small)
  const fillSeconds = Math.round((performance.now() - started) / 1_000)
  const few = await openSized(lives, small, small)
  try {
    const times: Pairs = { unread: [], newest: [], anywhere: [] }
    const pair = async (where: Where, round: number) => {
      const one = (sized: Sized) => transitions(sized, sized[where === 'newest' ? where : 'anywhere'], round)
      const pair = { few: await one(few), many: await one(many) }
      if (round >= 0) times[where].push(pair)
    }
    for (let round = 0; round < 3; round++) {
      for (const sized of [few, many]) forget(sized)
      await pair('unread', round)
    }
    await readThrough(many)
    for (let round = -1; round < rounds; round++) {
      await pair('newest', round)
      await pair('anywhere', round)
    }
    const pageMs: Record<string, Pair> = {}
    for (const name of Object.keys(PAGES)) pageMs[name] = await pages(few, many, name, 4 * rounds + 1)
    const transitionMicros = {
      unread: pairOf(times.unread),
      newest: pairOf(times.newest),
      anywhere: pairOf(times.anywhere),
    }
    const worst = Math.max(...Object.values(pageMs).map((it) => it.ratio))
    return {
      small,
      large,
      gigabytes: Number((statSync(fileOf(many.dir)).size / 1e9).toFixed(2)),
      fillSeconds,
      rounds,
      transitionMicros,
      pageMs,
      targets: [
        { what: 'a transition of a new ticket, many to few', reached: transitionMicros.newest.ratio, below: 1.2 },
        { what: 'a transition of any ticket, many to few', reached: transitionMicros.anywhere.ratio, below: 1.2 },
        { what: 'a worklist page, many to few', reached: pageMs['dueOurs']?.ratio ?? Number.NaN, below: 1.2 },
        { what: 'the page that grows most, many to few', reached: worst, below: 1.2 },
      ],
    }
  } finally {
    await few.close()
    await many.close()
  }
}

interface Sized {
  readonly engine: TicketEngine
  readonly store: Store
  readonly dir: string
  /** Tickets that wait for their participant, each once, in an order of their own, so that neighbours are not asked one after the other. */
  readonly anywhere: () => string
  /** The same among the newest only, as many as the smaller database holds: what people work on, since ids grow with time. */
  readonly newest: () => string
  close(): Promise<void>
}

async function openSized(lives: readonly Life[], count: number, newestOf: number): Promise<Sized> {
  const dir = mkdtempSync(join(tmpdir(), 'pulih-growth-'))
  const clock = new VirtualClock(MORNING + 3_600_000)
  const fresh = await openStore({ dataDir: dir, clock })
  await seedReference(fresh, clock.now())
  await fresh.close()
  stockUp(dir, lives, count, FILED_EVERY_MS)
  const store = await openStore({ dataDir: dir, clock })
  const ids = createIds(clock, (bytes) => randomFillSync(bytes))
  const engine = await createEngine({ store, types: await loadTicketTypes(), clock, ids })
  const blocks = Math.floor(count / LIVES)
  const old = newestOf >= count ? blocks : blocks - Math.floor(newestOf / LIVES)
  const anywhere = walk(0, old)
  return {
    engine,
    store,
    dir,
    anywhere,
    newest: old === blocks ? anywhere : walk(old, blocks),
    async close() {
      await engine.stop()
      await store.close()
      rmSync(dir, { recursive: true })
    },
  }
}

/** What the filling left to be written is written, and the system keeps nothing of the file in memory. */
function forget({ dir }: Sized): void {
  const file = openSync(fileOf(dir), 'r+')
  fsyncSync(file)
  closeSync(file)
  execFileSync('dd', [`if=${fileOf(dir)}`, 'iflag=nocache', 'count=0', 'status=none'])
}

/** A service that has run for a while has its file in memory. */
async function readThrough({ dir }: Sized): Promise<void> {
  await finished(createReadStream(fileOf(dir), { highWaterMark: 1 << 20 }).resume())
}

const fileOf = (dir: string) => join(dir, 'pulih.db')

/** Those that wait in the blocks from `first` up to `end`. A stride that shares no divisor with their count visits each once. */
function walk(first: number, end: number): () => string {
  const waiting = (end - first) * WAITING
  const stride = coprime(Math.floor(waiting * 0.618), waiting)
  let at = 0
  return () => {
    at = (at + stride) % waiting
    return stockId((first + Math.floor(at / WAITING)) * LIVES + (at % WAITING))
  }
}

function coprime(from: number, to: number): number {
  const divisor = (a: number, b: number): number => (b === 0 ? a : divisor(b, a % b))
  for (let n = from; ; n++) if (divisor(n, to) === 1) return n
}

/** Proves a contact of tickets nobody has touched. Microseconds each. */
async function transitions({ engine }: Sized, next: () => string, round: number): Promise<number> {
  let left = PER_ROUND
  const started = performance.now()
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (left-- > 0) {
        const event = { type: 'contact.prove', channel: round % 2 === 0 ? 'email' : 'phone' }
        await engine.handle({ ticketId: next(), actor: portal, event, key: nextKey(), fingerprint: FINGERPRINT })
      }
    }),
  )
  return ((performance.now() - started) * 1_000) / PER_ROUND
}

async function pages(few: Sized, many: Sized, name: string, rounds: number): Promise<Pair> {
  const times: { few: number; many: number }[] = []
  const cursors = { few: await middle(few.store, name), many: await middle(many.store, name) }
  for (let round = -2; round < rounds; round++) {
    const one = async (which: 'few' | 'many', { store }: Sized) => {
      const { filter, order } = PAGES[name]!
      const started = performance.now()
      await store.listTickets(filter, order, PAGE, cursors[which])
      return performance.now() - started
    }
    const pair = { few: await one('few', few), many: await one('many', many) }
    if (round >= 0 || pair.many > HOPELESS_MS) times.push(pair)
    // A page that has outgrown its index by far needs no second opinion.
    if (pair.many > HOPELESS_MS) break
  }
  return pairOf(times)
}

/** A cursor in the middle of all there is, for the deep pages. */
async function middle(store: Store, name: string) {
  const { deep, filter } = PAGES[name]!
  if (deep !== true) return null
  const total = await store.countTickets(filter)
  const found = await store.listTickets(
    { ...filter, standing: 'waitingOnUs' },
    'due',
    Math.min(5_000, total >> 2),
    null,
  )
  return found.next
}

function pairOf(times: readonly { few: number; many: number }[]): Pair {
  const small = median(times.map((it) => it.few))
  const large = median(times.map((it) => it.many))
  const ratio = median(times.map((it) => it.many / it.few))
  const rounded = (value: number) => Number(value.toPrecision(3))
  return { small: rounded(small), large: rounded(large), ratio: Number(ratio.toFixed(2)) }
}

/** Written by the engine within an hour: most wait for their participant, some for us, some are over. */
const mixedLives = (): Promise<readonly Life[]> =>
  recordLives(MORNING - 30 * 60_000, async (world) => {
    for (let n = 0; n < LIVES; n++) {
      const rare = n === LIVES - 1
      const filing = rare
        ? {
            ...FILING,
            route: 'kantor_cabang',
            channel: 'walk_in',
            officeId: 'cabang-jayapura',
            cause: 'PERUBAHAN_STATUS',
            participantRef: 'ps_rare-one',
          }
        : FILING
      const ticketId = await fileTicket(world.engine, undefined, filing)
      world.clock.advance(30_000)
      if (n < WAITING) continue
      await send(world, ticketId, portal, { type: 'contact.prove', channel: 'email' })
      await send(world, ticketId, portal, { type: 'contact.prove', channel: 'phone' })
      if (n >= OVER && !rare) await send(world, ticketId, portal, { type: 'withdraw', reason: 'DONE_ELSEWHERE' })
    }
  })
