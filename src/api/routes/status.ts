import { z } from 'zod'
import {
  adviceOf,
  contactView,
  documentsOf,
  outcomeOf,
  pauseCausesOf,
  reasonOfState,
  referredTo,
  tasksOf,
} from '../../intake/status.js'
import { toldTo } from '../../intake/timeline.js'
import type { Accepted, LogEntry, TicketRow } from '../../engine/types.js'
import type { TicketType } from '../../machines/ticketType.js'
import { ReasonCode } from '../../machines/events.js'
import { PulihError } from '../../engine/errors.js'
import { ok, route, type ApiDeps, type Call, type JsonObject, type Route } from '../context.js'
import { replayHeaders, sealedCommandKey } from '../idempotency.js'
import { moveView, reasonOf } from '../moveViews.js'
import { inspectBody } from '../personalData.js'
import { calendarByRef } from '../receipt.js'
import { ContactChanged, FiledStatus, FilerAccepted, TokenRevoked } from '../shapes.filing.js'
import { visibleTicket } from '../ticketViews.js'
import { declaredNames, jsonSchema, parse } from '../validation.js'
import { iso, labelOf, spoken } from '../words.js'
import { filedTicket } from './filing.js'
import { incidentNotices } from './incidents.js'
import { IDEMPOTENCY_HEADER } from './tickets.js'

/** More entries than any complaint has; the newest would be cut off otherwise. */
const LOG_LIMIT = 1_000
const HOME_ZONE = 'Asia/Jakarta'

export const statusRoutes = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'get',
    path: '/v1/pengaduan',
    operationId: 'getPengaduan',
    summary:
      'Status pengaduan Anda: what happened, what you must do now, the promised dates with every change and its reason.',
    access: 'filer',
    reply: { status: 200, description: 'The complaint of this token.', schema: FiledStatus },
    problems: ['TICKET_NOT_FOUND'],
    handle: (call) => status(deps, call),
  }),
  ...requestRoutes(deps),
  route({
    method: 'post',
    path: '/v1/pengaduan/token/revocation',
    operationId: 'revokeToken',
    summary: 'Membatalkan token status ini: it opens nothing from here on.',
    access: 'filer',
    reply: { status: 200, description: 'Revoked.', schema: TokenRevoked },
    problems: [],
    handle: async (call) => {
      await deps.services.sessions.revoke(filedTicket(call).token)
      return ok({ revoked: true })
    },
  }),
]

async function status(deps: ApiDeps, call: Call) {
  const { ticketId } = filedTicket(call)
  await deps.engine.refreshReference()
  const { ticket, type } = await visibleTicket(deps, ticketId, call.actor)
  const log = await deps.store.readLog(ticketId, 0, LOG_LIMIT)
  const head = {
    ticketNumber: ticket.ticketNumber,
    state: ticket.state,
    stateLabel: labelOf(type.states, ticket.state),
  }
  // The child of a merge says that it was merged and nothing of where to (D31).
  if (ticket.state === 'merged') return ok({ ...head, ...NOTHING })
  const contacts = await deps.services.people.contactsOf(ticketId)
  const { reference } = deps.engine
  const branch = referredTo(ticket)
  const zone = zoneOf(deps, ticket)
  const allowed = deps.engine.allowed(ticket, call.actor).map((it) => it.type)
  const mayReopen = allowed.includes('reopen')
  const officeName = branch === null ? null : reference.office(branch).name
  return ok({
    ...head,
    receivedAt: spoken(ticket.filedAt, zone),
    reason: reasonOfState(ticket, log),
    outcome: outcomeOf(ticket, log, mayReopen),
    advice: [...(await incidentNotices(deps)), ...adviceOf(log)],
    notes: (await deps.services.deciding.notes.of(ticketId)).map(({ at, text }) => ({ at: spoken(at, zone), text })),
    todo: tasksOf(ticket, contacts, { officeName, mayReopen }),
    promises: promisesOf(deps, ticket, type),
    pausedBy: pauseCausesOf(ticket),
    changes: changesOf(log, type),
    documents: documentsOf(ticket, log),
    contacts: contacts.map(contactView),
    timeline: toldTo(log).map(({ at, fact, text }) => ({ at: spoken(at, zone), fact, text })),
    allowed,
  })
}
const NOTHING = {
  receivedAt: null,
  reason: null,
  outcome: null,
  advice: [],
  notes: [],
  todo: [],
  promises: [],
  pausedBy: [],
  changes: [],
  documents: [],
  contacts: [],
  timeline: [],
  allowed: [],
}

const zoneOf = ({ engine: { reference } }: ApiDeps, { officeId }: TicketRow): string =>
  reference.hasOffice(officeId) ? reference.calendar(reference.office(officeId).calendarId).zone : HOME_ZONE

/** The promises of the newest cycle. A clock that stands gives the date as it would be if it ran on now. */
function promisesOf({ engine }: ApiDeps, ticket: TicketRow, type: TicketType) {
  const cycle = Math.max(0, ...ticket.schedule.clocks.map((it) => it.cycle))
  return ticket.schedule.clocks
    .filter((it) => it.cycle === cycle)
    .map((clock) => ({
      target: clock.target,
      label: labelOf(type.targets, clock.target),
      dueAt: spoken(clock.dueAt, calendarByRef(engine.reference, clock.calendar).zone),
      paused: clock.pausedAt !== null,
      outcome: clock.outcome,
    }))
}

/** Every promised date that moved, and why; the first promise is one of them. */
const changesOf = (log: readonly LogEntry[], type: TicketType) =>
  log.flatMap((entry) => (entry.moves ?? []).map((move) => moveView(move, type, reasonOf(entry))))

const channel = z.enum(['email', 'phone'])
const text = z.string().max(500)
const ContactBody = z.strictObject({ channel, address: text.describe('The new address of this channel') })
const CorrectionBody = z.strictObject({
  identity: z
    .strictObject({ name: text, nik: text, kpj: text.nullable(), birthDate: text })
    .partial()
    .describe('What is to be corrected; the rest stays as it was declared'),
})
const WithdrawalBody = z.strictObject({ reason: ReasonCode.default('DITARIK_PESERTA') })
const EmptyBody = z.strictObject({})

interface FilerRoute<Body> {
  readonly path: string
  readonly operationId: string
  readonly summary: string
  readonly body: z.ZodType<Body>
  readonly personal?: readonly string[]
  readonly reply?: z.ZodType
  readonly send: (
    call: ReturnType<typeof filedTicket> & Pick<Call, 'actor'> & ReturnType<typeof sealedCommandKey>,
    body: Body,
  ) => Promise<Accepted>
  /** What is told besides. */
  readonly also?: (ticketId: string, body: Body) => Promise<JsonObject>
}

function requestRoutes(deps: ApiDeps): readonly Route[] {
  const { requests } = deps.services
  return [
    filerRoute(deps, {
      path: 'contacts',
      operationId: 'changeContact',
      summary:
        'Mengganti email atau nomor HP baru: the code of the earlier address is dead, a new one is sent as far as limits allow.',
      body: ContactBody,
      personal: ['/address'],
      reply: ContactChanged,
      send: (request, body) => requests.changeContact(request, body.channel, body.address),
      also: (ticketId, body) => codeStanding(deps, ticketId, body.channel),
    }),
    filerRoute(deps, {
      path: 'corrections',
      operationId: 'correctIdentity',
      summary: 'Memperbaiki data diri yang diminta petugas: only what differs.',
      body: CorrectionBody,
      personal: ['name', 'nik', 'kpj', 'birthDate'].map((it) => `/identity/${it}`),
      send: (request, body) => requests.correct(request, body.identity),
    }),
    filerRoute(deps, {
      path: 'withdrawal',
      operationId: 'withdrawPengaduan',
      summary: 'Menarik pengaduan Anda.',
      body: WithdrawalBody,
      send: (request, { reason }) => requests.send(request, { type: 'withdraw', reason }),
    }),
    filerRoute(deps, {
      path: 'objection',
      operationId: 'objectToPengaduan',
      summary: 'Bukan saya: menghentikan perubahan kontak sampai diperiksa.',
      body: EmptyBody,
      send: (request) => requests.send(request, { type: 'objection.raise' }),
    }),
    filerRoute(deps, {
      path: 'reopening',
      operationId: 'reopenPengaduan',
      summary: 'Membuka kembali pengaduan yang ditutup; both contacts are proven again.',
      body: EmptyBody,
      send: (request) => requests.reopen(request),
    }),
  ]
}

function filerRoute<Body>(deps: ApiDeps, it: FilerRoute<Body>): Route {
  const personal = new Set(it.personal)
  return route({
    method: 'post',
    path: `/v1/pengaduan/${it.path}`,
    operationId: it.operationId,
    summary: it.summary,
    access: 'filer',
    headers: [IDEMPOTENCY_HEADER],
    body: jsonSchema(it.body),
    reply: { status: 200, description: 'Accepted.', schema: it.reply ?? FilerAccepted },
    problems: [
      'EVENT_NOT_ALLOWED',
      'PERSONAL_DATA_REFUSED',
      'IDEMPOTENCY_KEY_REQUIRED',
      'IDEMPOTENCY_KEY_MALFORMED',
      'IDEMPOTENCY_KEY_REUSED',
      'CONFLICT',
    ],
    handle: async (call) => {
      inspectBody(call.body, declaredNames(it.body), personal)
      const body = parse(it.body, call.body, 'body')
      const request = { ...filedTicket(call), actor: call.actor, ...sealedCommandKey(call, deps.services.vault) }
      const accepted = await it.send(request, body)
      const { type } = await visibleTicket(deps, accepted.ticketId, call.actor)
      const state: JsonObject = { state: accepted.state, stateLabel: labelOf(type.states, accepted.state) }
      const more = (await it.also?.(request.ticketId, body)) ?? {}
      return ok({ ticketNumber: accepted.ticketNumber, ...state, ...more }, replayHeaders(accepted.replayed))
    },
  })
}

/** The address is changed whether or not anything can be said about its code. */
async function codeStanding({ services }: ApiDeps, ticketId: string, to: 'email' | 'phone'): Promise<JsonObject> {
  try {
    const { codeSent, nextCodeAt } = await services.codes.standing(ticketId, to)
    return { codeSent, nextCodeAt: iso(nextCodeAt) }
  } catch (error) {
    if (!(error instanceof PulihError) || error.code !== 'LIMITER_UNAVAILABLE') throw error
    return { codeSent: false, nextCodeAt: null }
  }
}
