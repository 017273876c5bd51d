import type { ChallengeRow } from '../../db/intake/challenges.js'
import type { IntakeStores } from '../../db/intake/index.js'
import type { Clock } from '../engine/clock.js'
import { ERROR_CODES, PulihError } from '../engine/errors.js'
import type { Engine } from '../engine/types.js'
import type { CodeSender } from '../messages/index.js'
import type { People, Vault } from '../privacy/index.js'
import type { CodeObserver } from './codeObserver.js'
import { PROVE_CONTACT, SEND_CODE } from './codes.js'
import { macOfCode, newCode } from './codeSecret.js'
import { INTAKE } from './filing.js'
import type { Limits } from './limits.js'
import type { TaskHandler } from './tasks.js'

interface Parts {
  readonly store: Pick<IntakeStores, 'challenges'>
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
    const challenge = await store.challenges.findChallenge(ref)
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
    if (!(await store.challenges.setCode(ref, kept))) return
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
export const proveContactHandler = (parts: Parts): TaskHandler => ({
  kind: PROVE_CONTACT,
  async run({ ref, ticketId }) {
    const { store, people, engine } = parts
    const challenge = await store.challenges.findChallenge(ref)
    if (challenge === null) return
    const { channel, generation } = challenge
    const contact = (await people.contactsOf(ticketId)).find((it) => it.channel === channel)
    if (contact?.generation !== generation || !contact.proven) return
    try {
      const event = { type: 'contact.prove', channel }
      await engine.handle({ ticketId, event, actor: INTAKE, key: `${INTAKE.id}:prove:${ref}`, fingerprint: ref })
    } catch (error) {
      // A closed ticket takes no proof any more, and one that has it needs none; anything else is worth another try.
      if (!(error instanceof PulihError) || ERROR_CODES[error.code] !== 409 || error.code === 'CONFLICT') throw error
      return
    }
    await parts.proven(challenge)
  },
})
