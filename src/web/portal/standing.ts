import type { DueMove, LogEntry, SlaClock, TicketRow } from '../../engine/types.js'
import type { Label } from '../../machines/ticketType.js'
import { spokenIn } from '../../messages/dates.js'
import type { Contact } from '../../privacy/index.js'
import {
  adviceOf,
  documentsOf,
  outcomeOf,
  pauseCausesOf,
  reasonOfState,
  referredTo,
  tasksOf,
} from '../../intake/status.js'
import { toldTo } from '../../intake/timeline.js'
import type { DocumentView } from '../../documents/index.js'
import { whyOf } from './dates.js'
import type { Visit } from './visit.js'
import { status as words } from './words/status.js'

/** How a complaint stands, as its filer may know it: nothing of what it was matched with (R-ENUM-2). */
export interface Standing {
  readonly ticket: TicketRow
  readonly stateLabel: Label
  readonly contacts: readonly Contact[]
  readonly documents: readonly DocumentView[]
  readonly asked: ReturnType<typeof documentsOf>
  readonly todo: ReturnType<typeof tasksOf>
  readonly reason: Label | null
  /** How it ended, and what can be done now (R05, R48). */
  readonly outcome: Label | null
  /** What is good to know beside it (R13). */
  readonly advice: readonly Label[]
  readonly waiting: boolean
  readonly promises: readonly PromiseView[]
  readonly changes: readonly { readonly what: Label; readonly from: Label; readonly to: Label; readonly why: Label }[]
  /** What officers wrote to the participant. */
  readonly notes: readonly { readonly at: Label; readonly text: string }[]
  readonly told: readonly { readonly at: Label; readonly text: Label }[]
  readonly allowed: ReadonlySet<string>
  readonly branchName: string | null
  /** When the security hold ends; while it runs. */
  readonly holdUntil: Label | null
  /** When the complaint ends without an answer or a visit; while it waits for one. */
  readonly replyUntil: Label | null
}
interface PromiseView {
  readonly target: string
  readonly label: Label
  readonly due: Label
  readonly why: Label
  readonly outcome: SlaClock['outcome']
}

const LOG_LIMIT = 1_000
const HOME_ZONE = 'Asia/Jakarta'

/** Null for a ticket that is gone. Throws ERASED. */
export async function standingOf(visit: Visit, ticketId: string): Promise<Standing | null> {
  const { deps, filer } = visit
  const { engine, store, services, types } = deps
  await engine.refreshReference()
  const ticket = await store.findTicket(ticketId)
  if (ticket === null || filer === null) return null
  const log = await store.readLog(ticketId, 0, LOG_LIMIT)
  const contacts = await services.people.contactsOf(ticketId)
  const zone = zoneOf(visit, ticket)
  const branch = referredTo(ticket)
  const branchName = branch === null ? null : engine.reference.office(branch).name
  const allowed = new Set(engine.allowed(ticket, filer.actor).map(({ type }) => type))
  // Frozen, the hold is over and begins anew once the objection was examined.
  const endOf = (name: string): Label | null => {
    const at = ticket.schedule.deadlines.find((it) => it.name === name)?.thresholds.at(-1)?.at
    return at === undefined || ticket.standing === 'terminal' ? null : spokenIn(at, zone)
  }
  const about = { officeName: branchName, mayReopen: allowed.has('reopen') }
  return {
    ticket,
    stateLabel: types.get(ticket.type)?.states[ticket.state] ?? { id: ticket.state, en: ticket.state },
    contacts,
    documents: await services.documents.of(ticketId),
    asked: documentsOf(ticket, log),
    todo: tasksOf(ticket, contacts, about).filter(({ code }) => code !== 'nothing'),
    reason: reasonOfState(ticket, log)?.text ?? null,
    outcome: outcomeOf(ticket, log, about.mayReopen)?.text ?? null,
    advice: ticket.standing === 'terminal' ? [] : adviceOf(log).map(({ text }) => text),
    waiting: pauseCausesOf(ticket).length > 0,
    promises: promisesOf(visit, ticket),
    changes: log.flatMap((entry) => (entry.moves ?? []).flatMap((move) => changeOf(move, entry, zone))),
    notes:
      ticket.state === 'merged'
        ? []
        : (await services.deciding.notes.of(ticketId)).map(({ at, text }) => ({ at: spokenIn(at, zone), text })),
    told: toldTo(log).map(({ at, text }) => ({ at: spokenIn(at, zone), text })),
    allowed,
    branchName,
    holdUntil: ticket.state === 'onHold' ? endOf('hold') : null,
    replyUntil: endOf('noReply') ?? endOf('referral'),
  }
}

const zoneOf = ({ deps: { engine } }: Visit, { officeId }: TicketRow): string =>
  engine.reference.hasOffice(officeId)
    ? engine.reference.calendar(engine.reference.office(officeId).calendarId).zone
    : HOME_ZONE

export const TARGETS: Readonly<Record<string, Label>> = {
  firstReview: words.firstReviewBy,
  resolution: words.resolutionBy,
  objectionReview: words.objectionReviewBy,
}

/** Of the newest cycle. A clock that stands gives the date as it would be if it ran on now. */
function promisesOf({ deps: { engine } }: Visit, ticket: TicketRow): readonly PromiseView[] {
  const { clocks } = ticket.schedule
  const cycle = Math.max(0, ...clocks.map((it) => it.cycle))
  return clocks
    .filter((it) => it.cycle === cycle)
    .map((clock) => {
      const [id = '', version] = clock.calendar.split('@')
      const calendar = engine.reference.calendar(id, Number(version))
      const policy = engine.reference.policy(ticket.policyId, ticket.policyVersion)
      const rule = policy.routes[clock.route]?.targets[clock.target]
      return {
        target: clock.target,
        label: TARGETS[clock.target] ?? { id: clock.target, en: clock.target },
        due: spokenIn(clock.dueAt, calendar.zone),
        why: rule === undefined ? { id: '', en: '' } : whyOf(calendar, clock.startedAt, rule, clock.extended),
        outcome: clock.outcome,
      }
    })
}

/** Why a promise moved, in words; a first promise is none of them, nor is a move of seconds. */
function changeOf(move: DueMove, { event }: LogEntry, zone: string): Standing['changes'] {
  const what = TARGETS[move.target]
  if (move.from === null || what === undefined) return []
  const [from, to] = [spokenIn(move.from, zone), spokenIn(move.to, zone)]
  if (from.id === to.id) return []
  const [code = ''] = move.reason.split(':')
  const reason = Object.hasOwn(REASONS, code) ? REASONS[code] : undefined
  const published = event['reason']
  const why = reason ?? (isLabel(published) ? published : { id: '', en: '' })
  return [{ what, from, to, why }]
}
const isLabel = (value: unknown): value is Label =>
  typeof value === 'object' && value !== null && 'id' in value && 'en' in value
const REASONS: Readonly<Record<string, Label>> = {
  paused: { id: 'Tenggat berhenti selama kami menunggu Anda.', en: 'The dates stood still while we waited for you.' },
  extended: { id: 'Pemeriksaan memerlukan waktu lebih lama.', en: 'Looking at it takes longer.' },
  officeTransferred: { id: 'Kantor lain mengambil alih.', en: 'Another office took it over.' },
  arrivedAtBranch: { id: 'Anda hadir di kantor cabang.', en: 'You came to the branch.' },
}
