import { getTableColumns, getTableName } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import type { Change, TicketRow } from '../src/engine/types.js'
import { jsonText } from './jsonText.js'
import { splitTimers } from './splitTimers.js'
import * as tables from './schema.pg.js'

/** Known to every row of a ticket for good; leaving them out of the update spares their indexes. */
const FIXED: ReadonlySet<string> = new Set<keyof TicketRow>(['id', 'ticketNumber', 'type', 'filedAt'])

interface Column {
  readonly key: string
  readonly name: string
  readonly type: 'int4' | 'int8' | 'text' | 'json'
}
type Row = Readonly<Record<string, unknown>>
/** Rows of one kind: which change each belongs to, and the row. */
type Numbered = readonly (readonly [change: number, row: Row])[]

/** One part of the statement: an alias for rows that come as one array per column. */
interface Part {
  readonly alias: string
  readonly columns: readonly Column[]
  readonly rowsOf: (changes: readonly Change[]) => Numbered
}

const TYPES: Readonly<Record<string, Column['type']>> = { integer: 'int4', bigint: 'int8', json: 'json' }

function columnsOf(table: PgTable): Column[] {
  return Object.entries(getTableColumns(table)).map(([key, column]) => ({
    key,
    name: column.name,
    type: TYPES[column.getSQLType()] ?? 'text',
  }))
}
const plain = (key: string, type: Column['type']): Column => ({ key, name: key, type })
const timerColumns = columnsOf(tables.timers)

function part(alias: string, columns: readonly Column[], rows: (change: Change) => readonly object[]): Part {
  return {
    alias,
    columns,
    rowsOf: (changes) => changes.flatMap((change, n) => rows(change).map((row) => [n, row as Row] as const)),
  }
}

const TICKETS = part('i_tickets', [plain('expected', 'int4'), ...columnsOf(tables.tickets)], (change) => [
  { ...change.ticket, expected: change.expectedRevision },
])
const KEYS = part('i_keys', columnsOf(tables.idempotency), ({ idempotency }) =>
  idempotency === null ? [] : [idempotency],
)
const LOG = part('i_log', columnsOf(tables.ticketLog), (change) => change.log)
const BORN = part('i_born', timerColumns, (change) => splitTimers(change).born)
const CLOSED = part(
  'i_closed',
  timerColumns.filter(({ key }) => key !== 'dueAt'),
  (change) => splitTimers(change).closed,
)
const OUTBOX = part('i_outbox', columnsOf(tables.outbox), (change) => change.outbox)
/**
 * What a batch holds besides moved tickets, keys and log. To start a part of the statement costs the server as much as to write a row with
 * it (each opens its table and all indexes), so what a batch has none of is left out.
 */
interface Shape {
  readonly files: boolean
  readonly times: boolean
  readonly sends: boolean
}
const partsOf = ({ times, sends }: Shape): readonly Part[] => [
  ...[TICKETS, KEYS, LOG],
  ...(times ? [BORN, CLOSED] : []),
  ...(sends ? [OUTBOX] : []),
]
const shapeOf = (changes: readonly Change[]): Shape => ({
  files: changes.some((it) => it.expectedRevision === null),
  times: changes.some((it) => it.timersAdded.length + it.timersClosed.length > 0),
  sends: changes.some((it) => it.outbox.length > 0),
})

/** The statement that commits these changes, and its values: one array per column of each part, in the order in which it names them. */
export function commitOf(changes: readonly Change[]): { readonly name: string; text: string; values: string[] } {
  const shape = shapeOf(changes)
  const name = ['commit', ...Object.entries(shape).flatMap(([what, has]) => (has ? [what] : []))].join('_')
  let text = texts.get(name)
  if (text === undefined) texts.set(name, (text = statement(shape)))
  return { name, text, values: parametersOf(changes, partsOf(shape)) }
}
const texts = new Map<string, string>()

function parametersOf(changes: readonly Change[], parts: readonly Part[]): string[] {
  return parts.flatMap(({ columns, rowsOf }) => {
    const rows = rowsOf(changes)
    return [
      `{${rows.map(([n]) => n).join(',')}}`,
      ...columns.map(({ key, type }) => {
        const write = ELEMENT[type]
        return `{${rows.map(([, row]) => (row[key] == null ? 'NULL' : write(row[key]))).join(',')}}`
      }),
    ]
  })
}

/**
 * Elements as an array's text has them. The driver would do it too, at a tenth of all the time of a process. JSON text holds no control
 * characters, so that quoting it as JSON once more is just what PostgreSQL reads.
 */
const ELEMENT: Readonly<Record<Column['type'], (value: unknown) => string>> = {
  int4: String,
  int8: String,
  text: (value) => `"${String(value).replace(/["\\]/g, '\\$&')}"`,
  json: (value) => JSON.stringify(jsonText(value)),
}

/**
 * The whole batch in one statement. Parts of a statement do not see each other's effects, so everything hangs on `accepted`: the changes
 * whose ticket was filed, or moved from the revision they were decided on. The last SELECT asks the parts in the order in which constraints
 * are to speak (a repeated command is a duplicate, whatever else it would have broken). Locks are taken in order: tickets by id, then keys.
 */
function statement(shape: Shape): string {
  // `state || ''`: else the planner takes the small index of pending timers, made for their due order, and walks all of it for each timer.
  const ticket = columnsOf(tables.tickets)
  const names = (columns: readonly Column[], from = '') => columns.map(({ name }) => `${from}${name}`).join(', ')
  const add = (name: string, table: PgTable, { alias, columns }: Part, order = '') =>
    `${name} AS (INSERT INTO ${getTableName(table)} (${names(columns)})
       SELECT ${names(columns, 'i.')} FROM ${alias} i JOIN accepted USING (n)${order} RETURNING 1)`
  const when = (has: boolean, text: string) => (has ? text : '')
  return `WITH ${inputs(partsOf(shape))},
locked AS MATERIALIZED (
  SELECT t.id FROM tickets t JOIN i_tickets i ON i.id = t.id AND i.expected = t.revision
  ORDER BY t.id FOR NO KEY UPDATE OF t),
moved AS (
  UPDATE tickets t SET ${ticket
    .filter(({ key }) => !FIXED.has(key))
    .map(({ name }) => `${name} = i.${name}`)
    .join(', ')}
  FROM i_tickets i JOIN locked ON locked.id = i.id WHERE t.id = i.id AND t.revision = i.expected RETURNING i.n),
${when(
  shape.files,
  `filed AS (
  INSERT INTO tickets (${names(ticket)})
  SELECT ${names(ticket)} FROM i_tickets WHERE expected IS NULL ORDER BY id RETURNING id),`,
)}
accepted AS MATERIALIZED (
  SELECT n FROM moved ${when(shape.files, 'UNION ALL SELECT i.n FROM filed JOIN i_tickets i ON i.id = filed.id')}),
${add('remembered', tables.idempotency, KEYS, ' ORDER BY i.key')},
${add('logged', tables.ticketLog, LOG)}
${when(
  shape.times,
  `, ${add('born', tables.timers, BORN)},
closed AS (
  UPDATE timers t SET state = i.state, closed_at = i.closed_at FROM i_closed i JOIN accepted USING (n)
  WHERE t.ticket_id = i.ticket_id AND t.family = i.family AND t.threshold = i.threshold
    AND t.generation = i.generation AND t.state || '' = 'pending' RETURNING 1)`,
)}
${when(shape.sends, `, ${add('sent', tables.outbox, OUTBOX)}`)}
SELECT
  (SELECT array_agg(n) FROM accepted) AS accepted,
  (SELECT count(*) FROM remembered) AS remembered,
  (SELECT count(*) FROM logged) AS logged
  ${when(
    shape.times,
    `, (SELECT count(*) FROM born) AS born,
  CASE WHEN (SELECT count(*) FROM closed) < (SELECT count(*) FROM i_closed JOIN accepted USING (n))
    THEN refuse('timer_not_pending') END AS closed`,
  )}
  ${when(shape.sends, ', (SELECT count(*) FROM sent) AS sent')}`
}

function inputs(parts: readonly Part[]): string {
  let parameter = 0
  return parts
    .map(({ alias, columns }) => {
      const all = [plain('n', 'int4'), ...columns]
      const arrays = all.map(({ type }) => `$${++parameter}::${type === 'json' ? 'text' : type}[]`)
      const given = all.map(({ name, type }) =>
        type === 'json' ? `${name}::json` : type === 'text' ? `${name} COLLATE "C" AS ${name}` : name,
      )
      const named = all.map(({ name }) => name).join(', ')
      return `${alias} AS MATERIALIZED (SELECT ${given.join(', ')} FROM unnest(${arrays.join(', ')}) AS given (${named}))`
    })
    .join(',\n')
}
