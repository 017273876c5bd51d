import { z } from 'zod'
import type { BulkItem } from '../../../db/staff/bulk.js'
import { BULK_ACTIONS, csv, type BulkAction, type BulkProgress } from '../../staff/bulk/index.js'
import { json, ok, route, type ApiDeps, type Call, type Route } from '../context.js'
import { readCursor, writeCursor } from '../cursor.js'
import { commandKey, replayHeaders } from '../idempotency.js'
import { inspectBody } from '../personalData.js'
import { readIdempotencyKey } from '../requestHeaders.js'
import { instant } from '../shapes.js'
import { declaredNames, jsonSchema, parse } from '../validation.js'
import { iso, isoOrNull } from '../words.js'
import { filterFields } from '../worklistFilter.js'
import { workerOf } from '../workViews.js'
import { IDEMPOTENCY_HEADER } from './tickets.js'

const Filter = z.strictObject(filterFields(z.boolean().optional()))
const selection = z
  .union([z.strictObject({ ids: z.array(z.uuid()).min(1).max(4_000) }), z.strictObject({ filter: Filter })])
  .describe('Ticket ids, or a filter of the worklist; frozen at the start')
const names = Object.keys(BULK_ACTIONS) as [BulkAction, ...BulkAction[]]
const orderOf = <A extends BulkAction>(action: A) =>
  z.strictObject({
    action: z.literal(action),
    payload: BULK_ACTIONS[action],
    selection,
    dryRun: z.boolean().default(false),
  })
const StartBody = z.discriminatedUnion('action', [
  orderOf('assign'),
  orderOf('transfer'),
  orderOf('documents.request'),
  orderOf('promise.extend'),
  orderOf('incident.link'),
])

const JobShape = z.strictObject({
  id: z.string(),
  action: z.enum(names),
  dryRun: z.boolean(),
  state: z.enum(['running', 'done', 'cancelled']),
  total: z.int(),
  pending: z.int(),
  done: z.int().describe('In a dry run: would be done'),
  refused: z.int(),
  skipped: z.int().describe('Changed since the start, or cancelled'),
  createdAt: instant,
  finishedAt: instant.nullable(),
})
const ItemsShape = z.strictObject({
  items: z.array(
    z.strictObject({
      seq: z.int(),
      ticketId: z.string(),
      ticketNumber: z.string(),
      verdict: z.enum(['pending', 'done', 'refused', 'skipped']),
      code: z.string().nullable(),
      at: instant.nullable(),
    }),
  ),
  next: z.string().nullable(),
})
const ItemsQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.string().max(512).optional(),
})
type ItemsQuery = z.infer<typeof ItemsQuery>
/** Rows of the CSV that are read at a time. */
const PAGE = 1_000
const WHO = ['supervisor', 'auditor'] as const

/** The same thing done to many tickets, each judged on its own. */
export const bulkRoutes = (deps: ApiDeps): readonly Route[] => [...running(deps), ...results(deps)]

const running = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'post',
    path: '/v1/bulk',
    operationId: 'startBulk',
    summary:
      'Tindakan massal: one action on many tickets, as a job with one verdict per ticket. Nothing is approved this way.',
    access: ['supervisor'],
    headers: [IDEMPOTENCY_HEADER],
    body: jsonSchema(StartBody),
    reply: { status: 202, description: 'Started; Location names the job.', schema: JobShape },
    problems: ['IDEMPOTENCY_KEY_REQUIRED', 'IDEMPOTENCY_KEY_MALFORMED', 'IDEMPOTENCY_KEY_REUSED'],
    handle: (call) => start(deps, call),
  }),
  route({
    method: 'get',
    path: '/v1/bulk/:jobId',
    operationId: 'getBulk',
    summary: 'Kemajuan tindakan massal.',
    access: WHO,
    reply: { status: 200, description: 'The job with its counts.', schema: JobShape },
    problems: ['NOT_FOUND'],
    handle: async (call) => ok(jobView(await deps.services.bulk.progress(workerOf(call), jobOf(call)))),
  }),
  route({
    method: 'post',
    path: '/v1/bulk/:jobId/cancel',
    operationId: 'cancelBulk',
    summary: 'Batalkan sisa tindakan massal: what is under way is finished, what was done stays.',
    access: ['supervisor'],
    body: jsonSchema(z.strictObject({})),
    reply: { status: 200, description: 'The job with its counts.', schema: JobShape },
    problems: ['NOT_FOUND'],
    async handle(call) {
      parse(z.strictObject({}), call.body, 'body')
      return ok(jobView(await deps.services.bulk.cancel(workerOf(call), jobOf(call))))
    },
  }),
]

const results = (deps: ApiDeps): readonly Route[] => [
  route<ItemsQuery>({
    method: 'get',
    path: '/v1/bulk/:jobId/items',
    operationId: 'getBulkItems',
    summary: 'Putusan per tiket dari tindakan massal.',
    access: WHO,
    query: ItemsQuery,
    reply: { status: 200, description: 'One page, in the order of the selection.', schema: ItemsShape },
    problems: ['NOT_FOUND', 'CURSOR_MALFORMED'],
    async handle(call) {
      const { limit, cursor } = call.query
      const scope = { list: 'bulk', job: jobOf(call) }
      const after = readCursor(cursor, scope)?.key ?? 0
      const rows = await deps.services.bulk.items(workerOf(call), jobOf(call), after, limit)
      const last = rows.length === limit ? (rows.at(-1) ?? null) : null
      const next = writeCursor(last === null ? null : { key: last.seq, id: '' }, scope)
      return ok({ items: rows.map(itemView), next })
    },
  }),
  route({
    method: 'get',
    path: '/v1/bulk/:jobId/verdicts.csv',
    operationId: 'getBulkCsv',
    summary: 'Putusan per tiket sebagai CSV; no cell opens as a formula.',
    access: WHO,
    reply: { status: 200, description: 'One line per ticket.', schema: z.string(), media: 'text/csv' },
    problems: ['NOT_FOUND'],
    handle: (call) => verdicts(deps, call),
  }),
]

async function start(deps: ApiDeps, call: Call) {
  inspectBody(call.body, declaredNames(StartBody))
  const { action, payload, selection: chosen, dryRun } = parse(StartBody, call.body, 'body')
  const { fingerprint } = commandKey(call)
  const key = readIdempotencyKey(call.header('idempotency-key'))
  const worker = workerOf(call)
  const order = { action, payload, selection: chosen, dryRun, key, fingerprint }
  const { job, replayed } = await deps.services.bulk.start(worker, order)
  const progress = await deps.services.bulk.progress(worker, job.id)
  return json(202, jobView(progress), { Location: `/v1/bulk/${job.id}`, ...replayHeaders(replayed) })
}

async function verdicts(deps: ApiDeps, call: Call) {
  const rows: BulkItem[] = []
  for (;;) {
    const page = await deps.services.bulk.items(workerOf(call), jobOf(call), rows.at(-1)?.seq ?? 0, PAGE)
    rows.push(...page)
    if (page.length < PAGE) break
  }
  const columns = ['seq', 'ticketNumber', 'ticketId', 'verdict', 'code', 'at']
  const lines = rows.map((it) => [it.seq, it.ticketNumber, it.ticketId, it.state, it.code, isoOrNull(it.at)])
  return {
    status: 200,
    headers: { 'Content-Disposition': 'attachment; filename="verdicts.csv"' },
    body: { bytes: Buffer.from(csv(columns, lines), 'utf8'), media: 'text/csv; charset=utf-8' },
  }
}

const jobOf = (call: Call | Call<ItemsQuery>): string => call.params['jobId'] ?? ''

const jobView = ({ job, tally }: BulkProgress) => ({
  id: job.id,
  action: job.action as BulkAction,
  dryRun: job.dryRun,
  state: job.state,
  total: job.total,
  ...{ pending: tally.pending ?? 0, done: tally.done ?? 0, refused: tally.refused ?? 0, skipped: tally.skipped ?? 0 },
  createdAt: iso(job.createdAt),
  finishedAt: isoOrNull(job.finishedAt),
})
const itemView = (it: BulkItem) => ({
  ...{ seq: it.seq, ticketId: it.ticketId, ticketNumber: it.ticketNumber, verdict: it.state, code: it.code },
  at: isoOrNull(it.at),
})
