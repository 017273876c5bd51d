import { z } from 'zod'
import { PulihError } from '../../engine/errors.js'
import { escapeHtml } from '../../escapeHtml.js'
import { noteOf } from '../../intake/fields.js'
import type { BranchSummary } from '../../staff/deciding/index.js'
import { holdsRole } from '../../staff/scope.js'
import { json, ok, route, type ApiDeps, type Call, type Route } from '../context.js'
import { checkedPerson, complaintOf, PERSON_FIELDS, PERSONAL_FIELDS, warningsOf } from '../filedPerson.js'
import { canonicalJson, replayHeaders } from '../idempotency.js'
import { inspectBody } from '../personalData.js'
import { receipt } from '../receipt.js'
import { readIdempotencyKey } from '../requestHeaders.js'
import { AssistedFiled, BranchSummaryShape } from '../shapes.deciding.js'
import { CodeAsked, ContactProven } from '../shapes.filing.js'
import { typeOf, visibleHead } from '../ticketViews.js'
import { declaredNames, jsonSchema, parse } from '../validation.js'
import { spoken } from '../words.js'
import { IDEMPOTENCY_HEADER } from './tickets.js'

const Body = z.strictObject({
  ...PERSON_FIELDS,
  officeId: z.string().max(64).describe('The branch that the person came to'),
  originalsSighted: z.literal(true).describe('The original KTP lies on the desk'),
})
const channel = z.enum(['email', 'phone'])
const AskBody = z.strictObject({ channel })
const TryBody = z.strictObject({ channel, code: z.string().max(32).describe('As the participant typed it') })
/** What somebody typed for a code may be anything: it counts as a wrong one. */
const TYPED = new Set(['/code'])
const idOf = (call: Call) => call.params['id'] ?? ''
const LIMITED = ['TOO_MANY_REQUESTS', 'LIMITER_UNAVAILABLE'] as const
const OF_CODES = ['CODE_INVALID', 'CODE_EXPIRED', 'CODE_USED', 'CODE_TRIES_EXCEEDED'] as const

export const branchRoutes = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'post',
    path: '/v1/branch/tickets',
    operationId: 'fileWalkIn',
    summary:
      'Mengajukan pengaduan untuk peserta yang hadir di kantor cabang: originals sighted, declaration said by the person, a code for each contact on its way.',
    access: ['agent'],
    headers: [IDEMPOTENCY_HEADER],
    body: jsonSchema(Body),
    reply: { status: 202, description: 'Received; prove both contacts at the desk next.', schema: AssistedFiled },
    problems: [
      ...(['PERSONAL_DATA_REFUSED', 'IDEMPOTENCY_KEY_REQUIRED', 'IDEMPOTENCY_KEY_MALFORMED'] as const),
      ...(['IDEMPOTENCY_KEY_REUSED', 'NO_OPEN_TIME', 'CONFLICT', 'ERASED'] as const),
    ],
    handle: (call) => walkIn(deps, call),
  }),
  route({
    method: 'post',
    path: '/v1/tickets/:id/desk-codes',
    operationId: 'askDeskCode',
    summary: 'Meminta kode baru untuk kontak peserta yang hadir; only the desk that filed the walk-in.',
    access: ['agent'],
    limit: 'codes',
    body: jsonSchema(AskBody),
    reply: { status: 202, description: 'On its way to the participant.', schema: CodeAsked },
    problems: ['TICKET_NOT_FOUND', 'NOT_FOUND', 'PERSONAL_DATA_REFUSED', ...LIMITED],
    handle: async (call) => {
      inspectBody(call.body, declaredNames(AskBody))
      const asked = parse(AskBody, call.body, 'body')
      await deps.services.deciding.assisted.askDeskCode(idOf(call), call.actor, asked.channel)
      return json(202, { channel: asked.channel })
    },
  }),
  route({
    method: 'post',
    path: '/v1/tickets/:id/desk-codes/verification',
    operationId: 'verifyDeskCode',
    summary:
      'Membuktikan kontak di meja layanan: the participant types the code; only at the desk that filed the walk-in.',
    access: ['agent'],
    limit: 'codes',
    body: jsonSchema(TryBody),
    reply: { status: 200, description: 'Proven.', schema: ContactProven },
    problems: ['TICKET_NOT_FOUND', 'PERSONAL_DATA_REFUSED', ...OF_CODES, ...LIMITED],
    handle: async (call) => {
      inspectBody(call.body, declaredNames(TryBody), TYPED)
      const { channel: to, code } = parse(TryBody, call.body, 'body')
      await deps.services.deciding.assisted.verifyDeskCode(idOf(call), call.actor, to, code)
      return ok({ channel: to, proven: true })
    },
  }),
  route({
    method: 'get',
    path: '/v1/tickets/:id/branch-summary',
    operationId: 'getBranchSummary',
    summary:
      'Ringkasan kunjungan ke kantor cabang, untuk dicetak: where, until when, what to bring. No full NIK. JSON, or a page with Accept: text/html.',
    access: ['agent', 'checker', 'supervisor'],
    reply: { status: 200, description: 'For the participant.', schema: BranchSummaryShape },
    problems: ['TICKET_NOT_FOUND', 'BRANCH_NOT_REFERRED', 'ERASED', 'STEP_UP_REQUIRED', 'AUDIT_UNAVAILABLE'],
    handle: (call) => summary(deps, call),
  }),
]

async function walkIn(deps: ApiDeps, call: Call) {
  inspectBody(call.body, declaredNames(Body), PERSONAL_FIELDS)
  const body = parse(Body, call.body, 'body')
  const key = readIdempotencyKey(call.header('idempotency-key'))
  const { officeId } = body
  refuseForeignOffice(deps, call, officeId)
  const person = await checkedPerson(deps, body)
  const ticket = { ...complaintOf(body), route: 'kantor_cabang', channel: 'walk_in', officeId }
  const type = typeOf(deps.types, 'pengaduan')
  const filing = { ...person, ticket, key, request: canonicalJson(call.body), actor: call.actor }
  const { answer, replayed } = await deps.services.deciding.assisted.walkIn(filing, officeId, async (accepted) => ({
    ...(await receipt(deps, type, accepted)),
    next: NEXT,
    warnings: warningsOf(person.email),
    expiresAt: null,
  }))
  return json(202, answer, replayHeaders(replayed))
}
const NEXT = [
  {
    code: 'prove_contacts_at_desk',
    text: {
      id: 'Minta peserta mengetik sendiri kode yang diterimanya di email dan HP baru. Petugas tidak menanyakan kode.',
      en: 'Have the participant type the codes that came to the new e-mail address and phone. Officers do not ask for codes.',
    },
  },
]

/** A desk files at its own branch. Throws VALIDATION_FAILED for anything else. */
function refuseForeignOffice({ engine }: ApiDeps, { principal }: Call, officeId: string): void {
  const known = engine.reference.hasOffice(officeId) && engine.reference.office(officeId).kind === 'cabang'
  if (known && (principal === null || holdsRole(principal, 'agent', officeId))) return
  throw new PulihError('VALIDATION_FAILED', 'no branch of this officer', {
    errors: [noteOf('/officeId', 'office_unknown')],
  })
}

async function summary(deps: ApiDeps, call: Call) {
  const { ticketId } = await visibleHead(deps, idOf(call), call.actor)
  const it = await deps.services.deciding.branchSummary(ticketId)
  // Masked or not, it says who it is about: counted and written down like any other look (A42).
  if (it.person !== null) {
    const { actor, principal } = call
    await deps.services.guard.open({ actor, principal, action: 'person.open', ticketId, detail: { view: 'summary' } })
  }
  if (call.accepts('application/json', 'text/html') === 'text/html')
    return { status: 200, headers: PAGE_HEADERS, body: { html: page(it) } }
  const comeBefore = it.comeBefore === null ? null : spoken(it.comeBefore, it.office.zone)
  return ok({ ...it, comeBefore })
}
/** Nothing but text: no style, no script, nothing from anywhere. */
const PAGE_HEADERS = {
  'Content-Security-Policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}

function page({ ticketNumber, office, reason, comeBefore, person, bring }: BranchSummary): string {
  const until = comeBefore === null ? null : spoken(comeBefore, office.zone).text
  const lines = [
    `Nomor pengaduan: ${ticketNumber}`,
    `Kantor: ${office.name}`,
    ...(until === null ? [] : [`Datang sebelum: ${until}`]),
    ...(reason === null ? [] : [`Alasan: ${reason.text.id}`]),
    ...(person === null ? [] : [`Peserta: ${person.name}, NIK ${person.nik}`]),
  ]
  const items = bring.map(({ text, needed }) => `<li>${escapeHtml(text.id)}${needed ? ' (wajib)' : ''}</li>`)
  return [
    '<!doctype html>',
    `<html lang="id"><head><meta charset="utf-8"><title>Kunjungan ${escapeHtml(ticketNumber)}</title></head><body>`,
    '<h1>Kunjungan ke kantor cabang</h1>',
    ...lines.map((line) => `<p>${escapeHtml(line)}</p>`),
    `<h2>Bawa</h2><ul>${items.join('')}</ul>`,
    '<p>Layanan ini gratis. Nomor pengaduan Anda tetap sama. Jangan berikan kode kepada siapa pun, juga kepada petugas.</p>',
    '</body></html>\n',
  ].join('\n')
}
