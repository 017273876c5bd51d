import { z } from 'zod'
import { PulihError } from '../../engine/errors.js'
import { dayOf } from '../../staff/ledger/index.js'
import { reportCsv, reportNamed, REPORTS, type Report, type ReportRow, type Span } from '../../staff/reports/index.js'
import { officesOf } from '../../staff/scope.js'
import { ok, route, type ApiDeps, type Call, type Route } from '../context.js'
import { instant } from '../shapes.js'
import { validationFailed } from '../validation.js'
import { iso } from '../words.js'

const READERS = ['supervisor', 'auditor'] as const
const day = z.iso.date()
const Query = z.strictObject({
  from: day.optional().describe('First day, in the zone of each office; default: 30 days before the last'),
  until: day.optional().describe('Last day, included; default: the day of `asOf`'),
  asOf: z.iso
    .datetime()
    .optional()
    .describe('As things stood at this instant: the same question always has the same answer; default: now'),
  office: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{1,40}$/)
    .optional(),
})
type Query = z.infer<typeof Query>
const cell = z.union([z.string(), z.number(), z.null()])
const Answer = z.strictObject({
  report: z.string(),
  from: z.string(),
  until: z.string(),
  asOf: instant,
  complete: z.boolean().describe('False while older changes are still being taken in'),
  columns: z.array(z.string()),
  rows: z.array(z.record(z.string(), cell)),
})
const Catalogue = z.strictObject({
  items: z.array(z.strictObject({ name: z.string(), summary: z.string(), columns: z.array(z.string()) })),
})

const DAY_MS = 86_400_000
const DAYS_MAX = 366
/** What a reader waits for, of changes that are not taken in yet. */
const CATCH_UP = 500
const problems = ['NOT_FOUND', 'VALIDATION_FAILED'] as const

/** Sums for those who answer for the promise: counts of tickets, never a participant. */
export const reportRoutes = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'get',
    path: '/v1/reports',
    operationId: 'listReports',
    summary: 'Laporan yang tersedia.',
    access: READERS,
    reply: { status: 200, description: 'Names, and what is in each.', schema: Catalogue },
    problems: [],
    handle: () => ok({ items: REPORTS.map(({ name, summary, columns }) => ({ name, summary, columns })) }),
  }),
  route<Query>({
    method: 'get',
    path: '/v1/reports/:name',
    operationId: 'getReport',
    summary: 'Laporan penyelia: of the caller’s offices, as of any instant.',
    access: READERS,
    query: Query,
    reply: { status: 200, description: 'Rows in the order of their columns.', schema: Answer },
    problems,
    async handle(call) {
      const { report, span, complete, rows } = await drawn(deps, call)
      const { from, until, asOf } = span
      const head = { report: report.name, from, until, asOf: iso(asOf), complete, columns: report.columns }
      return ok({ ...head, rows: rows.map((row) => only(row, report.columns)) })
    },
  }),
  route<Query>({
    method: 'get',
    path: '/v1/reports/:name/csv',
    operationId: 'exportReport',
    summary: 'Laporan sebagai CSV (RFC 4180, UTF-8 dengan BOM). Recorded in the audit.',
    access: READERS,
    query: Query,
    reply: { status: 200, description: 'The same rows.', schema: z.string(), media: 'text/csv' },
    problems: [...problems, 'AUDIT_UNAVAILABLE'],
    handle: (call) => exported(deps, call),
  }),
]

async function exported(deps: ApiDeps, call: Call<Query>) {
  const { report, span, rows } = await drawn(deps, call)
  const { from, until, asOf, offices } = span
  const { id: actorId, role: actorRole } = call.actor
  // The whole world's offices are not listed: null says it.
  const detail = { from, until, asOfAt: asOf, rows: rows.length, offices: offices?.slice(0, 200) ?? null }
  const at = deps.clock.now()
  await deps.services.audit.record({ at, actorId, actorRole, action: 'report.export', subject: report.name, detail })
  return {
    status: 200,
    headers: { 'Content-Disposition': `attachment; filename="${report.name}-${from}-${until}.csv"` },
    body: { bytes: Buffer.from(reportCsv(report, rows), 'utf8'), media: 'text/csv; charset=utf-8' },
  }
}

async function drawn(deps: ApiDeps, call: Call<Query>) {
  const report = reportNamed(call.params['name'] ?? '')
  if (report === undefined) throw new PulihError('NOT_FOUND', 'no such report')
  const span = spanOf(deps, call)
  const complete = await deps.services.ledger.catchUp(CATCH_UP)
  return { report, span, complete, rows: await report.rows(deps.store.ledger, span) }
}

/** Throws NOT_FOUND for an office that the caller does not answer for, VALIDATION_FAILED for days that are none. */
function spanOf({ clock, engine }: ApiDeps, { query, principal }: Call<Query>): Span {
  const own = principal === null ? [] : officesOf(principal, READERS)
  const { office } = query
  if (office !== undefined && (!engine.reference.hasOffice(office) || own?.includes(office) === false))
    throw new PulihError('NOT_FOUND', 'no such office for this caller')
  const now = clock.now()
  const asOf = query.asOf === undefined ? now : Date.parse(query.asOf)
  if (asOf > now) throw refused('/asOf', 'inTheFuture', 'Saat ini belum terjadi.', 'That has not happened yet.')
  // Where it is latest: so that the default leaves no office's day out.
  const until = query.until ?? dayOf({ zone: LATEST_ZONE }, asOf)
  const from = query.from ?? new Date(Date.parse(until) - 30 * DAY_MS).toISOString().slice(0, 10)
  const days = (Date.parse(until) - Date.parse(from)) / DAY_MS + 1
  if (days < 1 || days > DAYS_MAX)
    throw refused('/from', 'range', 'Rentang harus 1 sampai 366 hari.', 'The range must be 1 to 366 days.')
  return { from, until, asOf, offices: office === undefined ? own : [office] }
}
const LATEST_ZONE = 'Asia/Jayapura'

const refused = (pointer: string, code: string, id: string, en: string) =>
  validationFailed([{ in: 'query', pointer, code, message: { id, en } }])

const only = (row: ReportRow, columns: Report['columns']) =>
  Object.fromEntries(columns.map((name) => [name, row[name] ?? null]))
