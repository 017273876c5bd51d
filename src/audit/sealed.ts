import { z } from 'zod'
import type { AuditDetail } from './types.js'

/** The action of entries that seal rows of the tickets' log. */
export const SEALED = 'tickets.sealed'
/** The same of claims: who held what. */
export const SEALED_CLAIMS = 'assignments.sealed'
/**
 * Where several processes write, a row may show up so much later than its instant says: the longest commit and the clocks' differences. One
 * that comes later still is never sealed, and `pulih audit verify` says so.
 */
export const LOOK_BACK_MS = 120_000

/** Ticket or claim, number in its log, SHA-256 of the row's JCS. */
const Sealed = z.tuple([z.string(), z.int(), z.string()])
const Detail = z.object({ upTo: z.int(), rows: z.array(Sealed) })
export type SealedRows = z.infer<typeof Detail>

export const sealedDetail = (upTo: number, rows: readonly (readonly [string, number, string])[]): AuditDetail => ({
  count: rows.length,
  upTo,
  rows,
})

/** Null for what was tampered with so that it says nothing any more. */
export function readSealed(detail: AuditDetail): SealedRows | null {
  const parsed = Detail.safeParse(detail)
  return parsed.success ? parsed.data : null
}
