import type { FieldCode } from './messages.js'

/** What a check of one field gives: the normalised value, or the code of what is wrong (`messages` has its words). */
export type Checked<T = string> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: FieldCode }

export const good = <T>(value: T): Checked<T> => ({ ok: true, value })
export const bad = (code: FieldCode): { readonly ok: false; readonly code: FieldCode } => ({ ok: false, code })
