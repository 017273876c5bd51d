import { verifyAudit } from '../../audit/index.js'
import { verifyStore } from '../../engine/verify.js'
import type { TicketRow } from '../../engine/types.js'
import type { Deeds } from './desk.js'
import type { Traffic } from './http.js'
import type { DayWorld } from './world.js'

export interface PromiseScore {
  readonly target: string
  readonly met: number
  readonly metLate: number
  readonly breached: number
  readonly void: number
  readonly running: number
}
/** What the day came to; no wall-clock time and no id in it, so the same options give the same report. */
export interface DayReport {
  readonly seed: number
  readonly submissions: number
  readonly staff: number
  readonly signIns: number
  readonly requests: number
  /** Refusals that the story met, by code. */
  readonly refused: Readonly<Record<string, number>>
  readonly timers: number
  readonly delivered: number
  readonly documents: number
  readonly deeds: Readonly<Record<string, number>>
  readonly states: Readonly<Record<string, number>>
  readonly promises: readonly PromiseScore[]
  /** The ticket whose checker lost the role before it was applied: what refused it, and where it went. */
  readonly revoked: { readonly code: string | null; readonly backToReview: boolean }
  readonly verified: { readonly tickets: number; readonly entries: number; readonly problems: readonly string[] }
  readonly privacy: { readonly opened: number; readonly problems: readonly string[] }
  readonly audited: { readonly entries: number; readonly sealed: number; readonly problems: readonly string[] }
  readonly deadLetters: number
}

interface Facts {
  readonly options: { readonly seed: number; readonly submissions: number }
  readonly traffic: Traffic
  readonly deeds: Deeds
  readonly ticketIds: readonly string[]
  readonly revokedTicket: string | null
  readonly staff: number
  readonly signIns: number
}
const TARGETS = ['firstReview', 'resolution', 'objectionReview'] as const
const LOG = 500

/** Reads everything back once the story is over, and proves it. */
export async function reportOn(world: DayWorld, facts: Facts): Promise<DayReport> {
  const { store, types, engine, services, done } = world
  const { options, traffic, deeds, staff, signIns } = facts
  const tickets: TicketRow[] = []
  let documents = 0
  for (const id of facts.ticketIds) {
    const ticket = await store.findTicket(id)
    if (ticket !== null) tickets.push(ticket)
    documents += (await store.intake.documents.documentsOf(id)).length
  }
  const { problems, ...verified } = await verifyStore({ store, types, reference: engine.reference })
  const privacy = await services.care.prove()
  const audited = await verifyAudit({ store: store.audit, publicKey: services.audit.publicKey() ?? undefined })
  return {
    ...{ seed: options.seed, submissions: options.submissions, staff, signIns, requests: traffic.requests },
    refused: sorted(traffic.refused),
    ...{ timers: done.timers, delivered: done.delivered, documents },
    deeds: sorted(deeds),
    states: counted(tickets.map((it) => it.state)),
    promises: TARGETS.map((target) => score(tickets, target)),
    revoked: await revocation(world, facts.revokedTicket),
    verified: { tickets: verified.tickets, entries: verified.entries, problems: problems.map((it) => it.what) },
    privacy: { opened: privacy.opened, problems: privacy.problems.map((it) => it.what) },
    audited: { entries: audited.entries, sealed: audited.sealed, problems: audited.problems.map((it) => it.what) },
    deadLetters: (await store.listDeadLetters(100)).length,
  }
}

async function revocation({ store }: DayWorld, ticketId: string | null): Promise<DayReport['revoked']> {
  const log = ticketId === null ? [] : await store.readLog(ticketId, 0, LOG)
  const refusal = log.find((it) => it.fact === 'ApplyRefused')
  const code = refusal?.event['code']
  return { code: typeof code === 'string' ? code : null, backToReview: refusal?.state === 'underVerification' }
}

function score(tickets: readonly TicketRow[], target: string): PromiseScore {
  const clocks = tickets.flatMap((it) => it.schedule.clocks.filter((clock) => clock.target === target))
  const many = (outcome: string | null) => clocks.filter((it) => it.outcome === outcome).length
  const [met, metLate, breached] = [many('met'), many('metLate'), many('breached')]
  return { target, met, metLate, breached, void: many('void'), running: many(null) }
}

const sorted = (counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> =>
  Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)))
function counted(list: readonly string[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>()
  for (const it of list) counts.set(it, (counts.get(it) ?? 0) + 1)
  return sorted(counts)
}

/** Does everything hold, and did every scene happen? */
export const isDaySound = ({ verified, privacy, audited, deadLetters, revoked, deeds }: DayReport): boolean =>
  [verified, privacy, audited].every((it) => it.problems.length === 0) &&
  deadLetters === 0 &&
  revoked.code === 'AUTHORITY_REVOKED' &&
  revoked.backToReview &&
  SCENES.every((it) => deeds[it] === 1) &&
  deeds['objected'] === 2
const SCENES = ['objection.uphold', 'objection.dismiss', 'incident', 'walkIn', 'revoked'] as const
