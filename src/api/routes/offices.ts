import { isOpen } from '../../calendar/index.js'
import { ok, route, STAFF, type ApiDeps, type Call, type Route } from '../context.js'
import { officesOf } from '../../staff/scope.js'
import { ColleaguesShape, OfficesShape, PeopleShape } from '../shapes.work.js'
import { visibleHead } from '../ticketViews.js'
import { iso } from '../words.js'
import { WORKERS } from './worklist.js'

/** The database's word for every office in a grant. */
const EVERY_OFFICE = '*'
/** Who answers for what others did, and so may know them by name. */
const READERS = ['supervisor', 'auditor', 'admin'] as const
/** Who may be given a ticket. */
const TAKERS: readonly string[] = ['agent', 'checker']

/** Where work is done and who does it: for choosing from, instead of typing ids. */
export const officeRoutes = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'get',
    path: '/v1/offices',
    operationId: 'listOffices',
    summary: 'Kantor, unit kerja dan kalendernya, dan apakah kini buka. Signed-in staff only.',
    access: STAFF,
    reply: { status: 200, description: 'By name.', schema: OfficesShape },
    problems: [],
    handle: () => offices(deps),
  }),
  route({
    method: 'get',
    path: '/v1/tickets/:id/colleagues',
    operationId: 'listColleagues',
    summary:
      'Petugas yang dapat diserahi tiket ini: active accounts with a grant for its office. Claim rules are asked at the act.',
    access: WORKERS,
    reply: { status: 200, description: 'By name.', schema: ColleaguesShape },
    problems: ['TICKET_NOT_FOUND'],
    handle: (call) => colleagues(deps, call),
  }),
  route({
    method: 'get',
    path: '/v1/people',
    operationId: 'listPeople',
    summary:
      'Nama petugas kantor Anda: whoever has or had a grant for one of the caller’s offices, so that reports of any day can be read by name.',
    access: READERS,
    reply: { status: 200, description: 'By name.', schema: PeopleShape },
    problems: [],
    handle: (call) => people(deps, call),
  }),
]

async function people({ services }: ApiDeps, { principal }: Call) {
  const own = principal === null ? [] : officesOf(principal, READERS)
  const known = (office: string) => own === null || office === EVERY_OFFICE || own.includes(office)
  const all = await services.staff.accounts.list()
  const items = all
    .filter(({ grants }) => own === null || grants.some((it) => known(it.officeId)))
    .map(({ staff: { id, staffNumber, name, disabledAt } }) => ({
      staffId: id,
      staffNumber,
      name,
      active: disabledAt === null,
    }))
  return ok({ items: items.toSorted(byName) })
}

async function offices({ store, engine: { reference }, clock }: ApiDeps) {
  const now = clock.now()
  const [units, windows] = await Promise.all([store.units(), store.work.roster.liveWindows(now)])
  const items = reference.offices().map(({ id, name, kind, unitId, calendarId }) => {
    const calendar = reference.calendar(calendarId)
    const window = windows.findLast((it) => it.officeId === id)
    return {
      ...{ officeId: id, name, kind, calendarId },
      unit: { unitId, name: units.find((it) => it.id === unitId)?.name ?? unitId },
      zone: calendar.zone,
      open: isOpen(calendar, now),
      windowUntil: window === undefined ? null : iso(window.untilAt),
    }
  })
  return ok({ items: items.toSorted(byName) })
}

async function colleagues(deps: ApiDeps, call: Call) {
  const { officeId } = await visibleHead(deps, call.params['id'] ?? '', call.actor)
  const here = (office: string) => office === EVERY_OFFICE || office === officeId
  const all = await deps.services.staff.accounts.list()
  const items = all.flatMap(({ staff, grants }) => {
    const standing = grants.filter((it) => it.revokedAt === null && TAKERS.includes(it.role) && here(it.officeId))
    if (staff.disabledAt !== null || standing.length === 0) return []
    return [{ staffId: staff.id, name: staff.name, roles: [...new Set(standing.map((it) => it.role))] }]
  })
  return ok({ items: items.toSorted(byName) })
}

const byName = (a: { readonly name: string }, b: { readonly name: string }) => a.name.localeCompare(b.name, 'id')
