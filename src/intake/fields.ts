import { PulihError } from '../engine/errors.js'
import type { Label } from '../machines/ticketType.js'
import { checkBirthDate } from './birthDate.js'
import type { Checked } from './checked.js'
import { checkKpj } from './kpj.js'
import { messages, type FieldCode } from './messages.js'
import { checkName } from './name.js'
import { checkNik } from './nik.js'

/** Something to say about one field of a request, in both languages; the pointer holds declared names only. */
export interface FieldNote {
  readonly pointer: string
  readonly code: FieldCode
  readonly message: Label
}
export const noteOf = (pointer: string, code: FieldCode): FieldNote => ({ pointer, code, message: messages[code] })

type Checks = Readonly<Record<string, Checked<unknown>>>
/** What checks give where all of them are good, by the same pointers. */
export type Values<C extends Checks> = { readonly [K in keyof C]: C[K] extends Checked<infer T> ? T : never }

/** The values of checks by JSON pointer. Throws VALIDATION_FAILED with a note for each field that is wrong, all at once. */
export function allGood<C extends Checks>(checks: C): Values<C> {
  const errors = Object.entries(checks).flatMap(([pointer, it]) => (it.ok ? [] : [noteOf(pointer, it.code)]))
  if (errors.length > 0) throw new PulihError('VALIDATION_FAILED', 'fields are not as they must be', { errors })
  return Object.fromEntries(
    Object.entries(checks).map(([pointer, it]) => [pointer, it.ok ? it.value : null]),
  ) as Values<C>
}

/** An identity as it was typed. */
export interface IdentityText {
  readonly name: string
  readonly nik: string
  readonly kpj?: string | null | undefined
  readonly birthDate: string
}

/** The checks of an identity, by JSON pointer. */
export const identityChecks = ({ name, nik, kpj, birthDate }: IdentityText, today: string) => ({
  '/identity/name': checkName(name),
  '/identity/nik': checkNik(nik),
  '/identity/kpj': checkKpj(kpj),
  '/identity/birthDate': checkBirthDate(birthDate, today),
})
