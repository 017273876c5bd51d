import type { ErrorCode } from '../engine/errors.js'
import { ERROR_CODES } from '../engine/errors.js'
import { ok, route, type JsonObject, type Route } from './context.js'
import { groupBy } from './groups.js'
import { PROBLEM_TEXTS } from './problemTexts.js'
import { ProblemShape } from './shapes.js'
import { z } from 'zod'
import { jsonSchema } from './validation.js'

/** What any route may answer, whatever it does. */
const ALWAYS: readonly ErrorCode[] = [
  'REQUEST_MALFORMED',
  'REQUEST_TIMEOUT',
  'HEADERS_TOO_LARGE',
  'STORE_BUSY',
  'INTERNAL',
]
const WITH_TOKEN: readonly ErrorCode[] = ['UNAUTHENTICATED', 'ROLE_NOT_ALLOWED']
const WITH_STATUS_TOKEN: readonly ErrorCode[] = ['UNAUTHENTICATED']
const WITH_BODY: readonly ErrorCode[] = [
  'BODY_MALFORMED',
  'BODY_TOO_LARGE',
  'MEDIA_TYPE_UNSUPPORTED',
  'VALIDATION_FAILED',
  'SHUTTING_DOWN',
]

/** `GET /openapi.json`: describes the routes given and itself; built once, at the first request. */
export function openApiRoute(routes: readonly Route[]): Route {
  let document: JsonObject | null = null
  const self: Route = route({
    method: 'get',
    path: '/openapi.json',
    operationId: 'openapi',
    summary: 'This document.',
    access: 'open',
    reply: { status: 200, description: 'OpenAPI 3.1.', schema: z.record(z.string(), z.unknown()) },
    problems: [],
    handle: () => ok((document ??= openApiDocument([...routes, self]))),
  })
  return self
}

/** OpenAPI 3.1 of a table of routes: schemas are those that parse and answer. */
export function openApiDocument(routes: readonly Route[]): JsonObject {
  const paths: Record<string, Record<string, JsonObject>> = {}
  for (const it of routes) (paths[pathOf(it)] ??= {})[it.method] = operation(it)
  return {
    openapi: '3.1.0',
    info: {
      title: 'Pulih',
      version: '1',
      description:
        'Mesin tiket pengaduan: satu jenis tiket adalah satu berkas. Instants are UTC; dates in words are Indonesian, in the zone of the ' +
        'office. Identity and contact data are refused. Every error is an RFC 9457 problem with a stable code (docs/errors.md).',
    },
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: '__Host-pulih-staff', description: 'A signed-in officer.' },
        signIn: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-pulih-staff',
          description: 'A sign-in that is under way.',
        },
        statusToken: { type: 'http', scheme: 'bearer', description: 'The status token that filing answered with.' },
      },
      schemas: { Problem: jsonSchema(ProblemShape, 'output') },
    },
  }
}

const pathOf = (it: Route): string => it.path.replaceAll(/:(\w+)/g, '{$1}')

function operation(it: Route): JsonObject {
  const media = [...new Set(['application/json', it.reply.media ?? 'application/json'])]
  return {
    operationId: it.operationId,
    summary: it.summary,
    security: securityOf(it),
    ...(typeof it.access === 'string' ? {} : { 'x-roles': it.access }),
    parameters: parameters(it),
    ...requestBody(it),
    responses: {
      [it.reply.status]: {
        description: it.reply.description,
        headers: {
          'X-Request-Id': { description: 'Names this request in logs and problems.', schema: { type: 'string' } },
        },
        content: Object.fromEntries(
          media.map((name) => [
            name,
            { schema: name === 'application/json' ? jsonSchema(it.reply.schema, 'output') : { type: 'string' } },
          ]),
        ),
      },
      ...problemResponses(it),
    },
  }
}

function securityOf({ access }: Route): readonly JsonObject[] {
  if (access === 'open') return []
  if (access === 'filer') return [{ statusToken: [] }]
  if (access === 'signIn') return [{ signIn: [] }]
  return access === 'session' ? [{ session: [] }] : [{ bearer: [] }, { session: [] }]
}

function requestBody({ body, upload }: Route): JsonObject {
  const content = {
    ...(body === undefined ? {} : { 'application/json': { schema: body } }),
    ...(upload === undefined ? {} : { 'multipart/form-data': { schema: upload } }),
  }
  return Object.keys(content).length === 0 ? {} : { requestBody: { required: true, content } }
}

function parameters(it: Route): readonly JsonObject[] {
  const path = [...it.path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  const queryJson = it.query === undefined ? {} : jsonSchema(it.query)
  const properties = (queryJson['properties'] ?? {}) as Readonly<Record<string, JsonObject>>
  const query = Object.entries(properties).map(([name, schema]) => ({ name, in: 'query', required: false, schema }))
  const headers = (it.headers ?? []).map(({ name, required, description }) => ({
    name,
    in: 'header',
    required,
    description,
    schema: { type: 'string' },
  }))
  return [...path, ...query, ...headers]
}

/** Codes that share a status share a response. */
function problemResponses(it: Route): JsonObject {
  const codes = [
    ...it.problems,
    ...(it.access === 'open' ? [] : it.access === 'filer' || it.access === 'signIn' ? WITH_STATUS_TOKEN : WITH_TOKEN),
    ...(it.body === undefined ? [] : WITH_BODY),
    ...(it.query === undefined ? [] : (['VALIDATION_FAILED'] as const)),
    ...ALWAYS,
  ]
  const byStatus = groupBy(new Set(codes), (code) => ERROR_CODES[code])
  return Object.fromEntries(
    [...byStatus].map(([status, here]) => [
      status,
      {
        description: here.map((code) => `${code}: ${PROBLEM_TEXTS[code].title.en}`).join('; '),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  )
}
