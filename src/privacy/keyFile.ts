import { createSecretKey } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import { PulihError } from '../engine/errors.js'
import { makePrivateFile, readIfThere } from '../privateFile.js'
import type { RandomBytes } from './aead.js'
import type { KeyringConfig } from './keyring.js'

const Secrets = z.array(z.strictObject({ id: z.string(), secret: z.string().length(43) })).min(1)
export const keyFileOf = (dataDir: string): string => join(dataDir, 'keys.json')

const KeyFile = z.strictObject({ wrapping: Secrets, index: Secrets })

/**
 * The embedded keyring: `keys.json` in the data folder, made at the first start and readable by its owner alone. It lies beside the data it
 * guards, so it is for trying things out. A backup does not hold it. Without `make` a missing file stays missing, and the keys given are
 * random ones that open nothing. Throws CONFIGURATION_INVALID when it is damaged.
 */
export function openKeyFile(dataDir: string, random: RandomBytes, make = true): KeyringConfig {
  const path = keyFileOf(dataDir)
  const fresh = () => newKeys(random)
  const text = readIfThere(path) ?? (make ? makePrivateFile(path, fresh(), random) : fresh())
  const parsed = KeyFile.safeParse(parseJson(text))
  if (!parsed.success)
    throw new PulihError(
      'CONFIGURATION_INVALID',
      'keys.json in the data folder is damaged; what it sealed cannot be opened without it.',
    )
  const named = ({ id, secret }: { id: string; secret: string }) => ({
    id,
    secret: createSecretKey(Buffer.from(secret, 'base64url')),
  })
  return { wrapping: parsed.data.wrapping.map(named), index: parsed.data.index.map(named) }
}

function newKeys(random: RandomBytes): string {
  // An id of its own: data that another file's key sealed then name a key that is missing, and not one that does not fit.
  const key = (sort: string) => ({
    id: `${sort}-${random(4).toString('hex')}`,
    secret: random(32).toString('base64url'),
  })
  return JSON.stringify({ wrapping: [key('k')], index: [key('i')] })
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
