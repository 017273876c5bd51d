import { isDeepStrictEqual } from 'node:util'
import type { LogEntry, OutboxRow, TicketRow, TimerKey, TimerRow } from '../../src/engine/types.js'

/** A 2xx that a client read, written down outside the server. A repetition is a line of its own. */
export interface Acknowledgement {
  /** `<actorId>:<Idempotency-Key>`, as the log names it. */
  readonly commandId: string
  readonly ticketId: string
  /** `ticket.file` for a filing. */
  readonly event: string
  readonly revision: number
  readonly contentVersion: number
  readonly replayed: boolean
}
/** A request that reached the receiver of effects. */
export interface Arrival {
  /** Idempotency-Key, unquoted. */
  readonly key: string
  readonly id: string
  readonly ticketId: string
  readonly kind: string
  readonly body: Readonly<Record<string, unknown>>
}
export interface TicketRecord {
  readonly row: TicketRow
  readonly log: readonly LogEntry[]
  readonly timers: readonly TimerRow[]
  readonly outbox: readonly OutboxRow[]
}
export interface Evidence {
  /** Everything due or created up to this instant had its chance. */
  readonly drainedAt: number
  readonly sent: ReadonlySet<string>
  /** Commands whose last answer was a refusal. */
  readonly refused: ReadonlySet<string>
  readonly acknowledged: readonly Acknowledgement[]
  /** Timers of tickets that nobody touches during the drill, noted before the first start. */
  readonly foreseen: readonly TimerRow[]
  readonly tickets: readonly TicketRecord[]
  readonly arrivals: readonly Arrival[]
}
/** What the count must know of a ticket type. */
export interface Rules {
  /** Deadline family → threshold → event. */
  readonly deadlines: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly changesContent: (event: string) => boolean
}
export interface Finding {
  readonly ticketId: string
  readonly what: string
}
export interface Tally {
  readonly acknowledged: number
  readonly lost: readonly Finding[]
  readonly doubled: readonly Finding[]
  readonly timersFired: number
  readonly effects: number
  /** Deliveries that the receiver recognised by their key: allowed, and told. */
  readonly redelivered: number
}

/** Counts what an evidence says; docs/drills.md explains each rule. Pure. */
export function tally(evidence: Evidence, rules: Rules): Tally {
  const commands = countCommands(evidence, rules)
  const perTicket = evidence.tickets.map((ticket) => countTimers(ticket, evidence.drainedAt, rules))
  const foreseen = countForeseen(evidence)
  const effects = countEffects(evidence)
  const parts = [commands, ...perTicket, foreseen, effects]
  return {
    acknowledged: new Set(evidence.acknowledged.map((it) => it.commandId)).size,
    lost: unique(parts.flatMap((it) => it.lost)),
    doubled: unique(parts.flatMap((it) => it.doubled)),
    timersFired: perTicket.reduce((sum, it) => sum + it.fired, 0),
    effects: effects.performed,
    redelivered: effects.redelivered,
  }
}

interface Findings {
  readonly lost: Finding[]
  readonly doubled: Finding[]
}
const unique = (findings: readonly Finding[]) => [
  ...new Map(findings.map((it) => [`${it.ticketId} ${it.what}`, it])).values(),
]
const group = <T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> => {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const found = groups.get(key)
    if (found === undefined) groups.set(key, [item])
    else found.push(item)
  }
  return groups
}

// ---- commands

/** The answer of an outside system comes back as a command of the system, under its outbox row's id. */
const replyIdOf = (outboxId: string): string => `system:outbox-${outboxId}`
/** What a receiver knows a row by. */
const sentAs = ({ ticketId, seq, createdAt }: OutboxRow): string => `${ticketId}-${seq}-${createdAt.toString(36)}`
const isReply = ({ actorRole, commandId }: LogEntry): boolean =>
  actorRole === 'system' && commandId?.startsWith(replyIdOf('')) === true

interface Applied {
  readonly entry: LogEntry
  /** Content version right after this entry, counted from the log alone. */
  readonly contentVersion: number
}

function countCommands({ tickets, acknowledged, sent, refused }: Evidence, rules: Rules): Findings {
  const applied = group(
    tickets.flatMap(({ log }) => commandEntries(log, rules)),
    ({ entry }) => entry.commandId ?? '',
  )
  const lost: Finding[] = []
  const doubled: Finding[] = []
  for (const ack of acknowledged) {
    const why = notThere(ack, applied.get(ack.commandId) ?? [])
    if (why !== null) lost.push({ ticketId: ack.ticketId, what: `command ${ack.commandId} (${ack.event}) ${why}` })
  }
  for (const [commandId, entries] of applied) {
    const found = (what: string) =>
      doubled.push({ ticketId: entries[0]!.entry.ticketId, what: `command ${commandId} ${what}` })
    const commits = new Set(entries.map(({ entry }) => `${entry.ticketId} ${entry.revision}`))
    const events = new Set(entries.map(({ entry }) => entry.event.type))
    if (commits.size > 1) found(`was applied in ${commits.size} commits`)
    else if (events.size < entries.length) found('was applied twice in one commit')
    if (!sent.has(commandId) && !isReply(entries[0]!.entry)) found('was applied, and nobody sent it')
    if (refused.has(commandId)) found('was refused, and applied all the same')
  }
  return { lost, doubled }
}

function commandEntries(log: readonly LogEntry[], rules: Rules): Applied[] {
  let contentVersion = 1
  return log.flatMap((entry) => {
    if (rules.changesContent(entry.event.type)) contentVersion += 1
    return entry.commandId === null ? [] : [{ entry, contentVersion }]
  })
}

/** Why an acknowledged command is not in the log as it was acknowledged; null when it is. */
function notThere(ack: Acknowledgement, entries: readonly Applied[]): string | null {
  if (entries.length === 0) return 'is not in the log'
  const here = entries.filter(({ entry }) => entry.ticketId === ack.ticketId)
  if (!here.some(({ entry }) => entry.event.type === ack.event)) return 'is in the log of something else'
  const last = here.at(-1)!
  if (last.entry.revision !== ack.revision)
    return `was acknowledged at revision ${ack.revision}, the log says ${last.entry.revision}`
  if (last.contentVersion !== ack.contentVersion)
    return `was acknowledged at version ${ack.contentVersion}, the log says ${last.contentVersion}`
  return null
}

// ---- timers

/** The facts of a timer in the log and its row have these in common. */
function nameOfRow({ family, threshold, generation, dueAt }: TimerRow, rules: Rules): string {
  const event = rules.deadlines[family]?.[threshold]
  return `${event ?? `${family} ${threshold}`} generation ${generation} of ${new Date(dueAt).toISOString()}`
}
function nameOfEntry(entry: LogEntry, rules: Rules): string | null {
  const { type, target, threshold, generation } = entry.event
  const deadline = Object.values(rules.deadlines).some((it) => Object.values(it).includes(type))
  if (!deadline && !type.startsWith('sla.')) return null
  const name = deadline ? type : `sla:${String(target)} ${String(threshold)}`
  return `${name} generation ${String(generation)} of ${new Date(entry.at).toISOString()}`
}

function countTimers(
  { row, log, timers }: TicketRecord,
  drainedAt: number,
  rules: Rules,
): Findings & { fired: number } {
  const lost: Finding[] = []
  const doubled: Finding[] = []
  const ticketId = row.id
  const told = log.flatMap((entry) => {
    const name = nameOfEntry(entry, rules)
    return name === null ? [] : [name]
  })
  const inLog = group(told, (name) => name)
  const rows = group(
    timers.filter((it) => it.state === 'fired'),
    (it) => nameOfRow(it, rules),
  )
  for (const name of new Set([...inLog.keys(), ...rows.keys()])) {
    const times = inLog.get(name)?.length ?? 0
    const meant = rows.get(name)?.length ?? 0
    if (times > meant) doubled.push({ ticketId, what: `timer ${name} fired ${times} times for ${meant}` })
    if (times < meant) lost.push({ ticketId, what: `timer ${name} is closed as fired, its event is not in the log` })
  }
  for (const timer of timers.filter((it) => it.state === 'pending' && it.dueAt <= drainedAt))
    lost.push({ ticketId, what: `timer ${nameOfRow(timer, rules)} never fired` })
  doubled.push(...oncePerCycle(log).map((what) => ({ ticketId, what })))
  return { lost, doubled, fired: told.length }
}

/** A threshold of a promise is reached once in each cycle, whatever its generation (D18). A cycle begins with its promise. */
function oncePerCycle(log: readonly LogEntry[]): string[] {
  const cycles = new Map<string, number>()
  const seen = new Set<string>()
  return log.flatMap(({ event, moves }) => {
    for (const { target, reason } of moves ?? [])
      if (reason === 'promised') cycles.set(target, (cycles.get(target) ?? 0) + 1)
    if (!event.type.startsWith('sla.')) return []
    const target = String(event['target'])
    const name = `sla:${target} ${String(event['threshold'])} in cycle ${cycles.get(target) ?? 0}`
    if (seen.has(name)) return [`timer ${name} fired again`]
    seen.add(name)
    return []
  })
}

/** Timers known before the first start: each has fired, or its ticket was closed before it was due. */
function countForeseen({ foreseen, tickets, drainedAt }: Evidence): Findings {
  const records = new Map(tickets.map((it) => [it.row.id, it]))
  const lost = foreseen
    .filter((it) => it.dueAt <= drainedAt)
    .flatMap((timer): Finding[] => {
      const what = `timer ${timer.family} ${timer.threshold} generation ${timer.generation}`
      const record = records.get(timer.ticketId)
      const row = record?.timers.find((it) => sameTimer(it, timer))
      if (record === undefined || row === undefined)
        return [{ ticketId: timer.ticketId, what: `${what} was there before the first start and is gone` }]
      if (row.state !== 'superseded') return []
      const closedInTime = row.closedAt !== null && row.closedAt <= timer.dueAt
      if (record.row.standing === 'terminal' && closedInTime) return []
      return [{ ticketId: timer.ticketId, what: `${what} was dropped although nothing closed its ticket` }]
    })
  return { lost, doubled: [] }
}
const sameTimer = (a: TimerKey, b: TimerKey) =>
  a.family === b.family && a.threshold === b.threshold && a.generation === b.generation

// ---- effects

function countEffects({ tickets, arrivals, drainedAt }: Evidence): Findings & {
  performed: number
  redelivered: number
} {
  const lost: Finding[] = []
  const doubled: Finding[] = []
  const replies = new Set(tickets.flatMap(({ log }) => log.map((it) => it.commandId)))
  const rows = new Map(tickets.flatMap(({ outbox }) => outbox.map((row) => [sentAs(row), row])))
  const byKey = group(arrivals, (it) => it.key)
  for (const [key, row] of rows) {
    const what = `${row.kind} ${row.seq} (${titleOf(row.body)})`
    const due = row.createdAt <= drainedAt
    if (row.deliveredAt !== null && !byKey.has(key) && !isNotice(row))
      lost.push({ ticketId: row.ticketId, what: `${what} is marked delivered and never arrived` })
    else if (row.deliveredAt !== null && isCommand(row) && !replies.has(replyIdOf(`${row.ticketId}-${row.seq}`)))
      lost.push({ ticketId: row.ticketId, what: `${what} was answered, and its ticket never heard` })
    else if (row.deliveredAt === null && due) lost.push({ ticketId: row.ticketId, what: `${what} was never delivered` })
  }
  for (const [key, [first, ...again]] of byKey) {
    const { ticketId, body } = first!
    const what = `${first!.kind} ${key} (${titleOf(body)})`
    if (!rows.has(key) || first!.id !== key)
      doubled.push({ ticketId, what: `${what} was delivered, no row asked for it` })
    if (again.some((it) => !isDeepStrictEqual(it.body, body)))
      lost.push({ ticketId, what: `${what} came again under its key with another body` })
  }
  const performed = [...byKey.values()].map(([first]) => first!)
  for (const same of group(performed, effectOf).values()) {
    if (same.length === 1) continue
    const { ticketId, kind, body } = same[0]!
    doubled.push({ ticketId, what: `${kind} ${titleOf(body)} was done under ${same.length} keys` })
  }
  return { lost, doubled, performed: performed.length, redelivered: arrivals.length - byKey.size }
}

const titleOf = (body: Arrival['body']): string => String(body['template'] ?? body['operation'] ?? body['type'])
/** What staff are told of a promise stays inside. */
const isNotice = ({ kind, body }: OutboxRow): boolean =>
  kind === 'message' && String(body['audience']).startsWith('sla:')
/** Asks for an answer; what other systems are told does not. */
const isCommand = ({ kind, body }: OutboxRow): boolean => kind === 'port' && body['port'] !== 'events'

/** What makes two deliveries the same effect, whatever key they came under. */
function effectOf({ ticketId, kind, body }: Arrival): string {
  if (kind === 'event')
    return JSON.stringify([ticketId, body['type'], (body['data'] as Record<string, unknown>)['cycle']])
  if (kind !== 'port') return JSON.stringify([ticketId, kind, body['template'], body['audience'], body['at']])
  const data = body['data'] as Readonly<Record<string, unknown>> | undefined
  return JSON.stringify([ticketId, kind, body['port'], body['operation'], data?.['cycle']])
}
