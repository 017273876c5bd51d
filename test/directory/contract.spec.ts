import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { contracts } from '../../src/directory/contract.js'
import * as accounts from '../../src/ports/accounts.http.js'
import * as directory from '../../src/ports/directory.http.js'

type Schema = Parameters<typeof z.fromJSONSchema>[0]
interface Media {
  readonly 'application/json': {
    readonly schema: Schema
    readonly example?: unknown
    readonly examples?: Readonly<Record<string, { readonly value: unknown }>>
  }
}
interface Contract {
  readonly paths: Readonly<
    Record<
      string,
      { post?: { requestBody: { content: Media }; responses: Readonly<Record<string, { content?: Media }>> } }
    >
  >
}

/** As published: what another team implements. */
const published = Object.keys(contracts()).map(
  (name) => [name, JSON.parse(readFileSync(`docs/contracts/${name}`, 'utf8')) as Contract] as const,
)
const { ACCOUNT_PATHS } = accounts
/** As parsed by adapter and reference server. */
const PARSED: Readonly<Record<string, Readonly<Record<string, z.ZodType>>>> = {
  [directory.LOOKUP_PATH]: { request: directory.Lookup, 200: directory.LookupAnswer },
  [ACCOUNT_PATHS.contacts]: { request: accounts.ContactsLookup, 200: accounts.ContactsAnswer },
  [ACCOUNT_PATHS.replacement]: {
    request: accounts.ReplacementOrder,
    200: accounts.Replaced,
    422: accounts.Refused,
  },
  [ACCOUNT_PATHS.replacementLookup]: { request: accounts.ReplacementLookup, 200: accounts.ReplacementFound },
  [ACCOUNT_PATHS.revocation]: { request: accounts.Revocation },
}

/** Every schema of the published contracts, with its examples and its counterpart in the code. */
const bodies = published.flatMap(([, contract]) =>
  Object.entries(contract.paths).flatMap(([path, { post }]) => {
    if (post === undefined) return []
    const answered = Object.entries(post.responses).filter(([, it]) => it.content !== undefined)
    const all = [['request', post.requestBody] as const, ...answered]
    return all.map(([what, { content }]) => {
      const { schema, example, examples } = content!['application/json']
      const given = examples === undefined ? [example] : Object.values(examples).map((it) => it.value)
      return { path, what, schema, given, code: PARSED[path]?.[what] }
    })
  }),
)
const covered = new Set(bodies.map(({ path, what }) => `${path} ${what}`))

/** One thing changed somewhere inside: gone, doubled under another name, of another type or value. */
const spoiled = (value: unknown): fc.Arbitrary<unknown> => {
  const junk = fc.oneof(fc.constantFrom(null, '', 'x', '0', -1, 1.5, true, [], {}), fc.string(), fc.integer())
  if (Array.isArray(value) && value.length > 0) {
    const list: readonly unknown[] = value
    return fc.nat(list.length - 1).chain((at) => spoiled(list[at]).map((it) => list.with(at, it)))
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return junk
  const names = Object.keys(value)
  const held = value as Record<string, unknown>
  return fc.oneof(
    junk,
    fc.record({ name: fc.string(), it: junk }).map(({ name, it }) => ({ ...held, [name]: it })),
    fc.constantFrom(...names).map((name) => Object.fromEntries(Object.entries(held).filter(([key]) => key !== name))),
    fc.constantFrom(...names).chain((name) => spoiled(held[name]).map((it) => ({ ...held, [name]: it }))),
  )
}

describe('the published contracts', () => {
  it('are what the code generates', () => {
    expect(Object.fromEntries(published)).toEqual(JSON.parse(JSON.stringify(contracts())))
  })

  it('describe each body that adapter and server parse, and no other', () => {
    const parsed = Object.entries(PARSED).flatMap(([path, it]) => Object.keys(it).map((what) => `${path} ${what}`))
    expect([...covered].toSorted()).toEqual(parsed.toSorted())
  })

  it.each(bodies)(
    '$path $what: examples are valid, and both schemas judge every other value alike',
    ({ schema, given, code }) => {
      const contract = z.fromJSONSchema(schema)
      for (const example of given) {
        expect(contract.safeParse(example).error).toBeUndefined()
        expect(code!.safeParse(example).error).toBeUndefined()
      }
      const values = fc.oneof(...given.map(spoiled))
      fc.assert(
        fc.property(values, (value) => contract.safeParse(value).success === code!.safeParse(value).success),
        { numRuns: 400 },
      )
    },
  )
})
