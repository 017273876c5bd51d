import type { PeopleStore } from '../../../db/intake/people.js'
import type { Store } from '../../../db/types.js'
import { PulihError } from '../../engine/errors.js'
import type { Accepted, Engine, TicketRow } from '../../engine/types.js'
import type { Actor, Label } from '../../machines/ticketType.js'
import type { Contact } from '../../privacy/index.js'

export interface MergingParts {
  readonly store: Pick<Store, 'findTicket'>
  readonly people: Pick<PeopleStore, 'competingWith'>
  readonly contacts: { contactsOf(ticketId: string): Promise<readonly Contact[]> }
  readonly engine: Pick<Engine, 'systemTogether'>
}

/** Why two cases stay two. */
export type MergeObstacle =
  'NOT_COMPETING' | 'NO_SHARED_PROVEN_CONTACT' | 'CLOSED' | 'OBJECTION_OPEN' | 'APPROVAL_STANDING' | 'NO_PERSONAL_DATA'

/** One of the cases beside each other: codes only; addresses are compared here and shown nowhere. */
export interface Beside {
  readonly ticket: TicketRow
  readonly contacts: readonly {
    readonly channel: Contact['channel']
    readonly proven: boolean
    /** The same address as in the case it is compared with. */
    readonly same: boolean
  }[]
  /** What keeps it from being merged into the case it is compared with; null: nothing. */
  readonly obstacle: MergeObstacle | null
}

export interface MergeOrder {
  readonly intoId: string
  readonly fromId: string
  /** The versions that whoever decides has seen. */
  readonly intoVersion: number
  readonly fromVersion: number
  readonly actor: Actor
  readonly key: string
  readonly fingerprint: string
}

export interface Merging {
  /** This case and every other one for the same NIK. Throws TICKET_NOT_FOUND. */
  beside(ticketId: string): Promise<readonly Beside[]>
  /** Both change in one commit or neither does (D31). Throws MERGE_REFUSED with the obstacle, VERSION_STALE, TICKET_NOT_FOUND. */
  merge(order: MergeOrder): Promise<Accepted>
}

export function createMerging({ store, people, contacts, engine }: MergingParts): Merging {
  const ticketOf = async (id: string): Promise<TicketRow> => {
    const ticket = await store.findTicket(id)
    if (ticket === null) throw new PulihError('TICKET_NOT_FOUND', 'There is no such ticket.')
    return ticket
  }
  const contactsOf = async (id: string): Promise<readonly Contact[] | null> => {
    try {
      return await contacts.contactsOf(id)
    } catch (error) {
      if (error instanceof PulihError && error.code === 'ERASED') return null
      throw error
    }
  }
  return {
    async beside(ticketId) {
      const into = await ticketOf(ticketId)
      const own = await contactsOf(ticketId)
      const others = await people.competingWith(ticketId)
      const all = await Promise.all(
        [ticketId, ...others].map(async (id) => ({ ticket: await store.findTicket(id), theirs: await contactsOf(id) })),
      )
      return all.flatMap(({ ticket, theirs }) =>
        ticket === null ? [] : [besideOf(ticket, theirs, into, own, others.includes(ticket.id))],
      )
    },
    async merge({ intoId, fromId, intoVersion, fromVersion, actor, key, fingerprint }) {
      const [into, from] = await Promise.all([ticketOf(intoId), ticketOf(fromId)])
      const competing = (await people.competingWith(intoId)).includes(fromId)
      const [own, theirs] = await Promise.all([contactsOf(intoId), contactsOf(fromId)])
      // A repetition gets its first answer: then the child is closed already.
      const obstacle = from.state === 'merged' ? null : obstacleOf(from, theirs, into, own, competing)
      if (obstacle !== null) throw refusedFor(obstacle)
      const [answer] = await engine.systemTogether([
        {
          ...{ ticketId: intoId, event: { type: 'merge.absorb', from: fromId }, actor, key, fingerprint },
          expectedContentVersion: intoVersion,
        },
        {
          ...{
            ticketId: fromId,
            event: { type: 'merge.record', into: intoId },
            actor,
            key: `${key}:from`,
            fingerprint,
          },
          expectedContentVersion: fromVersion,
        },
      ])
      if (answer === undefined) throw new PulihError('INTERNAL', 'a merge without an answer')
      return answer
    },
  }
}

const refusedFor = (obstacle: MergeObstacle) =>
  new PulihError('MERGE_REFUSED', 'These cases stay two.', {
    reason: obstacle,
    reasons: [{ guard: obstacle, ...LABELS[obstacle] }],
  })
const LABELS: Readonly<Record<MergeObstacle, Label>> = {
  NOT_COMPETING: { id: 'Bukan pengaduan untuk orang yang sama.', en: 'Not a case of the same person.' },
  NO_SHARED_PROVEN_CONTACT: {
    id: 'Tidak ada kontak terbukti yang sama pada keduanya.',
    en: 'No proven contact is the same in both.',
  },
  CLOSED: { id: 'Salah satunya sudah selesai.', en: 'One of them is closed.' },
  OBJECTION_OPEN: { id: 'Masih ada sanggahan yang terbuka.', en: 'An objection is open.' },
  APPROVAL_STANDING: { id: 'Persetujuan masih berjalan pada salah satunya.', en: 'An approval stands in one of them.' },
  NO_PERSONAL_DATA: { id: 'Data pribadi sudah tidak ada.', en: 'There are no personal data any more.' },
}

function besideOf(
  ticket: TicketRow,
  theirs: readonly Contact[] | null,
  into: TicketRow,
  own: readonly Contact[] | null,
  competing: boolean,
): Beside {
  const same = (it: Contact) => own?.some((other) => sameAddress(it, other)) ?? false
  return {
    ticket,
    contacts: (theirs ?? []).map((it) => ({ channel: it.channel, proven: it.proven, same: same(it) })),
    obstacle: obstacleOf(ticket, theirs, into, own, competing),
  }
}

const APPROVED = ['approvalProposed', 'onHold', 'applying']

function obstacleOf(
  from: TicketRow,
  theirs: readonly Contact[] | null,
  into: TicketRow,
  own: readonly Contact[] | null,
  competing: boolean,
): MergeObstacle | null {
  if (!competing) return 'NOT_COMPETING'
  if (from.standing === 'terminal' || into.standing === 'terminal') return 'CLOSED'
  // A question that was raised is answered before its case may disappear (R-HOLD-3).
  if ([from, into].some((it) => it.state === 'frozen' || it.snapshot.context['objectionOpen'] === true))
    return 'OBJECTION_OPEN'
  if (APPROVED.includes(from.state) || APPROVED.includes(into.state)) return 'APPROVAL_STANDING'
  if (own === null || theirs === null || own.length === 0) return 'NO_PERSONAL_DATA'
  const shared = own.some((mine) => theirs.some((it) => mine.proven && it.proven && sameAddress(mine, it)))
  return shared ? null : 'NO_SHARED_PROVEN_CONTACT'
}

/** E-mail addresses are the same for people who write them in another case. */
const sameAddress = (one: Contact, other: Contact): boolean =>
  one.channel === other.channel && one.address.toLowerCase() === other.address.toLowerCase()
