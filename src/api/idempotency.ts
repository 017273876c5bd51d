import { createHash } from 'node:crypto'
import type { Vault } from '../privacy/index.js'
import type { Call } from './context.js'
import { readIdempotencyKey } from './requestHeaders.js'

/** How a command is recognised when it comes again (R-IDEM-1, -2, -4). */
export interface CommandKey {
  /** `<actorId>:<key>`: an actor's key never meets another actor's answer. */
  readonly key: string
  /** SHA-256 of method, path and body with sorted names. */
  readonly fingerprint: string
}

/** Throws IDEMPOTENCY_KEY_REQUIRED or IDEMPOTENCY_KEY_MALFORMED. */
export function commandKey(call: Call): CommandKey {
  const key = readIdempotencyKey(call.header('idempotency-key'))
  const fingerprint = createHash('sha256')
    .update(`${call.method} ${call.path}\n${canonicalJson(call.body)}`)
    .digest('hex')
  return { key: `${call.actor.id}:${key}`, fingerprint }
}

/** The same for a body that holds personal data: a plain hash of so little would give it away to whoever reads the table. */
export function sealedCommandKey(call: Call, vault: Pick<Vault, 'macs'>): CommandKey {
  const key = readIdempotencyKey(call.header('idempotency-key'))
  const [fingerprint = ''] = vault.macs('request', `${call.method} ${call.path}\n${canonicalJson(call.body)}`)
  return { key: `${call.actor.id}:${key}`, fingerprint }
}

/** JSON with sorted names, so that the order in which a client writes them does not matter. Depth is bounded by the body reader. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([name, child]) => `${JSON.stringify(name)}:${canonicalJson(child)}`).join(',')}}`
}

/** The header that tells a first answer from a repeated one. */
export const replayHeaders = (replayed: boolean): Readonly<Record<string, string>> =>
  replayed ? { 'Idempotent-Replayed': 'true' } : {}
