import { z } from 'zod'
import { ok, route, type ApiDeps, type Route } from '../context.js'
import { inspectBody } from '../personalData.js'
import { declaredNames, jsonSchema, parse } from '../validation.js'

const ByLink = z.strictObject({ token: z.string().max(100).describe('From behind the # of the link in the notice') })
const ByCode = z.strictObject({
  ticketNumber: z.string().max(40),
  code: z.string().max(20).describe('The objection code of the notice'),
})
const Body = z.union([ByLink, ByCode])
/** None of these can be somebody's data, whatever a random text looks like. */
const OPAQUE = new Set(['/token', '/code', '/ticketNumber'])
const Received = z.strictObject({ received: z.literal(true) })

/** "Bukan saya" of whoever was told of a hold. Only a POST does anything: mail scanners follow links (R-HOLD-4). */
export const objectionRoutes = ({ services }: Pick<ApiDeps, 'services'>): readonly Route[] => [
  route({
    method: 'post',
    path: '/v1/objections',
    operationId: 'object',
    summary:
      'Bukan saya: membekukan penggantian kontak seketika, dengan token dari tautan pemberitahuan atau nomor pengaduan dan kode sanggah. Says nothing of the case; whatever does not stand is not found.',
    access: 'open',
    limit: 'objections',
    body: { oneOf: [jsonSchema(ByLink), jsonSchema(ByCode)] },
    reply: { status: 200, description: 'Frozen until a supervisor has looked.', schema: Received },
    problems: ['NOT_FOUND', 'TOO_MANY_REQUESTS', 'CONFLICT'],
    handle: async (call) => {
      inspectBody(call.body, new Set([...declaredNames(ByLink), ...declaredNames(ByCode)]), OPAQUE)
      const said = parse(Body, call.body, 'body')
      const { objections } = services.recovery
      if ('token' in said) await objections.objectWith(said.token)
      else await objections.objectByCode(said.ticketNumber, said.code)
      return ok({ received: true })
    },
  }),
]
