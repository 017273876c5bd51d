import { createHash } from 'node:crypto'
import { z } from 'zod'
import { PulihError } from '../engine/errors.js'

/**
 * Cursors hold a position only, never a right, so they are not signed: they are checked against their shape and bound to the list
 * they came from (`scope`: order and filters).
 */
const Shape = z.strictObject({ s: z.string(), k: z.number().nullable(), i: z.string().max(64) })
export interface Position {
  readonly key: number | null
  readonly id: string
}

const digest = (scope: unknown): string =>
  createHash('sha256').update(JSON.stringify(scope)).digest('base64url').slice(0, 16)

export const writeCursor = (position: Position | null, scope: unknown): string | null =>
  position === null
    ? null
    : Buffer.from(JSON.stringify({ s: digest(scope), k: position.key, i: position.id })).toString('base64url')

/** Throws CURSOR_MALFORMED for anything but a cursor of the same list. */
export function readCursor(text: string | undefined, scope: unknown): Position | null {
  if (text === undefined) return null
  const parsed = Shape.safeParse(decoded(text))
  if (!parsed.success || parsed.data.s !== digest(scope))
    throw new PulihError('CURSOR_MALFORMED', 'the cursor is not one of this list')
  return { key: parsed.data.k, id: parsed.data.i }
}

function decoded(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
  } catch {
    return null
  }
}
