import type { AlertReader, AlertRow, AlertStore } from '../../../db/audit/alerts.js'
import type { EscalationStore, NoticeRow, Reader, StaffNotice } from '../../../db/staff/escalation.js'
import type { Store } from '../../../db/types.js'
import { CalendarError, nextOpening, type BusinessCalendar } from '../../calendar/index.js'
import type { Clock } from '../../engine/clock.js'
import { PulihError } from '../../engine/errors.js'
import type { Engine, TicketRow } from '../../engine/types.js'
import type { EffectSink, Outgoing } from '../../ports/sink.js'
import type { Principal } from '../principal.js'

export interface NoticeParts {
  readonly store: {
    readonly escalation: EscalationStore
    readonly audit: AlertStore
    readonly work: { readonly assignments: Pick<Store['work']['assignments'], 'findAssignment'> }
  } & Pick<Store, 'findTicket'>
  readonly engine: Pick<Engine, 'reference'>
  readonly clock: Clock
}
/** A promise that breaks, or somebody who opened more than their work explains (A42). */
export type Told = ({ readonly about: 'promise' } & NoticeRow) | ({ readonly about: 'access' } & AlertRow)

/** What staff are told about promises, and about each other's reading. */
export interface Notices {
  /** Takes such messages out of the stream of what goes out; everything else goes on to `others`. */
  sink(others: EffectSink): EffectSink
  /** Newest first, of the roles and offices that somebody has now. */
  list(principal: Principal, unread: boolean, limit: number, before: Place): Promise<readonly Told[]>
  unread(principal: Principal): Promise<number>
  /** Throws NOT_FOUND for one that this person has not got. */
  read(principal: Principal, noticeId: string): Promise<void>
}
type Place = { readonly key: number | null; readonly id: string } | null

const KINDS: Readonly<Record<string, StaffNotice['kind']>> = {
  'sla.warning': 'warning',
  'sla.breached': 'breached',
  'sla.escalated': 'escalated',
}

export function createNotices({ store, engine, clock }: NoticeParts): Notices {
  const { escalation, audit } = store

  async function keep({ id, ticketId, body }: Outgoing, kind: StaffNotice['kind']): Promise<void> {
    const ticket = await store.findTicket(ticketId)
    if (ticket === null) throw new PulihError('TICKET_NOT_FOUND', 'a message of a ticket that is not there')
    const { officeId } = ticket
    const [, target = '', threshold = ''] = String(body['audience']).split(':')
    const calendar = engine.reference.calendar(engine.reference.office(officeId).calendarId)
    const held = await store.work.assignments.findAssignment(ticketId)
    const now = clock.now()
    await escalation.addNotice({
      ...{ id, ticketId, kind, target, threshold, officeId },
      role: recipientOf(ticket, target, threshold, engine),
      agentId: held === null || held.leaseUntil <= now ? null : held.agentId,
      at: typeof body['at'] === 'number' ? body['at'] : now,
      visibleAt: openingAfter(calendar, now),
    })
  }

  return {
    sink: (others) => ({
      recordAs: (outgoing) => (kindOf(outgoing) === null ? others.recordAs(outgoing) : null),
      async deliver(outgoing) {
        const kind = kindOf(outgoing)
        if (kind === null) return others.deliver(outgoing)
        await keep(outgoing, kind)
        return { outcome: 'accepted' }
      },
    }),
    async list(principal, unread, limit, before) {
      const page = { unread, limit, before }
      const [promises, alerts] = await Promise.all([
        escalation.noticesFor(readerOf(principal), clock.now(), page),
        audit.alertsFor(alertReaderOf(principal), page),
      ])
      const all: readonly Told[] = [
        ...promises.map((it) => ({ about: 'promise', ...it }) as const),
        ...alerts.map((it) => ({ about: 'access', ...it }) as const),
      ]
      return all.toSorted(newestFirst).slice(0, limit)
    },
    async unread(principal) {
      const counts = [
        escalation.countUnread(readerOf(principal), clock.now()),
        audit.countUnreadAlerts(alertReaderOf(principal)),
      ]
      return (await Promise.all(counts)).reduce((sum, it) => sum + it, 0)
    },
    async read(principal, noticeId) {
      const now = clock.now()
      if (await escalation.markRead(readerOf(principal), noticeId, now)) return
      if (await audit.markAlertRead(alertReaderOf(principal), noticeId, now)) return
      throw new PulihError('NOT_FOUND', 'no notice of this id for this person')
    },
  }
}

/** An office that never opens again hears of it at once: told late is better than never (D35). */
function openingAfter(calendar: BusinessCalendar, at: number): number {
  try {
    return nextOpening(calendar, at).opening
  } catch (error) {
    if (error instanceof CalendarError && error.code === 'NO_OPEN_TIME') return at
    throw error
  }
}

/** From when on it is shown, epoch ms; alerts do not wait for an opening. */
export const shownAt = (it: Told): number => (it.about === 'promise' ? it.visibleAt : it.at)

/** As the pages of either sort are. */
const newestFirst = (a: Told, b: Told): number => shownAt(b) - shownAt(a) || (a.id < b.id ? 1 : -1)

function kindOf({ kind, body }: Outgoing): StaffNotice['kind'] | null {
  const { template, audience } = body
  if (kind !== 'message' || typeof template !== 'string' || typeof audience !== 'string') return null
  return audience.startsWith('sla:') && Object.hasOwn(KINDS, template) ? (KINDS[template] ?? null) : null
}

/** Warnings and the breach itself go to whoever works on it; each step of the ladder to whom the policy names (D18, D20). */
function recipientOf(
  { policyId, policyVersion, route }: TicketRow,
  target: string,
  threshold: string,
  { reference }: NoticeParts['engine'],
): StaffNotice['role'] {
  const level = /^ladder(\d+)$/.exec(threshold)?.[1]
  if (level === undefined) return 'agent'
  const ladder = reference.policy(policyId, policyVersion).routes[route]?.targets[target]?.ladder ?? []
  const audience = ladder.find((step) => step.level === Number(level))?.audience
  return audience === 'unitHead' || audience === 'agent' ? audience : 'supervisor'
}

/** Supervisors stand for every office of their unit: what climbs to its head is shown to them, and says so. */
const HEARS: Readonly<Record<string, readonly StaffNotice['role'][]>> = {
  agent: ['agent'],
  checker: ['agent'],
  supervisor: ['supervisor', 'unitHead'],
}
/** Whoever holds the ticket works on it, a supervisor too; of the others' warnings they hear nothing. */
const readerOf = ({ id, grants }: Principal): Reader => ({
  staffId: id,
  places: grants.flatMap(({ role, officeId }) => {
    const heard = (HEARS[role] ?? []).map((it) => ({ role: it, officeId, heldOnly: false }))
    return role === 'supervisor' ? [...heard, { role: 'agent' as const, officeId, heldOnly: true }] : heard
  }),
})

/** Auditors hear what happens everywhere, and only those that stand for every office. */
const alertReaderOf = ({ id, grants }: Principal): AlertReader => ({
  staffId: id,
  places: grants.flatMap(({ role, officeId }) =>
    role === 'supervisor' || (role === 'auditor' && officeId === null) ? [{ role, officeId }] : [],
  ),
})
