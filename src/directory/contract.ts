import { z } from 'zod'
import {
  ACCOUNT_PATHS,
  ContactsAnswer,
  ContactsLookup,
  KEY_PATTERN,
  Refused,
  Replaced,
  ReplacementFound,
  ReplacementLookup,
  ReplacementOrder,
  Revocation,
} from '../ports/accounts.http.js'
import { Lookup, LOOKUP_PATH, LookupAnswer } from '../ports/directory.http.js'
import { HEALTH_PATH } from '../ports/upstream.js'

type Json = Readonly<Record<string, unknown>>
interface Operation {
  readonly path: string
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly request: z.ZodType
  /** An example of what is sent; checked against the schema by the tests, as are those of answers. */
  readonly example: unknown
  /** Null: 204. */
  readonly answer: { readonly schema: z.ZodType; readonly examples: Readonly<Record<string, unknown>> } | null
  readonly refusal?: { readonly schema: z.ZodType; readonly description: string; readonly example: unknown }
  /** A command, with its `Idempotency-Key`. */
  readonly command?: true
}

const PERSON = {
  id: 'p-00013',
  nik: '5171990408750013',
  name: 'I MADE SUDIARTA',
  birthDate: '1975-08-04',
  status: 'active',
  segment: 'PU',
  arrearsMonths: 0,
  registeredOn: '2023-08-16',
  cards: [
    { kpj: '99000000130', status: 'inactive' },
    { kpj: '99000000131', status: 'active' },
  ],
  claimRunning: false,
  accounts: [{ id: 'a-00013', state: 'active', createdBy: 'self', contactsChangedAt: null }],
}
const KEY = '01995f4e-0000-7000-8000-000000000000-12-mh3x0k2p'
const CONTACTS = { email: 'made.baru@example.org', phone: '+6284012345678' }

const DIRECTORY: readonly Operation[] = [
  {
    path: LOOKUP_PATH,
    operationId: 'lookupParticipant',
    summary: 'Finds one participant by NIK, by KPJ or by the id of this directory.',
    description:
      'What is asked for stands in the body, so that no URL or access log holds it. `participant` is null for somebody unknown: that is an ' +
      'answer with 200, and no 404. A person with several KPJ is one participant; accounts of one NIK are listed together.',
    request: Lookup,
    example: { nik: PERSON.nik },
    answer: { schema: LookupAnswer, examples: { known: { participant: PERSON }, unknown: { participant: null } } },
  },
]

const ACCOUNTS: readonly Operation[] = [
  {
    path: ACCOUNT_PATHS.contacts,
    operationId: 'lookupContacts',
    summary: 'The contacts that the active account of a participant answers to today; null without an active account.',
    request: ContactsLookup,
    example: { participantId: PERSON.id },
    answer: {
      schema: ContactsAnswer,
      examples: {
        known: { contacts: { accountId: 'a-00013', email: 'made.lama@example.com', phone: null } },
        none: { contacts: null },
      },
    },
  },
  {
    path: ACCOUNT_PATHS.replacement,
    operationId: 'replaceContacts',
    summary: 'Replaces both contacts of the active account, once per key. Nothing else of the account changes.',
    description:
      'In one transaction: the account must be active, the key is recorded, the contacts are replaced. The same key with the same order is ' +
      'answered as the first time and changes nothing, whatever happened to the account since; with another order it is refused.',
    request: ReplacementOrder,
    example: { participantId: PERSON.id, ...CONTACTS },
    answer: { schema: Replaced, examples: { replaced: { accountId: 'a-00013' } } },
    refusal: {
      schema: Refused,
      description: 'A final no: nothing was changed, and asking again would not help.',
      example: { code: 'ACCOUNT_DISABLED' },
    },
    command: true,
  },
  {
    path: ACCOUNT_PATHS.replacementLookup,
    operationId: 'lookupReplacement',
    summary: 'Whose contacts were replaced under a key; null: nobody’s.',
    request: ReplacementLookup,
    example: { key: KEY },
    answer: { schema: ReplacementFound, examples: { done: { accountId: 'a-00013' }, never: { accountId: null } } },
  },
  {
    path: ACCOUNT_PATHS.revocation,
    operationId: 'revokeSessions',
    summary: 'Ends every session of an account. Harmless when repeated.',
    request: Revocation,
    example: { accountId: 'a-00013' },
    answer: null,
    command: true,
  },
]

/** The published contracts, by file name (docs/contracts). */
export const contracts = (): Readonly<Record<string, Json>> => ({
  'participant-directory.openapi.json': document('Participant directory', DIRECTORY),
  'account-service.openapi.json': document('Account service', ACCOUNTS),
})

function document(title: string, operations: readonly Operation[]): Json {
  return {
    openapi: '3.1.0',
    info: {
      title,
      version: '1',
      description:
        'What Pulih asks of this system of the institution. Served behind TLS, to callers with a bearer secret. Any answer that is not ' +
        'described here, and any that takes longer than five seconds, counts as a fault: look-ups are tried again at once, commands later ' +
        'under the same key. Redirects are not followed; answers hold at most 256 KiB. Instants are epoch milliseconds, dates ISO 8601.',
    },
    paths: {
      ...Object.fromEntries(operations.map((it) => [it.path, { post: operationOf(it) }])),
      [HEALTH_PATH]: { get: HEALTH },
    },
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    security: [{ bearer: [] }],
  }
}

const HEALTH: Json = {
  operationId: 'health',
  summary: 'Whether this system answers whoever brings this secret; asked by `pulih doctor`.',
  responses: {
    204: { description: 'It does.' },
    401: { description: 'The secret is missing or wrong.' },
    503: { description: 'Not now.' },
  },
}

function operationOf({ operationId, summary, description, request, example, answer, refusal, command }: Operation) {
  const idempotencyKey = {
    name: 'Idempotency-Key',
    in: 'header',
    required: true,
    description: 'The key in double quotes, as RFC 8941 writes strings; the key itself matches the pattern.',
    schema: { type: 'string', pattern: `^"${KEY_PATTERN}"$` },
    example: `"${KEY}"`,
  }
  return {
    operationId,
    summary,
    ...(description === undefined ? {} : { description }),
    ...(command === undefined ? {} : { parameters: [idempotencyKey] }),
    requestBody: { required: true, content: json(request, { example }) },
    responses: {
      ...(answer === null
        ? { 204: { description: 'Done.' } }
        : { 200: { description: 'The answer.', content: json(answer.schema, named(answer.examples)) } }),
      ...(refusal === undefined
        ? {}
        : { 422: { description: refusal.description, content: json(refusal.schema, { example: refusal.example }) } }),
      400: { description: 'The request is not as described here.' },
      401: { description: 'The secret is missing or wrong.' },
      503: { description: 'Not now; worth trying again.' },
    },
  }
}

const named = (examples: Readonly<Record<string, unknown>>): Json => ({
  examples: Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }])),
})

/** Without the name of the dialect: OpenAPI 3.1 says it for all. */
function json(schema: z.ZodType, more: Json): Json {
  const described = Object.entries(z.toJSONSchema(schema)).filter(([name]) => name !== '$schema')
  return { 'application/json': { schema: Object.fromEntries(described), ...more } }
}
