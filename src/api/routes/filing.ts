import { z } from 'zod'
import { PulihError } from '../../engine/errors.js'
import { bad, good, type Checked } from '../../intake/checked.js'
import { isDeviceId } from '../../intake/device.js'
import { allGood } from '../../intake/fields.js'
import { MACHINE_SIGNS, type NewFiling } from '../../intake/filing.js'
import { PRIVACY_NOTICE } from '../../intake/notice.js'
import { CLAIM_ADVICE } from '../../intake/status.js'
import { CHANNELS, ROUTES } from '../../machines/pengaduan/events.js'
import { json, ok, route, type ApiDeps, type Call, type Route } from '../context.js'
import { complaintOf, PERSON_FIELDS, PERSONAL_FIELDS, personChecks, personIn, warningsOf } from '../filedPerson.js'
import { canonicalJson, replayHeaders } from '../idempotency.js'
import { inspectBody } from '../personalData.js'
import { receipt } from '../receipt.js'
import { readIdempotencyKey } from '../requestHeaders.js'
import { Filed, Notice } from '../shapes.filing.js'
import { typeOf } from '../ticketViews.js'
import { declaredNames, jsonSchema, parse } from '../validation.js'
import { iso } from '../words.js'
import { incidentNotices } from './incidents.js'
import { IDEMPOTENCY_HEADER } from './tickets.js'

/** Whoever stands at a desk is filed for by an officer, who is no stranger on the network. */
const REMOTE = CHANNELS.filter((it) => it !== 'walk_in')
const Body = z.strictObject({
  identity: PERSON_FIELDS.identity,
  contacts: PERSON_FIELDS.contacts,
  route: z.enum(ROUTES).default('layanan_digital'),
  category: PERSON_FIELDS.category,
  cause: PERSON_FIELDS.cause,
  channel: z.enum(REMOTE).default('portal'),
  officeId: z.string().max(64).optional().describe('A branch; for the route kantor_cabang only'),
  claimRunning: PERSON_FIELDS.claimRunning,
  diagnostics: PERSON_FIELDS.diagnostics,
  declaration: PERSON_FIELDS.declaration.describe('"Saya pemilik akun": must be true'),
  onBehalf: PERSON_FIELDS.onBehalf.describe('Nobody files for another person: refused when true'),
  noticeVersion: PERSON_FIELDS.noticeVersion.describe('The version of the privacy notice that was read'),
  website: z.string().max(500).optional().describe('Leave it empty: people do not see this field'),
  elapsedMs: z.int().min(0).max(999_999_999).optional().describe('How long the form was open; at most 999999999'),
})
type Body = z.infer<typeof Body>

export const DEVICE_HEADER = {
  name: 'X-Device-Id',
  required: false,
  description: '16 to 128 random letters and digits that this device made for itself; kept as a keyed hash.',
}
/** The device's own id, when it sent one of the right form. */
export function deviceOf(call: Pick<Call, 'header'>): string | null {
  const device = call.header('x-device-id')
  return device !== undefined && isDeviceId(device) ? device : null
}
/** Nobody reads and fills a form of this size so fast. */
const FASTEST_MS = 3_000

export const filingRoutes = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'post',
    path: '/v1/pengaduan',
    operationId: 'filePengaduan',
    summary:
      'Mengajukan pengaduan dengan data diri sesuai KTP dan kontak baru. The answer is the same for everybody; it holds the status token, this once.',
    access: 'open',
    limit: 'filing',
    headers: [IDEMPOTENCY_HEADER, DEVICE_HEADER],
    body: jsonSchema(Body),
    reply: { status: 202, description: 'Received. Prove both contacts next.', schema: Filed },
    problems: [
      'PERSONAL_DATA_REFUSED',
      'IDEMPOTENCY_KEY_REQUIRED',
      'IDEMPOTENCY_KEY_MALFORMED',
      'IDEMPOTENCY_KEY_REUSED',
      'TOO_MANY_REQUESTS',
      'NO_OPEN_TIME',
      'CONFLICT',
      'ERASED',
    ],
    handle: (call) => file(deps, call),
  }),
  route({
    method: 'get',
    path: '/v1/privacy-notice',
    operationId: 'getPrivacyNotice',
    summary: 'Pemberitahuan privasi yang berlaku; its version goes into a filing.',
    access: 'open',
    reply: { status: 200, description: 'The notice.', schema: Notice },
    problems: [],
    handle: () => ok(PRIVACY_NOTICE),
  }),
]

async function file(deps: ApiDeps, call: Call) {
  inspectBody(call.body, declaredNames(Body), PERSONAL_FIELDS)
  const body = parse(Body, call.body, 'body')
  const key = readIdempotencyKey(call.header('idempotency-key'))
  const filing = { ...(await checked(deps, body)), key, device: deviceOf(call) }
  const request = canonicalJson(call.body)
  const type = typeOf(deps.types, 'pengaduan')
  const outages = await incidentNotices(deps)
  const { answer, replayed } = await deps.services.filing.file({ ...filing, request }, async (accepted, token) => {
    const { notices, ...received } = await receipt(deps, type, accepted)
    return {
      ...received,
      statusToken: token.token,
      statusTokenExpiresAt: iso(token.expiresAt),
      pausedBy: PAUSED_BY,
      next: NEXT,
      notices: [...outages, ...notices, ...(body.claimRunning ? [CLAIM_ADVICE] : [])],
      warnings: warningsOf(filing.email),
    }
  })
  return json(202, answer, replayHeaders(replayed))
}

/** Every field's fault at once. Throws VALIDATION_FAILED. */
async function checked(deps: ApiDeps, body: Body): Promise<Omit<NewFiling, 'key' | 'device' | 'request'>> {
  const values = allGood({ ...(await personChecks(deps, body)), '/officeId': officeOf(deps, body) })
  return {
    ...personIn(values),
    ticket: { ...complaintOf(body), route: body.route, channel: body.channel, officeId: values['/officeId'] },
    signs: [
      ...((body.website ?? '') === '' ? [] : [MACHINE_SIGNS.hiddenField]),
      ...((body.elapsedMs ?? FASTEST_MS) < FASTEST_MS ? [MACHINE_SIGNS.tooFast] : []),
    ],
  }
}

/** Digital complaints belong to the central unit; one for a branch names it (D25). */
function officeOf({ engine }: ApiDeps, { route: way, officeId }: Body): Checked {
  if (way !== 'kantor_cabang')
    return officeId === undefined || officeId === 'pusat' ? good('pusat') : bad('office_unknown')
  if (officeId === undefined) return bad('office_missing')
  const known = engine.reference.hasOffice(officeId) && engine.reference.office(officeId).kind === 'cabang'
  return known ? good(officeId) : bad('office_unknown')
}

/** What stops the clocks from the start, and what to do about it (R-NIST-1, D17). */
const PAUSED_BY = [
  {
    code: 'contactUnproven',
    text: {
      id: 'Tenggat mulai berjalan setelah email dan nomor HP baru Anda dibuktikan dengan kode.',
      en: 'The dates run once your new e-mail address and mobile number are proven by their codes.',
    },
  },
]
const NEXT = [
  {
    code: 'prove_contacts',
    text: {
      id: 'Masukkan kode yang kami kirim ke email dan nomor HP baru Anda. Layanan ini gratis; jangan berikan kode kepada siapa pun.',
      en: 'Enter the codes that we send to your new e-mail address and mobile number. This service is free; give your codes to nobody.',
    },
  },
]

/** The status token of the request's own ticket. Only for routes whose access is `filer`. */
export function filedTicket({ filed }: Call): NonNullable<Call['filed']> {
  if (filed === null) throw new PulihError('UNAUTHENTICATED', 'no status token of a ticket')
  return filed
}
