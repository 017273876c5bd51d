import { isOpen } from '../../calendar/index.js'
import { ok, route, STAFF, type ApiDeps, type Call, type Route } from '../context.js'
import { ColleaguesShape, OfficesShape } from '../shapes.work.js'
import { visibleHead } from '../ticketViews.js'
import { iso } from '../words.js'
import { WORKERS } from './worklist.js'

/** The database's word for every office in a grant. */
const EVERY_OFFICE = '*'
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
]

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
