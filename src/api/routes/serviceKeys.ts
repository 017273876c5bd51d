import { z } from 'zod'
import type { ServiceKeyRow } from '../../../db/staff/identity.js'
import { KEY_DAYS_MAX, SCOPES } from '../../staff/identity/index.js'
import { json, ok, route, type ApiDeps, type Route } from '../context.js'
import { jsonSchema, parse } from '../validation.js'
import { iso, isoOrNull } from '../words.js'

const NewKeyBody = z.strictObject({
  name: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$/),
  scopes: z.array(z.enum(SCOPES)).min(1).max(SCOPES.length),
  days: z.int().min(1).max(KEY_DAYS_MAX).describe('Until it expires'),
})
const KeyShape = z.strictObject({
  keyId: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  createdAt: z.string(),
  createdBy: z.string(),
  expiresAt: z.string(),
  lastUsedAt: z.string().nullable().describe('To the minute'),
  revokedAt: z.string().nullable(),
})
const Created = z.strictObject({
  key: z.string().describe('Shown this once'),
  keyId: z.string(),
  expiresAt: z.string(),
})

/** Keys of other systems: they act as the portal, on the groups of routes that they name. */
export const serviceKeyRoutes = ({ services }: ApiDeps): readonly Route[] => [
  route({
    method: 'get',
    path: '/v1/service-keys',
    operationId: 'listServiceKeys',
    summary: 'Kunci layanan: cakupan, masa berlaku, dan terakhir dipakai.',
    access: ['admin', 'auditor'],
    everyOffice: true,
    reply: { status: 200, description: 'Oldest first.', schema: z.strictObject({ keys: z.array(KeyShape) }) },
    problems: [],
    handle: async () => ok({ keys: (await services.staff.serviceKeys.list()).map(keyView) }),
  }),
  route({
    method: 'post',
    path: '/v1/service-keys',
    operationId: 'createServiceKey',
    summary: 'Membuat kunci layanan. Answers the key, this once.',
    access: ['admin'],
    everyOffice: true,
    stepUp: true,
    body: jsonSchema(NewKeyBody),
    reply: { status: 201, description: 'The key; only its hash is kept.', schema: Created },
    problems: ['CROSS_SITE_REFUSED', 'STEP_UP_REQUIRED', 'AUDIT_UNAVAILABLE'],
    handle: async (call) => {
      const { key, row } = await services.staff.serviceKeys.create(parse(NewKeyBody, call.body, 'body'), call.actor)
      return json(201, { key, keyId: row.id, expiresAt: iso(row.expiresAt) })
    },
  }),
  route({
    method: 'post',
    path: '/v1/service-keys/:id/revoke',
    operationId: 'revokeServiceKey',
    summary: 'Mencabut kunci layanan: the next request with it is refused.',
    access: ['admin'],
    everyOffice: true,
    stepUp: true,
    reply: { status: 200, description: 'Revoked.', schema: z.strictObject({ revoked: z.literal(true) }) },
    problems: ['NOT_FOUND', 'CROSS_SITE_REFUSED', 'STEP_UP_REQUIRED', 'AUDIT_UNAVAILABLE'],
    handle: async (call) => {
      await services.staff.serviceKeys.revoke(call.params['id'] ?? '', call.actor)
      return ok({ revoked: true })
    },
  }),
]

const keyView = (row: ServiceKeyRow) => ({
  keyId: row.id,
  name: row.name,
  scopes: row.scopes,
  createdAt: iso(row.createdAt),
  createdBy: row.createdBy,
  expiresAt: iso(row.expiresAt),
  lastUsedAt: isoOrNull(row.lastUsedAt),
  revokedAt: isoOrNull(row.revokedAt),
})
