import type { Command } from 'commander'
import type { TicketFilter } from '../../db/index.js'
import type { TicketPage } from '../../db/types.js'
import { isTicketNumber, PulihError } from '../engine/index.js'
import type { LogEntry, TicketRow } from '../engine/types.js'
import { ROLES, type Actor, type Role } from '../machines/ticketType.js'
import { guarded, type CliIo } from './io.js'
import { viewing, writing } from './open.js'

interface Common {
  readonly data?: string
  readonly json?: boolean
}
interface ListOptions extends Common {
  readonly type?: string
  readonly state?: string
  readonly standing?: string
  readonly office?: string
  readonly due?: boolean
  readonly limit: string
}
interface SendOptions extends Common {
  readonly payload: string
  readonly as: string
  readonly key?: string
}

const dataOption = ['--data <dir>', 'data folder (PULIH_DATA, default .pulih)'] as const

export function registerTicket(program: Command, io: CliIo): void {
  const ticket = program.command('ticket').description('looks at tickets and sends them events')
  ticket
    .command('show <ticket>')
    .description('one ticket with its promises and its history; takes an id or a ticket number')
    .option(...dataOption)
    .option('--json', 'prints one JSON document')
    .action(guarded(io, (name: string, options: Common) => show(name, options, io)))
  ticket
    .command('list')
    .description('tickets, newest first or by deadline')
    .option('--type <type>', 'only this ticket type')
    .option('--state <state>', 'only this state')
    .option('--standing <standing>', 'waitingOnUs, waitingOnParticipant or terminal')
    .option('--office <id>', 'only this office')
    .option('--due', 'earliest deadline first')
    .option('--limit <n>', 'how many', '20')
    .option(...dataOption)
    .option('--json', 'prints one JSON document')
    .action(guarded(io, (options: ListOptions) => list(options, io)))
  ticket
    .command('send <ticket> <event>')
    .description(
      'sends an event, decided on the ticket as it is now; on SQLite the server must be stopped (use its API while it runs)',
    )
    .requiredOption('--as <role:actor>', 'who sends it, for instance agent:siti')
    .option('--payload <json>', 'payload of the event', '{}')
    .option('--key <key>', 'idempotency key')
    .option(...dataOption)
    .option('--json', 'prints one JSON document')
    .action(guarded(io, (name: string, event: string, options: SendOptions) => send(name, event, options, io)))
}

type Finder = {
  findTicket(id: string): Promise<TicketRow | null>
  findTicketByNumber(n: string): Promise<TicketRow | null>
}

async function find(store: Finder, name: string): Promise<TicketRow> {
  const row = isTicketNumber(name) ? await store.findTicketByNumber(name.toUpperCase()) : await store.findTicket(name)
  if (row === null) throw new PulihError('TICKET_NOT_FOUND', 'There is no such ticket.')
  return row
}

const instant = (ms: number | null): string => (ms === null ? '-' : new Date(ms).toISOString())

async function show(name: string, options: Common, io: CliIo): Promise<void> {
  await viewing(options.data, async ({ store, types }) => {
    const row = await find(store, name)
    const log = await store.readLog(row.id, 0, 1_000)
    const timers = await store.timersOf(row.id)
    if (options.json === true) {
      io.out(JSON.stringify({ ticket: row, log, timers }, null, 2))
      return
    }
    const label = types.get(row.type)?.states[row.state]?.id ?? row.state
    io.out(`${row.ticketNumber}  ${row.id}`)
    io.out(
      `  ${label} (${row.state}), route ${row.route}, office ${row.officeId}, version ${row.contentVersion}, revision ${row.revision}`,
    )
    io.out('  promises')
    for (const clock of row.schedule.clocks) {
      const standing =
        clock.outcome ?? (clock.pausedAt === null ? 'running' : `paused (${clock.pauseCauses.join(', ')})`)
      io.out(`    ${clock.target.padEnd(16)} due ${instant(clock.dueAt)}  ${standing}  [${clock.calendar}]`)
    }
    io.out('  pending timers')
    for (const it of timers.filter((it) => it.state === 'pending'))
      io.out(`    ${it.family.padEnd(16)} ${it.threshold.padEnd(8)} ${instant(it.dueAt)}`)
    io.out('  history')
    for (const entry of log) io.out(`    ${historyLine(entry)}`)
  })
}

function historyLine(entry: LogEntry): string {
  const moves = (entry.moves ?? []).map((it) => `${it.target} → ${instant(it.to)} (${it.reason})`).join(', ')
  return `${instant(entry.at)}  ${entry.fact.padEnd(22)} ${entry.actorRole}:${entry.actorId}  ${entry.state}${moves === '' ? '' : `  ${moves}`}`
}

async function list(options: ListOptions, io: CliIo): Promise<void> {
  const limit = Number(options.limit)
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000)
    throw new PulihError('VALIDATION_FAILED', '--limit is a whole number from 1 to 1000.')
  const { type, state, standing, office: officeId } = options
  const filter: TicketFilter = { type, state, standing, officeId }
  await viewing(options.data, async ({ store }) => {
    const items: TicketRow[] = []
    let after: TicketPage['next'] = null
    // A page may be short although more follow.
    do {
      const page = await store.listTickets(filter, options.due === true ? 'due' : 'filed', limit - items.length, after)
      items.push(...page.items)
      after = page.next
    } while (after !== null && items.length < limit)
    if (options.json === true) {
      io.out(JSON.stringify(items, null, 2))
      return
    }
    for (const it of items) {
      io.out(
        `${it.ticketNumber}  ${it.id}  ${it.state.padEnd(18)} ${it.officeId.padEnd(16)} due ${instant(it.nextDueAt)}`,
      )
    }
    io.out(`${items.length} tickets${after === null ? '' : ' (more: raise --limit)'}`)
  })
}

async function send(name: string, event: string, options: SendOptions, io: CliIo): Promise<void> {
  const actor = actorOf(options.as)
  const payload = payloadOf(options.payload)
  await writing(options.data, async ({ store, engine }) => {
    const row = await find(store, name)
    const result = await engine.handle({
      ticketId: row.id,
      event: { ...payload, type: event },
      actor,
      key: options.key === undefined ? null : `${actor.id}:${options.key}`,
      fingerprint: JSON.stringify({ event, payload }),
      expectedContentVersion: row.contentVersion,
    })
    if (options.json === true) io.out(JSON.stringify(result, null, 2))
    else
      io.out(`${result.ticketNumber}: ${result.facts.join(', ')} → ${result.state} (version ${result.contentVersion})`)
  })
}

/** As PULIH_TOKENS has them. */
const ACTOR_ID = /^[A-Za-z0-9._-]{1,64}$/

/** Who acts, from `role:actor`. Throws VALIDATION_FAILED. */
export function actorOf(text: string): Actor {
  const [role, id, ...rest] = text.split(':')
  const known = ROLES.find((it): it is Role => it === role && it !== 'system')
  if (known === undefined || id === undefined || rest.length > 0) {
    throw new PulihError(
      'VALIDATION_FAILED',
      `--as takes role:actor, with one of the roles ${ROLES.filter((it) => it !== 'system').join(', ')}.`,
    )
  }
  if (!ACTOR_ID.test(id))
    throw new PulihError(
      'VALIDATION_FAILED',
      'The actor in --as is 1 to 64 letters, digits, dots, underscores or hyphens.',
    )
  if (id.toLowerCase() === 'system')
    throw new PulihError('VALIDATION_FAILED', 'The actor in --as cannot be the one the engine itself acts under.')
  return { id, role: known }
}

function payloadOf(text: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      return parsed as Record<string, unknown>
  } catch {
    // answered below, together with JSON that is no object
  }
  throw new PulihError('VALIDATION_FAILED', '--payload must be a JSON object.')
}
