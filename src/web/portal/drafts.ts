import { createHash } from 'node:crypto'
import type { PortalStore } from '../../../db/portal/drafts.js'
import type { Clock } from '../../engine/clock.js'
import { PulihError } from '../../engine/errors.js'
import type { Ids } from '../../engine/ids.js'
import { newParticipantRef } from '../../intake/filing.js'
import type { Diagnostics } from '../../machines/pengaduan/diagnostics.js'
import type { Vault } from '../../privacy/index.js'

/** What somebody has answered so far, normalised; what they have proven stands with the contacts (docs/adr/0017). */
export interface Answers {
  readonly cause: string
  /** What the triage learned, where somebody came through it. */
  readonly diagnostics?: Diagnostics
  readonly claimRunning?: boolean
  readonly identity?: {
    readonly name: string
    readonly nik: string
    readonly kpj: string | null
    readonly birthDate: string
  }
  readonly email?: string
  readonly phone?: string
  /** Whoever went on from the page of documents, with or without any. */
  readonly documentsDone?: boolean
  /** Who the filer will be to their ticket. */
  readonly participantRef: string
  /** The key under which it is sent, once. */
  readonly key: string
  /** The hidden field was filled in. */
  readonly trap?: boolean
  /** Sent; nothing else is kept from then on. */
  readonly sent?: boolean
}
export interface Draft {
  readonly hash: string
  readonly ticketId: string
  readonly version: number
  readonly createdAt: number
  readonly answers: Answers
}

/** Complaints that are being written: kept for a day under the key of the ticket they will become. */
export interface Drafts {
  /** The token that opens the new draft; told this once. */
  begin(answers: Pick<Answers, 'cause' | 'diagnostics'>): Promise<{ readonly token: string; readonly draft: Draft }>
  /** Null for a token that opens nothing (any more). */
  open(token: string): Promise<Draft | null>
  /** Over what is there now, whoever saved in between. Throws NOT_FOUND when the draft is gone. */
  save(draft: Draft, change: Partial<Answers>): Promise<Draft>
  /** What was typed is forgotten; that it was sent is remembered for the rest of the day. */
  close(draft: Draft): Promise<void>
  remove(draft: Draft): Promise<void>
}

interface Parts {
  readonly store: PortalStore
  readonly vault: Vault
  readonly clock: Clock
  readonly ids: Pick<Ids, 'id'>
  readonly random: (size: number) => Uint8Array
}
export const DRAFT_MS = 86_400_000
const TOKEN = /^[A-Za-z0-9_-]{43}$/
const ROUNDS = 5

export function createDrafts({ store, vault, clock, ids, random }: Parts): Drafts {
  const sealedAs = (hash: string, ticketId: string, answers: Answers) =>
    vault.sealJson({ ticketId, table: 'portal_drafts', column: 'sealed', row: hash }, answers)
  const find = async (hash: string): Promise<Draft | null> => {
    const row = await store.findDraft(hash, clock.now() - DRAFT_MS)
    if (row === null) return null
    const { ticketId, sealed, version, createdAt } = row
    try {
      const place = { ticketId, table: 'portal_drafts', column: 'sealed', row: hash }
      return { hash, ticketId, version, createdAt, answers: (await vault.openJson(place, sealed)) as Answers }
    } catch (error) {
      if (error instanceof PulihError && error.code === 'ERASED') return null
      throw error
    }
  }
  const write = async (draft: Draft, answers: Answers): Promise<Draft | null> => {
    const version = draft.version + 1
    const sealed = await sealedAs(draft.hash, draft.ticketId, answers)
    return (await store.saveDraft({ hash: draft.hash, version, sealed })) ? { ...draft, version, answers } : null
  }
  const save: Drafts['save'] = async (draft, change) => {
    for (let round = 0, now: Draft | null = draft; round < ROUNDS && now !== null; round++) {
      const saved = await write(now, { ...now.answers, ...change })
      if (saved !== null) return saved
      now = await find(draft.hash)
    }
    throw new PulihError('NOT_FOUND', 'this draft is gone')
  }
  return {
    async begin(told) {
      const createdAt = clock.now()
      await store.pruneDrafts(createdAt - DRAFT_MS)
      const token = Buffer.from(random(32)).toString('base64url')
      const hash = hashOf(token)
      const ticketId = ids.id()
      const answers = { ...told, participantRef: newParticipantRef(random), key: ids.id() }
      await vault.newKey(ticketId)
      await store.addDraft({ hash, ticketId, version: 1, sealed: await sealedAs(hash, ticketId, answers), createdAt })
      return { token, draft: { hash, ticketId, version: 1, createdAt, answers } }
    },
    open: async (token) => (TOKEN.test(token) ? find(hashOf(token)) : null),
    save,
    async close(draft) {
      const { cause, participantRef, key } = draft.answers
      const now = (await find(draft.hash)) ?? draft
      await write(now, { cause, participantRef, key, sent: true })
    },
    remove: (draft) => store.removeDraft(draft.hash),
  }
}

/** 256 random bits need no slow hash. */
const hashOf = (token: string): string => createHash('sha256').update(token, 'ascii').digest('base64url')
