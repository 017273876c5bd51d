import type { KeyObject } from 'node:crypto'
import { closeSync, fsyncSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { PulihError } from '../engine/errors.js'
import { privateKeyOf } from './signing.js'

const FILE = 'audit-key'

/**
 * The embedded key of the checkpoints, made at first use and readable by its owner alone. Who can write the database can read it too, so it
 * is for trying things out. Null where it is not there and may not be made. Throws CONFIGURATION_INVALID when it is damaged.
 */
export function openAuditKeyFile(dataDir: string, random: ((bytes: number) => Buffer) | null): KeyObject | null {
  const path = join(dataDir, FILE)
  const text = readIfThere(path) ?? (random === null ? null : make(path, random))
  if (text === null) return null
  const seed = Buffer.from(text.trim(), 'base64url')
  if (seed.length === 32) return privateKeyOf(seed)
  throw new PulihError(
    'CONFIGURATION_INVALID',
    'audit-key in the data folder is damaged; delete it and keep the public key of before.',
  )
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
function make(path: string, random: (bytes: number) => Buffer): string {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${random(6).toString('hex')}`
  const file = openSync(draft, 'wx', 0o600)
  try {
    writeSync(file, random(32).toString('base64url'))
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  try {
    linkSync(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft, { force: true })
  }
  return readFileSync(path, 'utf8')
}
