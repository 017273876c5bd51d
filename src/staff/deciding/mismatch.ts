import type { Store } from '../../../db/types.js'
import type { Accepted, Command, Engine, TicketRow } from '../../engine/types.js'
import { PulihError } from '../../engine/errors.js'
import type { ChecklistItem } from './checklists.js'

interface Parts {
  readonly store: Pick<Store, 'findTicket' | 'findIdempotency'>
  readonly engine: Pick<Engine, 'handle' | 'allowed'>
}
export interface MismatchOrder extends Pick<Command, 'ticketId' | 'actor'> {
  readonly key: string
  readonly fingerprint: string
  readonly expectedContentVersion: number
  readonly officeId: string
  /** Items that do not match. */
  readonly differing: readonly ChecklistItem[]
}

/** What the last of the three steps is remembered under: who has it has done all of them. */
export const referredKey = (key: string): string => `${key}:referred`

/**
 * Records differ from the latest identity (R49): the check is written down as a mismatch, the promise extended with its reason (R08), and the
 * person referred to a branch; the ticket stays the same one. Three steps under one key: sent again, it goes on where it stopped.
 */
export async function referMismatch({ store, engine }: Parts, order: MismatchOrder): Promise<Accepted> {
  const { ticketId, actor, key, fingerprint, officeId, differing } = order
  let version = order.expectedContentVersion
  const send = async (step: string, event: Command['event']) => {
    const accepted = await engine.handle({
      ...{ ticketId, actor, event, fingerprint },
      key: `${key}:${step}`,
      expectedContentVersion: version,
    })
    version = accepted.contentVersion
    return accepted
  }
  const ticket = await store.findTicket(ticketId)
  if (ticket === null) throw new PulihError('TICKET_NOT_FOUND', 'no such ticket')
  const checklist = differing.map((item) => ({ item, matched: false }))
  await send('checked', { type: 'identity.verify', verdict: 'mismatched', checklist })
  const extended = (await store.findIdempotency(`${key}:extended`)) !== null
  if (extended || takes(engine, (await store.findTicket(ticketId)) ?? ticket, order))
    await send('extended', { type: 'promise.extend', flag: 'perbedaan_identitas' })
  return send('referred', { type: 'branch.refer', officeId, reason: 'PERBEDAAN_IDENTITAS' })
}

/** A branch's own ticket, one that was extended before, and a promise that is broken already keep the date they have. */
const takes = (engine: Parts['engine'], ticket: TicketRow, { actor }: MismatchOrder): boolean =>
  engine.allowed(ticket, actor).some((it) => it.type === 'promise.extend')
