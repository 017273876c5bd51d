import type { ClockEvent } from '../slaRegion.js'
import { currentDeadline } from '../steps.js'
import { bothProven, holdVariant, type PengaduanContext as Context } from './context.js'
import type { PengaduanEvent } from './events.js'

interface Args {
  context: Context
  event: PengaduanEvent | ClockEvent
}
/** Raised clock events have no actor; they never reach a guard that asks for one. */
const actorOf = (event: Args['event']): string => ('actor' in event ? event.actor.id : '')
/** True for an event without its payload too, so that "what may I send?" can ask before the payload is known. */
const proves = ({ context, event }: Args): boolean => {
  if (event.type !== 'contact.prove') return false
  const channel = event.channel as string | undefined
  if (channel === undefined) return !bothProven(context)
  return channel === 'email' ? !context.provenEmail : !context.provenPhone
}

/** Not the maker, not the filer, not an uploader of evidence (D28, R-4E-1). */
const independentChecker = ({ context, event }: Args): boolean => {
  const actor = actorOf(event)
  return (
    actor !== '' &&
    context.maker !== null &&
    actor !== context.maker &&
    actor !== context.filer &&
    !context.uploaders.includes(actor)
  )
}

/** Every guard by name; each has a text in `refusals` (labels.ts) that tells people why it said no. */
export const guards = {
  always: () => true,
  bothProven: ({ context }: Args) => bothProven(context),
  provesSomething: (args: Args) => proves(args),
  /** After this event both contacts are proven. */
  provesLast: (args: Args) => proves(args) && (args.context.provenEmail || args.context.provenPhone),
  released: ({ context }: Args) => context.released,
  reviewStarted: ({ context }: Args) => context.reviewStarted,
  identityVerified: ({ context }: Args) => context.identityVerified,
  objectionOpen: ({ context }: Args) => context.objectionOpen,
  extended: ({ context }: Args) => context.extended,
  elevated: ({ context }: Args) => context.elevated,
  onDigitalRoute: ({ context }: Args) => context.route === 'layanan_digital',
  resolutionLate: ({ context }: Args) => context.late.includes('resolution'),
  /** Two officers stand behind an approval without a hold already at the branch's door: one refers, another receives. */
  arrivalWitness: ({ context, event }: Args) => actorOf(event) !== context.referredBy,
  /** Nobody judges the objection to what they decided themselves. */
  independentResolver: ({ context, event }: Args) =>
    actorOf(event) !== context.maker && actorOf(event) !== context.checker,
  isMaker: ({ context, event }: Args) => actorOf(event) === context.maker,
  /** Whoever filed may propose only at a branch, where the desk files for the person in front of it (D28). */
  independentMaker: ({ context, event }: Args) => context.route === 'kantor_cabang' || actorOf(event) !== context.filer,
  /** Everything an approval needs, looked at again at the second pair of eyes. */
  mayApprove: (args: Args) =>
    args.context.identityVerified &&
    bothProven(args.context) &&
    !args.context.objectionOpen &&
    independentChecker(args),
  independentChecker,
  holdNeeded: ({ context }: Args) => context.rules.hold[holdVariant(context)] ?? true,
  /** The last look before contacts change: every condition again, whatever path led here. */
  mayApply: ({ context }: Args) =>
    context.identityVerified &&
    bothProven(context) &&
    context.maker !== null &&
    context.checker !== null &&
    context.maker !== context.checker &&
    context.holdEnded &&
    !context.objectionOpen,
  /** Every requested document is in this upload; an unknown payload may be one. */
  uploadsAll: ({ context, event }: Args) => {
    if (event.type !== 'documents.upload') return false
    const kinds = (event.documents as readonly { kind: string }[] | undefined)?.map((it) => it.kind)
    return kinds === undefined || context.requestedDocuments.every((kind) => kinds.includes(kind))
  },
  withinReopenWindow: ({ context, event }: Args) =>
    'at' in event && context.closedAt !== null && event.at <= context.closedAt + context.rules.reopenMs,
  notErased: ({ context }: Args) => !context.erased,
  currentDeadline,
}
