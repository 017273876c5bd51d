import type { Channel, PeopleStore } from '../../db/intake/people.js'
import type { Store } from '../../db/types.js'
import type { Clock } from '../engine/clock.js'
import { PulihError } from '../engine/errors.js'
import type { Ids } from '../engine/ids.js'
import type { Accepted, Engine, TicketRow } from '../engine/types.js'
import type { Actor } from '../machines/ticketType.js'
import type { People } from '../privacy/index.js'
import { withdrawProof } from './contactProof.js'
import type { EmailDomains } from './emailDomains.js'
import { allGood, noteOf, type IdentityText } from './fields.js'
import { checkPhone } from './phone.js'

/** A request of the filer about their own ticket. */
export interface FilerRequest {
  readonly ticketId: string
  readonly actor: Actor
  readonly key: string
  readonly fingerprint: string
}

/** What is to be corrected; what is left out stays. */
export type IdentityPatch = { readonly [K in keyof IdentityText]?: IdentityText[K] | undefined }

/** What a filer may still change about their ticket. Each throws EVENT_NOT_ALLOWED where the ticket does not take it now. */
export interface FilerRequests {
  /** Another address for a channel: unproven, and codes for the earlier one are dead (R-OTP-6). Throws VALIDATION_FAILED. */
  changeContact(request: FilerRequest, channel: Channel, address: string): Promise<Accepted>
  /** What was asked to be corrected, over what was declared before (R05). Throws VALIDATION_FAILED. */
  correct(request: FilerRequest, patch: IdentityPatch): Promise<Accepted>
  /** Opens a closed ticket again: both contacts are proven anew (D22). */
  reopen(request: FilerRequest): Promise<Accepted>
  /** Any other event of the filer's own. */
  send(request: FilerRequest, event: { readonly type: string; readonly [name: string]: unknown }): Promise<Accepted>
}

interface Parts {
  readonly store: Pick<Store, 'findTicket' | 'findIdempotency'> & {
    readonly intake: { readonly people: Pick<PeopleStore, 'contactsOf' | 'withdrawProof'> }
  }
  readonly engine: Engine
  readonly people: People
  readonly emailDomains: EmailDomains
  readonly correct: FilerRequests['correct']
  readonly clock: Clock
  readonly ids: Pick<Ids, 'id'>
  /** A code for an address that is new; whatever stands in its way stays unseen here. */
  readonly askCode: (ticketId: string, channel: Channel) => Promise<void>
}

export function createFilerRequests(parts: Parts): FilerRequests {
  const { engine } = parts
  const send: FilerRequests['send'] = ({ ticketId, actor, key, fingerprint }, event) =>
    engine.handle({ ticketId, event, actor, key, fingerprint })
  return {
    send,
    changeContact: (request, channel, address) => changeContact(parts, send, request, channel, address),
    correct: parts.correct,
    async reopen(request) {
      const event = { type: 'reopen' }
      if ((await parts.store.findIdempotency(request.key)) !== null) return send(request, event)
      const accepted = await unproven(parts, send, request, CHANNELS, event)
      for (const channel of CHANNELS) await parts.askCode(request.ticketId, channel)
      return accepted
    },
  }
}
const CHANNELS: readonly Channel[] = ['email', 'phone']

type Send = FilerRequests['send']

async function changeContact(
  parts: Parts,
  send: Send,
  request: FilerRequest,
  channel: Channel,
  text: string,
): Promise<Accepted> {
  const { people, emailDomains, store } = parts
  const { ticketId } = request
  const checked = channel === 'email' ? await emailDomains.check(text) : checkPhone(text)
  const { '/address': address } = allGood({ '/address': checked })
  const event = { type: 'contact.change', channel }
  const known = await store.findIdempotency(request.key)
  const row = (await store.intake.people.contactsOf(ticketId)).find((it) => it.channel === channel)
  const isSame = async () =>
    (await people.contactsOf(ticketId)).find((it) => it.channel === channel)?.address === address
  const same = await isSame()
  // Changed by this very request before, or by one after it.
  if (known !== null && (same || (row !== undefined && row.updatedAt > known.createdAt))) return send(request, event)
  if (same)
    throw new PulihError('VALIDATION_FAILED', 'this is the address already', {
      errors: [noteOf('/address', 'contact_same')],
    })
  const accepted = await unproven(parts, send, request, [channel], event)
  // Cut short before: the ticket was told then, but not after the proof was taken back just now.
  if (accepted.replayed) await send({ ...request, key: `${request.key}:${parts.ids.id()}` }, event)
  if (await isSame()) return accepted
  await people.changeContact(ticketId, channel, address, { unproven: true })
  await parts.askCode(ticketId, channel)
  return accepted
}

/** Takes proofs back, then tells the ticket: in this order no proof of before can reach it afterwards (contactProof.ts). */
async function unproven(
  parts: Parts,
  send: Send,
  request: FilerRequest,
  channels: readonly Channel[],
  event: { readonly type: string; readonly channel?: Channel },
): Promise<Accepted> {
  const { ticketId, actor, key } = request
  const isNew = (await parts.store.findIdempotency(key)) === null
  if (isNew) refuseUnlessAllowed(parts, await parts.store.findTicket(ticketId), actor, event.type)
  // Another request under the same key is refused here, before anything is taken back.
  else await send(request, event)
  for (const channel of channels) await withdrawProof(parts, ticketId, channel)
  return send(request, event)
}

export function refuseUnlessAllowed(
  { engine }: { readonly engine: Pick<Engine, 'allowed'> },
  ticket: TicketRow | null,
  actor: Actor,
  type: string,
): void {
  const allowed = ticket === null ? [] : engine.allowed(ticket, actor).map((it) => it.type)
  if (allowed.includes(type)) return
  throw new PulihError('EVENT_NOT_ALLOWED', 'the ticket does not take this now', { allowed })
}
