import { z } from 'zod'
import { PulihError } from '../../engine/errors.js'
import { maskedDigits } from '../../intake/masks.js'
import { reasonText } from '../../intake/reasons.js'
import { OfficeId } from '../../machines/events.js'
import { ChecklistItem, REASONS_BY_EVENT, referredKey } from '../../staff/deciding/index.js'
import { ok, route, STAFF, type ApiDeps, type Call, type Route } from '../context.js'
import { closeClaim, refuseHeld } from '../holding.js'
import { commandKey, replayHeaders } from '../idempotency.js'
import { inspectBody } from '../personalData.js'
import { etagOf, readIfMatch } from '../requestHeaders.js'
import { EventAccepted } from '../shapes.js'
import { KpjTraceShape, Reasons, Verification } from '../shapes.deciding.js'
import { visibleHead } from '../ticketViews.js'
import { declaredNames, jsonSchema, parse } from '../validation.js'
import { iso } from '../words.js'
import { acceptedView, IF_MATCH_HEADER } from './events.js'
import { IDEMPOTENCY_HEADER } from './tickets.js'

const DECIDERS = ['agent', 'checker', 'supervisor'] as const
const EmptyBody = z.strictObject({})
const MismatchBody = z.strictObject({
  officeId: OfficeId.describe('The branch where the records are brought up to date'),
  differing: z
    .array(ChecklistItem)
    .min(1)
    .max(20)
    .refine((items) => new Set(items).size === items.length, 'each item once')
    .describe('Items that do not match'),
})
const idOf = (call: Call) => call.params['id'] ?? ''

export const verificationRoutes = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'get',
    path: '/v1/reasons',
    operationId: 'listReasons',
    summary: 'Alasan berkode per tindakan, with their words; what is not in the list goes into a sealed note.',
    access: STAFF,
    reply: { status: 200, description: 'By event.', schema: Reasons },
    problems: [],
    handle: () =>
      ok({
        items: Object.entries(REASONS_BY_EVENT).map(([event, codes]) => ({
          event,
          reasons: codes.map((code) => ({ code, text: reasonText(code) })),
        })),
      }),
  }),
  route({
    method: 'get',
    path: '/v1/tickets/:id/verification',
    operationId: 'getVerification',
    summary:
      'Daftar periksa verifikasi kasus ini: what has to be ticked by policy, what the system compared, ticks so far with who and when.',
    access: DECIDERS,
    reply: { status: 200, description: 'Decided on with identity.verify.', schema: Verification },
    problems: ['TICKET_NOT_FOUND', 'NOT_FOUND', 'ERASED'],
    handle: (call) => verification(deps, call),
  }),
  route({
    method: 'post',
    path: '/v1/tickets/:id/kpj-trace',
    operationId: 'traceKpj',
    summary:
      'Menelusuri nomor KPJ setelah identitas terverifikasi. The numbers are masked; the result is written down as a code.',
    access: DECIDERS,
    body: jsonSchema(EmptyBody),
    reply: { status: 200, description: 'What the directory knows.', schema: KpjTraceShape },
    problems: [
      'TICKET_NOT_FOUND',
      'NOT_FOUND',
      'TICKET_HELD',
      'ERASED',
      'IDENTITY_UNVERIFIED',
      'UPSTREAM_UNAVAILABLE',
      'PERSONAL_DATA_REFUSED',
    ],
    handle: (call) => trace(deps, call),
  }),
  route({
    method: 'post',
    path: '/v1/tickets/:id/mismatch',
    operationId: 'referMismatch',
    summary:
      'Data berbeda dengan identitas terbaru: catat, perpanjang janji dengan alasannya, dan rujuk ke kantor cabang. Three events of the ticket under one key.',
    access: DECIDERS,
    headers: [IDEMPOTENCY_HEADER, { ...IF_MATCH_HEADER, required: true }],
    body: jsonSchema(MismatchBody),
    reply: { status: 200, description: 'Referred; the ticket is the same.', schema: EventAccepted },
    problems: [
      ...([
        'TICKET_NOT_FOUND',
        'TICKET_HELD',
        'EVENT_NOT_ALLOWED',
        'PERSONAL_DATA_REFUSED',
        'CONFLICT',
        'NO_OPEN_TIME',
      ] as const),
      ...(['VERSION_REQUIRED', 'VERSION_STALE', 'VERSION_MALFORMED'] as const),
      ...(['IDEMPOTENCY_KEY_REQUIRED', 'IDEMPOTENCY_KEY_MALFORMED', 'IDEMPOTENCY_KEY_REUSED'] as const),
    ],
    handle: (call) => mismatch(deps, call),
  }),
]

async function verification(deps: ApiDeps, call: Call) {
  const { ticketId, type } = await visibleHead(deps, idOf(call), call.actor)
  if (type.publicEvents['identity.verify'] === undefined)
    throw new PulihError('NOT_FOUND', 'tickets of this type have no identity to verify')
  const { items, ...it } = await deps.services.deciding.verifications.of(ticketId)
  const said = items.map(({ tick, ...item }) => ({
    ...item,
    tick: tick === null ? null : { ...tick, at: iso(tick.at) },
  }))
  return ok({ ...it, items: said }, { ETag: etagOf(it.contentVersion) })
}

async function trace(deps: ApiDeps, call: Call) {
  const { ticketId } = await visibleHead(deps, idOf(call), call.actor)
  inspectBody(call.body, declaredNames(EmptyBody))
  parse(EmptyBody, call.body, 'body')
  await refuseHeld(deps, call, ticketId)
  const { result, cards, at } = await deps.services.deciding.traceKpj(ticketId, call.actor)
  const masked = cards.map(({ kpj, status }) => ({ kpj: maskedDigits(kpj), status }))
  return ok({ ticketId, result, text: RESULTS[result], cards: masked, at: iso(at) })
}
const RESULTS = {
  FOUND: { id: 'Satu nomor KPJ ditemukan.', en: 'One KPJ number was found.' },
  SEVERAL: {
    id: 'Beberapa nomor KPJ ditemukan; itu wajar setelah pindah kerja.',
    en: 'Several KPJ numbers were found; that is normal after a change of jobs.',
  },
  NONE: { id: 'Terdaftar tanpa nomor KPJ.', en: 'Registered, without a KPJ number.' },
  NOT_REGISTERED: {
    id: 'Tidak terdaftar sebagai peserta. Bila benar, tolak dengan kode BUKAN_PESERTA.',
    en: 'Not registered as a participant. If that is right, reject with the code BUKAN_PESERTA.',
  },
}

async function mismatch(deps: ApiDeps, call: Call) {
  const { ticketId, type } = await visibleHead(deps, idOf(call), call.actor)
  inspectBody(call.body, declaredNames(MismatchBody))
  const body = parse(MismatchBody, call.body, 'body')
  const expectedContentVersion = readIfMatch(call.header('if-match'))
  if (expectedContentVersion === undefined) throw new PulihError('VERSION_REQUIRED', 'this is decided on a version')
  const order = { ticketId, actor: call.actor, ...commandKey(call), expectedContentVersion, ...body }
  await refuseHeld(deps, call, ticketId, referredKey(order.key))
  const accepted = await deps.services.deciding.referMismatch(order)
  await closeClaim(deps, call, ticketId)
  return ok(acceptedView(accepted, type), {
    ETag: etagOf(accepted.contentVersion),
    ...replayHeaders(accepted.replayed),
  })
}
