import { z } from 'zod'
import { json, ok, route, type ApiDeps, type Route } from '../context.js'
import { inspectBody } from '../personalData.js'
import { declaredNames, jsonSchema, parse } from '../validation.js'
import { iso } from '../words.js'
import { DEVICE_HEADER, deviceOf } from './filing.js'

const channel = z.enum(['email', 'phone'])
const ticketNumber = z.string().max(32).describe('PGD-XXXX-XXXX; grants nothing by itself')
const AskBody = z.strictObject({ ticketNumber, channel })
const TryBody = z.strictObject({
  ticketNumber,
  channel,
  accessId: z.string().max(64).describe('As the asking for this code was answered'),
  code: z.string().max(32).describe('The six digits of the message'),
})
const Asked = z.strictObject({
  accepted: z.literal(true),
  accessId: z.string().describe('Goes with the code: it opens nothing without it'),
})
const Opened = z.strictObject({ statusToken: z.string(), expiresAt: z.string() })
/** What somebody typed may be anything: it counts as wrong. */
const TYPED = new Set(['/code', '/ticketNumber', '/accessId'])

/** A lost status token: a code to the proven new contact (A20). */
export const accessRoutes = ({ services }: ApiDeps): readonly Route[] => [
  route({
    method: 'post',
    path: '/v1/pengaduan/access',
    operationId: 'askAccess',
    summary:
      'Meminta kode untuk membuka kembali status pengaduan. The answer is the same whether or not the number exists.',
    access: 'open',
    limit: 'access',
    headers: [DEVICE_HEADER],
    body: jsonSchema(AskBody),
    reply: { status: 202, description: 'If there is a proven contact, a code is on its way to it.', schema: Asked },
    problems: ['PERSONAL_DATA_REFUSED', 'TOO_MANY_REQUESTS'],
    handle: async (call) => {
      inspectBody(call.body, declaredNames(AskBody), TYPED)
      const asked = parse(AskBody, call.body, 'body')
      const accessId = await services.access.request({ ...asked, device: deviceOf(call) })
      return json(202, { accepted: true, accessId })
    },
  }),
  route({
    method: 'post',
    path: '/v1/pengaduan/access/verification',
    operationId: 'verifyAccess',
    summary:
      'Menukar kode dengan token status baru. Every earlier token is revoked; whatever is wrong, the answer is the same.',
    access: 'open',
    // Counted by network alone: without an accessId there is nothing to guess, and nobody uses up what everybody has.
    limit: 'codes',
    body: jsonSchema(TryBody),
    reply: { status: 200, description: 'The new token, this once.', schema: Opened },
    problems: ['PERSONAL_DATA_REFUSED', 'CODE_INVALID', 'TOO_MANY_REQUESTS', 'LIMITER_UNAVAILABLE'],
    handle: async ({ body }) => {
      inspectBody(body, declaredNames(TryBody), TYPED)
      const attempt = parse(TryBody, body, 'body')
      const { token, expiresAt } = await services.access.verify(attempt)
      return ok({ statusToken: token, expiresAt: iso(expiresAt) })
    },
  }),
]
