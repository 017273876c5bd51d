import { z } from 'zod'
import type { ReviewRow } from '../../../db/staff/approvals.js'
import { ReasonCode } from '../../machines/events.js'
import { officesOf } from '../../staff/scope.js'
import { ok, route, type ApiDeps, type Call, type Route } from '../context.js'
import { inspectBody } from '../personalData.js'
import { visibleHead } from '../ticketViews.js'
import { declaredNames, jsonSchema, parse } from '../validation.js'
import { iso, isoOrNull } from '../words.js'

const Review = z.strictObject({
  ticketId: z.string(),
  ticketNumber: z.string(),
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
const WATCHERS = ['supervisor', 'auditor'] as const
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
    access: WATCHERS,
    reply: { status: 200, description: 'Not reviewed yet.', schema: z.strictObject({ items: z.array(Review) }) },
    problems: [],
    handle: async ({ principal }) => {
      const offices = principal === null ? [] : officesOf(principal, WATCHERS)
      return ok({ items: await views(deps, await deps.services.recovery.reviews.open(offices, LIMIT)) })
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
    access: WATCHERS,
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
  const closed = await deps.services.recovery.reviews.close(ticketId, call.actor, verdict, reason)
  return ok((await views(deps, [closed]))[0])
}

async function pairs({ services, clock, config }: ApiDeps, { day }: z.infer<typeof Day>) {
  const at = day === undefined ? clock.now() : Date.parse(day + NOON)
  const most = config.limits?.approvalsPerPairDay ?? Number.MAX_SAFE_INTEGER
  const items = await services.recovery.reviews.pairs(at, LIMIT)
  return ok({ items: items.map((it) => ({ ...it, frequent: it.approvals > most })) })
}

async function views({ store }: ApiDeps, rows: readonly ReviewRow[]) {
  const tickets = await store.work.worklist.workRows(rows.map((it) => it.ticketId))
  const numbers = new Map(tickets.map((it) => [it.id, it.ticketNumber]))
  return rows.map(({ chosenAt, reviewedAt, ...row }) => ({
    ...row,
    ticketNumber: numbers.get(row.ticketId) ?? '',
    chosenAt: iso(chosenAt),
    reviewedAt: isoOrNull(reviewedAt),
  }))
}
