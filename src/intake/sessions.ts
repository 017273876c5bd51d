import { createHash } from 'node:crypto'
import type { AccessTokenRow, ProofStore } from '../../db/intake/proofs.js'
import type { Clock } from '../engine/clock.js'

/** 32 random bytes in base64url: no id, no reference number and nothing that could be guessed (R-TOK-1). */
const TOKEN_BYTES = 32
const TOKEN = /^[A-Za-z0-9_-]{43}$/
const DAY_MS = 86_400_000
/** How long a status token opens its ticket: well over the longest way a complaint may take. */
export const TOKEN_DAYS = 90
/** How long it still opens a ticket that is closed: the thirty days in which one may be reopened (D22), and a week in which who comes late is told so. */
export const CLOSED_DAYS = 37

export interface IssuedToken {
  /** In the clear, this once: only its hash is kept. */
  readonly token: string
  readonly expiresAt: number
}

/**
 * What a filer holds instead of an account: a token per ticket. It opens that ticket alone, until it expires, is revoked, the ticket
 * has been closed for 37 days, or its personal data are erased (A21).
 */
export interface Sessions {
  issue(ticketId: string): Promise<IssuedToken>
  /** The ticket that a token opens now; null for any other text. */
  open(token: string): Promise<string | null>
  /** What a token is remembered by where it may not be told: no token, and it opens nothing by itself. */
  markOf(token: string): string
  /** The ticket that the token with this mark opens now; null for any other text. */
  openMarked(mark: string): Promise<string | null>
  revoke(token: string): Promise<boolean>
  /** Every token of a ticket; gives how many there were. */
  revokeAll(ticketId: string): Promise<number>
}

interface Parts {
  readonly proofs: ProofStore
  readonly clock: Clock
  readonly random: (size: number) => Uint8Array
}

export function createSessions({ proofs, clock, random }: Parts): Sessions {
  const openMarked = (hash: string) => {
    const now = clock.now()
    return proofs.openToken(hash, 'status', now, now - CLOSED_DAYS * DAY_MS)
  }
  return {
    async issue(ticketId) {
      const token = Buffer.from(random(TOKEN_BYTES)).toString('base64url')
      const createdAt = clock.now()
      const expiresAt = createdAt + TOKEN_DAYS * DAY_MS
      const row: AccessTokenRow = {
        hash: hashOf(token),
        ticketId,
        purpose: 'status',
        createdAt,
        expiresAt,
        revokedAt: null,
      }
      await proofs.addToken(row)
      return { token, expiresAt }
    },
    open: async (token) => (TOKEN.test(token) ? openMarked(hashOf(token)) : null),
    markOf: hashOf,
    openMarked,
    revoke: async (token) => TOKEN.test(token) && proofs.revokeToken(hashOf(token), clock.now()),
    revokeAll: (ticketId) => proofs.revokeTokensOf(ticketId, clock.now()),
  }
}

/** A plain hash will do: 256 random bits are beyond any guessing. */
const hashOf = (token: string): string => createHash('sha256').update(token, 'ascii').digest('base64url')
