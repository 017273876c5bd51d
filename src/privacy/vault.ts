import { hkdfSync } from 'node:crypto'
import type { KeyStore } from '../../db/intake/keys.js'
import type { Clock } from '../engine/clock.js'
import { PulihError } from '../engine/errors.js'
import { keyIdOf, openBytes, openText, sealBytes, sealText, type Place, type RandomBytes } from './aead.js'
import { macOf, type Keyring } from './keyring.js'

export type IndexKind = 'nik' | 'kpj' | 'email' | 'emailRisk' | 'phone' | 'device' | 'content' | 'person' | 'address'
/** A keyed hash of a normalised value, and the key it was made with. */
export interface BlindIndex {
  readonly keyId: string
  readonly value: string
}

/**
 * The one door to personal data. Every sealed value names its key and is bound to its place; a ticket's values open with the
 * ticket's own key, and with that key destroyed they never open again. Throws ERASED for such a ticket, SEALED_UNREADABLE for what was
 * altered or moved, KEY_UNKNOWN when the keyring lacks the key.
 */
export interface Vault {
  /** Gives the ticket its key, before anything is sealed for it. Harmless when it has one. */
  newKey(ticketId: string): Promise<void>
  seal(place: Place, plain: string | Uint8Array): Promise<string>
  open(place: Place, sealed: string): Promise<Buffer>
  sealJson(place: Place, value: unknown): Promise<string>
  openJson(place: Place, sealed: string): Promise<unknown>
  /** For the file store: binary in, binary out. */
  sealFile(place: Place, plain: Uint8Array): Promise<Buffer>
  openFile(place: Place, sealed: Uint8Array): Promise<Buffer>
  /** Of a normalised value, under the active key: what is written. */
  index(kind: IndexKind, value: string): BlindIndex
  /** Under every key that is still in use: what is looked up, and written while a rotation runs. */
  indexes(kind: IndexKind, value: string): readonly BlindIndex[]
  /** A MAC under a key of its own purpose (codes, tokens); base64url. Under the active key first, then the others. */
  macs(purpose: string, text: string): readonly string[]
  /** A MAC under the ticket's own key, for one purpose: it dies with the key. Throws ERASED, KEY_UNKNOWN. base64url. */
  ticketMac(ticketId: string, purpose: string, text: string): Promise<string>
  /** Forgets a key that was destroyed; other processes do within a minute. */
  forget(ticketId: string): void
}

export interface VaultParts {
  readonly keyring: Keyring
  readonly keys: KeyStore
  readonly clock: Clock
  readonly random: RandomBytes
}

/** The data key of a ticket under its own wrapping; the id says nothing but its version. */
export const DATA_KEY_ID = 'd1'
const KEY_BYTES = 32
const REMEMBERED = 2_000
const REMEMBER_MS = 60_000

export function createVault(parts: VaultParts): Vault {
  const { keyring, random } = parts
  const keys = new DataKeys(parts)
  const keyFor = async (place: Place, keyId?: string) =>
    place.ticketId === null ? keyring.common(keyId) : { keyId: DATA_KEY_ID, key: await keys.of(place.ticketId) }
  const bytesOf = (plain: string | Uint8Array) => (typeof plain === 'string' ? Buffer.from(plain, 'utf8') : plain)

  const seal: Vault['seal'] = async (place, plain) => {
    const { key, keyId } = await keyFor(place)
    return sealText(key, keyId, place, bytesOf(plain), random)
  }
  const open: Vault['open'] = async (place, sealed) => {
    const { key } = await keyFor(place, keyIdOf(sealed))
    return openText(key, place, sealed)
  }
  const indexes: Vault['indexes'] = (kind, value) =>
    keyring.indexKeys(kind).map(({ id, key }) => ({ keyId: id, value: macOf(key, value) }))
  return {
    newKey: (ticketId) => keys.make(ticketId),
    seal,
    open,
    sealJson: (place, value) => seal(place, JSON.stringify(value)),
    openJson: async (place, sealed) => JSON.parse((await open(place, sealed)).toString('utf8')) as unknown,
    async sealFile(place, plain) {
      const { key, keyId } = await keyFor(place)
      return sealBytes(key, keyId, place, plain, random)
    },
    async openFile(place, sealed) {
      const { key, keyId } = await keyFor(place)
      return openBytes(key, keyId, place, sealed)
    },
    index(kind, value) {
      const [active] = indexes(kind, value)
      if (active === undefined) throw new PulihError('KEY_UNKNOWN', 'The keyring has no index key.')
      return active
    },
    indexes,
    macs: (purpose, text) => keyring.indexKeys(`mac:${purpose}`).map(({ key }) => macOf(key, text)),
    ticketMac: async (ticketId, purpose, text) => {
      const key = Buffer.from(hkdfSync('sha256', await keys.of(ticketId), 'pulih', `mac:${purpose}`, KEY_BYTES))
      return macOf(key, text)
    },
    forget: (ticketId) => keys.forget(ticketId),
  }
}

/** Unwrapped keys, remembered for a minute: unwrapping may be a call to another machine. */
class DataKeys {
  readonly #parts: VaultParts
  readonly #known = new Map<string, { readonly key: Buffer; readonly until: number }>()

  constructor(parts: VaultParts) {
    this.#parts = parts
  }

  async make(ticketId: string): Promise<void> {
    const { keyring, keys, clock, random } = this.#parts
    const key = random(KEY_BYTES)
    const { keyId, wrapped } = await keyring.wrap(ticketId, key)
    const row = { ticketId, keyId, wrapped, createdAt: clock.now(), destroyedAt: null }
    if (await keys.addKey(row)) this.#remember(ticketId, key)
  }

  async of(ticketId: string): Promise<Buffer> {
    const { keyring, keys, clock } = this.#parts
    const known = this.#known.get(ticketId)
    if (known !== undefined && clock.now() < known.until) return known.key
    const row = await keys.findKey(ticketId)
    if (row === null) throw new PulihError('KEY_UNKNOWN', 'This ticket has no key.')
    if (row.wrapped === null) throw new PulihError('ERASED', 'The personal data of this ticket are erased.')
    const key = await keyring.unwrap(ticketId, row.keyId, row.wrapped)
    this.#remember(ticketId, key)
    return key
  }

  forget(ticketId: string): void {
    this.#known.delete(ticketId)
  }

  #remember(ticketId: string, key: Buffer): void {
    this.#known.delete(ticketId)
    this.#known.set(ticketId, { key, until: this.#parts.clock.now() + REMEMBER_MS })
    if (this.#known.size <= REMEMBERED) return
    const [oldest] = this.#known.keys()
    if (oldest !== undefined) this.forget(oldest)
  }
}
