import type { AnyMachineSnapshot } from 'xstate'
import type { ZodType } from 'zod'
import { begin, restore } from '../machines/snapshots.js'
import type { Actor, TicketEvent, TicketType } from '../machines/ticketType.js'
import { PulihError } from './errors.js'
import { allowedEvents, notAllowed } from './refusals.js'
import { typeOfTicket, type TicketTypes } from './ticketTypes.js'
import { settle } from './settle.js'
import { isTimerEvent } from './timerEvents.js'
import type { Command, FileCommand, Reference, TicketRow } from './types.js'
import { Working } from './working.js'

/** A decision about one ticket: what to write, and the refusal (if any) that the sender gets. */
export interface Decided {
  readonly working: Working
  readonly refusal: PulihError | null
  /** Facts written before the command's own: settled timers. */
  readonly settled: number
}
export interface DecideContext {
  readonly types: TicketTypes
  readonly reference: Reference
  /** When it is being written, epoch ms. */
  readonly now: number
  /** The statechart of a row that is known already; undefined when it has to be restored. */
  readonly recall?: (row: TicketRow) => AnyMachineSnapshot | undefined
  /** What was decided ahead about exactly this row (`decideAhead`), handed out once; undefined when nothing was. */
  readonly ahead?: (row: TicketRow) => Working | undefined
}

/** Throws NOT_FOUND: a ticket type nobody loaded. */
export function typeOf(types: TicketTypes, name: string): TicketType {
  const type = types.get(name)
  if (type === undefined) throw new PulihError('NOT_FOUND', 'no such ticket type')
  return type
}

/** Validates against a strict schema. Throws VALIDATION_FAILED with pointers and codes, never with the values. */
export function parsePayload(schema: ZodType, payload: unknown): Record<string, unknown> {
  const parsed = schema.safeParse(payload)
  if (parsed.success) return parsed.data as Record<string, unknown>
  throw new PulihError('VALIDATION_FAILED', 'The payload does not fit its schema.', {
    errors: parsed.error.issues.flatMap((issue) => {
      const keys = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path]
      return keys.map((path) => ({ pointer: pointerOf(path), code: issue.code }))
    }),
  })
}
const pointerOf = (path: readonly PropertyKey[]): string =>
  path.map((key) => `/${String(key).slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** A new ticket: enters the first state, then sends the filing event, in one commit; a draft waits there. */
export function decideFile(
  command: FileCommand,
  identity: { id: string; ticketNumber: string },
  context: DecideContext,
): Decided {
  const type = typeOf(context.types, command.type)
  refuseRole(type, type.filingEvent, command.actor, () => [])
  const policy = context.reference.policyFor(type.type)
  const filing = parsePayload(type.filing, command.filing)
  const at = command.at ?? context.now
  const input = type.input({ filing, policy, actor: command.actor, at })
  const decision = begin(type, input)
  const office = type.columns(decision.snapshot.context).officeId
  refuseWrongOffice(type, type.filingEvent, { ...filing, officeId: office }, context.reference)
  const versions = { policyVersion: policy.version, calendar: null }
  const meta = { recordedAt: context.now, commandId: command.key }
  const filed: TicketEvent = { type: 'ticket.file', at, actor: command.actor, filing }
  const working = Working.file(
    type,
    context.reference,
    { ...identity, policyId: policy.id },
    versions,
    decision,
    filed,
    meta,
  )
  if (command.draft === true) return { working, refusal: null, settled: 0 }
  const event: TicketEvent = { type: type.filingEvent, at, actor: command.actor }
  const refusal = working.apply(event, command.key) ? null : notAllowed(type, working.snapshot, event)
  return { working, refusal, settled: 0 }
}

/**
 * An event on a stored ticket. Settle first: every timer due before it is delivered in the same commit (an event exactly at a due instant is
 * in time). `outside`: only the public union is accepted, whatever the machine would say.
 */
export function decideEvent(command: Command, row: TicketRow, context: DecideContext, outside: boolean): Decided {
  const type = typeOfTicket(context.types, row)
  const payload = outside ? publicPayload(type, command, row) : internalPayload(type, command)
  refuseWrongOffice(type, command.event.type, payload, context.reference)
  const working = loadWorking(type, row, context)
  // Event instants of a ticket never run backwards, whatever a machine's clock does.
  const at = Math.max(command.at ?? context.now, working.lastAt)
  settle(working, at, false)
  const settled = working.log.length
  const event: TicketEvent = { ...payload, type: command.event.type, at, actor: command.actor }
  const refusal =
    versionRefusal(type, command, working, at) ??
    (working.apply(event, command.key) ? null : notAllowed(type, working.snapshot, event))
  return { working, refusal, settled }
}

/** Everything of this ticket that is due by now, in due order. */
export function decideTimers(row: TicketRow, context: DecideContext): Decided {
  const ahead = context.ahead?.(row)
  const working =
    ahead !== undefined && fits(ahead, row, context.now) ? ahead.writtenAt(context.now) : settled(row, context)
  return { working, refusal: null, settled: working.log.length }
}
/** What was decided ahead is all that is due by now, and no more. */
const fits = (ahead: Working, { nextTimerAt }: TicketRow, now: number): boolean =>
  nextTimerAt !== null && nextTimerAt <= now && (ahead.nextTimerAt ?? Infinity) > now

/**
 * What `decideTimers` will come to when the next timer of this ticket is due: each timer rings at its own instant, so only the instant of
 * writing is open. Null where nothing will ring.
 */
export function decideAhead(row: TicketRow, context: Omit<DecideContext, 'now'>): Working | null {
  if (row.nextTimerAt === null) return null
  const working = settled(row, { ...context, now: row.nextTimerAt })
  if (!working.changed) return null
  working.row()
  return working
}

function settled(row: TicketRow, context: DecideContext): Working {
  const working = loadWorking(typeOfTicket(context.types, row), row, context)
  settle(working, context.now, true)
  return working
}

/** A stored ticket, ready to be decided on by what is in force. */
export const loadWorking = (type: TicketType, row: TicketRow, context: DecideContext): Working =>
  Working.load(
    type,
    context.reference,
    row,
    { policyVersion: row.policyVersion, calendar: null },
    context.now,
    context.recall?.(row),
  )

function publicPayload(type: TicketType, command: Command, row: TicketRow): Record<string, unknown> {
  const { type: name, ...payload } = command.event
  const allowed = () => {
    const snapshot = restore(type, row.snapshot, row.machineVersion)
    return allowedEvents(type, snapshot, command.actor, row.updatedAt).map((it) => it.type)
  }
  const declared = Object.hasOwn(type.publicEvents, name) ? type.publicEvents[name] : undefined
  if (declared === undefined) {
    throw new PulihError('EVENT_UNKNOWN', 'There is no such event for this ticket.', {
      allowed: allowed(),
    })
  }
  refuseRole(type, name, command.actor, allowed)
  return parsePayload(declared.payload, payload)
}
/** Whatever names an office, it must exist, and be a branch where only a branch will do. */
function refuseWrongOffice(
  type: TicketType,
  event: string,
  payload: Readonly<Record<string, unknown>>,
  reference: Reference,
): void {
  const office = payload['officeId']
  if (typeof office !== 'string') return
  const known = reference.hasOffice(office)
  const fits = known && (type.needsBranch?.(event, payload) !== true || reference.office(office).kind === 'cabang')
  if (fits) return
  throw new PulihError('VALIDATION_FAILED', known ? 'This office is no branch.' : 'There is no such office.', {
    errors: [{ pointer: '/officeId', code: known ? 'not_a_branch' : 'unknown_office' }],
  })
}
/** A timer's event is no system event: it comes from its row, at its instant, or not at all. */
function internalPayload(type: TicketType, command: Command): Record<string, unknown> {
  const { type: name, ...payload } = command.event
  const declared = Object.hasOwn(type.internalEvents, name) ? type.internalEvents[name] : undefined
  if (declared === undefined || isTimerEvent(type, name))
    throw new PulihError('EVENT_UNKNOWN', 'There is no such system event.')
  return parsePayload(declared.payload, payload)
}

function refuseRole(type: TicketType, event: string, actor: Actor, allowed: () => readonly string[]): void {
  const roles = type.publicEvents[event]?.roles ?? []
  if (roles.includes(actor.role)) return
  const extra = { event, roles, allowed: allowed() }
  throw new PulihError('ROLE_NOT_ALLOWED', `The role ${actor.role} may not send ${event}.`, extra)
}

/** R-API-2: a decision names the version it was made on; a stale one is refused. */
function versionRefusal(type: TicketType, command: Command, working: Working, at: number): PulihError | null {
  const allowed = () => allowedEvents(type, working.snapshot, command.actor, at).map((it) => it.type)
  const expected = command.expectedContentVersion
  if (expected === undefined) {
    if (type.publicEvents[command.event.type]?.needsVersion !== true) return null
    return new PulihError('VERSION_REQUIRED', 'This event needs the version it was decided on.', { allowed: allowed() })
  }
  if (expected === working.contentVersion) return null
  return new PulihError('VERSION_STALE', 'Someone else changed this ticket meanwhile.', {
    contentVersion: working.contentVersion,
    allowed: allowed(),
  })
}
