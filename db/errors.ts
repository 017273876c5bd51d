import { DrizzleError, DrizzleQueryError } from 'drizzle-orm/errors'
import type { CommitOutcome } from '../src/engine/types.js'

export type Refusal = Extract<CommitOutcome, { ok: false }>

/** These keys mean "it is already there"; every other constraint means "it must not be". */
export const DUPLICATES: ReadonlySet<string> = new Set(['idempotency_pk', 'tickets_pk', 'tickets_ticket_number_unique'])

/** Takes off drizzle's wrapper, which prints parameters. */
export function rootOf(error: unknown): unknown {
  let at = error
  while ((at instanceof DrizzleQueryError || at instanceof DrizzleError) && at.cause !== undefined) at = at.cause
  return at
}
