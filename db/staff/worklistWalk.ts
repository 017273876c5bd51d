import { createHash } from 'node:crypto'
import {
  and,
  asc,
  eq,
  gte,
  inArray,
  isNotNull,
  isNull,
  lt,
  sql,
  type AnyColumn,
  type Placeholder,
  type SQL,
} from 'drizzle-orm'
import type { TicketRow } from '../../src/engine/types.js'
import type { Sql } from '../sql.js'

type Tickets = Sql['t']['tickets']
/** A number that is known when a statement runs, or stands for one that is bound then. */
export type Bound = number | Placeholder
/** Further conditions on rows that an index leads to. Two with the same word are the same. */
export interface Sieve {
  readonly word: string
  make(now: Placeholder): readonly SQL[]
}
/** Along which index to go, and from where to where. */
export interface Way {
  /** Null: every office. One alone walks its own index; several are picked out of everybody's. */
  readonly offices: readonly string[] | null
  readonly dated: boolean
  /** Due at or after, and before; null: open at that end. */
  readonly from: number | null
  readonly until: number | null
  readonly sieve: Sieve
  readonly now: number
}
/** A place in the list: due instant (null among tickets without one) and id. */
export interface WorkPlace {
  readonly key: number | null
  readonly id: string
}
/** What a row of the list is made of; nothing that has to be parsed. */
export type WorkRow = Pick<
  TicketRow,
  | 'id'
  | 'ticketNumber'
  | 'type'
  | 'state'
  | 'standing'
  | 'route'
  | 'category'
  | 'cause'
  | 'officeId'
  | 'priority'
  | 'contentVersion'
  | 'releasedAt'
  | 'makerId'
  | 'checkerId'
  | 'nextDueAt'
  | 'filedAt'
>
export interface Stretch {
  readonly rows: readonly WorkRow[]
  /** Up to where was looked, when there may be more behind it although `rows` are few. */
  readonly stop: WorkPlace | null
}

/** So many rows are looked at for one answer where no index narrows them down: it then costs the same at any size. */
const LOOKED_AT = 2_000
/** So many kinds of questions are remembered; people ask far fewer. */
const REMEMBERED = 500
/** Past every instant. */
export const LAST = Number.MAX_SAFE_INTEGER

interface Statement {
  execute(values: Record<string, unknown>): PromiseLike<readonly Record<string, unknown>[]>
}
/** Statements by what they ask: building one and having it compiled costs more than running it. */
export function remembering() {
  const known = new Map<string, Statement>()
  return (word: string, build: (name: string) => Statement): Statement => {
    const before = known.get(word)
    if (before !== undefined) return before
    if (known.size >= REMEMBERED) known.clear()
    const made = build(`work_${createHash('sha256').update(word).digest('hex').slice(0, 24)}`)
    known.set(word, made)
    return made
  }
}

export interface Walker {
  /** Rows along an index from a place on; looks at a bounded number. */
  readonly walk: (way: Way, limit: number, after: WorkPlace | null) => Promise<Stretch>
  /** How many in each group of ways, up to `most`; looks at no more than so many on each way. */
  readonly counts: (groups: readonly (readonly Way[])[], most: number) => Promise<readonly number[]>
}

export function walker({ t, read, shared }: Sql): Walker {
  const { tickets } = t
  const statement = remembering()
  const table = (way: Way) => (shared ? sql`${tickets}` : sql`${tickets} indexed by ${sql.raw(indexOf(way))}`)
  const order = [asc(tickets.nextDueAt), asc(tickets.id)]
  const edgeOf = async (way: Way, after: WorkPlace | null): Promise<WorkPlace | null> => {
    const asked = statement(`edge ${wordOf(way)} ${wordOfPlace(after)}`, (name) =>
      read
        .select(bare({ key: tickets.nextDueAt, id: tickets.id }))
        .from(table(way))
        .where(and(...alongOf(tickets, way), beyond(tickets, way, after, 'after', '>')))
        .orderBy(...order)
        .limit(1)
        .offset(LOOKED_AT - 1)
        .prepare(name),
    )
    const [edge] = (await asked.execute(valuesOf(way, after))) as unknown as readonly WorkPlace[]
    return edge ?? null
  }
  return {
    async walk(way, limit, after) {
      const sieved = isSieved(way)
      // PostgreSQL stops inside a bounded subselect that it keeps in order, which saves a round trip; SQLite would sort it, and has none.
      const edge = sieved && !shared ? await edgeOf(way, after) : null
      const word = `walk ${wordOf(way)} ${way.sieve.word} ${wordOfPlace(after)} ${wordOfPlace(edge)}`
      const asked = statement(word, (name) => {
        const along = [...alongOf(tickets, way), beyond(tickets, way, after, 'after', '>')]
        const sieve = sieveOf(tickets, way)
        const near = sql`(select * from ${tickets} where ${and(...along)} order by ${order[0]}, ${order[1]} limit ${sql.raw(String(LOOKED_AT))}) as ${tickets}`
        const inside = sieved && shared
        return read
          .select(bare(columnsOf(tickets)))
          .from(inside ? near : table(way))
          .where(and(...(inside ? [] : along), ...sieve, beyond(tickets, way, edge, 'edge', '<=')))
          .orderBy(...order)
          .limit(sql.placeholder('limit'))
          .prepare(name)
      })
      const values = { ...valuesOf(way, after), limit, edgeKey: edge?.key, edgeId: edge?.id }
      const rows = (await asked.execute(values)) as unknown as readonly WorkRow[]
      if (rows.length >= limit || !sieved) return { rows, stop: null }
      return { rows, stop: shared ? await edgeOf(way, after) : edge }
    },
    async counts(groups, most) {
      const ways = groups.flat()
      if (ways.length === 0) return groups.map(() => 0)
      // One statement: what each costs besides is more than the counting.
      const words = groups.map((group) => group.map((it) => `${wordOf(it)} ${it.sieve.word}`).join())
      const asked = statement(`counts ${most} ${words.join(';')}`, (name) => {
        const limit = sql`limit ${sql.raw(String(most))}`
        const part = (way: Way): SQL => {
          const where = and(...alongOf(tickets, way, `${ways.indexOf(way)}`))
          const fits = isSieved(way) ? sql` where ${and(...sieveOf(tickets, way))}` : sql``
          const what = isSieved(way) ? sql`*` : tickets.id
          return sql`select 1 from (select ${what} from ${table(way)} where ${where} order by ${order[0]}, ${order[1]} ${limit}) as ${tickets}${fits}`
        }
        const counted = groups.map((group, n) => {
          const all = sql`${sql.join(group.map(part), sql` union all `)} ${limit}`
          return [`n${n}`, sql<number | string>`(select count(*) from (${all}) as seen)`.as(`n${n}`)] as const
        })
        return read
          .select(Object.fromEntries(counted))
          .from(sql`(select 1) as one`)
          .prepare(name)
      })
      const values = ways.map((way, n) => valuesOf(way, null, `${n}`))
      const [row] = await asked.execute(Object.assign({}, ...values) as Record<string, unknown>)
      return groups.map((_, n) => Number(row?.[`n${n}`] ?? 0))
    },
  }
}

export const columnsOf = (tickets: Tickets) => ({
  id: tickets.id,
  ticketNumber: tickets.ticketNumber,
  type: tickets.type,
  state: tickets.state,
  standing: tickets.standing,
  route: tickets.route,
  category: tickets.category,
  cause: tickets.cause,
  officeId: tickets.officeId,
  priority: tickets.priority,
  contentVersion: tickets.contentVersion,
  releasedAt: tickets.releasedAt,
  makerId: tickets.makerId,
  checkerId: tickets.checkerId,
  nextDueAt: tickets.nextDueAt,
  filedAt: tickets.filedAt,
})

/** The builder knows tables only, not one that says which index to go along. */
const bare = (columns: Readonly<Record<string, AnyColumn>>): Record<string, SQL> =>
  Object.fromEntries(Object.entries(columns).map(([name, it]) => [name, sql`${it}`.mapWith(it)]))

const ownOffice = ({ offices }: Way): string | null => (offices?.length === 1 ? (offices[0] ?? null) : null)
/** Said to SQLite, which without statistics takes everybody's index for a single office. */
const indexOf = (way: Way) => (ownOffice(way) === null ? 'tickets_worklist' : 'tickets_office_worklist')
const isSieved = (way: Way): boolean => way.sieve.word !== '' || someOffices(way) !== null
const someOffices = (way: Way): readonly string[] | null => (ownOffice(way) === null ? way.offices : null)

const wordOf = (way: Way): string => {
  const where = ownOffice(way) === null ? JSON.stringify(way.offices) : 'own'
  return `${where} ${way.dated ? 'dated' : 'undated'} ${way.from === null ? '' : 'from'} ${way.until === null ? '' : 'until'}`
}
const wordOfPlace = (place: WorkPlace | null): string => (place === null ? '-' : place.key === null ? 'id' : 'key')

/** `n` tells several ways of one statement apart. */
const valuesOf = (way: Way, after: WorkPlace | null, n = '') => ({
  [`office${n}`]: ownOffice(way),
  [`from${n}`]: way.from,
  [`until${n}`]: way.until,
  now: way.now,
  afterKey: after?.key,
  afterId: after?.id,
})

/** Where the index leads. */
function alongOf(tickets: Tickets, way: Way, n = ''): SQL[] {
  const along = [eq(tickets.standing, 'waitingOnUs')]
  if (ownOffice(way) !== null) along.push(eq(tickets.officeId, sql.placeholder(`office${n}`)))
  if (!way.dated) return [...along, isNull(tickets.nextDueAt)]
  if (way.from === null && way.until === null) return [...along, isNotNull(tickets.nextDueAt)]
  if (way.from !== null) along.push(gte(tickets.nextDueAt, sql.placeholder(`from${n}`)))
  if (way.until !== null) along.push(lt(tickets.nextDueAt, sql.placeholder(`until${n}`)))
  return along
}
/** An expression keeps the planner from gathering many offices and sorting them. */
function sieveOf(tickets: Tickets, way: Way): readonly SQL[] {
  const some = someOffices(way)
  const picked = some === null ? [] : [inArray(sql`(${tickets.officeId} || '')`, [...some])]
  return [...picked, ...way.sieve.make(sql.placeholder('now'))]
}
function beyond(tickets: Tickets, way: Way, place: WorkPlace | null, name: 'after' | 'edge', sign: string) {
  if (place === null) return undefined
  const id = sql.placeholder(`${name}Id`)
  if (!way.dated) return sql`${tickets.id} ${sql.raw(sign)} ${id}`
  return sql`(${tickets.nextDueAt}, ${tickets.id}) ${sql.raw(sign)} (${sql.placeholder(`${name}Key`)}, ${id})`
}
