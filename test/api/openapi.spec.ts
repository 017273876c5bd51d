import type { Express } from 'express'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createApi } from '../../src/api/index.js'
import { ERROR_CODES } from '../../src/engine/errors.js'
import { FILING, startHarness, type Harness } from './harness.js'

interface Operation {
  operationId: string
  security: object[]
  parameters: { name: string; in: string; required: boolean; schema: unknown }[]
  requestBody?: { content: Record<string, { schema: { oneOf: Record<string, unknown>[] } }> }
  responses: Record<string, { description: string; content: Record<string, { schema: Record<string, unknown> }> }>
}
interface Document {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: Record<string, Record<string, unknown>>
}

/** Where a sign-in begins: nobody has anything to show yet. Its steps take the cookie that the first one gave. */
const SIGN_IN_DOORS = ['/v1/session', '/v1/session/oidc', '/v1/session/oidc/callback']

let api: Harness
let document: Document
beforeAll(async () => {
  api = await startHarness()
  document = (await api.get('/openapi.json', null)).body as Document
})
afterAll(() => api.close())

/** What Express itself routes, read from its own table. */
interface Layer {
  route?: { path: string; methods: Record<string, boolean> }
  handle?: { stack?: Layer[] }
}
function routedBy(app: Express): string[] {
  const walk = (stack: readonly Layer[]): string[] =>
    stack.flatMap((layer) =>
      layer.route === undefined
        ? walk(layer.handle?.stack ?? [])
        : Object.keys(layer.route.methods)
            .filter((method) => method !== '_all')
            .map((method) => `${method} ${layer.route?.path ?? ''}`),
    )
  return walk((app as unknown as { router: { stack: Layer[] } }).router.stack).toSorted()
}
const operations = () =>
  Object.entries(document.paths).flatMap(([path, here]) =>
    Object.entries(here).map(([method, it]) => ({ path, method, it })),
  )

describe('/openapi.json', () => {
  it('lists exactly the routes that the router has', () => {
    const documented = operations().map(({ method, path }) => `${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`)
    expect(documented.toSorted()).toEqual(routedBy(createApi(api.deps)))
    expect(documented.length).toBeGreaterThan(15)
    expect(document.openapi).toBe('3.1.0')
  })

  it('leaves out what is not mounted', async () => {
    const bare = await startHarness({ mailbox: false })
    try {
      const { body } = await bare.get('/openapi.json', null)
      expect(Object.keys(body.paths as object)).not.toContain('/mailbox')
    } finally {
      await bare.close()
    }
  })

  it('resolves every reference, names every operation once and declares every path parameter', () => {
    const references: string[] = []
    JSON.stringify(document, (key, value: unknown) => {
      if (key === '$ref') references.push(String(value))
      return value
    })
    expect(references.length).toBeGreaterThan(0)
    for (const reference of new Set(references)) {
      const found = reference
        .slice(2)
        .split('/')
        .reduce<unknown>((node, step) => (node as Record<string, unknown> | undefined)?.[step], document)
      expect(found, reference).toBeDefined()
    }
    const ids = operations().map(({ it }) => it.operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { path, it } of operations()) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      expect(it.parameters.filter((parameter) => parameter.in === 'path').map((parameter) => parameter.name)).toEqual(
        inPath,
      )
    }
  })

  it('says for each route which problems it answers, and which need a token', () => {
    for (const { path, it } of operations()) {
      const open = it.security.length === 0
      // Refused there are a password, an issuer's answer or a foreign page, and no token.
      const door = SIGN_IN_DOORS.includes(path) && open
      const statuses = Object.keys(it.responses)
      expect([
        path,
        statuses.includes('500'),
        statuses.includes('401') || door,
        statuses.includes('403') || door,
      ]).toEqual([
        path,
        true,
        !open || door,
        // A status token has no role: it opens its own complaint or nothing.
        (!open || door) && !it.security.some((scheme) => 'statusToken' in scheme),
      ])
      for (const [status, response] of Object.entries(it.responses)) {
        if (Number(status) < 400) continue
        expect(Object.keys(response.content)).toEqual(['application/problem+json'])
        for (const [, code] of response.description.matchAll(/([A-Z_]+):/g))
          expect(ERROR_CODES[code as keyof typeof ERROR_CODES]).toBe(Number(status))
      }
    }
    const open = operations().filter(({ it }) => it.security.length === 0)
    expect(open.map(({ path }) => path).toSorted()).toEqual([
      '/livez',
      '/mailbox',
      '/openapi.json',
      '/readyz',
      '/v1/incidents',
      '/v1/objections',
      '/v1/pages/{token}',
      '/v1/pengaduan',
      '/v1/pengaduan/access',
      '/v1/pengaduan/access/verification',
      '/v1/privacy-notice',
      ...SIGN_IN_DOORS,
    ])
  })

  it('describes bodies as the API takes them: what it accepts fits one schema, what it refuses fits none', async () => {
    const bodiesOf = (path: string) =>
      (document.paths[path]?.['post']?.requestBody?.content['application/json']?.schema.oneOf ?? []).map((schema) =>
        z.fromJSONSchema(schema as never),
      )
    const fits = (path: string, body: unknown) =>
      bodiesOf(path).filter((schema) => schema.safeParse(body).success).length
    const types = [...api.deps.types.values()]
    expect(bodiesOf('/v1/tickets')).toHaveLength(types.length)
    expect(bodiesOf('/v1/tickets/{id}/events')).toHaveLength(
      types.flatMap((type) => Object.keys(type.publicEvents)).length,
    )

    for (const [filing, accepted] of [
      [{}, true],
      [{ claimRunning: true }, true],
      [{ route: 'x' }, false],
      [{ declaration: false }, false],
      [{ extra: 1 }, false],
      [{ type: 'x' }, false],
    ] as const) {
      const body = { type: 'pengaduan', ...FILING, ...filing }
      expect([filing, fits('/v1/tickets', body)]).toEqual([filing, accepted ? 1 : 0])
      expect([filing, (await api.file({ filing })).status]).toEqual([filing, accepted ? 202 : 422])
    }
    expect(fits('/v1/tickets/{id}/events', { type: 'contact.prove', channel: 'email' })).toBe(1)
    expect(fits('/v1/tickets/{id}/events', { type: 'contact.prove', channel: 'pigeon' })).toBe(0)
    expect(
      fits('/v1/tickets/{id}/events', { type: 'sla.due', target: 'resolution', threshold: 'due', generation: 1 }),
    ).toBe(0)
  })

  it('knows no ticket type by name beyond what the registry gives', async () => {
    const { ticketType } = await import('../../src/machines/types/pengaduan.js')
    const types = new Map([['lain', { ...ticketType, type: 'lain' }]])
    const text = JSON.stringify(
      (await import('../../src/api/index.js')).openApiDocument(
        (await import('../../src/api/index.js')).apiRoutes({ ...api.deps, types }),
      ),
    )
    expect(text).toContain('"const":"lain"')
    expect(text).not.toContain('"const":"pengaduan"')
  })
})
