import type { Store } from '../../db/types.js'
import type { Clock } from '../engine/clock.js'
import type { Engine } from '../engine/types.js'
import type { Limits } from '../intake/limits.js'
import type { AccountService } from '../ports/accounts.js'
import type { ParticipantDirectory } from '../ports/directory.js'
import type { Answer, Outgoing } from '../ports/sink.js'
import { oldContactsOf, type People, type Vault } from '../privacy/index.js'
import { createMerging, type Merging } from '../staff/duplicates/merging.js'
import { severalAccounts } from '../staff/duplicates/several.js'
import { createApply } from './apply.js'
import { createApprovals } from './approvals.js'
import type { Authority } from '../staff/principal.js'
import { createObjections, type Objections, type RecipientName } from './objections.js'
import { createReviews, type Reviews } from './reviews.js'
import type { RecoveryWatch } from './watch.js'

/** Four eyes, the hold, objections, applying, duplicates: what an approval goes through. */
export { tokenAuthority } from './authority.js'
export { eventSink } from './events.js'
export { watchBy, type Alarm } from './watch.js'

export interface Recovery {
  /** Hands approved contacts to the account service: outbox kind `port` of tickets with personal data. */
  readonly apply: (outgoing: Outgoing) => Promise<Answer>
  readonly objections: Objections
  /** What a notice of a hold carries for one told contact; `publicUrl`: where the participants' pages are, null: links are not known. */
  readonly noticeOf: (
    publicUrl: string | null,
  ) => (
    ticketId: string,
    recipient: RecipientName,
  ) => Promise<{ page: string | null; link: string | null; code: string } | null>
  readonly reviews: Reviews
  readonly merging: Merging
}

export interface RecoveryParts {
  readonly store: Store
  readonly engine: Engine
  readonly vault: Vault
  readonly people: People
  readonly directory: Pick<ParticipantDirectory, 'findById'>
  readonly accounts: AccountService
  readonly clock: Clock
  readonly limits: Pick<Limits, 'approvalsPerPairDay' | 'reviewPercent'>
  readonly authority: Authority
  readonly watch: RecoveryWatch
}

/** Joins the room and sets its guards on the engine: from here on no proposal goes unbound. */
export function openRecovery(parts: RecoveryParts): Recovery {
  const { store, engine, vault, people, directory, accounts, clock, limits, authority, watch } = parts
  const { intake } = store
  const old = (ticketId: string) => oldContactsOf({ vault, store: intake.people, accounts }, ticketId)
  const approvals = createApprovals({
    ...{ store, engine, vault, people, accounts, clock, authority, watch },
    ...{ matches: intake.people, documents: intake.documents, approvals: intake.approvals, keys: intake.keys },
    identities: people,
    oldContactsOf: old,
    pairsPerDay: limits.approvalsPerPairDay,
  })
  const reviews = createReviews({ approvals: intake.approvals, vault, clock, samplePercent: limits.reviewPercent })
  const replace = createApply({
    ...{ people, matches: intake.people, tickets: store, directory, accounts, approvals, reviews },
    several: severalAccounts({ store, engine }),
  })
  const objections = createObjections({ store, approvals: intake.approvals, vault, engine, clock, watch })
  return {
    // Looked at before anything is replaced: afterwards nobody knows any more who has to be told (R-NIST-4).
    async apply(outgoing) {
      await old(outgoing.ticketId)
      return replace(outgoing)
    },
    objections,
    noticeOf: (publicUrl) => async (ticketId, recipient) => {
      const ticket = await store.findTicket(ticketId)
      const notMe = ticket === null ? null : await objections.linkFor(ticket, recipient)
      if (notMe === null) return null
      const page = publicUrl === null ? null : `${publicUrl}/sanggah`
      // Behind the `#`: browsers keep it to themselves, so no log on the way has it (R-TOK-3).
      return { page, link: page === null ? null : `${page}#${notMe.token}`, code: notMe.code }
    },
    reviews,
    merging: createMerging({ store, people: intake.people, contacts: people, engine }),
  }
}
