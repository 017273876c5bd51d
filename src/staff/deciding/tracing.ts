import { z } from 'zod'
import type { IntakeStores } from '../../../db/intake/index.js'
import type { KpjTrace } from '../../../db/staff/deciding.js'
import type { Store } from '../../../db/types.js'
import type { AuditWriter } from '../../audit/types.js'
import type { Clock } from '../../engine/clock.js'
import { PulihError } from '../../engine/errors.js'
import type { Ids } from '../../engine/ids.js'
import type { Actor } from '../../machines/ticketType.js'
import type { Participant, ParticipantDirectory } from '../../ports/directory.js'
import type { People } from '../../privacy/index.js'

interface Parts {
  readonly store: Pick<Store, 'findTicket'> & { readonly intake: Pick<IntakeStores, 'deciding'> }
  readonly people: Pick<People, 'identityOf'>
  readonly directory: Pick<ParticipantDirectory, 'findByNik'>
  readonly audit: AuditWriter
  readonly clock: Clock
  readonly ids: Pick<Ids, 'id'>
}
export interface Traced {
  readonly result: KpjTrace['result']
  readonly cards: Participant['cards']
  readonly at: number
}
const Context = z.looseObject({ identityVerified: z.boolean() })

/**
 * The KPJ numbers of whoever is verified, by NIK (R41): before that nobody gets to see one (R50). What came of it is written down as a code.
 * Throws IDENTITY_UNVERIFIED, NOT_FOUND without a person, ERASED, UPSTREAM_UNAVAILABLE.
 */
export async function traceKpj(parts: Parts, ticketId: string, actor: Actor): Promise<Traced> {
  const { store, people, directory, audit, clock, ids } = parts
  const ticket = await store.findTicket(ticketId)
  if (ticket === null) throw new PulihError('TICKET_NOT_FOUND', 'no such ticket')
  const declared = await people.identityOf(ticketId)
  if (declared === null) throw new PulihError('NOT_FOUND', 'this ticket was filed without a person')
  const { identityVerified } = Context.parse(ticket.snapshot.context)
  if (!identityVerified || ticket.standing === 'terminal')
    throw new PulihError('IDENTITY_UNVERIFIED', 'a KPJ is traced for a verified person on an open ticket only')
  const participant = await directory.findByNik(declared.identity.nik)
  const cards = participant?.cards ?? []
  const result = resultOf(participant, cards.length)
  const at = clock.now()
  const { id: actorId, role: actorRole } = actor
  const count = cards.length
  await audit.record({ at, actorId, actorRole, action: 'kpj.trace', ticketId, detail: { result, cards: count } })
  await store.intake.deciding.addTrace({ id: ids.id(), ticketId, result, cards: count, actorId, at })
  return { result, cards, at }
}

function resultOf(participant: Participant | null, cards: number): KpjTrace['result'] {
  if (participant === null) return 'NOT_REGISTERED'
  if (cards === 0) return 'NONE'
  return cards === 1 ? 'FOUND' : 'SEVERAL'
}
