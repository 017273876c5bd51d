import { PulihError } from '../engine/errors.js'
import type { Accepted, TicketRow } from '../engine/types.js'
import { actorOf, OFFICES, type OfficeId } from './cast.js'
import { createDice } from './dice.js'
import { deal, type Kind } from './kinds/index.js'
import { END } from './period.js'
import type { Life, Step } from './steps.js'
import type { DemoWorld } from './world.js'

/** One ticket on its way through its script. */
export interface Played {
  readonly kind: Kind
  /** From 1: names the participant and the team. */
  readonly index: number
  readonly life: Life
  ticketId: string | null
  done: number
  /** When its next step happens; null when nothing is left to do. */
  nextAt: number | null
}
export interface Refusal {
  readonly ticketId: string
  readonly at: number
  readonly event: string
  readonly code: string
}
/** What happened outside the tickets themselves. */
export interface Lived {
  readonly played: readonly Played[]
  readonly timersFired: number
  readonly timersDropped: number
  readonly delivered: number
  readonly commands: number
  /** Refusals that the script wanted to see. */
  readonly refusals: readonly Refusal[]
  /** Steps that went otherwise than written: empty when all is well. */
  readonly surprises: readonly Refusal[]
}

export interface Tally {
  timersFired: number
  timersDropped: number
  delivered: number
  commands: number
  refusals: Refusal[]
  surprises: Refusal[]
}
export const newTally = (): Tally => ({
  ...{ timersFired: 0, timersDropped: 0, delivered: 0, commands: 0 },
  refusals: [],
  surprises: [],
})

/** Something that somebody is about to do. */
interface Due {
  readonly at: number
  readonly act: () => Promise<void>
}

/**
 * Steps to whatever comes next until `end`, an action or a pending timer, moves the clock there, and delivers what was committed.
 * An action exactly at a due instant comes first, as it would count as in time (D16).
 */
export async function stepThrough(
  world: DemoWorld,
  end: number,
  next: () => Due | null,
  tally: Tally,
  onStep?: (now: number) => void,
): Promise<void> {
  for (;;) {
    const action = next()
    const timer = await world.store.nextPendingTimer()
    const timerFirst = timer !== null && timer.dueAt < (action?.at ?? Infinity)
    const at = timerFirst ? timer.dueAt : (action?.at ?? end)
    if (at >= end) break
    world.clock.moveTo(Math.max(at, world.clock.now()))
    if (timerFirst) {
      if ((await world.engine.deliverTimer(timer)) === 'fired') tally.timersFired += 1
      else tally.timersDropped += 1
    } else await action?.act()
    await deliverAll(world, tally)
    onStep?.(at)
  }
  world.clock.moveTo(end)
}

/** Lives through the period with its cast of scripted tickets. */
export async function live(
  world: DemoWorld,
  options: { readonly tickets: number; readonly seed: number; readonly onStep?: (now: number) => void },
): Promise<Lived> {
  const played = cast(world, options.tickets, options.seed)
  const tally = newTally()
  const next = (): Due | null => {
    const first = earliest(played)
    return first?.nextAt == null ? null : { at: first.nextAt, act: () => play(world, first, tally) }
  }
  await stepThrough(world, END, next, tally, options.onStep)
  return { played, ...tally }
}

function cast({ engine }: DemoWorld, tickets: number, seed: number): Played[] {
  return deal(tickets).map(({ kind, nth }, position) => {
    const life = kind.live(createDice(seed, `${kind.id}/${nth}`), engine.reference, nth)
    return { kind, index: position + 1, life, ticketId: null, done: 0, nextAt: life.filedAt }
  })
}

function earliest(played: readonly Played[]): Played | null {
  let first: Played | null = null
  for (const it of played) if (it.nextAt !== null && (first?.nextAt == null || it.nextAt < first.nextAt)) first = it
  return first
}

/** Messages and commands leave at the instant of their commit; an answer may bring new ones. */
async function deliverAll({ outbox, deliverer }: DemoWorld, tally: Tally): Promise<void> {
  for (let row = outbox.shift(); row !== undefined; row = outbox.shift()) {
    if ((await deliverer.deliver(row)) === 'done') tally.delivered += 1
  }
}

async function play(world: DemoWorld, played: Played, tally: Tally): Promise<void> {
  tally.commands += 1
  const step = played.life.steps[played.done]
  if (played.ticketId === null) {
    const { ticketId } = await file(world, played)
    played.ticketId = ticketId
    const refuses = played.life.accountRefuses
    if (refuses !== undefined) world.accountRefusals.set(ticketId, refuses)
  } else if (step !== undefined) {
    const code = await act(world, played, played.ticketId, step)
    const { ticketId } = played
    const refusal = { ticketId, at: world.clock.now(), event: step.event.type, code: code ?? 'ACCEPTED' }
    if (code !== (step.refused ?? null)) tally.surprises.push(refusal)
    else if (code !== null) tally.refusals.push(refusal)
    played.done += 1
  }
  played.nextAt = await nextInstant(world, played)
}

function file(world: DemoWorld, { life, index }: Played): Promise<Accepted> {
  const filing = { ...life.filing, participantRef: `ps_lebaran-${String(index).padStart(4, '0')}` }
  const actor = actorOf(life.part, life.office, index)
  const key = `${actor.id}:lebaran-${index}`
  return world.engine.file({ type: 'pengaduan', filing, actor, key, fingerprint: key })
}

/** Sends one event as its sender would: officers on the version they saw. Gives the code of a refusal, or null. */
async function act(world: DemoWorld, played: Played, ticketId: string, step: Step): Promise<string | null> {
  const ticket = await rowOf(world, ticketId)
  const actor = actorOf(step.part, step.office ?? officeOf(ticket), played.index)
  const outsider = step.part === 'participant' || step.part === 'portal'
  const key = `${actor.id}:lebaran-${played.index}-${played.done + 1}`
  try {
    await world.engine.handle({
      ...{ ticketId, event: step.event, actor, key, fingerprint: key },
      expectedContentVersion: outsider ? undefined : ticket.contentVersion,
    })
    return null
  } catch (error) {
    if (error instanceof PulihError) return error.code
    throw error
  }
}

async function nextInstant(world: DemoWorld, { life, done, ticketId }: Played): Promise<number | null> {
  const step = life.steps[done]
  if (step === undefined || ticketId === null) return null
  const ticket = await rowOf(world, ticketId)
  return step.wait(world.clock.now(), { ticket, reference: world.engine.reference })
}

async function rowOf({ store }: DemoWorld, ticketId: string): Promise<TicketRow> {
  const row = await store.findTicket(ticketId)
  if (row === null) throw new PulihError('TICKET_NOT_FOUND', 'There is no such ticket.')
  return row
}

const officeOf = ({ officeId }: TicketRow): OfficeId => OFFICES.find((it) => it === officeId) ?? 'pusat'
