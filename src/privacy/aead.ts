import { createCipheriv, createDecipheriv } from 'node:crypto'
import { PulihError } from '../engine/errors.js'

/** Where a ciphertext stands: it opens nowhere else (R-ENC-1). `ticketId` null: under the keyring's own key, for rows that belong to no ticket. */
export interface Place {
  readonly ticketId: string | null
  readonly table: string
  readonly column: string
  readonly row: string
}

export type RandomBytes = (size: number) => Buffer

const NONCE_BYTES = 12
const TAG_BYTES = 16
const aadOf = (place: Place, keyId: string) =>
  Buffer.from([place.table, place.column, place.row, place.ticketId ?? '', keyId].join('|'), 'utf8')

/** AES-256-GCM with a random 96-bit nonce, as `v1.keyId.nonce.ct.tag` in base64url. */
export function sealText(key: Buffer, keyId: string, place: Place, plain: Uint8Array, random: RandomBytes): string {
  const { nonce, body, tag } = encrypt(key, keyId, place, plain, random)
  return ['v1', keyId, nonce.toString('base64url'), body.toString('base64url'), tag.toString('base64url')].join('.')
}

/** The id of the key that a sealed text names. Throws SEALED_UNREADABLE for text of another form. */
export function keyIdOf(sealed: string): string {
  const [version, keyId, , , tag] = sealed.split('.')
  if (version !== 'v1' || keyId === undefined || tag === undefined) throw unreadable()
  return keyId
}

/** Throws SEALED_UNREADABLE when the text was altered, moved to another place, or sealed under another key (A44). */
export function openText(key: Buffer, place: Place, sealed: string): Buffer {
  const [, keyId, nonce, body, tag] = sealed.split('.')
  if (keyId !== keyIdOf(sealed)) throw unreadable()
  return decrypt(key, keyId, place, {
    nonce: Buffer.from(nonce ?? '', 'base64url'),
    body: Buffer.from(body ?? '', 'base64url'),
    tag: Buffer.from(tag ?? '', 'base64url'),
  })
}

/** The same for bytes in the file store: `P1`, nonce, tag, ciphertext. */
export function sealBytes(key: Buffer, keyId: string, place: Place, plain: Uint8Array, random: RandomBytes): Buffer {
  const { nonce, body, tag } = encrypt(key, keyId, place, plain, random)
  return Buffer.concat([MAGIC, nonce, tag, body])
}

/** Throws SEALED_UNREADABLE as `openText` does. */
export function openBytes(key: Buffer, keyId: string, place: Place, sealed: Uint8Array): Buffer {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
  const start = MAGIC.length + NONCE_BYTES + TAG_BYTES
  if (bytes.length < start || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) throw unreadable()
  return decrypt(key, keyId, place, {
    nonce: bytes.subarray(MAGIC.length, MAGIC.length + NONCE_BYTES),
    tag: bytes.subarray(MAGIC.length + NONCE_BYTES, start),
    body: bytes.subarray(start),
  })
}
const MAGIC = Buffer.from('P1')

interface Parts {
  readonly nonce: Buffer
  readonly body: Buffer
  readonly tag: Buffer
}

function encrypt(key: Buffer, keyId: string, place: Place, plain: Uint8Array, random: RandomBytes): Parts {
  const nonce = random(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(aadOf(place, keyId))
  const body = Buffer.concat([cipher.update(plain), cipher.final()])
  return { nonce, body, tag: cipher.getAuthTag() }
}

function decrypt(key: Buffer, keyId: string, place: Place, { nonce, body, tag }: Parts): Buffer {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES })
    decipher.setAAD(aadOf(place, keyId)).setAuthTag(tag)
    return Buffer.concat([decipher.update(body), decipher.final()])
  } catch (cause) {
    throw unreadable(cause)
  }
}

const unreadable = (cause?: unknown) =>
  new PulihError('SEALED_UNREADABLE', 'A sealed value does not open with its key at its place.', {}, { cause })
