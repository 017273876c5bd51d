import { z } from 'zod'
import { json, ok, route, type ApiDeps, type Route } from '../context.js'
import { CodeAsked, ContactProven } from '../shapes.filing.js'
import { declaredNames, jsonSchema, parse } from '../validation.js'
import { inspectBody } from '../personalData.js'
import { filedTicket } from './filing.js'

const channel = z.enum(['email', 'phone'])
const AskBody = z.strictObject({ channel })
const TryBody = z.strictObject({ channel, code: z.string().max(32).describe('The six digits of the message') })
const LIMITED = ['TOO_MANY_REQUESTS', 'LIMITER_UNAVAILABLE'] as const

export const codeRoutes = ({ services }: ApiDeps): readonly Route[] => [
  route({
    method: 'post',
    path: '/v1/pengaduan/codes',
    operationId: 'askCode',
    summary:
      'Meminta kode baru untuk satu kontak baru: earlier ones are dead. Each asking sends another code, so no key is needed.',
    access: 'filer',
    limit: 'codes',
    body: jsonSchema(AskBody),
    reply: { status: 202, description: 'On its way.', schema: CodeAsked },
    problems: ['PERSONAL_DATA_REFUSED', 'NOT_FOUND', ...LIMITED],
    handle: async (call) => {
      inspectBody(call.body, declaredNames(AskBody))
      const asked = parse(AskBody, call.body, 'body')
      await services.codes.request({ ticketId: filedTicket(call).ticketId, channel: asked.channel, purpose: 'prove' })
      return json(202, { channel: asked.channel })
    },
  }),
  route({
    method: 'post',
    path: '/v1/pengaduan/codes/verification',
    operationId: 'verifyCode',
    summary: 'Membuktikan kontak baru dengan kode yang diterima. A code is used once: each call counts as a try.',
    access: 'filer',
    limit: 'codes',
    body: jsonSchema(TryBody),
    reply: { status: 200, description: 'Proven.', schema: ContactProven },
    problems: ['PERSONAL_DATA_REFUSED', 'CODE_INVALID', 'CODE_EXPIRED', 'CODE_USED', 'CODE_TRIES_EXCEEDED', ...LIMITED],
    handle: async (call) => {
      inspectBody(call.body, declaredNames(TryBody), TYPED)
      const { ticketId } = filedTicket(call)
      const attempt = parse(TryBody, call.body, 'body')
      await services.codes.verify({ ...attempt, ticketId, purpose: 'prove' })
      services.tasks.wake()
      return ok({ channel: attempt.channel, proven: true })
    },
  }),
]
/** What somebody typed for a code may be anything: it counts as a wrong one. */
const TYPED = new Set(['/code'])
