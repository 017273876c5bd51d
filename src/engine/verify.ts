import { isDeepStrictEqual } from 'node:util'
import type { Store } from '../../db/types.js'
import { replay, timerName } from './replay.js'
import { pendingTimers } from './schedule.js'
import type { TicketTypes } from './ticketTypes.js'
import type { LogEntry, OutboxRow, Reference, TicketRow, TimerRow } from './types.js'

export interface Problem {
  readonly ticketId: string
  /** Which invariant does not hold, without personal data. */
  readonly what: string
}
export interface VerifyReport {
  readonly tickets: number
  readonly entries: number
  readonly problems: readonly Problem[]
}
export interface VerifyParts {
  readonly store: Store
  readonly types: TicketTypes
  readonly reference: Reference
  /** Called now and then with the number of tickets done. */
  readonly onProgress?: (tickets: number) => void
}

const PAGE = 500
/** A ticket that changes while it is read is read again, this often at most. */
const MAX_READS = 5

/** Replays every ticket's log and proves it equal to its row, its timers and its outbox; checks the database itself too. Reads only. */
export async function verifyStore(parts: VerifyParts): Promise<VerifyReport> {
  const problems: Problem[] = (await parts.store.integrityProblems()).map((what) => ({ ticketId: '-', what }))
  let tickets = 0
  let entries = 0
  let after: string | null = null
  for (;;) {
    const ids: readonly string[] = await parts.store.ticketIds(after, PAGE)
    for (const id of ids) {
      const verified = await verifyTicket(id, parts)
      problems.push(...verified.problems)
      tickets += 1
      entries += verified.entries
    }
    parts.onProgress?.(tickets)
    if (ids.length < PAGE) return { tickets, entries, problems }
    after = ids.at(-1) ?? null
  }
}

async function wholeLog(store: Store, id: string): Promise<readonly LogEntry[]> {
  const log: LogEntry[] = []
  for (;;) {
    const page = await store.readLog(id, log.at(-1)?.seq ?? 0, PAGE)
    log.push(...page)
    if (page.length < PAGE) return log
  }
}

/** The problems of one ticket; none when all holds. Beside a running engine a commit may fall between two reads: then it is read again. */
export async function verifyTicket(
  id: string,
  parts: VerifyParts,
): Promise<{ readonly problems: readonly Problem[]; readonly entries: number }> {
  const { store } = parts
  for (let read = 1; ; read++) {
    const row = await store.findTicket(id)
    const log = await wholeLog(store, id)
    const whats = row === null ? ['the ticket has no row'] : await problemsOf(row, log, parts)
    const moved = whats.length > 0 && (await store.findTicket(id))?.revision !== row?.revision
    if (!moved || read === MAX_READS)
      return { problems: whats.map((what) => ({ ticketId: id, what })), entries: log.length }
  }
}

async function problemsOf(
  row: TicketRow,
  log: readonly LogEntry[],
  { store, types, reference }: VerifyParts,
): Promise<readonly string[]> {
  const broken = sequence(log)
  if (broken.length > 0) return broken
  let told
  try {
    told = replay(log, row, types, reference)
  } catch (error) {
    return [`the log cannot be replayed: ${error instanceof Error ? error.message : 'unknown error'}`]
  }
  return [
    ...differences(told.row, row).map((field) => `row: ${field} differs from what the log says`),
    ...sameEntries(told.log, log),
    ...sameTimers(told.timers, await store.timersOf(row.id)),
    ...sameOutbox(told.outbox, await store.outboxOf(row.id)),
    ...invariants(row, told.timers),
  ]
}

/** Sequence numbers without a gap, commits in order, instants that never run backwards. */
function sequence(log: readonly LogEntry[]): readonly string[] {
  const problems: string[] = []
  for (const [index, entry] of log.entries()) {
    if (entry.seq !== index + 1) problems.push(`log: entry ${index + 1} is missing`)
    const before = log[index - 1]
    if (before !== undefined && entry.revision !== before.revision && entry.revision !== before.revision + 1) {
      problems.push(`log: commit ${before.revision + 1} is missing`)
    }
    if (before !== undefined && entry.at < before.at)
      problems.push(`log: entry ${entry.seq} happened before entry ${before.seq}`)
  }
  return problems.slice(0, 3)
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown

function differences<T extends object>(told: T, stored: T): readonly string[] {
  return Object.keys({ ...told, ...stored }).filter(
    (key) => !isDeepStrictEqual(plain(told[key as keyof T] ?? null), plain(stored[key as keyof T] ?? null)),
  )
}

function sameEntries(told: readonly LogEntry[], stored: readonly LogEntry[]): readonly string[] {
  return stored.flatMap((entry, index) => {
    const again = told[index]
    if (again === undefined) return [`log: entry ${entry.seq} is not retold`]
    return differences(again, entry).map((field) => `log: ${field} of entry ${entry.seq} differs`)
  })
}

function sameTimers(told: readonly TimerRow[], stored: readonly TimerRow[]): readonly string[] {
  const rows = new Map(stored.map((it) => [timerName(it), it]))
  const names = new Set([...rows.keys(), ...told.map(timerName)])
  const expected = new Map(told.map((it) => [timerName(it), it]))
  return [...names].flatMap((name) => {
    const a = expected.get(name)
    const b = rows.get(name)
    if (a === undefined) return [`timer ${name} exists, the log knows none`]
    if (b === undefined) return [`timer ${name} is missing`]
    return differences(a, b).map((field) => `timer ${name}: ${field} differs`)
  })
}

/** Delivery marks are the relay's; everything else must be as told. */
function sameOutbox(told: readonly OutboxRow[], stored: readonly OutboxRow[]): readonly string[] {
  if (told.length !== stored.length) return [`outbox: ${stored.length} rows, the log tells of ${told.length}`]
  const core = ({ seq, kind, body, createdAt }: OutboxRow) => ({ seq, kind, body, createdAt })
  return stored.flatMap((row, index) => {
    const again = told[index]
    return again === undefined
      ? []
      : differences(core(again), core(row)).map((field) => `outbox ${row.seq}: ${field} differs`)
  })
}

/** What must hold of any ticket, whatever its log says. */
function invariants(row: TicketRow, timers: readonly TimerRow[]): readonly string[] {
  const problems: string[] = []
  const pending = timers.filter((it) => it.state === 'pending')
  if (row.standing === 'terminal' && pending.length > 0) problems.push('a closed ticket has pending timers')
  if (row.standing === 'terminal' && row.schedule.clocks.some((it) => it.settledAt === null))
    problems.push('a closed ticket has a running clock')
  const planned = pendingTimers(row.schedule).map((it) => `${timerName(it)}@${it.dueAt}`)
  const open = new Set(pending.map((it) => `${timerName(it)}@${it.dueAt}`))
  if (planned.length !== open.size || !planned.every((it) => open.has(it)))
    problems.push('pending timers are not those of the schedule')
  if (row.makerId !== null && row.makerId === row.checkerId) problems.push('maker and checker are one person')
  if (row.revision < 1 || row.contentVersion < 1) problems.push('versions do not add up')
  return problems
}
