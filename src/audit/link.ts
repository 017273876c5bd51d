import { createHash } from 'node:crypto'
import canonicalizeModule from 'canonicalize'
import type { AuditRow, Head } from './types.js'

// The package is CommonJS and its types say otherwise.
const canonicalize = canonicalizeModule as unknown as (value: unknown) => string | undefined

/** What stands before the first entry. */
export const GENESIS: Head = { position: 0, hash: '0'.repeat(64) }

/** An entry before it has its place in the chain. */
export type NewEntry = Omit<AuditRow, 'position' | 'prevHash' | 'hash'>

/** SHA-256(prevHash ‖ JCS(record)) in hex; the record holds everything but the two hashes (R-AUD-1, RFC 8785). */
export function hashOf(row: Omit<AuditRow, 'hash'>): string {
  const { prevHash, position, at, actorId, actorRole, action, ticketId, subject, detail } = row
  const record = { position, at, actorId, actorRole, action, ticketId, subject, detail }
  return createHash('sha256').update(Buffer.from(prevHash, 'hex')).update(jcs(record), 'utf8').digest('hex')
}

/** Gives each entry its place behind `head`. */
export function linked(head: Head | null, entries: readonly NewEntry[]): readonly AuditRow[] {
  let { position, hash } = head ?? GENESIS
  return entries.map((entry) => {
    position += 1
    const row = { ...entry, position, prevHash: hash }
    hash = hashOf(row)
    return { ...row, hash }
  })
}

/** The one text of a JSON value. */
export function jcs(value: object): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('not a JSON value')
  return text
}

/** SHA-256 of a row's JCS, in base64url: what the chain keeps of a row of the tickets' log. */
export const digestOf = (row: object): string => createHash('sha256').update(jcs(row), 'utf8').digest('base64url')
