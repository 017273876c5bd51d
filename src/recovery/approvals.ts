import { timingSafeEqual } from 'node:crypto'
import type { ApprovalRow, ApprovalStore } from '../../db/staff/approvals.js'
import type { Store } from '../../db/types.js'
import type { Clock } from '../engine/clock.js'
import { PulihError } from '../engine/errors.js'
import type { Accepted, Command, Engine, TicketRow } from '../engine/types.js'
import type { Label, Role } from '../machines/ticketType.js'
import type { AccountService } from '../ports/accounts.js'
import type { Authority } from '../staff/principal.js'
import { bindingOf, type BindingParts } from './binding.js'
import { lostSince, matchedNow } from './matched.js'
import type { RecoveryWatch } from './watch.js'

/** Why an approval does not stand. */
export type VoidCode = 'APPROVAL_CHANGED' | 'APPROVAL_UNBOUND' | 'AUTHORITY_REVOKED'

export interface ApprovalParts extends BindingParts {
  readonly store: Pick<Store, 'findTicket' | 'readLog'>
  readonly approvals: ApprovalStore
  readonly keys: { findKey(ticketId: string): Promise<unknown> }
  readonly engine: Pick<Engine, 'system' | 'guard' | 'allowed'>
  readonly identities: { identityOf(ticketId: string): Promise<{ readonly version: number } | null> }
  readonly authority: Authority
  readonly accounts: Pick<AccountService, 'contactsOf'>
  readonly clock: Clock
  readonly watch: RecoveryWatch
  /** So many approvals of one pair on one day are worth a supervisor's look (R-4E-5). */
  readonly pairsPerDay: number
}

export interface Approvals {
  /** Looks at everything once more before contacts are replaced; null: it stands. */
  faultOf(ticket: TicketRow, participantId: string): Promise<VoidCode | null>
  /** It does not stand: ended, and told to whoever watches. */
  voided(ticket: TicketRow, code: VoidCode): Promise<void>
  /** It was carried out. */
  applied(ticket: TicketRow): Promise<void>
}

const SYSTEM = { id: 'system', role: 'system' } as const
/** A day of work, wherever the office: the pair is counted by the clock of Jakarta. */
const DAY_MS = 86_400_000
const JAKARTA_MS = 7 * 3_600_000
export const dayOf = (at: number): number => Math.floor((at + JAKARTA_MS) / DAY_MS) * DAY_MS - JAKARTA_MS
export const nextDayOf = (day: number): number => day + DAY_MS

/** Binds proposals, checks them at the confirmation, and stands guard over both from here on (D32, R-4E-2, R-4E-3). */
export function createApprovals(parts: ApprovalParts): Approvals {
  const { engine, approvals, clock } = parts
  engine.guard('approval.propose', (command, decide) => propose(parts, command, decide))
  engine.guard('approval.confirm', (command, decide) => confirm(parts, command, decide))
  return {
    async faultOf(ticket, participantId) {
      const row = await approvalOf(parts, ticket)
      if (row === null) return 'APPROVAL_UNBOUND'
      return (row.voidCode as VoidCode | null) ?? (await faultOf(parts, ticket, row, participantId))
    },
    async voided(ticket, code) {
      const row = await approvalOf(parts, ticket)
      if (row !== null) await approvals.endApproval(row, code, clock.now())
      await parts.watch.alarm(ALARMS[code], { ticketId: ticket.id, actorId: ticket.checkerId ?? SYSTEM.id, code })
    },
    async applied(ticket) {
      const row = await approvalOf(parts, ticket)
      if (row !== null) await approvals.endApproval(row, null, clock.now())
    },
  }
}

const LABELS: Readonly<Record<VoidCode, Label>> = {
  APPROVAL_CHANGED: {
    id: 'Kontak, peserta, atau dokumen berubah setelah diusulkan.',
    en: 'Contacts, person or documents changed after the proposal.',
  },
  APPROVAL_UNBOUND: { id: 'Usulan tidak tercatat.', en: 'The proposal was not recorded.' },
  AUTHORITY_REVOKED: {
    id: 'Wewenang pengusul atau pemeriksa dicabut.',
    en: 'The authority of one of the two is revoked.',
  },
}

const UNMATCHED: Label = {
  id: 'Peserta belum ditemukan di data kepesertaan. Buka perbandingan data untuk mencari lagi, atau minta perbaikan data.',
  en: 'Nobody was found in the directory yet. Open the comparison to have it asked again, or ask for a correction.',
}

const ALARMS = {
  APPROVAL_CHANGED: 'approval.changed',
  APPROVAL_UNBOUND: 'approval.unbound',
  AUTHORITY_REVOKED: 'approval.revoked',
} as const

const approvalOf = async ({ approvals }: ApprovalParts, { id, makerId }: TicketRow): Promise<ApprovalRow | null> =>
  makerId === null ? null : approvals.approvalBy(id, makerId)

/** Only where a person stands behind the ticket here; another system vouches for the rest. */
const isOurs = async ({ keys }: ApprovalParts, ticketId: string) => (await keys.findKey(ticketId)) !== null

async function propose(parts: ApprovalParts, command: Command, decide: () => Promise<Accepted>): Promise<Accepted> {
  const { ticketId, actor, expectedContentVersion } = command
  const ticket = await parts.store.findTicket(ticketId)
  const decidable = ticket?.state === 'underVerification' && ticket.contentVersion === expectedContentVersion
  if (!decidable || !(await isOurs(parts, ticketId))) return decide()
  // Without it the machine says no by itself, and why.
  if (ticket.snapshot.context['identityVerified'] === true) await refuseUnmatched(parts, ticket, command)
  const { contentVersion, officeId } = ticket
  // Before the event: one that is not accepted leaves a row that binds nothing.
  const mac = await bindingOf(parts, { ticketId, contentVersion, makerId: actor.id })
  const maker = { makerId: actor.id, makerRole: actor.role }
  await parts.approvals.bindApproval({ ticketId, contentVersion, ...maker, officeId, mac, boundAt: parts.clock.now() })
  return decide()
}

async function confirm(parts: ApprovalParts, command: Command, decide: () => Promise<Accepted>): Promise<Accepted> {
  const { ticketId, actor } = command
  const ticket = await parts.store.findTicket(ticketId)
  if (ticket?.state !== 'approvalProposed' || !(await isOurs(parts, ticketId))) return decide()
  const row = await approvalOf(parts, ticket)
  const code = row?.endedAt === null ? await changed(parts, row) : 'APPROVAL_UNBOUND'
  if (code !== null) {
    await voidProposal(parts, ticket, row, code)
    throw new PulihError('APPROVAL_VOID', 'What was proposed is not what stands there any more.', {
      reason: code,
      reasons: [{ guard: code, ...LABELS[code] }],
    })
  }
  await refuseUnmatched(parts, ticket, command)
  const accepted = await decide()
  if (row !== null) await noteConfirmed(parts, row, actor)
  return accepted
}

/** Two officers decide on somebody's account: on nobody's there is nothing to decide, and applying it would only come back. */
async function refuseUnmatched(
  { matches, identities, engine, store }: ApprovalParts,
  ticket: TicketRow,
  { actor, event }: Command,
): Promise<void> {
  const match = await matches.findMatch(ticket.id)
  const found = matchedNow(await identities.identityOf(ticket.id), match)
  if (match !== null && found !== null && !(await lostSince(store, ticket, match))) return
  const allowed = engine.allowed(ticket, actor).flatMap(({ type }) => (type === event.type ? [] : [type]))
  throw new PulihError('EVENT_NOT_ALLOWED', `${event.type} needs a participant who was found.`, {
    ...{ event: event.type, state: ticket.state, allowed },
    reasons: [{ guard: 'NOT_MATCHED', ...UNMATCHED }],
  })
}

async function voidProposal(
  { engine, approvals, clock, watch }: ApprovalParts,
  { id: ticketId, contentVersion, makerId }: TicketRow,
  row: ApprovalRow | null,
  code: VoidCode,
): Promise<void> {
  if (row !== null) await approvals.endApproval(row, code, clock.now())
  const key = `system:approval-void:${ticketId}:${contentVersion}`
  await engine.system({ ticketId, event: { type: 'approval.void', code }, actor: SYSTEM, key, fingerprint: null })
  await watch.alarm(ALARMS[code], { ticketId, actorId: makerId ?? SYSTEM.id, code })
}

async function noteConfirmed(
  { approvals, clock, watch, pairsPerDay }: ApprovalParts,
  row: ApprovalRow,
  checker: { readonly id: string; readonly role: string },
): Promise<void> {
  const at = clock.now()
  if (!(await approvals.confirmApproval(row, checker, at))) return
  const today = dayOf(at)
  const together = await approvals.countPair(row.makerId, checker.id, today, nextDayOf(today))
  if (together <= pairsPerDay) return
  const { ticketId } = row
  await watch.alarm('approval.pairFrequent', { ticketId, actorId: checker.id, code: 'PAIR_FREQUENT' })
}

/** Does the MAC still fit what stands there? */
async function changed(parts: ApprovalParts, row: ApprovalRow): Promise<VoidCode | null> {
  const now = Buffer.from(await bindingOf(parts, row))
  const then = Buffer.from(row.mac)
  return now.length === then.length && timingSafeEqual(now, then) ? null : 'APPROVAL_CHANGED'
}

async function faultOf(
  parts: ApprovalParts,
  ticket: TicketRow,
  row: ApprovalRow,
  participantId: string,
): Promise<VoidCode | null> {
  const { checkerId, officeId } = ticket
  if (checkerId === null) return 'APPROVAL_UNBOUND'
  // A crash may lie between the confirmation and its note.
  const checker = { id: row.checkerId ?? checkerId, role: row.checkerRole ?? (await roleOf(parts, ticket)) }
  if (row.checkerId === null) await noteConfirmed(parts, row, checker)
  if (checker.id !== checkerId) return 'APPROVAL_CHANGED'
  const fault = await changed(parts, row)
  if (fault !== null) return fault
  // Somebody else changed the account meanwhile: the approval was for other contacts than these.
  const [then, now] = await Promise.all([parts.oldContactsOf(ticket.id), parts.accounts.contactsOf(participantId)])
  const same = (of: 'email' | 'phone') => (then?.[of] ?? null) === (now?.[of] ?? null)
  if (!same('email') || !same('phone')) return 'APPROVAL_CHANGED'
  // Theirs when they decided, and still: what was taken away and given back since is another authority.
  const holds = (actorId: string, role: string, at: number) =>
    parts.authority.holds(actorId, role as Role, officeId, at)
  const confirmedAt = row.confirmedAt ?? parts.clock.now()
  const both =
    (await holds(row.makerId, row.makerRole, row.boundAt)) && (await holds(checker.id, checker.role, confirmedAt))
  return both ? null : 'AUTHORITY_REVOKED'
}

/** The role in which the standing confirmation was given. */
async function roleOf({ store }: ApprovalParts, { id, logSeq }: TicketRow): Promise<string> {
  const log = await store.readLog(id, Math.max(0, logSeq - 500), 500)
  return log.findLast((it) => it.fact === 'TicketApproved')?.actorRole ?? 'checker'
}
