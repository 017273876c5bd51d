import { z } from 'zod'
import { CALLER_STEPS, REQUIRED_STEPS } from '../../staff/deciding/index.js'
import { bad, good } from '../../intake/checked.js'
import { allGood } from '../../intake/fields.js'
import { PRIVACY_NOTICE } from '../../intake/notice.js'
import type { Accepted } from '../../engine/types.js'
import { json, ok, route, type ApiDeps, type Call, type Route } from '../context.js'
import { checkedPerson, complaintOf, PERSON_FIELDS, PERSONAL_FIELDS, warningsOf } from '../filedPerson.js'
import { canonicalJson, replayHeaders, sealedCommandKey } from '../idempotency.js'
import { inspectBody } from '../personalData.js'
import { receipt } from '../receipt.js'
import { readIdempotencyKey } from '../requestHeaders.js'
import { AssistedFiled } from '../shapes.deciding.js'
import { FilerAccepted } from '../shapes.filing.js'
import { typeOf } from '../ticketViews.js'
import { declaredNames, jsonSchema, parse } from '../validation.js'
import { labelOf, spoken } from '../words.js'
import { filedTicket } from './filing.js'
import { IDEMPOTENCY_HEADER } from './tickets.js'

const stepCodes = Object.keys(CALLER_STEPS) as [string, ...string[]]
const DraftBody = z.strictObject({
  ...PERSON_FIELDS,
  channel: z.enum(['telepon_175', 'email_care']),
  steps: z
    .array(z.enum(stepCodes))
    .max(20)
    .refine((steps) => REQUIRED_STEPS.every((it) => steps.includes(it)), 'required steps are missing')
    .describe(`What was asked or said first, each as a code; always ${REQUIRED_STEPS.join(', ')}`),
})
const text = z.string().max(500)
const identity = z
  .strictObject({ name: text, nik: text, kpj: text.nullable(), birthDate: text })
  .partial()
  .optional()
  .describe('What is to be put right; the rest stays as it was entered')
const SubmissionBody = z.strictObject({
  declaration: z.boolean().default(false).describe('"Saya pemilik akun": must be true'),
  noticeVersion: z.string().max(64).describe('The version of the privacy notice that was read'),
  identity,
})
const ResubmissionBody = z.strictObject({
  identity,
  contacts: z.strictObject({ email: text, phone: text }).partial().default({}),
})
const HOME_ZONE = 'Asia/Jakarta'
const KEYS = ['IDEMPOTENCY_KEY_REQUIRED', 'IDEMPOTENCY_KEY_MALFORMED', 'IDEMPOTENCY_KEY_REUSED'] as const

export const draftRoutes = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'post',
    path: '/v1/drafts',
    operationId: 'typeDraft',
    summary:
      'Mengetik draf pengaduan untuk penelepon 175 atau pengirim surat care@. The owner gets its key by e-mail, proves both contacts and submits; officers cannot.',
    access: ['agent'],
    headers: [IDEMPOTENCY_HEADER],
    body: jsonSchema(DraftBody),
    reply: { status: 202, description: 'A draft; nothing is submitted yet.', schema: AssistedFiled },
    problems: ['PERSONAL_DATA_REFUSED', ...KEYS, 'CONFLICT', 'ERASED'],
    handle: (call) => typeDraft(deps, call),
  }),
  filerPost(deps, {
    path: '/v1/pengaduan/submission',
    operationId: 'submitDraft',
    summary: 'Mengirim draf yang diketik petugas, setelah kedua kontak terbukti dan pernyataan pemilik akun disetujui.',
    body: SubmissionBody,
    personal: PERSONAL_FIELDS,
    also: ['PROOF_REQUIRED'],
    send: (request, body) => {
      allGood({
        '/declaration': body.declaration ? good(true) : bad('declaration_missing'),
        '/noticeVersion': body.noticeVersion === PRIVACY_NOTICE.version ? good(true) : bad('notice_unknown'),
      })
      return deps.services.deciding.submitting.submitDraft(request, body.identity)
    },
  }),
  filerPost(deps, {
    path: '/v1/pengaduan/resubmission',
    operationId: 'resubmitPengaduan',
    summary:
      'Perbaiki dan ajukan ulang pengaduan yang ditutup: what was entered is kept, what differs is put right; both contacts are proven again.',
    body: ResubmissionBody,
    personal: PERSONAL_FIELDS,
    also: [],
    send: (request, { identity: patch, contacts }) =>
      deps.services.deciding.submitting.resubmit(request, { identity: patch, ...contacts }),
  }),
]

async function typeDraft(deps: ApiDeps, call: Call) {
  inspectBody(call.body, declaredNames(DraftBody), PERSONAL_FIELDS)
  const body = parse(DraftBody, call.body, 'body')
  const key = readIdempotencyKey(call.header('idempotency-key'))
  const person = await checkedPerson(deps, body)
  const { channel, steps } = body
  const ticket = { ...complaintOf(body), route: 'layanan_digital', officeId: 'pusat', channel }
  const type = typeOf(deps.types, 'pengaduan')
  const filing = { ...person, ticket, key, request: canonicalJson(call.body), actor: call.actor }
  const { assisted } = deps.services.deciding
  const { answer, replayed } = await assisted.draft(filing, channel, steps, async (accepted) => ({
    ...(await receipt(deps, type, accepted)),
    next: NEXT,
    warnings: warningsOf(person.email),
    expiresAt: await expiryOf(deps, accepted),
  }))
  return json(202, answer, replayHeaders(replayed))
}
const NEXT = [
  {
    code: 'owner_submits',
    text: {
      id: 'Kunci draf dikirim ke email baru pemilik. Pemilik membuktikan kedua kontak, menyetujui pernyataan, dan mengirim. Jangan menanyakan kunci atau kode.',
      en: 'The key of the draft went to the owner’s new e-mail address. The owner proves both contacts, agrees to the declaration and submits. Do not ask for key or codes.',
    },
  },
]

async function expiryOf({ store }: ApiDeps, { ticketId }: Accepted) {
  const ticket = await store.findTicket(ticketId)
  const at = ticket?.schedule.deadlines.find((it) => it.name === 'draft')?.thresholds.at(-1)?.at
  return at === undefined ? null : spoken(at, HOME_ZONE)
}

interface FilerPost<Body> {
  readonly path: string
  readonly operationId: string
  readonly summary: string
  readonly body: z.ZodType<Body>
  readonly personal: ReadonlySet<string>
  readonly also: readonly 'PROOF_REQUIRED'[]
  readonly send: (
    request: ReturnType<typeof filedTicket> & Pick<Call, 'actor'> & ReturnType<typeof sealedCommandKey>,
    body: Body,
  ) => Promise<Accepted>
}

function filerPost<Body>(deps: ApiDeps, it: FilerPost<Body>): Route {
  return route({
    method: 'post',
    path: it.path,
    operationId: it.operationId,
    summary: it.summary,
    access: 'filer',
    headers: [IDEMPOTENCY_HEADER],
    body: jsonSchema(it.body),
    reply: { status: 200, description: 'Accepted.', schema: FilerAccepted },
    problems: ['EVENT_NOT_ALLOWED', 'PERSONAL_DATA_REFUSED', ...KEYS, 'CONFLICT', 'NO_OPEN_TIME', ...it.also],
    handle: async (call) => {
      inspectBody(call.body, declaredNames(it.body), it.personal)
      const body = parse(it.body, call.body, 'body')
      const request = { ...filedTicket(call), actor: call.actor, ...sealedCommandKey(call, deps.services.vault) }
      const { ticketNumber, state, replayed } = await it.send(request, body)
      const { states } = typeOf(deps.types, 'pengaduan')
      return ok({ ticketNumber, state, stateLabel: labelOf(states, state) }, replayHeaders(replayed))
    },
  })
}
