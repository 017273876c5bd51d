import { z } from 'zod'
import { json, ok, route, type ApiDeps, type Route } from '../context.js'
import { inspectBody } from '../personalData.js'
import { declaredNames, jsonSchema, parse } from '../validation.js'
import { iso } from '../words.js'

const channel = z.enum(['email', 'phone'])
const ticketNumber = z.string().max(32).describe('PGD-XXXX-XXXX; grants nothing by itself')
const AskBody = z.strictObject({ ticketNumber, channel })
const TryBody = z.strictObject({
  ticketNumber,
  channel,
  code: z.string().max(32).describe('The six digits of the message'),
})
const Asked = z.strictObject({ accepted: z.literal(true) })
const Opened = z.strictObject({ statusToken: z.string(), expiresAt: z.string() })
/** What somebody typed may be anything: it counts as wrong. */
const TYPED = new Set(['/code', '/ticketNumber'])

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
    body: jsonSchema(AskBody),
    reply: { status: 202, description: 'If there is a proven contact, a code is on its way to it.', schema: Asked },
    problems: ['PERSONAL_DATA_REFUSED', 'TOO_MANY_REQUESTS'],
    handle: async ({ body }) => {
      inspectBody(body, declaredNames(AskBody), TYPED)
      const asked = parse(AskBody, body, 'body')
      await services.access.request(asked.ticketNumber, asked.channel)
      return json(202, { accepted: true })
    },
  }),
  route({
    method: 'post',
    path: '/v1/pengaduan/access/verification',
    operationId: 'verifyAccess',
    summary:
      'Menukar kode dengan token status baru. Every earlier token is revoked; whatever is wrong, the answer is the same.',
    access: 'open',
    limit: 'access',
    body: jsonSchema(TryBody),
    reply: { status: 200, description: 'The new token, this once.', schema: Opened },
    problems: ['PERSONAL_DATA_REFUSED', 'CODE_INVALID', 'TOO_MANY_REQUESTS', 'LIMITER_UNAVAILABLE'],
    handle: async ({ body }) => {
      inspectBody(body, declaredNames(TryBody), TYPED)
      const attempt = parse(TryBody, body, 'body')
      const { token, expiresAt } = await services.access.verify(attempt.ticketNumber, attempt.channel, attempt.code)
      return ok({ statusToken: token, expiresAt: iso(expiresAt) })
    },
  }),
]
