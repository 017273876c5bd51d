import type { EscalationStore, NoticeRow, Reader, StaffNotice } from '../../../db/staff/escalation.js'
import type { Store } from '../../../db/types.js'
import { nextOpening } from '../../calendar/index.js'
import type { Clock } from '../../engine/clock.js'
import { PulihError } from '../../engine/errors.js'
import type { Engine, TicketRow } from '../../engine/types.js'
import type { EffectSink, Outgoing } from '../../ports/sink.js'
import type { Principal } from '../principal.js'

export interface NoticeParts {
  readonly store: {
    readonly escalation: EscalationStore
    readonly work: { readonly assignments: Pick<Store['work']['assignments'], 'findAssignment'> }
  } & Pick<Store, 'findTicket'>
  readonly engine: Pick<Engine, 'reference'>
  readonly clock: Clock
}
/** What staff are told about promises. */
export interface Notices {
  /** Takes such messages out of the stream of what goes out; everything else goes on to `others`. */
  sink(others: EffectSink): EffectSink
  /** Newest first, of the roles and offices that somebody has now. */
  list(principal: Principal, unread: boolean, limit: number, before: Place): Promise<readonly NoticeRow[]>
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
  const { escalation } = store

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
      visibleAt: nextOpening(calendar, now).opening,
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
    list: (principal, unread, limit, before) =>
      escalation.noticesFor(readerOf(principal), clock.now(), { unread, limit, before }),
    unread: (principal) => escalation.countUnread(readerOf(principal), clock.now()),
    async read(principal, noticeId) {
      if (!(await escalation.markRead(readerOf(principal), noticeId, clock.now())))
        throw new PulihError('NOT_FOUND', 'no notice of this id for this person')
    },
  }
}

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
const readerOf = ({ id, grants }: Principal): Reader => ({
  staffId: id,
  places: grants.flatMap(({ role, officeId }) => (HEARS[role] ?? []).map((heard) => ({ role: heard, officeId }))),
})
