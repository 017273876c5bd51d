import type { Clock } from '../engine/clock.js'
import { PulihError } from '../engine/errors.js'
import type { Vault } from '../privacy/vault.js'

/** What an address is good for: one kind of thing, asked for from one place. Neither can be read in it, and both must be as they were. */
export interface LinkUse {
  readonly kind: 'page' | 'picture'
  readonly from: readonly string[]
}
/** Names for addresses that open something for a minute. What they say is sealed: reading or altering one gives nothing (R-FILE-9, A22). */
export interface FileLinks {
  issue(use: LinkUse, says: unknown): Promise<{ readonly token: string; readonly expiresAt: number }>
  /** What it says. Throws NOT_FOUND for a token that was altered, is used otherwise than it was made for, or has run out. */
  open(use: LinkUse, token: string): Promise<unknown>
}

/** R-FILE-9. */
const LIFE_MS = 60_000
/** As the vault writes it, and nothing after it. */
const TOKEN = /^v1\.[\w-]{1,64}(?:\.[\w-]{1,1000}){3}$/

export function createFileLinks({ vault, clock }: { vault: Pick<Vault, 'sealJson' | 'openJson'>; clock: Clock }) {
  const placeOf = ({ kind, from }: LinkUse) => ({
    ...{ ticketId: null, table: 'file_links' },
    ...{ column: kind, row: JSON.stringify(from) },
  })
  const links: FileLinks = {
    async issue(use, says) {
      const expiresAt = clock.now() + LIFE_MS
      return { token: await vault.sealJson(placeOf(use), { says, expiresAt }), expiresAt }
    },
    async open(use, token) {
      if (!isWritten(token)) throw none()
      const { says, expiresAt } = await vault.openJson(placeOf(use), token).then(
        (it) => it as { readonly says: unknown; readonly expiresAt: number },
        (error: unknown) => {
          throw error instanceof PulihError && UNREADABLE.has(error.code) ? none() : error
        },
      )
      if (clock.now() >= expiresAt) throw none()
      return says
    },
  }
  return links
}

const UNREADABLE: ReadonlySet<string> = new Set(['SEALED_UNREADABLE', 'KEY_UNKNOWN'])
const none = () => new PulihError('NOT_FOUND', 'no such page')

/** One spelling for each: base64 has bits to spare at its end. */
const isWritten = (token: string): boolean =>
  TOKEN.test(token) &&
  token
    .split('.')
    .slice(2)
    .every((it) => Buffer.from(it, 'base64url').toString('base64url') === it)
