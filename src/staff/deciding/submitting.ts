import type { Channel } from '../../../db/intake/people.js'
import type { IntakeStores } from '../../../db/intake/index.js'
import type { Store } from '../../../db/types.js'
import type { Clock } from '../../engine/clock.js'
import { PulihError } from '../../engine/errors.js'
import type { Ids } from '../../engine/ids.js'
import type { Accepted, Command, Engine, TicketRow } from '../../engine/types.js'
import { dayInJakarta } from '../../intake/birthDate.js'
import { heldForProven, withdrawProof } from '../../intake/contactProof.js'
import type { EmailDomains } from '../../intake/emailDomains.js'
import { allGood, identityChecks } from '../../intake/fields.js'
import { checkPhone } from '../../intake/phone.js'
import {
  refuseUnlessAllowed,
  type FilerRequest,
  type FilerRequests,
  type IdentityPatch,
} from '../../intake/requests.js'
import { MATCH } from '../../intake/risk.js'
import type { Tasks } from '../../intake/tasks.js'
import type { Identity, People } from '../../privacy/index.js'

interface Parts {
  readonly store: Pick<Store, 'findTicket' | 'findIdempotency'> & {
    readonly intake: Pick<IntakeStores, 'people' | 'deciding'>
  }
  readonly engine: Pick<Engine, 'handle' | 'allowed'>
  readonly people: Pick<People, 'identityOf' | 'correct' | 'contactsOf' | 'changeContact'>
  readonly requests: Pick<FilerRequests, 'reopen'>
  readonly emailDomains: Pick<EmailDomains, 'check'>
  readonly tasks: Tasks
  readonly clock: Clock
  readonly ids: Pick<Ids, 'id'>
}
/** What is put right on the way; what is left out stays as it was. */
export interface Correction {
  readonly identity?: IdentityPatch | undefined
  readonly email?: string | undefined
  readonly phone?: string | undefined
}
export interface Submitting {
  /** Only its owner submits what an officer typed, with both contacts proven, by whichever way. Throws PROOF_REQUIRED. */
  refuseOthers(command: Command): Promise<void>
  /**
   * The owner submits the draft that an officer typed (D29): both contacts proven first. Throws PROOF_REQUIRED, EVENT_NOT_ALLOWED for
   * anything but a draft, VALIDATION_FAILED.
   */
  submitDraft(request: FilerRequest, identity: IdentityPatch | undefined): Promise<Accepted>
  /**
   * "Perbaiki dan ajukan ulang" (R05): a closed complaint opens again with what was entered before, put right where it was wrong; both contacts
   * are proven anew (D22). Throws EVENT_NOT_ALLOWED outside the window, VALIDATION_FAILED.
   */
  resubmit(request: FilerRequest, correction: Correction): Promise<Accepted>
}
/** Behind an identity that was put right outside of a correction that somebody asked for. */
export const REMATCH = 'rematch'
const CHANNELS: readonly Channel[] = ['email', 'phone']

export function createSubmitting(parts: Parts): Submitting {
  const { store, engine } = parts
  return {
    async refuseOthers({ ticketId, actor }) {
      const typed = await store.intake.deciding.findAssisted(ticketId)
      if (typed === null) return
      const ticket = await store.findTicket(ticketId)
      if (ticket?.state !== 'draft') return
      const owner = actor.role === 'participant' && actor.id === ticket.participantRef
      if (!owner || !bothProven(ticket)) throw unproven()
    },
    async submitDraft(request, patch) {
      const { ticketId, actor, key, fingerprint } = request
      const send = () => engine.handle({ ticketId, event: { type: 'submit' }, actor, key, fingerprint })
      if ((await store.findIdempotency(key)) !== null) return send()
      const ticket = await store.findTicket(ticketId)
      refuseUnlessAllowed(parts, ticket, actor, 'submit')
      if (ticket === null || !bothProven(ticket)) throw unproven()
      await correct(parts, ticket, patch)
      const accepted = await send()
      const version = (await parts.people.identityOf(ticketId))?.version ?? 1
      await parts.tasks.ask(MATCH, ticketId, `submitted:v${version}`)
      return accepted
    },
    async resubmit(request, correction) {
      if ((await store.findIdempotency(request.key)) === null) await prepare(parts, request, correction)
      return parts.requests.reopen(request)
    },
  }
}

const bothProven = (ticket: TicketRow) => CHANNELS.every((channel) => heldForProven(ticket, channel))
const unproven = () => new PulihError('PROOF_REQUIRED', 'the owner submits a draft, once both contacts are proven')

/** Data first: a complaint that says it is open again holds what was put right. Cut short, the next try goes on from here. */
async function prepare(parts: Parts, { ticketId, actor }: FilerRequest, correction: Correction): Promise<void> {
  const { store, people } = parts
  const ticket = await store.findTicket(ticketId)
  refuseUnlessAllowed(parts, ticket, actor, 'reopen')
  if (ticket === null) return
  const addresses = await checkedAddresses(parts, correction)
  await correct(parts, ticket, correction.identity)
  const known = await people.contactsOf(ticketId)
  for (const channel of CHANNELS) {
    const address = addresses[`/${channel}`]
    if (address === undefined || known.find((it) => it.channel === channel)?.address === address) continue
    await withdrawProof(parts, ticketId, channel)
    await people.changeContact(ticketId, channel, address, { unproven: true })
  }
}

async function checkedAddresses({ emailDomains }: Parts, { email, phone }: Correction) {
  return allGood({
    ...(email === undefined ? {} : { '/email': await emailDomains.check(email) }),
    ...(phone === undefined ? {} : { '/phone': checkPhone(phone) }),
  }) as Partial<Record<`/${Channel}`, string>>
}

/** Written only while the ticket stands where it was looked at; the look into the directory follows in the same commit. */
async function correct(
  { people, clock, ids }: Parts,
  ticket: TicketRow,
  patch: IdentityPatch | undefined,
): Promise<void> {
  const declared = await people.identityOf(ticket.id)
  if (declared === null) throw new PulihError('NOT_FOUND', 'this ticket has no identity')
  const given = Object.fromEntries(Object.entries(patch ?? {}).filter(([, value]) => value !== undefined))
  const identity = checkedIdentity({ ...declared.identity, ...given }, clock.now())
  if (JSON.stringify(identity) === JSON.stringify(declared.identity)) return
  const at = clock.now()
  const ref = `v${declared.version + 1}`
  const task = { id: ids.id(), kind: REMATCH, ticketId: ticket.id, ref, dueAt: at, createdAt: at }
  await people.correct(ticket.id, identity, declared.version, { contentVersion: ticket.contentVersion, task })
}

function checkedIdentity(identity: Identity, now: number): Identity {
  const checked = allGood(identityChecks(identity, dayInJakarta(now)))
  return {
    name: checked['/identity/name'],
    nik: checked['/identity/nik'],
    kpj: checked['/identity/kpj'],
    birthDate: checked['/identity/birthDate'],
  }
}
