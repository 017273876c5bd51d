import { codeOrNull } from '../../audit/index.js'
import { z } from 'zod'
import type { EmailDomainRow } from '../../../db/intake/proofs.js'
import { ok, route, type ApiDeps, type Route } from '../context.js'
import { inspectBody } from '../personalData.js'
import { EmailDomain, EmailDomainList } from '../shapes.filing.js'
import { declaredNames, jsonSchema, parse } from '../validation.js'
import { iso } from '../words.js'

const KEEPERS = ['supervisor', 'admin'] as const
const Body = z.strictObject({
  domain: z.string().max(253).describe('With all of its sub-domains'),
  verdict: z.enum(['block', 'allow']).describe('`allow` wins over `block` and over the shipped list'),
  reason: z.string().min(1).max(200),
})

export const emailDomainRoutes = ({ services }: ApiDeps): readonly Route[] => [
  route({
    method: 'get',
    path: '/v1/email-domains',
    operationId: 'listEmailDomains',
    summary: 'Keputusan tentang domain email, over the shipped list of throw-away ones.',
    access: KEEPERS,
    reply: { status: 200, description: 'All decisions.', schema: EmailDomainList },
    problems: [],
    handle: async () => {
      const { shippedList, decisions } = await services.emailDomains.list()
      return ok({ shippedList, items: decisions.map(view) })
    },
  }),
  route({
    method: 'post',
    path: '/v1/email-domains',
    operationId: 'decideEmailDomain',
    summary:
      'Mengizinkan atau menolak satu domain email. The newest decision about a domain stands, so no key is needed.',
    access: KEEPERS,
    everyOffice: true,
    body: jsonSchema(Body),
    reply: { status: 200, description: 'Decided; holds for the next filing.', schema: EmailDomain },
    problems: ['PERSONAL_DATA_REFUSED', 'AUDIT_UNAVAILABLE'],
    handle: async (call) => {
      inspectBody(call.body, declaredNames(Body))
      const decision = parse(Body, call.body, 'body')
      const row = await services.emailDomains.decide({ ...decision, actorId: call.actor.id })
      const { id: actorId, role: actorRole } = call.actor
      const fact = { action: 'emailDomain.decide', subject: codeOrNull(row.domain), detail: { verdict: row.verdict } }
      await services.audit.record({ at: row.decidedAt, actorId, actorRole, ...fact })
      return ok(view(row))
    },
  }),
]

const view = ({ decidedAt, ...row }: EmailDomainRow) => ({ ...row, decidedAt: iso(decidedAt) })
