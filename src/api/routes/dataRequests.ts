import { z } from 'zod'
import {
  countdown,
  DATA_REQUEST_KINDS,
  DataRequestAnswered,
  NewDataRequest,
  type DataRequestView,
} from '../../privacy/index.js'
import { PulihError } from '../../engine/errors.js'
import { ok, route, type ApiDeps, type Route } from '../context.js'
import { inspectBody } from '../personalData.js'
import { instant, label } from '../shapes.js'
import { declaredNames, jsonSchema, parse } from '../validation.js'
import { iso, isoOrNull } from '../words.js'

const READERS = ['supervisor', 'auditor', 'admin'] as const
const KEEPERS = ['supervisor', 'admin'] as const
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const DataRequest = z.strictObject({
  id: z.string(),
  kind: z.enum(DATA_REQUEST_KINDS),
  ticketId: z.string().nullable(),
  receivedAt: instant,
  dueAt: instant.describe('Three times 24 hours after it came in, weekends and holidays counted'),
  left: label.nullable().describe('Countdown in words; null once answered'),
  late: z.boolean(),
  openedBy: z.string(),
  openedAt: instant,
  breach: z
    .strictObject({
      data: z.array(z.string()),
      from: instant,
      until: instant.nullable(),
      how: z.string(),
      persons: z.int().nullable(),
      remedies: z.array(z.string()),
    })
    .nullable(),
  answeredAt: instant.nullable(),
  answeredBy: z.string().nullable(),
  outcome: z.enum(['done', 'refused']).nullable(),
  reason: z.string().nullable(),
  toldPersonsAt: instant.nullable(),
  toldAuthorityAt: instant.nullable(),
})
const DataRequestList = z.strictObject({ items: z.array(DataRequest) })
const Query = z.strictObject({
  open: z.enum(['true', 'false']).default('false').describe('Only what waits for an answer, the next due first'),
  ticketId: z.uuid().optional(),
})

/** The register of what people ask about their own data, and of breaches (R-PDP-2, R-PDP-6): codes and instants, nobody's data. */
export const dataRequestRoutes = ({ services: { dataRequests } }: ApiDeps): readonly Route[] => [
  route({
    method: 'get',
    path: '/v1/data-requests',
    operationId: 'listDataRequests',
    summary: 'Permintaan subjek data dan pelanggaran data, with the countdown of 3 × 24 hours.',
    access: READERS,
    everyOffice: true,
    query: Query,
    reply: { status: 200, description: 'At most 500.', schema: DataRequestList },
    problems: [],
    handle: async ({ query: { open, ticketId } }) => {
      const which = { open: open === 'true', ...(ticketId === undefined ? {} : { ticketId }) }
      return ok({ items: (await dataRequests.list(which)).map(view) })
    },
  }),
  route({
    method: 'post',
    path: '/v1/data-requests',
    operationId: 'openDataRequest',
    summary:
      'Mencatat permintaan subjek data atau pelanggaran. The same said again is the same one, so no key is needed.',
    access: KEEPERS,
    everyOffice: true,
    body: jsonSchema(NewDataRequest),
    reply: { status: 200, description: 'Written down; the clock of the law runs.', schema: DataRequest },
    problems: ['PERSONAL_DATA_REFUSED', 'TICKET_NOT_FOUND', 'EVENT_IN_THE_FUTURE', 'CONFLICT'],
    handle: async ({ body, actor }) => {
      inspectBody(body, declaredNames(NewDataRequest))
      return ok(view(await dataRequests.open(parse(NewDataRequest, body, 'body'), actor.id)))
    },
  }),
  route({
    method: 'post',
    path: '/v1/data-requests/:id/answer',
    operationId: 'answerDataRequest',
    summary: 'Mencatat jawaban, satu kali. A breach also says when people and authority were told.',
    access: KEEPERS,
    everyOffice: true,
    body: jsonSchema(DataRequestAnswered),
    reply: { status: 200, description: 'Answered for good.', schema: DataRequest },
    problems: ['PERSONAL_DATA_REFUSED', 'NOT_FOUND', 'EVENT_IN_THE_FUTURE', 'CONFLICT'],
    handle: async ({ params: { id = '' }, body, actor }) => {
      inspectBody(body, declaredNames(DataRequestAnswered))
      const answer = parse(DataRequestAnswered, body, 'body')
      if (!UUID.test(id)) throw new PulihError('NOT_FOUND', 'no such request')
      return ok(view(await dataRequests.answer(id, answer, actor.id)))
    },
  }),
]

const view = ({ leftMs, breach, ...row }: DataRequestView) => ({
  ...row,
  receivedAt: iso(row.receivedAt),
  dueAt: iso(row.dueAt),
  openedAt: iso(row.openedAt),
  left: leftMs === null ? null : countdown(leftMs),
  breach: breach === null ? null : { ...breach, from: iso(breach.from), until: isoOrNull(breach.until) },
  answeredAt: isoOrNull(row.answeredAt),
  toldPersonsAt: isoOrNull(row.toldPersonsAt),
  toldAuthorityAt: isoOrNull(row.toldAuthorityAt),
})
