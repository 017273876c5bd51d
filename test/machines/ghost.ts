import type { PengaduanContext } from '../../src/machines/pengaduan/context.js'
import type { TicketEvent } from '../../src/machines/ticketType.js'
import type { Start } from './events.js'

/**
 * What a bystander writes down from the events alone, without believing the machine's own flags: a proof that asked the machine whether
 * identity is verified would prove that the machine agrees with itself.
 */
export interface Ghost {
  readonly filer: string
  readonly email: boolean
  readonly phone: boolean
  readonly identity: boolean
  readonly uploaders: readonly string[]
  readonly maker: string | null
  readonly checker: string | null
  readonly elevated: boolean
  readonly inPerson: boolean
  readonly referrer: string | null
  /** The hold's own timer rang since the standing confirmation and the last objection. */
  readonly held: boolean
  readonly objection: boolean
  /** It was raised on a route that promises no date for it. */
  readonly untimed: boolean
}

export function newGhost({ filer, filing }: Start): Ghost {
  return {
    filer: filer.id,
    email: false,
    phone: false,
    identity: false,
    uploaders: [],
    maker: null,
    checker: null,
    elevated: false,
    inPerson: filing['route'] === 'kantor_cabang' && filing['channel'] === 'walk_in' && filer.role === 'agent',
    referrer: null,
    held: false,
    objection: false,
    untimed: false,
  }
}

const fresh = { identity: false, maker: null, checker: null, held: false, objection: false, untimed: false }
const noApproval = { maker: null, checker: null, held: false }

/** The notes after an accepted event. */
export function afterEvent(ghost: Ghost, event: TicketEvent, leaf: string, before: PengaduanContext): Ghost {
  switch (event.type) {
    case 'contact.prove':
      return { ...ghost, [String(event['channel'])]: true }
    case 'contact.change':
      return {
        ...ghost,
        ...noApproval,
        [String(event['channel'])]: false,
        inPerson: ghost.inPerson && !before.reviewStarted,
      }
    case 'identity.verify':
      return { ...ghost, identity: event['verdict'] === 'matched' }
    case 'documents.revoke':
      return { ...ghost, ...noApproval, identity: false }
    case 'correction.submit':
      return { ...ghost, identity: false }
    case 'branch.arrive':
      return { ...ghost, identity: false, inPerson: event.actor.id !== ghost.referrer }
    case 'branch.refer':
      return { ...ghost, referrer: event.actor.id }
    case 'documents.upload':
      return {
        ...ghost,
        ...(leaf === 'approvalProposed' ? noApproval : {}),
        uploaders: ghost.uploaders.includes(event.actor.id)
          ? ghost.uploaders
          : [...ghost.uploaders, event.actor.id].sort(),
      }
    case 'risk.elevate':
      // Risk seen during the hold begins it anew.
      return { ...ghost, elevated: true, held: false }
    case 'risk.record':
      return { ...ghost, elevated: true, ...(ghost.elevated ? {} : { held: false }) }
    case 'approval.propose':
      return { ...ghost, maker: event.actor.id, checker: null, held: false }
    case 'approval.confirm':
      return { ...ghost, checker: event.actor.id, held: false }
    case 'approval.void':
    case 'approval.return':
    case 'approval.retract':
      return { ...ghost, ...noApproval }
    case 'reject':
    case 'withdraw':
    case 'merge.record':
      return { ...ghost, ...noApproval, elevated: ghost.elevated || ghost.objection }
    case 'noReply.expire':
    case 'referral.expire':
      return { ...ghost, elevated: ghost.elevated || ghost.objection }
    case 'hold.end':
      return { ...ghost, held: before.armed['hold'] === event['generation'] }
    case 'objection.raise':
      return { ...ghost, objection: true, held: false, untimed: before.route === 'aplikasi' }
    case 'objection.dismiss':
      return { ...ghost, objection: false, untimed: false }
    case 'objection.uphold':
    case 'contacts.refused':
      return { ...ghost, ...fresh }
    case 'reopen':
      return { ...ghost, ...fresh, email: false, phone: false, inPerson: false }
    default:
      return ghost
  }
}

/** Does this route's policy know a hold for these notes? None only where an officer had the person in front of them, at ordinary risk (D27). */
const holdFree = (ghost: Ghost, route: string): boolean =>
  route === 'kantor_cabang' && ghost.inPerson && !ghost.elevated

/** What stands in the way of changing the contacts; empty when nothing does (D28, D32, R17, R-4E-1, R-HOLD-1). */
export function objectionsToApplying(ghost: Ghost, route: string): readonly string[] {
  const { maker, checker } = ghost
  return [
    !ghost.identity && 'identity not verified',
    !(ghost.email && ghost.phone) && 'a new contact is not proven',
    maker === null && 'nobody proposed',
    checker === null && 'nobody confirmed',
    checker !== null && checker === maker && 'the checker is the maker',
    checker !== null && checker === ghost.filer && 'the checker filed',
    checker !== null && ghost.uploaders.includes(checker) && 'the checker uploaded evidence',
    maker === ghost.filer && route !== 'kantor_cabang' && 'the maker filed, not at a branch',
    !ghost.held && !holdFree(ghost, route) && 'the hold has not ended',
    ghost.objection && 'an objection is open',
  ].filter((it) => it !== false)
}

/** Notes that a context key does not say already. Portal uploads and the filer never change what is possible for staff. */
export function ghostKey(ghost: Ghost): string {
  const { email, phone, identity, elevated, inPerson, held, objection, untimed } = ghost
  const bits = [email, phone, identity, elevated, inPerson, held, objection, untimed]
  const staff = ghost.uploaders.filter((it) => it !== 'portal')
  return [
    bits.map((it) => (it ? '1' : '0')).join(''),
    staff.join('+'),
    ghost.maker,
    ghost.checker,
    ghost.referrer,
  ].join('/')
}
