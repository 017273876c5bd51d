import type { ChallengeRow } from '../../db/intake/challenges.js'
import type { IntakeStores } from '../../db/intake/index.js'
import type { Store } from '../../db/types.js'
import type { Clock } from '../engine/clock.js'
import type { Engine } from '../engine/types.js'
import type { CodeSender } from '../messages/index.js'
import type { People, Vault } from '../privacy/index.js'
import type { CodeObserver } from './codeObserver.js'
import { PROVE_CONTACT, SEND_CODE } from './codes.js'
import { macOfCode, newCode } from './codeSecret.js'
import { settleContact } from './contactProof.js'
import type { Limits } from './limits.js'
import type { TaskHandler } from './tasks.js'

interface Parts {
  readonly store: Pick<Store, 'findTicket'> & { readonly intake: Pick<IntakeStores, 'challenges' | 'people'> }
  readonly people: Pick<People, 'contactsOf'>
  readonly vault: Pick<Vault, 'macs'>
  readonly engine: Engine
  readonly sender: CodeSender
  readonly clock: Clock
  readonly random: (size: number) => Uint8Array
  readonly limits: Limits
  readonly observer: CodeObserver
  /** What follows a proof. */
  readonly proven: (challenge: ChallengeRow) => Promise<void>
}
const MINUTE_MS = 60_000

/** Makes a code and sends it. It lives in this worker and in the message alone: a message that failed is sent again with another one (R-OTP-4). */
export const sendCodeHandler = (parts: Parts): TaskHandler => ({
  kind: SEND_CODE,
  async run({ ref, ticketId }) {
    const { store, people, vault, clock, random, limits, sender, observer } = parts
    const challenge = await store.intake.challenges.findChallenge(ref)
    if (challenge === null || challenge.supersededAt !== null || challenge.consumedAt !== null) return
    const { channel, purpose, generation } = challenge
    const contact = (await people.contactsOf(ticketId)).find((it) => it.channel === channel)
    // The address was changed since: a code for the earlier one would open nothing (R-OTP-6).
    if (contact?.generation !== generation) return
    const code = newCode(random)
    const sentAt = clock.now()
    const kept = {
      codeMac: macOfCode(vault, challenge, code),
      sentAt,
      expiresAt: sentAt + limits.codeMinutes * MINUTE_MS,
    }
    // Kept before it is sent: a code that arrives is one that opens.
    if (!(await store.intake.challenges.setCode(ref, kept))) return
    try {
      await sender.sendCode({ ticketId, channel, address: contact.address, code, ref, purpose })
      observer.code(channel, 'sent')
    } catch (error) {
      observer.code(channel, 'failed')
      throw error
    }
  },
})

/** Tells the ticket that a contact was proven, unless its address was changed meanwhile. */
export const proveContactHandler = (parts: Pick<Parts, 'store' | 'engine' | 'proven'>): TaskHandler => ({
  kind: PROVE_CONTACT,
  async run({ ref, ticketId }) {
    const challenge = await parts.store.intake.challenges.findChallenge(ref)
    if (challenge === null) return
    const contact = await settleContact(parts, ticketId, challenge.channel)
    if (contact?.generation === challenge.generation) await parts.proven(challenge)
  },
})
