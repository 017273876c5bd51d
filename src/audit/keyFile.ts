import type { KeyObject } from 'node:crypto'
import { join } from 'node:path'
import { PulihError } from '../engine/errors.js'
import { makePrivateFile, readIfThere } from '../privateFile.js'
import { privateKeyOf } from './signing.js'

const FILE = 'audit-key'

/**
 * The embedded key of the checkpoints, made at first use and readable by its owner alone. Who can write the database can read it too, so it
 * is for trying things out. Null where it is not there and may not be made. Throws CONFIGURATION_INVALID when it is damaged.
 */
export function openAuditKeyFile(dataDir: string, random: ((bytes: number) => Buffer) | null): KeyObject | null {
  const path = join(dataDir, FILE)
  const text =
    readIfThere(path) ?? (random === null ? null : makePrivateFile(path, random(32).toString('base64url'), random))
  if (text === null) return null
  const seed = Buffer.from(text.trim(), 'base64url')
  if (seed.length === 32) return privateKeyOf(seed)
  throw new PulihError(
    'CONFIGURATION_INVALID',
    'audit-key in the data folder is damaged; delete it and keep the public key of before.',
  )
}
