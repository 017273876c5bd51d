import type { Channel } from '../../db/intake/people.js'
import type { Store } from '../../db/types.js'
import type { Clock } from '../engine/clock.js'
import { PulihError } from '../engine/errors.js'
import type { Accepted, Engine, TicketRow } from '../engine/types.js'
import type { Actor } from '../machines/ticketType.js'
import type { Contact, People } from '../privacy/index.js'
import { dayInJakarta } from './birthDate.js'
import type { EmailDomains } from './emailDomains.js'
import { allGood, identityChecks, noteOf, type IdentityText } from './fields.js'
import { checkPhone } from './phone.js'
import type { Tasks } from './tasks.js'

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
  readonly store: Pick<Store, 'findTicket' | 'findIdempotency'>
  readonly engine: Engine
  readonly people: People
  readonly emailDomains: EmailDomains
  readonly tasks: Tasks
  readonly clock: Clock
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
    correct: (request, patch) => correct(parts, send, request, patch),
    async reopen(request) {
      const accepted = await send(request, { type: 'reopen' })
      if (!accepted.replayed)
        for (const { channel, address } of await parts.people.contactsOf(request.ticketId))
          await renew(parts, request.ticketId, channel, address)
      return accepted
    },
  }
}

type Send = FilerRequests['send']

async function changeContact(
  parts: Parts,
  send: Send,
  request: FilerRequest,
  channel: Channel,
  text: string,
): Promise<Accepted> {
  const { people, emailDomains, engine } = parts
  const { ticketId, actor } = request
  const checked = channel === 'email' ? await emailDomains.check(text) : checkPhone(text)
  const { '/address': address } = allGood({ '/address': checked })
  const known = await parts.store.findIdempotency(request.key)
  const before = contactOf(await people.contactsOf(ticketId), channel)
  if (known === null && before?.address === address)
    throw new PulihError('VALIDATION_FAILED', 'this is the address already', {
      errors: [noteOf('/address', 'contact_same')],
    })
  // The machine first: from here on nothing that was proven or proposed about the earlier address counts.
  const accepted = await send(request, { type: 'contact.change', channel })
  if (contactOf(await people.contactsOf(ticketId), channel)?.address === address) return accepted
  await renew(parts, ticketId, channel, address)
  // A code for the earlier address may have come in between: then the machine took it for a proof of this one.
  const ticket = await parts.store.findTicket(ticketId)
  if (ticket?.snapshot.context[channel === 'email' ? 'provenEmail' : 'provenPhone'] === true)
    await engine.handle({
      ticketId,
      event: { type: 'contact.change', channel },
      actor,
      key: `${request.key}:again`,
      fingerprint: request.fingerprint,
    })
  return accepted
}

const contactOf = (contacts: readonly Contact[], channel: Channel): Contact | undefined =>
  contacts.find((it) => it.channel === channel)

/** The next generation of a contact, and a code to prove it with. */
async function renew({ people, askCode }: Parts, ticketId: string, channel: Channel, address: string): Promise<void> {
  await people.changeContact(ticketId, channel, address)
  await askCode(ticketId, channel)
}

async function correct(parts: Parts, send: Send, request: FilerRequest, patch: IdentityPatch): Promise<Accepted> {
  const { people, tasks, clock } = parts
  const { ticketId, actor } = request
  if (Object.values(patch).every((value) => value === undefined))
    throw new PulihError('VALIDATION_FAILED', 'nothing to correct', { errors: [noteOf('', 'nothing_changed')] })
  const declared = await people.identityOf(ticketId)
  if (declared === null) throw new PulihError('NOT_FOUND', 'this ticket has no identity')
  const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined))
  const checks = identityChecks({ ...declared.identity, ...given }, dayInJakarta(clock.now()))
  const checked = allGood(checks)
  const identity = {
    name: checked['/identity/name'],
    nik: checked['/identity/nik'],
    kpj: checked['/identity/kpj'],
    birthDate: checked['/identity/birthDate'],
  }
  if ((await parts.store.findIdempotency(request.key)) === null) {
    refuseUnlessAllowed(parts, await parts.store.findTicket(ticketId), actor, 'correction.submit')
    // The data first: a ticket that says it was corrected always was.
    if (JSON.stringify(identity) !== JSON.stringify(declared.identity)) {
      await people.correct(ticketId, identity, declared.version)
      await tasks.ask('match', ticketId, `v${declared.version + 1}`)
    }
  }
  return send(request, { type: 'correction.submit' })
}

function refuseUnlessAllowed({ engine }: Parts, ticket: TicketRow | null, actor: Actor, type: string): void {
  const allowed = ticket === null ? [] : engine.allowed(ticket, actor).map((it) => it.type)
  if (allowed.includes(type)) return
  throw new PulihError('EVENT_NOT_ALLOWED', 'the ticket does not take this now', { allowed })
}
