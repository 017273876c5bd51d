import { asc, eq, inArray, sql as raw } from 'drizzle-orm'
import type { Schema } from '../schema.js'
import type { Db, Sql } from '../sql.js'

export type SlaFact = Schema['slaFacts']['$inferSelect']
export type SlaPause = Schema['slaPauses']['$inferSelect']
export type LedgerStay = Schema['ledgerStays']['$inferSelect']
export type LedgerAct = Schema['ledgerActs']['$inferSelect']

/** All that the ledger holds of one ticket, folded up to entry `seq` of its log. */
export interface Folded {
  readonly ticketId: string
  readonly seq: number
  readonly facts: readonly SlaFact[]
  readonly pauses: readonly SlaPause[]
  readonly stays: readonly LedgerStay[]
  readonly acts: readonly LedgerAct[]
}

/** The ledger's own rows. Whoever writes holds `alone`, so that an older fold never replaces a newer one. */
export interface LedgerStore {
  /** Runs `work` while nobody else writes the ledger, in this process or another. */
  alone<T>(work: () => Promise<T>): Promise<T>
  /** How far the log of all tickets is read; 0 at the beginning. */
  mark(): Promise<number>
  saveMark(place: number): Promise<void>
  /** Ticket → entry up to which it is folded; what is not there is not folded at all. */
  foldedUpTo(ticketIds: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** Puts these folds in place of what was there, all or none. */
  save(folds: readonly Folded[]): Promise<void>
  clear(): Promise<void>
  factsOf(ticketId: string): Promise<readonly SlaFact[]>
  /** Everything of one ticket, in order; null when it is not folded. */
  foldOf(ticketId: string): Promise<Folded | null>
}

const LOCK = 51
/** Both databases take fewer values in a statement than a thousand rows would be. */
const ROWS = 500

export function ledgerStore(sql: Sql): LedgerStore {
  const { t, read, write, atomically, serially } = sql
  const { slaFacts, slaPauses, ledgerStays, ledgerActs, ledgerTickets, ledgerMark } = t
  const tables = [slaFacts, slaPauses, ledgerStays, ledgerActs] as const
  return {
    alone: (work) => serially(LOCK, work),
    async mark() {
      const [row] = await read.select().from(ledgerMark)
      return row?.place ?? 0
    },
    async saveMark(place) {
      await write
        .insert(ledgerMark)
        .values({ id: 1, place })
        .onConflictDoUpdate({ target: ledgerMark.id, set: { place } })
    },
    async foldedUpTo(ticketIds) {
      const found = new Map<string, number>()
      for (const ids of chunks(ticketIds, ROWS))
        for (const row of await read.select().from(ledgerTickets).where(inArray(ledgerTickets.ticketId, ids)))
          found.set(row.ticketId, row.seq)
      return found
    },
    async save(folds) {
      if (folds.length === 0) return
      const ids = folds.map((it) => it.ticketId)
      await atomically((db) => [
        ...tables.map((table) =>
          db.delete(table).where(inArray(table.ticketId, ids)).returning({ id: table.ticketId }),
        ),
        ...inserts(
          db,
          slaFacts,
          folds.flatMap((it) => it.facts),
        ),
        ...inserts(
          db,
          slaPauses,
          folds.flatMap((it) => it.pauses),
        ),
        ...inserts(
          db,
          ledgerStays,
          folds.flatMap((it) => it.stays),
        ),
        ...inserts(
          db,
          ledgerActs,
          folds.flatMap((it) => it.acts),
        ),
        db
          .insert(ledgerTickets)
          .values(folds.map(({ ticketId, seq }) => ({ ticketId, seq })))
          .onConflictDoUpdate({ target: ledgerTickets.ticketId, set: { seq: raw`excluded.seq` } })
          .returning({ id: ledgerTickets.ticketId }),
      ])
    },
    async clear() {
      await atomically((db) => [
        ...tables.map((table) => db.delete(table).returning({ id: raw`1` })),
        db.delete(ledgerTickets).returning({ id: raw`1` }),
        db.delete(ledgerMark).returning({ id: raw`1` }),
      ])
    },
    factsOf: async (ticketId) =>
      read
        .select()
        .from(slaFacts)
        .where(eq(slaFacts.ticketId, ticketId))
        .orderBy(asc(slaFacts.target), asc(slaFacts.cycle)),
    foldOf: (ticketId) => foldOf(sql, ticketId),
  }
}

async function foldOf({ t, read }: Sql, ticketId: string): Promise<Folded | null> {
  const { slaFacts, slaPauses, ledgerStays, ledgerActs, ledgerTickets } = t
  const [mark] = await read.select().from(ledgerTickets).where(eq(ledgerTickets.ticketId, ticketId))
  if (mark === undefined) return null
  const place = [asc(slaPauses.target), asc(slaPauses.cycle), asc(slaPauses.n)]
  const pauses = read.select().from(slaPauses).where(eq(slaPauses.ticketId, ticketId))
  const stays = read.select().from(ledgerStays).where(eq(ledgerStays.ticketId, ticketId))
  const acts = read.select().from(ledgerActs).where(eq(ledgerActs.ticketId, ticketId))
  const facts = read.select().from(slaFacts).where(eq(slaFacts.ticketId, ticketId))
  return {
    ...mark,
    facts: await facts.orderBy(asc(slaFacts.target), asc(slaFacts.cycle)),
    pauses: await pauses.orderBy(...place),
    stays: await stays.orderBy(asc(ledgerStays.n)),
    acts: await acts.orderBy(asc(ledgerActs.seq)),
  }
}

const inserts = <Table extends Schema['slaFacts' | 'slaPauses' | 'ledgerStays' | 'ledgerActs']>(
  db: Db,
  table: Table,
  rows: readonly Table['$inferSelect'][],
) =>
  chunks(rows, ROWS).map((some) =>
    db
      .insert(table)
      .values(some as never)
      .returning({ id: raw`1` }),
  )

function chunks<T>(all: readonly T[], size: number): T[][] {
  const found: T[][] = []
  for (let at = 0; at < all.length; at += size) found.push(all.slice(at, at + size))
  return found
}
