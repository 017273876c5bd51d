import { z } from 'zod'
import type { ReviewRow } from '../../../db/staff/approvals.js'
import { ReasonCode } from '../../machines/events.js'
import { mayKnow } from '../../staff/scope.js'
import { ok, route, type ApiDeps, type Call, type Route } from '../context.js'
import { inspectBody } from '../personalData.js'
import { visibleHead } from '../ticketViews.js'
import { declaredNames, jsonSchema, parse } from '../validation.js'
import { iso, isoOrNull } from '../words.js'

const Review = z.strictObject({
  ticketId: z.string(),
  cycle: z.int(),
  officeId: z.string(),
  makerId: z.string(),
  checkerId: z.string(),
  chosenAt: z.string(),
  reviewerId: z.string().nullable(),
  verdict: z.enum(['sound', 'doubtful']).nullable(),
  reason: z.string().nullable(),
  reviewedAt: z.string().nullable(),
})
const Pair = z.strictObject({ makerId: z.string(), checkerId: z.string(), approvals: z.int(), frequent: z.boolean() })
const Body = z.strictObject({ verdict: z.enum(['sound', 'doubtful']), reason: ReasonCode })
const Day = z.strictObject({ day: z.iso.date().optional().describe('In Jakarta; default today') })
const LIMIT = 200
/** Noon in Jakarta lies within the day whatever the rounding. */
const NOON = 'T12:00:00+07:00'

/** What supervisors watch over the second pair of eyes with: approvals drawn for another look, and who approves with whom (R-4E-5). */
export const fourEyesRoutes = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'get',
    path: '/v1/approval-reviews',
    operationId: 'listApprovalReviews',
    summary: 'Persetujuan yang terpilih untuk diperiksa ulang, oldest first.',
    access: ['supervisor', 'auditor'],
    reply: { status: 200, description: 'Not reviewed yet.', schema: z.strictObject({ items: z.array(Review) }) },
    problems: [],
    handle: async ({ principal }) => {
      const drawn = await deps.services.recovery.reviews.open(LIMIT)
      const known = drawn.filter((it) => principal === null || mayKnow(principal, it))
      return ok({ items: known.map(view) })
    },
  }),
  route({
    method: 'post',
    path: '/v1/tickets/:id/approval-review',
    operationId: 'reviewApproval',
    summary: 'Mencatat hasil pemeriksaan ulang. Once, and by neither of the two who approved; so no key is needed.',
    access: ['supervisor'],
    body: jsonSchema(Body),
    reply: { status: 200, description: 'Recorded.', schema: Review },
    problems: ['TICKET_NOT_FOUND', 'NOT_FOUND', 'PERSONAL_DATA_REFUSED', 'CONFLICT'],
    handle: (call) => review(deps, call),
  }),
  route({
    method: 'get',
    path: '/v1/approval-pairs',
    operationId: 'listApprovalPairs',
    summary: 'Pasangan pengusul dan pemeriksa per hari, most approvals first.',
    access: ['supervisor', 'auditor'],
    everyOffice: true,
    query: Day,
    reply: {
      status: 200,
      description: '`frequent`: more than a pair should have on one day.',
      schema: z.strictObject({ items: z.array(Pair) }),
    },
    problems: [],
    handle: (call) => pairs(deps, call.query),
  }),
]

async function review(deps: ApiDeps, call: Call) {
  const { ticketId } = await visibleHead(deps, call.params['id'] ?? '', call.actor)
  inspectBody(call.body, declaredNames(Body))
  const { verdict, reason } = parse(Body, call.body, 'body')
  return ok(view(await deps.services.recovery.reviews.close(ticketId, call.actor, verdict, reason)))
}

async function pairs({ services, clock, config }: ApiDeps, { day }: z.infer<typeof Day>) {
  const at = day === undefined ? clock.now() : Date.parse(day + NOON)
  const most = config.limits?.approvalsPerPairDay ?? Number.MAX_SAFE_INTEGER
  const items = await services.recovery.reviews.pairs(at, LIMIT)
  return ok({ items: items.map((it) => ({ ...it, frequent: it.approvals > most })) })
}

const view = ({ chosenAt, reviewedAt, ...row }: ReviewRow) => ({
  ...row,
  chosenAt: iso(chosenAt),
  reviewedAt: isoOrNull(reviewedAt),
})
