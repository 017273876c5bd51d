import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import { PulihError } from '../engine/errors.js'
import { jcs } from './link.js'
import type { CheckpointRow } from './types.js'

/** What signs checkpoints. Small on purpose: a hardware module or a witness outside can stand behind it. */
export interface CheckpointSigner {
  readonly keyId: string
  /** PEM, for whoever checks. */
  readonly publicKey: string
  sign(text: string): Promise<string>
}

/** What stands before the 32 bytes of an Ed25519 key in PKCS #8. */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')
const SEED_BYTES = 32

/** The private key that 32 random bytes are. */
export const privateKeyOf = (seed: Buffer): KeyObject =>
  createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' })

/** A key object, so that no printed configuration shows it. */
export function ed25519Signer(key: KeyObject): CheckpointSigner {
  const open = createPublicKey(key)
  return {
    keyId: keyIdOf(open),
    publicKey: open.export({ type: 'spki', format: 'pem' }).toString(),
    sign: (text) => Promise.resolve(sign(null, Buffer.from(text, 'utf8'), key).toString('base64url')),
  }
}

/** `PULIH_AUDIT_KEY`: 32 bytes in base64. Null when it is not set; production asks for it. The fault never repeats the value. */
export function readAuditKey(text: string, production: boolean): { auditKey: KeyObject | null; faults: string[] } {
  if (text === '')
    return {
      auditKey: null,
      faults: production ? ['Production needs PULIH_AUDIT_KEY, which signs the audit chain.'] : [],
    }
  const seed = Buffer.from(text, 'base64')
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text) || seed.length !== SEED_BYTES)
    return { auditKey: null, faults: ['PULIH_AUDIT_KEY must be 32 bytes in base64.'] }
  return { auditKey: privateKeyOf(seed), faults: [] }
}

/** The name of a key: the start of the SHA-256 of its public half. */
export const keyIdOf = (key: KeyObject): string =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 16)

/** Throws CONFIGURATION_INVALID for anything but an Ed25519 key in PEM; a private one gives its public half. */
export function readPublicKey(pem: string): KeyObject {
  try {
    const key = createPublicKey(pem)
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // Said below.
  }
  throw new PulihError('CONFIGURATION_INVALID', 'The public key must be an Ed25519 key in PEM.')
}

/** The text that is signed. The count of entries is their last position: positions have no gaps. */
export const checkpointText = ({ position, hash, at, keyId }: Omit<CheckpointRow, 'signature'>): string =>
  jcs({ kind: 'pulih-audit-checkpoint-1', position, count: position, hash, at, keyId })

export function isSigned(checkpoint: CheckpointRow, key: KeyObject): boolean {
  const signature = Buffer.from(checkpoint.signature, 'base64url')
  return signature.length === 64 && verify(null, Buffer.from(checkpointText(checkpoint), 'utf8'), key, signature)
}
