import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '../engine/clock.js'
import { PulihError } from '../engine/errors.js'
import type { DerivedKey } from '../privacy/keyring.js'

/** One page of one document, for one person. */
export interface LinkedPage {
  readonly actorId: string
  readonly role: string
  readonly ticketId: string
  readonly documentId: string
  readonly page: number
}
export interface FileLinks {
  /** A name for an address that opens this page to whoever calls it within a minute, as this person. Ids only. */
  issue(page: LinkedPage): { readonly token: string; readonly expiresAt: number }
  /** Throws NOT_FOUND for a token that was altered, or has run out. */
  open(token: string): LinkedPage
}

/** R-FILE-9. */
const LIFE_MS = 60_000
const Claims = z.tuple([z.string(), z.string(), z.string(), z.string(), z.int(), z.int()])

/** `keys`: those in use, the first signs. */
export function createFileLinks({ keys, clock }: { keys: readonly DerivedKey[]; clock: Clock }): FileLinks {
  const macWith = (key: Buffer, text: string) => createHmac('sha256', key).update(text, 'utf8').digest()
  return {
    issue({ actorId, role, ticketId, documentId, page }) {
      const [first] = keys
      if (first === undefined) throw new TypeError('the keyring has an index key')
      const expiresAt = clock.now() + LIFE_MS
      const claims = Buffer.from(JSON.stringify([actorId, role, ticketId, documentId, page, expiresAt])).toString(
        'base64url',
      )
      return { token: `${claims}.${macWith(first.key, claims).toString('base64url')}`, expiresAt }
    },
    open(token) {
      const [claims = '', mac = ''] = token.split('.')
      const given = Buffer.from(mac, 'base64url')
      const genuine = keys.some(({ key }) => {
        const expected = macWith(key, claims)
        return given.length === expected.length && timingSafeEqual(given, expected)
      })
      const parsed = genuine ? Claims.safeParse(JSON.parse(Buffer.from(claims, 'base64url').toString('utf8'))) : null
      if (parsed?.success !== true || parsed.data[5] <= clock.now()) throw new PulihError('NOT_FOUND', 'no such page')
      const [actorId, role, ticketId, documentId, page] = parsed.data
      return { actorId, role, ticketId, documentId, page }
    },
  }
}
