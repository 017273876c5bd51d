import { createSecretKey } from 'node:crypto'
import type { KeyringConfig, NamedKey } from './keyring.js'
import { DATA_KEY_ID } from './vault.js'

const ENTRY = /^([a-z0-9-]{1,16}):([A-Za-z0-9+/_-]{43}=?)$/
const SECRET_BYTES = 32

/**
 * `PULIH_KEYS` and `PULIH_INDEX_KEYS`: `id:secret,…`, each secret 32 random bytes in base64, the one in use first. Null when neither is
 * given: then a key file in the data folder serves, which production refuses. Faults never repeat a value.
 */
export function readKeys(
  wrapping: string,
  index: string,
  production: boolean,
): { keys: KeyringConfig | null; faults: string[] } {
  const one = readRing('PULIH_KEYS', wrapping)
  const two = readRing('PULIH_INDEX_KEYS', index)
  const faults = [...one.faults, ...two.faults]
  if (faults.length > 0) return { keys: null, faults }
  if (one.ring.length === 0 && two.ring.length === 0)
    return { keys: null, faults: production ? ['Production needs PULIH_KEYS and PULIH_INDEX_KEYS.'] : [] }
  if (one.ring.length === 0 || two.ring.length === 0)
    return { keys: null, faults: ['PULIH_KEYS and PULIH_INDEX_KEYS belong together: set both or neither.'] }
  const shared = one.ring.some((a) => two.ring.some((b) => a.secret.equals(b.secret)))
  if (shared) return { keys: null, faults: ['PULIH_KEYS and PULIH_INDEX_KEYS must not share a secret.'] }
  return { keys: { wrapping: one.ring, index: two.ring }, faults: [] }
}

function readRing(name: string, text: string): { ring: NamedKey[]; faults: string[] } {
  const ring: NamedKey[] = []
  const faults: string[] = []
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  for (const [position, entry] of entries.entries()) {
    const [, id, secret] = ENTRY.exec(entry) ?? []
    const bytes = Buffer.from(secret ?? '', 'base64')
    if (id === undefined || bytes.length !== SECRET_BYTES)
      faults.push(
        `${name} entry ${position + 1} must be an id of 1 to 16 lower-case letters, digits or hyphens, a colon and 32 bytes in base64.`,
      )
    else ring.push({ id, secret: createSecretKey(bytes) })
  }
  if (ring.some((it) => it.id === DATA_KEY_ID))
    faults.push(`${name} must not use the id ${DATA_KEY_ID}: tickets' own keys go by it.`)
  if (new Set(ring.map((it) => it.id)).size < ring.length) faults.push(`${name} gives one id to two keys.`)
  return { ring, faults }
}
