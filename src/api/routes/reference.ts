import { z } from 'zod'
import { PulihError } from '../../engine/errors.js'
import { Policy } from '../../machines/policy.js'
import type { TicketType } from '../../machines/ticketType.js'
import { EVERYONE, ok, route, type ApiDeps, type Route } from '../context.js'
import { EXAMPLE_CALENDAR } from '../receipt.js'
import { TypeDescription, TypeList } from '../shapes.js'
import { Calendar, CalendarList, PolicyList } from '../shapes.calendar.js'
import { typeOf } from '../ticketViews.js'
import { jsonSchema } from '../validation.js'

const VersionQuery = z.strictObject({ version: z.coerce.number().int().min(1).optional() })
type VersionQuery = z.infer<typeof VersionQuery>

export const referenceRoutes = (deps: ApiDeps): readonly Route[] => [
  ...calendarRoutes(deps),
  ...policyRoutes(deps),
  ...typeRoutes(deps.types),
]

const calendarRoutes = ({ store }: ApiDeps): readonly Route[] => [
  route({
    method: 'get',
    path: '/v1/calendars',
    operationId: 'listCalendars',
    summary: 'Semua kalender jam operasional, in every version.',
    access: EVERYONE,
    reply: { status: 200, description: 'All versions.', schema: CalendarList },
    problems: [],
    handle: async () =>
      ok({
        items: (await store.calendars()).map(({ id, version, name, zone, example }) => ({
          id,
          version,
          name,
          zone,
          example,
        })),
      }),
  }),
  route<VersionQuery>({
    method: 'get',
    path: '/v1/calendars/:id',
    operationId: 'getCalendar',
    summary: 'Satu kalender, the newest version or the one asked for.',
    access: EVERYONE,
    query: VersionQuery,
    reply: { status: 200, description: 'The calendar; an example says so.', schema: Calendar },
    problems: ['NOT_FOUND'],
    handle: async ({ params, query }) => {
      const calendar = versionOf(await store.calendars(), params['id'] ?? '', query.version)
      return ok({ ...calendar, notices: calendar.example ? [EXAMPLE_CALENDAR] : [] })
    },
  }),
]

const policyRoutes = ({ store }: ApiDeps): readonly Route[] => [
  route({
    method: 'get',
    path: '/v1/policies',
    operationId: 'listPolicies',
    summary: 'Semua kebijakan SLA, in every version, with where their numbers come from.',
    access: EVERYONE,
    reply: { status: 200, description: 'All versions.', schema: PolicyList },
    problems: [],
    handle: async () =>
      ok({
        items: (await store.policies()).map(({ id, version, ticketType, provenance }) => ({
          id,
          version,
          ticketType,
          provenance,
        })),
      }),
  }),
  route<VersionQuery>({
    method: 'get',
    path: '/v1/policies/:id',
    operationId: 'getPolicy',
    summary: 'Satu kebijakan SLA, the newest version or the one asked for.',
    access: EVERYONE,
    query: VersionQuery,
    reply: { status: 200, description: 'The policy.', schema: Policy },
    problems: ['NOT_FOUND'],
    handle: async ({ params, query }) => ok(versionOf(await store.policies(), params['id'] ?? '', query.version)),
  }),
]

const typeRoutes = (types: ApiDeps['types']): readonly Route[] => [
  route({
    method: 'get',
    path: '/v1/types',
    operationId: 'listTypes',
    summary: 'Semua jenis tiket.',
    access: EVERYONE,
    reply: { status: 200, description: 'All ticket types.', schema: TypeList },
    problems: [],
    handle: () => ok({ items: [...types.values()].map(({ type, version, label }) => ({ type, version, label })) }),
  }),
  route({
    method: 'get',
    path: '/v1/types/:type',
    operationId: 'getType',
    summary: 'Satu jenis tiket: states, events by role and the JSON Schema of everything it takes.',
    access: EVERYONE,
    reply: { status: 200, description: 'The ticket type.', schema: TypeDescription },
    problems: ['NOT_FOUND'],
    handle: ({ params }) => ok(describeType(typeOf(types, params['type'] ?? ''))),
  }),
]

/** The newest version, or the one asked for. Throws NOT_FOUND. */
export function versionOf<T extends { id: string; version: number }>(
  all: readonly T[],
  id: string,
  version: number | undefined,
): T {
  const versions = all.filter((it) => it.id === id && (version === undefined || it.version === version))
  const newest = versions.toSorted((a, b) => b.version - a.version)[0]
  if (newest === undefined) throw new PulihError('NOT_FOUND', 'no such version')
  return newest
}

const describeType = (type: TicketType) => ({
  type: type.type,
  version: type.version,
  label: type.label,
  filing: {
    event: type.filingEvent,
    roles: type.publicEvents[type.filingEvent]?.roles ?? [],
    schema: jsonSchema(type.filing),
  },
  states: type.states,
  targets: type.targets,
  events: Object.entries(type.publicEvents).map(([name, event]) => ({
    type: name,
    label: event.label,
    fact: event.fact,
    roles: event.roles,
    needsVersion: event.needsVersion,
    changesContent: event.changesContent,
    payload: jsonSchema(event.payload),
  })),
  internalEvents: Object.entries(type.internalEvents).map(([name, { label, fact }]) => ({ type: name, label, fact })),
})
