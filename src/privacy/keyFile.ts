import { createSecretKey } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { PulihError } from '../engine/errors.js'
import type { RandomBytes } from './aead.js'
import type { KeyringConfig } from './keyring.js'

const Secrets = z.array(z.strictObject({ id: z.string(), secret: z.string().length(43) })).min(1)
const KeyFile = z.strictObject({ wrapping: Secrets, index: Secrets })

/**
 * The embedded keyring: `keys.json` in the data folder, made at the first start and readable by its owner alone. It lies beside the data it
 * guards, so it is for trying things out. A backup does not hold it. Throws CONFIGURATION_INVALID when it is damaged.
 */
export function openKeyFile(dataDir: string, random: RandomBytes): KeyringConfig {
  const path = join(dataDir, 'keys.json')
  const text = readIfThere(path) ?? make(path, random)
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

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** Whole or not at all, and never over another process's file. */
function make(path: string, random: RandomBytes): string {
  // An id of its own: data that another file's key sealed then name a key that is missing, and not one that does not fit.
  const key = (sort: string) => ({
    id: `${sort}-${random(4).toString('hex')}`,
    secret: random(32).toString('base64url'),
  })
  const text = JSON.stringify({ wrapping: [key('k')], index: [key('i')] })
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${random(6).toString('hex')}`
  const file = openSync(draft, 'wx', 0o600)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  try {
    linkSync(draft, path)
    return text
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return readFileSync(path, 'utf8')
  } finally {
    rmSync(draft, { force: true })
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
