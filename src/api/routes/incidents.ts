import { z } from 'zod'
import type { IncidentRow } from '../../../db/staff/incidents.js'
import { spokenIn } from '../../messages/index.js'
import {
  bannerOf,
  INCIDENT_CAUSES,
  INCIDENT_POLICY,
  INCIDENT_TITLES,
  type Incident,
} from '../../staff/incidents/index.js'
import { json, ok, route, STAFF, type ApiDeps, type Call, type Route } from '../context.js'
import { commandKey, replayHeaders } from '../idempotency.js'
import { inspectBody } from '../personalData.js'
import type { Notice } from '../receipt.js'
import { instant, label } from '../shapes.js'
import { declaredNames, jsonSchema, parse } from '../validation.js'
import { iso, isoOrNull } from '../words.js'
import { IDEMPOTENCY_HEADER } from './tickets.js'

const Body = z
  .strictObject({
    cause: z.enum(INCIDENT_CAUSES),
    title: z.enum(INCIDENT_TITLES).describe('Names the words of the banner'),
    from: z.iso.datetime({ offset: true }).describe('When it began'),
    until: z.iso
      .datetime({ offset: true })
      .nullable()
      .default(null)
      .describe('When it should be over, if anybody knows'),
  })
  .refine((it) => it.until === null || Date.parse(it.from) < Date.parse(it.until), {
    path: ['until'],
    error: 'not after its beginning',
  })
const Nothing = z.strictObject({})
const IncidentShape = z.strictObject({
  incidentId: z.string(),
  cause: z.string(),
  title: z.string(),
  clocks: z.literal('run').describe('By policy: our trouble, so promised dates keep running'),
  from: instant,
  until: instant.nullable(),
  banner: label,
  tickets: z.int().describe('Linked with the bulk action incident.link'),
  declaredBy: z.string(),
  declaredAt: instant,
  announcedBy: z.string().nullable(),
  announcedAt: instant.nullable(),
  endedBy: z.string().nullable(),
  endedAt: instant.nullable(),
})
const Announced = z.strictObject({
  items: z.array(
    z.strictObject({
      incidentId: z.string(),
      code: z.string(),
      title: z.string(),
      from: instant,
      until: instant.nullable(),
      text: label,
    }),
  ),
})
/** Where everybody reads it: not of one office. */
const HOME_ZONE = 'Asia/Jakarta'

/** Outages on our side (R29): what everybody may know, and what supervisors do about them. */
export const incidentRoutes = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'get',
    path: '/v1/incidents',
    operationId: 'getIncidents',
    summary: 'Gangguan yang sedang diumumkan, with the words that every page shows.',
    access: 'open',
    reply: { status: 200, description: 'Announced and not over; often none.', schema: Announced },
    problems: [],
    handle: async () => ok({ items: (await deps.services.incidents.announced()).map(announcedView) }),
  }),
  route({
    method: 'get',
    path: '/v1/incidents/all',
    operationId: 'listIncidents',
    summary: 'Semua gangguan, newest first, with how many tickets are linked.',
    access: STAFF,
    reply: { status: 200, description: 'At most 100.', schema: z.strictObject({ items: z.array(IncidentShape) }) },
    problems: [],
    handle: async () => ok({ items: (await deps.services.incidents.list()).map(view) }),
  }),
  route({
    method: 'post',
    path: '/v1/incidents',
    operationId: 'declareIncident',
    summary: 'Menyatakan gangguan. Nobody outside hears of it before it is announced.',
    access: ['supervisor'],
    headers: [IDEMPOTENCY_HEADER],
    body: jsonSchema(Body),
    reply: { status: 201, description: 'Declared.', schema: IncidentShape },
    problems: ['IDEMPOTENCY_KEY_REQUIRED', 'IDEMPOTENCY_KEY_MALFORMED', 'IDEMPOTENCY_KEY_REUSED'],
    handle: (call) => declare(deps, call),
  }),
  ...(['announce', 'end'] as const).map((verb) =>
    route({
      method: 'post',
      path: `/v1/incidents/:incidentId/${verb}`,
      operationId: `${verb}Incident`,
      summary:
        verb === 'announce'
          ? 'Mengumumkan gangguan: every page and answer of filing says so from here on.'
          : 'Mengakhiri gangguan: the proven contacts of every linked ticket are told. Harmless when repeated.',
      access: ['supervisor'],
      body: jsonSchema(Nothing),
      reply: { status: 200, description: 'As it is now.', schema: IncidentShape },
      problems: verb === 'announce' ? ['NOT_FOUND', 'INCIDENT_OVER'] : ['NOT_FOUND'],
      async handle(call) {
        inspectBody(call.body, declaredNames(Nothing))
        parse(Nothing, call.body, 'body')
        return ok(view(await deps.services.incidents[verb](call.params['incidentId'] ?? '', call.actor)))
      },
    }),
  ),
]

async function declare(deps: ApiDeps, call: Call) {
  inspectBody(call.body, declaredNames(Body))
  const { cause, title, from, until } = parse(Body, call.body, 'body')
  const at = { fromAt: Date.parse(from), untilAt: until === null ? null : Date.parse(until) }
  const declared = await deps.services.incidents.declare({ cause, title, ...at, ...commandKey(call) }, call.actor)
  return json(201, view(declared), replayHeaders(declared.replayed))
}

/** What runs now, as notices of any answer. */
export const incidentNotices = async ({ services }: Pick<ApiDeps, 'services'>): Promise<readonly Notice[]> =>
  (await services.incidents.announced()).map((it) => ({ code: it.cause, text: textOf(it) }))

const textOf = ({ title, untilAt }: IncidentRow) =>
  bannerOf(title, untilAt === null ? null : spokenIn(untilAt, HOME_ZONE))

const announcedView = (it: IncidentRow) => ({
  incidentId: it.id,
  code: it.cause,
  title: it.title,
  from: iso(it.fromAt),
  until: isoOrNull(it.untilAt),
  text: textOf(it),
})

const view = ({ row, tickets }: Incident) => ({
  incidentId: row.id,
  cause: row.cause,
  title: row.title,
  clocks: INCIDENT_POLICY.clocks,
  from: iso(row.fromAt),
  until: isoOrNull(row.untilAt),
  banner: textOf(row),
  tickets,
  declaredBy: row.declaredBy,
  declaredAt: iso(row.declaredAt),
  announcedBy: row.announcedBy,
  announcedAt: isoOrNull(row.announcedAt),
  endedBy: row.endedBy,
  endedAt: isoOrNull(row.endedAt),
})
