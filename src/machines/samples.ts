import { z, type ZodType } from 'zod'

/** Whole number in [0, below): dice are handed in. */
export type Dice = (below: number) => number
interface Json {
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Json[]
  readonly oneOf?: readonly Json[]
  readonly type?: string
  readonly properties?: Readonly<Record<string, Json>>
  readonly required?: readonly string[]
  readonly items?: Json
  readonly minItems?: number
  readonly pattern?: string
  readonly minimum?: number
}

/** Texts that the shapes of ticket types are made of: reasons, references, offices, hashes, dates. */
const TEXTS = [
  'ALASAN_CONTOH',
  'ps_contoh-abc',
  'cabang-makassar',
  'a'.repeat(64),
  'contoh',
  '2026-03-17',
  '2026-03-17T10:00:00Z',
  '01960000-0000-7000-8000-000000000000',
] as const
const TRIES = 30

/** A value that a schema takes, or undefined where thirty throws of the dice found none: then the author has to give one. */
export function sampleOf(schema: ZodType, dice: Dice): unknown {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const value = valueFor(json, dice)
    if (schema.safeParse(value).success) return value
  }
  return undefined
}

function valueFor(json: Json, dice: Dice): unknown {
  const pick = <T>(list: readonly T[]): T | undefined => list[dice(list.length)]
  if ('const' in json) return json.const
  if (json.enum !== undefined) return pick(json.enum)
  const choice = pick(json.anyOf ?? json.oneOf ?? [])
  if (choice !== undefined) return valueFor(choice, dice)
  switch (json.type) {
    case 'object': {
      const names = Object.entries(json.properties ?? {}).filter(
        ([name]) => json.required?.includes(name) === true || dice(2) === 0,
      )
      return Object.fromEntries(names.map(([name, it]) => [name, valueFor(it, dice)]))
    }
    case 'array':
      return Array.from({ length: Math.max(json.minItems ?? 0, dice(3)) }, () => valueFor(json.items ?? {}, dice))
    case 'string': {
      const fits = new RegExp(json.pattern ?? '', 'u')
      return pick(TEXTS.filter((text) => fits.test(text)))
    }
    case 'integer':
    case 'number':
      return Math.max(json.minimum ?? 0, 0) + dice(3)
    case 'boolean':
      return dice(2) === 0
    default:
      return null
  }
}
