import { createHmac, hkdfSync, type KeyObject } from 'node:crypto'
import { PulihError } from '../engine/errors.js'
import { openText, sealText, type Place, type RandomBytes } from './aead.js'

/** A secret of 32 bytes under the id by which ciphertexts and indexes name it; as a key object, so that no printed configuration shows it. */
export interface NamedKey {
  readonly id: string
  readonly secret: KeyObject
}
/** A key made from a secret for one purpose. */
export interface DerivedKey {
  readonly id: string
  readonly key: Buffer
}
/** The secrets of an installation; the first of each list is the one that new rows use, the rest stay readable (R-ENC-3). */
export interface KeyringConfig {
  readonly wrapping: readonly NamedKey[]
  readonly index: readonly NamedKey[]
}

/**
 * What wraps the tickets' own keys. Small on purpose: a key management service can stand behind the same two operations.
 * Both throw KEY_UNKNOWN for a key id that is not in the ring.
 */
export interface Keyring {
  readonly activeKeyId: string
  readonly keyIds: readonly string[]
  wrap(ticketId: string, key: Buffer): Promise<{ readonly keyId: string; readonly wrapped: string }>
  unwrap(ticketId: string, keyId: string, wrapped: string): Promise<Buffer>
  /** The key for rows that belong to no ticket, and its id; default the active one. */
  common(keyId?: string): { readonly keyId: string; readonly key: Buffer }
  /** Keys of the blind indexes for one kind of value, active first: equality within a kind, nothing across kinds (R-ENC-2). */
  indexKeys(kind: string): readonly DerivedKey[]
}

const placeOf = (ticketId: string): Place => ({ ticketId, table: 'ticket_keys', column: 'wrapped', row: ticketId })

/** The keyring from secrets in the environment or the embedded key file. Throws CONFIGURATION_INVALID without a key of each sort. */
export function localKeyring({ wrapping, index }: KeyringConfig, random: RandomBytes): Keyring {
  const [active] = wrapping
  if (active === undefined || index.length === 0)
    throw new PulihError('CONFIGURATION_INVALID', 'The keyring needs at least one wrapping key and one index key.')
  const secrets = new Map(wrapping.map((it) => [it.id, it.secret]))
  const derived = new Map<string, Buffer>()
  const derive = (secret: KeyObject, name: string, purpose: string): Buffer => {
    const id = `${purpose}|${name}`
    const known = derived.get(id) ?? Buffer.from(hkdfSync('sha256', secret, 'pulih', purpose, 32))
    derived.set(id, known)
    return known
  }
  const secretOf = (keyId: string): KeyObject => {
    const secret = secrets.get(keyId)
    if (secret === undefined)
      throw new PulihError('KEY_UNKNOWN', 'A key that data are sealed under is not in the keyring.')
    return secret
  }
  return {
    activeKeyId: active.id,
    keyIds: wrapping.map((it) => it.id),
    wrap: (ticketId, key) => {
      const wrapped = sealText(derive(active.secret, active.id, 'wrap'), active.id, placeOf(ticketId), key, random)
      return Promise.resolve({ keyId: active.id, wrapped })
    },
    unwrap: async (ticketId, keyId, wrapped) =>
      Promise.resolve(openText(derive(secretOf(keyId), keyId, 'wrap'), placeOf(ticketId), wrapped)),
    common: (keyId = active.id) => ({ keyId, key: derive(secretOf(keyId), keyId, 'common') }),
    indexKeys: (kind) => index.map(({ id, secret }) => ({ id, key: derive(secret, id, `index:${kind}`) })),
  }
}

/** HMAC-SHA256 in base64url. */
export const macOf = (key: Buffer, text: string): string =>
  createHmac('sha256', key).update(text, 'utf8').digest('base64url')
