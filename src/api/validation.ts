import { z, type ZodType } from 'zod'
import { PulihError } from '../engine/errors.js'
import type { Label } from '../machines/ticketType.js'
import { faultOf } from './fieldFaults.js'
import type { FieldError, LabelledFieldError } from './problems.js'

type Place = FieldError['in']

const english = wordsOf('en', z.locales.en().localeError)
const indonesian = wordsOf('id', z.locales.id().localeError)
const UNKNOWN_FIELD: Label = {
  id: 'Ada isian yang tidak dikenal di sini.',
  en: 'There is a field here that is not known.',
}

/**
 * Parses `input` by a schema. Throws VALIDATION_FAILED with one entry per fault, in both languages;
 * neither values nor undeclared names of the input are repeated.
 */
export function parse<T>(schema: ZodType<T>, input: unknown, place: Place): T {
  const parsed = schema.safeParse(input, { error: english })
  if (parsed.success) return parsed.data
  const declared = declaredNames(schema)
  // The same issues in the same order: only the error map differs.
  const translated = schema.safeParse(input, { error: indonesian }).error?.issues ?? []
  throw validationFailed(
    parsed.error.issues.slice(0, 50).map((issue, index) => {
      const unknown = issue.code === 'unrecognized_keys'
      const message = unknown ? UNKNOWN_FIELD : { en: issue.message, id: translated[index]?.message ?? issue.message }
      return { in: place, pointer: pointerOf(issue.path, declared), code: issue.code, message }
    }),
  )
}

export const validationFailed = (errors: readonly LabelledFieldError[]): PulihError =>
  new PulihError('VALIDATION_FAILED', 'the request does not fit its schema', { errors })

function wordsOf(language: keyof Label, others: z.core.$ZodErrorMap): z.core.$ZodErrorMap {
  return (issue) => faultOf(issue)?.[language] ?? others(issue)
}

/** RFC 6901, cut at the first name that no schema declares. */
export function pointerOf(path: readonly PropertyKey[], declared: ReadonlySet<string>): string {
  let pointer = ''
  for (const step of path) {
    if (typeof step !== 'number' && !declared.has(String(step))) break
    pointer += `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`
  }
  return pointer
}

const namesOf = new WeakMap<ZodType, ReadonlySet<string>>()

/** Every property name that a schema declares, at any depth. */
export function declaredNames(schema: ZodType): ReadonlySet<string> {
  const known = namesOf.get(schema)
  if (known !== undefined) return known
  const names = new Set<string>()
  const pending: unknown[] = [jsonSchema(schema)]
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (typeof node !== 'object' || node === null) continue
    if ('properties' in node && typeof node.properties === 'object' && node.properties !== null)
      for (const name of Object.keys(node.properties)) names.add(name)
    pending.push(...(Object.values(node) as unknown[]).filter((it) => it !== undefined))
  }
  namesOf.set(schema, names)
  return names
}

/** JSON Schema 2020-12 of what a client may send (`input`) or gets (`output`), without the `$schema` line. */
export function jsonSchema(schema: ZodType, io: 'input' | 'output' = 'input'): Record<string, unknown> {
  const whole = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return Object.fromEntries(Object.entries(whole).filter(([name]) => name !== '$schema'))
}
