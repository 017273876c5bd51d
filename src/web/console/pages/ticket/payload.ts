import type { TypeDescription } from '../../api/types.js'

export interface Asked {
  readonly name: string
  readonly kind: 'reason' | 'documents' | 'choice' | 'flag' | 'text'
  /** Of a choice. */
  readonly values: readonly string[]
}
type Schema = Readonly<Record<string, unknown>>
const isSchema = (it: unknown): it is Schema => typeof it === 'object' && it !== null

/** What an event asks of an officer, from the schema that the API gives for it. */
export function askedBy(type: TypeDescription | undefined, event: string): readonly Asked[] {
  const schema = type?.events.find((it) => it.type === event)?.payload
  const properties = isSchema(schema?.['properties']) ? schema['properties'] : {}
  return Object.entries(properties)
    .filter(([name]) => name !== 'type')
    .map(([name, it]) => one(name, isSchema(it) ? it : {}))
}

function one(name: string, schema: Schema): Asked {
  const values = Array.isArray(schema['enum']) ? schema['enum'].filter((it) => typeof it === 'string') : []
  if (name === 'reason' || name === 'code') return { name, kind: 'reason', values }
  if (name === 'documents') return { name, kind: 'documents', values: [] }
  if (values.length > 0) return { name, kind: 'choice', values }
  return { name, kind: schema['type'] === 'boolean' ? 'flag' : 'text', values }
}

export interface AskedDocument {
  readonly kind: string
  readonly reason: string
}
/** What has been filled in so far: codes only, so that it may be kept. */
export interface Filled {
  readonly values: Readonly<Record<string, string>>
  readonly documents: readonly AskedDocument[]
}
export const NOTHING: Filled = { values: {}, documents: [{ kind: '', reason: '' }] }

/** What is still missing, by name. */
export const missingIn = (asked: readonly Asked[], filled: Filled): readonly string[] =>
  asked
    .filter((it) =>
      it.kind === 'documents'
        ? filled.documents.length === 0 || filled.documents.some(({ kind, reason }) => kind === '' || reason === '')
        : it.kind !== 'flag' && (filled.values[it.name] ?? '').trim() === '',
    )
    .map((it) => it.name)

export const payloadOf = (asked: readonly Asked[], filled: Filled): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    asked.map(({ name, kind }) => [
      name,
      kind === 'documents'
        ? filled.documents
        : kind === 'flag'
          ? filled.values[name] === 'true'
          : (filled.values[name] ?? '').trim(),
    ]),
  )
