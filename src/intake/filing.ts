import type { IntakeStores } from '../../db/intake/index.js'
import type { Channel } from '../../db/intake/people.js'
import type { FilingReplyRow, ProofStore } from '../../db/intake/proofs.js'
import type { Clock } from '../engine/clock.js'
import { PulihError } from '../engine/errors.js'
import type { Ids } from '../engine/ids.js'
import type { Accepted, Engine } from '../engine/types.js'
import type { Actor } from '../machines/ticketType.js'
import type { Identity, People, Vault } from '../privacy/index.js'
import type { IssuedToken, Sessions } from './sessions.js'
import { PRIVACY_NOTICE } from './notice.js'
import type { Tasks } from './tasks.js'

/** A filing whose every field was checked. */
export interface NewFiling {
  readonly identity: Identity
  readonly email: string
  readonly phone: string
  /** Codes and ids: what the ticket's type takes, but for the participant. */
  readonly ticket: Readonly<Record<string, unknown>>
  /** A device's own id, when it sent one. */
  readonly device: string | null
  /** Signs that nobody typed this (R-RISK-1): reasons to look twice, never to refuse. */
  readonly signs: readonly string[]
  readonly key: string
  /** Canonical text of the request. */
  readonly request: string
  /** The officer who files for somebody (R60, D29); a draft waits for its owner, who gets codes when they ask for them. */
  readonly by?: { readonly actor: Actor; readonly draft: boolean }
  /** Where it was prepared under an id of its own (People.reserve): that id, and who the participant is to the ticket. */
  readonly reserved?: { readonly ticketId: string; readonly participantRef: string }
}
/** What the filer is told. */
export type Answer = Readonly<Record<string, unknown>>

export interface Filing {
  /**
   * Files for a person whom nobody looks up here: known, unknown, deceased or twice there, the work and the answer are the same (R-ENUM-1,
   * R-ENUM-2). `compose` makes the answer, once; the same request under the same key gets it again, token and all, for a day (R-IDEM-5).
   * Throws IDEMPOTENCY_KEY_REUSED for another request under the key, CONFLICT while the first is being answered.
   */
  file(
    filing: NewFiling,
    compose: (accepted: Accepted, token: IssuedToken) => Promise<Answer>,
  ): Promise<{ readonly answer: Answer; readonly replayed: boolean }>
}

export interface FilingParts {
  readonly engine: Engine
  readonly people: People
  readonly sessions: Sessions
  readonly vault: Vault
  readonly store: { readonly intake: Pick<IntakeStores, 'proofs' | 'people'> }
  readonly tasks: Tasks
  readonly clock: Clock
  readonly ids: Pick<Ids, 'id'>
  readonly random: (size: number) => Uint8Array
  /** Sends a code to a new address; whatever stands in its way stays unseen here (R-ENUM-3). */
  readonly askCode: (ticketId: string, channel: Channel, desk: boolean) => Promise<void>
  /** Before a ticket is filed whose contacts were proven already: has it told of them later, should what follows be cut off. */
  readonly oweProofs: (ticketId: string) => Promise<void>
  /** Tells a ticket, and its filer, of a contact that was proven before. */
  readonly tellProven: (ticketId: string, channel: Channel) => Promise<void>
}

/** A name for a filer that says nothing about them. */
export const newParticipantRef = (random: FilingParts['random']): string => `ps_${lettersOf(random(16))}`

/** Signs that a machine filled the form in, as codes of risk. */
export const MACHINE_SIGNS = { hiddenField: 'hidden_field_filled', tooFast: 'form_too_fast' } as const

/** The actor of what intake itself does. */
export const INTAKE = { id: 'intake', role: 'portal' } as const
const DAY_MS = 86_400_000
/** A filing that was not answered for so long was cut off: whoever sends it again completes it. */
const SILENT_MS = 30_000

export function createFiling(parts: FilingParts): Filing {
  const { vault, clock } = parts
  const { proofs } = parts.store.intake
  return {
    async file(filing, compose) {
      const claim = await claimed(parts, filing)
      const place = replyPlace(claim)
      if (claim.sealed !== null)
        return { answer: (await vault.openJson(place, claim.sealed)) as Answer, replayed: true }
      const { ticketId, key } = claim
      try {
        if (filing.reserved !== undefined) await parts.oweProofs(ticketId)
        const accepted = await fileUnder(parts, ticketId, filing)
        await follow(parts, ticketId, filing)
        const answer = await compose(accepted, await parts.sessions.issue(ticketId))
        await proofs.answerReply(key, ticketId, await vault.sealJson(place, answer))
        return { answer, replayed: false }
      } catch (error) {
        // The key stays with this ticket: the next try goes on where this one stopped, at once.
        await proofs.reclaimReply({ ...claim, createdAt: clock.now() - SILENT_MS }, clock.now()).catch(() => false)
        throw error
      }
    },
  }
}

const replyPlace = ({ key, ticketId }: Pick<FilingReplyRow, 'key' | 'ticketId'>) => ({
  ticketId,
  table: 'filing_replies',
  column: 'sealed',
  row: key,
})

/** Takes the key for this request, or finds who took it. */
async function claimed({ store, vault, clock, ids }: FilingParts, filing: NewFiling): Promise<FilingReplyRow> {
  const { proofs } = store.intake
  // A device's keys are its own; without one, so are those of the person whom the request names: nobody's key meets another's body (A33).
  const ofFiler = filing.device === null ? `nik ${filing.identity.nik}` : `device ${filing.device}`
  const scope = filing.by === undefined ? ofFiler : `officer ${filing.by.actor.id}`
  const keys = vault.macs('filing', `${scope}\n${filing.key}`)
  const fingerprints = vault.macs('filing', filing.request)
  const [key = ''] = keys
  const [fingerprint = ''] = fingerprints
  const now = clock.now()
  const mine = { key, fingerprint, ticketId: filing.reserved?.ticketId ?? ids.id(), sealed: null, createdAt: now }
  const known = await firstOf(keys, (it) => proofs.findReply(it))
  if (known !== null && known.createdAt <= now - DAY_MS) await proofs.pruneReplies(now - DAY_MS + 1)
  else if (known !== null) return mayGoOn(proofs, known, fingerprints, now)
  if (await proofs.claimReply(mine)) return mine
  const first = await proofs.findReply(key)
  if (first === null) throw inFlight()
  return mayGoOn(proofs, first, fingerprints, now)
}

async function mayGoOn(
  proofs: ProofStore,
  known: FilingReplyRow,
  fingerprints: readonly string[],
  now: number,
): Promise<FilingReplyRow> {
  if (!fingerprints.includes(known.fingerprint))
    throw new PulihError('IDEMPOTENCY_KEY_REUSED', 'this key was used for another filing')
  if (known.sealed !== null) return known
  const taken = await proofs.reclaimReply({ ...known, createdAt: now }, now - SILENT_MS)
  if (!taken) throw inFlight()
  return { ...known, createdAt: now }
}
const inFlight = () => new PulihError('CONFLICT', 'this filing is being answered')

async function firstOf<T>(keys: readonly string[], find: (key: string) => Promise<T | null>): Promise<T | null> {
  for (const key of keys) {
    const found = await find(key)
    if (found !== null) return found
  }
  return null
}

/** The person first, then the ticket under the same id; each does nothing where it is done already. */
async function fileUnder(parts: FilingParts, ticketId: string, filing: NewFiling): Promise<Accepted> {
  const { people, engine, vault, random } = parts
  const { identity, email, phone, device, ticket } = filing
  const actor = filing.by?.actor ?? INTAKE
  const { version: noticeVersion, purpose, legalBasis } = PRIVACY_NOTICE
  const found = device === null ? [] : [{ kind: 'device' as const, value: device }]
  const person = { identity, email, phone, noticeVersion, purpose, legalBasis, found }
  if ((await people.identityOf(ticketId)) === null) await people.add(ticketId, person)
  const participantRef = filing.reserved?.participantRef ?? newParticipantRef(random)
  return engine.file({
    type: 'pengaduan',
    ticketId,
    filing: { ...ticket, participantRef, declaration: true },
    actor,
    ...(filing.by?.draft === true ? { draft: true as const } : {}),
    key: `${INTAKE.id}:filing:${ticketId}`,
    fingerprint: vault.macs('filing', ticketId)[0] ?? '',
  })
}

/** What comes after a filing whoever filed: the look into the directory behind this request, a code for each contact. */
async function follow(
  { store, tasks, clock, askCode, tellProven }: FilingParts,
  ticketId: string,
  { signs, by }: NewFiling,
): Promise<void> {
  const contacts = await store.intake.people.contactsOf(ticketId)
  for (const code of signs) await store.intake.people.raiseFlag({ ticketId, code, detail: {}, raisedAt: clock.now() })
  if (by?.draft === true) return
  await tasks.ask('match', ticketId, 'v1')
  for (const { channel, generation, provenGeneration } of contacts.toSorted((a, b) => (a.channel < b.channel ? -1 : 1)))
    if (provenGeneration === generation) await tellProven(ticketId, channel)
    else await askCode(ticketId, channel, by !== undefined)
}

/** Letters only: ten digits in a row would look like somebody's number. */
const lettersOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('hex')
    .replaceAll(/\d/g, (digit) => 'ghijklmnop'.charAt(Number(digit)))
