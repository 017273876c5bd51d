import { z } from 'zod'
import { PulihError } from '../../engine/errors.js'
import type { Principal } from '../../staff/principal.js'
import { BREACH_REASONS, shownAt, type BreachReasonCode, type Broken, type Told } from '../../staff/escalation/index.js'
import { json, ok, route, type ApiDeps, type Call, type Route } from '../context.js'
import { readCursor, writeCursor } from '../cursor.js'
import { inspectBody } from '../personalData.js'
import { instant, label } from '../shapes.js'
import { declaredNames, jsonSchema, parse } from '../validation.js'
import { iso, isoOrNull } from '../words.js'
import { WORKERS } from './worklist.js'

const Query = z.strictObject({
  unread: z
    .enum(['true', 'false'])
    .transform((it) => it === 'true')
    .default(false),
  limit: z.coerce.number().int().min(1).max(100).default(25),
  cursor: z.string().max(512).optional(),
})
type Query = z.infer<typeof Query>
const Notice = z.strictObject({
  id: z.string(),
  kind: z.enum(['warning', 'breached', 'escalated']),
  ticketId: z.string(),
  ticketNumber: z.string(),
  ticketType: z.string().describe('Whose words say what `target` is'),
  officeId: z.string(),
  target: z.string(),
  threshold: z.string().describe('`warn80`, `due`, `ladder1`'),
  to: z.enum(['agent', 'supervisor', 'unitHead']),
  at: instant.describe('When the threshold was reached'),
  shownAt: instant.describe('Within the opening hours of its office'),
  readAt: instant.nullable(),
})
const AccessNotice = z.strictObject({
  id: z.string(),
  kind: z.literal('access').describe('Somebody opened more than their work explains'),
  what: z.enum(['reveals', 'cases', 'unassigned']),
  staffId: z.string().describe('Who'),
  opened: z.int().describe('How much within an hour'),
  officeId: z.string().nullable().describe('Where they work; null: told for every office'),
  to: z.enum(['supervisor', 'auditor']),
  at: instant,
  shownAt: instant.describe('At once, also outside opening hours'),
  readAt: instant.nullable(),
})
const NoticePage = z.strictObject({
  items: z.array(z.union([Notice, AccessNotice])),
  next: z.string().nullable(),
  unread: z.int(),
})
const Nothing = z.strictObject({})
const CODES = Object.keys(BREACH_REASONS) as [BreachReasonCode, ...BreachReasonCode[]]
const ReasonBody = z.strictObject({
  target: z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,40}$/),
  cycle: z.int().min(1).optional().describe('Which time it was promised; default: the last one that was broken'),
  reason: z.enum(CODES),
})
const BrokenShape = z.strictObject({
  target: z.string(),
  cycle: z.int(),
  officeId: z.string(),
  dueAt: instant,
  settledAt: instant.nullable(),
  reason: z.strictObject({ code: z.string(), label, by: z.string(), at: instant }).nullable(),
})
const BrokenList = z.strictObject({ items: z.array(BrokenShape) })

const HEARERS = [...WORKERS, 'auditor'] as const

/** What staff are told, and what they say about broken promises. */
export const noticeRoutes = (deps: ApiDeps): readonly Route[] => [...telling(deps), ...explaining(deps)]

const telling = (deps: ApiDeps): readonly Route[] => [
  route<Query>({
    method: 'get',
    path: '/v1/notices',
    operationId: 'listNotices',
    summary:
      'Pemberitahuan untuk petugas: promises that are about to break or have broken, and to supervisors and auditors who opened more than their work explains; newest first.',
    access: HEARERS,
    query: Query,
    reply: { status: 200, description: 'One page, and how many are unread.', schema: NoticePage },
    problems: ['CURSOR_MALFORMED'],
    async handle(call) {
      const { unread, limit, cursor } = call.query
      const scope = { list: 'notices', unread }
      const { notices } = deps.services
      const who = signedIn(call)
      const rows = await notices.list(who, unread, limit, readCursor(cursor, scope))
      const last = rows.length < limit ? undefined : rows.at(-1)
      const next = writeCursor(last === undefined ? null : { key: shownAt(last), id: last.id }, scope)
      return ok({ items: rows.map(noticeView), next, unread: await notices.unread(who) })
    },
  }),
  route({
    method: 'post',
    path: '/v1/notices/:noticeId/read',
    operationId: 'readNotice',
    summary: 'Tandai pemberitahuan sudah dibaca. For the caller alone; once is enough.',
    access: HEARERS,
    body: jsonSchema(Nothing),
    reply: { status: 204, description: 'Marked.', schema: z.null() },
    problems: ['NOT_FOUND'],
    async handle(call) {
      parse(Nothing, call.body, 'body')
      await deps.services.notices.read(signedIn(call), call.params['noticeId'] ?? '')
      return { status: 204, body: null }
    },
  }),
]

const explaining = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'get',
    path: '/v1/tickets/:id/breach-reasons',
    operationId: 'listBreachReasons',
    summary: 'Janji yang terlampaui pada tiket ini dan alasannya.',
    access: ['supervisor', 'auditor'],
    reply: { status: 200, description: 'Every broken promise.', schema: BrokenList },
    problems: ['TICKET_NOT_FOUND'],
    async handle(call) {
      const items = await deps.services.breachReasons.of(await known(deps, call))
      return ok({ items: items.map(brokenView) })
    },
  }),
  route({
    method: 'post',
    path: '/v1/tickets/:id/breach-reasons',
    operationId: 'recordBreachReason',
    summary: 'Catat alasan janji terlampaui. The first reason stands; the same once more changes nothing.',
    access: ['supervisor'],
    body: jsonSchema(ReasonBody),
    reply: { status: 201, description: 'The promise with its reason.', schema: BrokenShape },
    problems: ['TICKET_NOT_FOUND', 'NOT_FOUND', 'CONFLICT', 'AUDIT_UNAVAILABLE'],
    async handle(call) {
      inspectBody(call.body, declaredNames(ReasonBody))
      const { target, cycle = null, reason } = parse(ReasonBody, call.body, 'body')
      const ticketId = await known(deps, call)
      const order = { ticketId, target, cycle, reason }
      return json(201, brokenView(await deps.services.breachReasons.record(order, call.actor)))
    },
  }),
]

async function known({ store }: ApiDeps, call: Call): Promise<string> {
  const head = await store.findTicketHead(call.params['id'] ?? '')
  if (head === null) throw new PulihError('TICKET_NOT_FOUND', 'no ticket with this id for this actor')
  return head.id
}

function signedIn({ principal }: Pick<Call, 'principal'>): Principal {
  if (principal === null) throw new PulihError('UNAUTHENTICATED', 'nobody signed in')
  return principal
}

function noticeView(it: Told) {
  const when = { at: iso(it.at), shownAt: iso(shownAt(it)), readAt: isoOrNull(it.readAt) }
  if (it.about === 'access') {
    const { id, kind: what, aboutId: staffId, opened, officeId, role: to } = it
    return { id, kind: 'access' as const, what, staffId, opened, officeId, to, ...when }
  }
  const { id, kind, ticketId, ticketNumber, ticketType, officeId, target, threshold, role: to } = it
  return { id, kind, ticketId, ticketNumber, ticketType, officeId, target, threshold, to, ...when }
}
const brokenView = ({ promise, said }: Broken) => ({
  ...{ target: promise.target, cycle: promise.cycle, officeId: promise.officeId },
  ...{ dueAt: iso(promise.dueAt), settledAt: isoOrNull(promise.settledAt) },
  reason:
    said === null
      ? null
      : {
          code: said.reason,
          label: BREACH_REASONS[said.reason as BreachReasonCode],
          by: said.actorId,
          at: iso(said.at),
        },
})
