import type { Timed } from '../generations.js'
import { promisedTargets } from '../steps.js'
import type { FilingInput, TicketColumns } from '../ticketType.js'
import { Filing } from './events.js'
import { reopenMsOf } from './reopening.js'

/** What the policy decides that guards must know: which targets a route promises, which holds exist, how long a reopen stays possible. */
export interface Rules {
  readonly targets: Readonly<Record<string, readonly string[]>>
  /** Variant (`layanan_digital.elevated`) → is there a hold at all? (D27) */
  readonly hold: Readonly<Record<string, boolean>>
  readonly reopenMs: number
}

/** Flags, codes and ids only: nothing personal is in here. */
export interface PengaduanContext extends Timed {
  readonly category: string
  readonly cause: string
  readonly channel: string
  readonly participantRef: string
  readonly filer: string
  readonly priority: number
  readonly rules: Rules
  readonly provenEmail: boolean
  readonly provenPhone: boolean
  readonly identityVerified: boolean
  readonly reviewStarted: boolean
  /** Kinds still asked for (D10). */
  readonly requestedDocuments: readonly string[]
  readonly uploaders: readonly string[]
  readonly referredTo: string | null
  /** Who referred; whoever receives the participant at the branch is somebody else. */
  readonly referredBy: string | null
  /** An officer has the participant in front of them: filed as a walk-in at a branch, or received there after a referral by another. */
  readonly inPerson: boolean
  readonly maker: string | null
  readonly checker: string | null
  readonly elevated: boolean
  readonly flags: readonly string[]
  readonly objectionOpen: boolean
  readonly holdEnded: boolean
  readonly released: boolean
  readonly releasedAt: number | null
  readonly closedAt: number | null
  readonly erased: boolean
}

/** The machine's first context from a parsed filing and its policy. */
export function pengaduanContext({ filing, policy, actor }: FilingInput): PengaduanContext {
  const filed = Filing.parse(filing)
  const hold = Object.fromEntries(
    Object.entries(policy.deadlines['hold'] ?? {}).map(([variant, it]) => [variant, Object.keys(it).length > 0]),
  )
  // Data known to be out of sync earns the longer promise from the start (R08, R22).
  const outOfSync = filed.cause === 'DATA_LAMA'
  return {
    generation: 0,
    cycle: 1,
    armed: {},
    pauseCauses: [],
    late: [],
    route: filed.route,
    officeId: filed.officeId,
    extended: outOfSync,
    category: filed.category,
    cause: filed.cause,
    channel: filed.channel,
    participantRef: filed.participantRef,
    filer: actor.id,
    priority: filed.claimRunning ? 1 : 0,
    rules: { targets: promisedTargets(policy), hold, reopenMs: reopenMsOf(policy) },
    provenEmail: false,
    provenPhone: false,
    identityVerified: false,
    reviewStarted: false,
    requestedDocuments: [],
    uploaders: [],
    referredTo: null,
    referredBy: null,
    inPerson:
      filed.route === 'kantor_cabang' && filed.channel === 'walk_in' && !['participant', 'portal'].includes(actor.role),
    maker: null,
    checker: null,
    elevated: false,
    flags: outOfSync ? ['data_tidak_sinkron'] : [],
    objectionOpen: false,
    holdEnded: false,
    released: false,
    releasedAt: null,
    closedAt: null,
    erased: false,
  }
}

export const bothProven = (context: PengaduanContext): boolean => context.provenEmail && context.provenPhone

/** Elevated risk at a branch still holds, and so does a branch ticket nobody came for; the rest of a branch's approvals apply at once (D27, R-HOLD-1). */
export const holdVariant = (context: PengaduanContext): string => {
  const absent = context.route === 'kantor_cabang' && !context.inPerson
  return `${context.route}.${context.elevated || absent ? 'elevated' : 'normal'}`
}

/** The columns that queries read. */
export function pengaduanColumns(context: PengaduanContext): TicketColumns {
  return {
    route: context.route,
    category: context.category,
    cause: context.cause,
    officeId: context.officeId,
    participantRef: context.participantRef,
    priority: context.priority,
    releasedAt: context.releasedAt,
    closedAt: context.closedAt,
    makerId: context.maker,
    checkerId: context.checker,
  }
}
