import { z } from 'zod'
import type { Assignment } from '../../../db/staff/assignments.js'
import { ReasonCode } from '../../machines/events.js'
import { ok, route, STAFF, type ApiDeps, type Call, type Route } from '../context.js'
import { replayHeaders } from '../idempotency.js'
import { inspectBody } from '../personalData.js'
import { readIdempotencyKey } from '../requestHeaders.js'
import {
  AssignmentHistoryShape,
  AssignmentShape,
  ClaimedShape,
  DraftSavedShape,
  DraftShape,
  ReleasedShape,
} from '../shapes.work.js'
import { visibleHead } from '../ticketViews.js'
import { declaredNames, jsonSchema, parse } from '../validation.js'
import { iso, isoOrNull } from '../words.js'
import { assignmentView, workerOf } from '../workViews.js'
import { IDEMPOTENCY_HEADER } from './tickets.js'
import { StaffId } from './workDesk.js'
import { WORKERS } from './worklist.js'

const Nothing = z.strictObject({})
const ClaimBody = z.strictObject({ reason: ReasonCode })
const ReleaseBody = z.strictObject({ reason: ReasonCode.optional() })
const GiveBody = z.strictObject({ staffId: StaffId, reason: ReasonCode })
const DraftBody = z.strictObject({ text: z.string().max(10_000), version: z.int().min(0) })
/** A note is about a person and may say so. */
const TYPED = new Set(['/text'])

const KEYED = ['IDEMPOTENCY_KEY_REQUIRED', 'IDEMPOTENCY_KEY_MALFORMED', 'IDEMPOTENCY_KEY_REUSED'] as const
const headers = [IDEMPOTENCY_HEADER]

/** Taking tickets, keeping them and giving them back. */
export const claimRoutes = (deps: ApiDeps): readonly Route[] => [...taking(deps), ...keeping(deps), ...drafting(deps)]

const taking = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'post',
    path: '/v1/worklist/claim-next',
    operationId: 'claimNext',
    summary: 'Ambil berikutnya: the ticket with the earliest deadline that the caller may work on, else the oldest.',
    access: WORKERS,
    headers,
    body: jsonSchema(Nothing),
    reply: { status: 200, description: 'The claim, or why there is none.', schema: ClaimedShape },
    problems: [...KEYED, 'WIP_LIMIT'],
    async handle(call) {
      bodyOf(call, Nothing)
      const key = readIdempotencyKey(call.header('idempotency-key'))
      const claimed = await deps.services.worklist.claimNext(workerOf(call), key)
      if (claimed.assignment === null)
        return ok({ assignment: null, why: claimed.why, opensAt: isoOrNull(claimed.opensAt) })
      const view = { assignment: assignmentView(claimed.assignment), why: null, opensAt: null }
      return ok(view, replayHeaders(claimed.replayed))
    },
  }),
  route({
    method: 'post',
    path: '/v1/tickets/:id/claim',
    operationId: 'claimTicket',
    summary: 'Ambil tiket pilihan sendiri: past what comes before it, with a reason code.',
    access: WORKERS,
    headers,
    body: jsonSchema(ClaimBody),
    reply: { status: 200, description: 'The claim.', schema: AssignmentShape },
    problems: [...KEYED, 'TICKET_NOT_FOUND', 'TICKET_HELD', 'NOT_CLAIMABLE', 'OWN_CASE', 'WIP_LIMIT', 'CONFLICT'],
    async handle(call) {
      const { reason } = bodyOf(call, ClaimBody)
      const key = readIdempotencyKey(call.header('idempotency-key'))
      const ticketId = await idOf(deps, call)
      const claimed = await deps.services.worklist.claim(workerOf(call), ticketId, reason, key)
      return ok(assignmentView(claimed.assignment), replayHeaders(claimed.replayed))
    },
  }),
  ...(['assign', 'transfer'] as const).map((action) =>
    route({
      method: 'post',
      path: `/v1/tickets/:id/${action}`,
      operationId: action === 'assign' ? 'assignTicket' : 'transferTicket',
      summary:
        action === 'assign'
          ? 'Tugaskan tiket: a supervisor gives it to somebody of its office, whoever holds it.'
          : 'Serahkan tiket: whoever holds it hands it on to somebody of its office.',
      access: action === 'assign' ? ['supervisor'] : WORKERS,
      headers,
      body: jsonSchema(GiveBody),
      reply: { status: 200, description: 'The claim of the receiver.', schema: AssignmentShape },
      problems: [
        ...KEYED,
        'TICKET_NOT_FOUND',
        'NOT_CLAIMABLE',
        'OWN_CASE',
        'WIP_LIMIT',
        'LEASE_LOST',
        'ROLE_NOT_ALLOWED',
      ],
      async handle(call) {
        const { staffId, reason } = bodyOf(call, GiveBody)
        const key = readIdempotencyKey(call.header('idempotency-key'))
        const handover = { ticketId: await idOf(deps, call), agentId: staffId, reason, key }
        const given = await deps.services.worklist[action](workerOf(call), handover)
        return ok(assignmentView(given.assignment), replayHeaders(given.replayed))
      },
    }),
  ),
]

const keeping = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'post',
    path: '/v1/tickets/:id/heartbeat',
    operationId: 'keepTicket',
    summary: 'Perpanjang masa pegang: counts anew in business minutes of the ticket’s office.',
    access: WORKERS,
    body: jsonSchema(Nothing),
    reply: { status: 200, description: 'The claim with its new end.', schema: AssignmentShape },
    problems: ['TICKET_NOT_FOUND', 'LEASE_LOST'],
    async handle(call) {
      bodyOf(call, Nothing)
      return ok(assignmentView(await deps.services.worklist.heartbeat(workerOf(call), await idOf(deps, call))))
    },
  }),
  route({
    method: 'post',
    path: '/v1/tickets/:id/release',
    operationId: 'releaseTicket',
    summary: 'Lepaskan tiket: harmless when repeated. A supervisor may give back anybody’s.',
    access: WORKERS,
    body: jsonSchema(ReleaseBody),
    reply: { status: 200, description: 'Nobody of the caller’s holds it any more.', schema: ReleasedShape },
    problems: ['TICKET_NOT_FOUND', 'TICKET_HELD'],
    async handle(call) {
      const { reason = null } = bodyOf(call, ReleaseBody)
      const ticketId = await idOf(deps, call)
      await deps.services.worklist.release(workerOf(call), ticketId, reason)
      return ok({ ticketId })
    },
  }),
  route({
    method: 'get',
    path: '/v1/tickets/:id/assignments',
    operationId: 'getAssignments',
    summary: 'Riwayat pemegang tiket: who held it, how it came to them and how it ended.',
    access: STAFF,
    reply: { status: 200, description: 'Oldest first.', schema: AssignmentHistoryShape },
    problems: ['TICKET_NOT_FOUND'],
    async handle(call) {
      const ticketId = await idOf(deps, call)
      const { assignments } = deps.store.work
      const [entries, now] = await Promise.all([
        assignments.assignmentLogOf(ticketId),
        assignments.findAssignment(ticketId),
      ])
      const items = entries.map(({ claimId, fact, agentId, byId, how, reason, at }) => ({
        ...{ claimId, fact, staffId: agentId, byId, how, reason, at: iso(at) },
      }))
      return ok({ holder: await holderView(deps, call, now), items })
    },
  }),
]

/** A lease that ran out is nobody's, though it may not have been closed yet. */
async function holderView({ store, clock }: ApiDeps, { actor }: Call, it: Assignment | null) {
  if (it === null || it.leaseUntil <= clock.now()) return null
  const { agentId: staffId, leaseUntil, draft } = it
  const name = (await store.staff.findStaff(staffId))?.name ?? null
  return { staffId, name, until: iso(leaseUntil), mine: staffId === actor.id, draft }
}

const drafting = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'get',
    path: '/v1/tickets/:id/note-draft',
    operationId: 'getNoteDraft',
    summary: 'Draf catatan milik pemanggil; nobody else reads it.',
    access: WORKERS,
    reply: { status: 200, description: 'Version 0 and no text when there is none.', schema: DraftShape },
    problems: ['TICKET_NOT_FOUND', 'ERASED'],
    async handle(call) {
      const draft = await deps.services.worklist.drafts.read(workerOf(call), await idOf(deps, call))
      const { text, version, updatedAt } = draft ?? { text: '', version: 0, updatedAt: null }
      return ok({ text, version, updatedAt: isoOrNull(updatedAt) })
    },
  }),
  route({
    method: 'post',
    path: '/v1/tickets/:id/note-draft',
    operationId: 'saveNoteDraft',
    summary: 'Simpan draf catatan: sealed under the ticket’s key, erased with it. An empty text removes it.',
    access: WORKERS,
    body: jsonSchema(DraftBody),
    reply: { status: 200, description: 'The version to send with the next one.', schema: DraftSavedShape },
    problems: ['TICKET_NOT_FOUND', 'NOT_FOUND', 'ERASED', 'CONFLICT'],
    async handle(call) {
      const { text, version } = bodyOf(call, DraftBody, TYPED)
      return ok(await deps.services.worklist.drafts.save(workerOf(call), await idOf(deps, call), text, version))
    },
  }),
]

function bodyOf<T>(call: Call, schema: z.ZodType<T>, typed?: ReadonlySet<string>): T {
  inspectBody(call.body, declaredNames(schema), typed)
  return parse(schema, call.body, 'body')
}
const idOf = async (deps: ApiDeps, call: Call): Promise<string> =>
  (await visibleHead(deps, call.params['id'] ?? '', call.actor)).ticketId
