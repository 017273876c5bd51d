import { calendarFact } from '../../audit/index.js'
import { z } from 'zod'
import { checkCalendar } from '../../calendar/index.js'
import { beginCalendarChange, planCalendarChange, type PlannedChange } from '../../engine/calendarChangePlan.js'
import { previewCalendarChange, QUIET_MS, runCalendarChange, type PreviewPage } from '../../engine/calendarChangeRun.js'
import { PulihError } from '../../engine/errors.js'
import type { CalendarChange as Change } from '../../engine/types.js'
import { json, ok, route, type ApiDeps, type Call, type JsonObject, type Route } from '../context.js'
import { readCursor, writeCursor } from '../cursor.js'
import { moveView } from '../moveViews.js'
import { inspectBody } from '../personalData.js'
import { CalendarChange, CalendarPreview, CalendarSpecBody } from '../shapes.calendar.js'
import { typeOf } from '../ticketViews.js'
import { declaredNames, jsonSchema, parse, validationFailed } from '../validation.js'
import { iso, isoOrNull } from '../words.js'

const KEEPERS = ['supervisor', 'admin'] as const
const Body = z.strictObject({
  calendar: CalendarSpecBody.describe('The next version of a calendar that is published already'),
  reason: z.string().min(1).max(200).optional().describe('Said where due dates move; by default what differs'),
})
const PreviewBody = Body.extend({
  cursor: z.string().max(512).optional(),
  limit: z.int().min(1).max(1000).default(500).describe('Open tickets looked at for one page'),
})
const PROBLEMS = ['NOT_FOUND', 'CONFLICT', 'CALENDAR_UNCONFIRMED', 'NO_OPEN_TIME', 'PERSONAL_DATA_REFUSED'] as const

export const calendarChangeRoutes = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'post',
    path: '/v1/calendar-changes',
    operationId: 'applyCalendar',
    summary:
      'Menerbitkan versi kalender berikutnya dan menghitung ulang tenggat tiket terbuka. The calendar and its version are the key: the same request again gives the same change.',
    access: KEEPERS,
    everyOffice: true,
    body: jsonSchema(Body),
    reply: { status: 202, description: 'Published; open tickets follow.', schema: CalendarChange },
    problems: PROBLEMS,
    handle: async (call) => {
      const planned = await plannedBy(deps, call, parse(Body, call.body, 'body'))
      const at = deps.clock.now()
      await deps.services.audit.record(calendarFact(at, call.actor, planned.spec))
      const change = await beginCalendarChange(deps.store, planned, at)
      await deps.engine.refreshReference()
      goOn(deps, change)
      return json(202, changeView(change))
    },
  }),
  route({
    method: 'post',
    path: '/v1/calendar-changes/preview',
    operationId: 'previewCalendar',
    summary: 'Tenggat mana yang akan bergeser, page by page. Writes nothing.',
    access: KEEPERS,
    everyOffice: true,
    body: jsonSchema(PreviewBody),
    reply: { status: 200, description: 'One page.', schema: CalendarPreview },
    problems: [...PROBLEMS, 'CURSOR_MALFORMED'],
    handle: (call) => preview(deps, call),
  }),
  route({
    method: 'get',
    path: '/v1/calendar-changes/:id',
    operationId: 'getCalendarChange',
    summary: 'Sejauh mana perubahan kalender sudah diterapkan: calendarId@toVersion.',
    access: KEEPERS,
    everyOffice: true,
    reply: { status: 200, description: 'How far it came.', schema: CalendarChange },
    problems: ['NOT_FOUND'],
    handle: async ({ params }) => {
      const [id = '', version] = (params['id'] ?? '').split('@')
      const known = /^[1-9][0-9]{0,8}$/.test(version ?? '')
        ? await deps.store.findCalendarChange(id, Number(version))
        : null
      if (known === null) throw new PulihError('NOT_FOUND', 'no such change of a calendar')
      return ok(changeView(known))
    },
  }),
]

/** Throws VALIDATION_FAILED with every problem of the calendar, and what `planCalendarChange` throws. */
async function plannedBy(
  { store, config, clock }: ApiDeps,
  { actor }: Call,
  { calendar, reason }: z.infer<typeof Body>,
): Promise<PlannedChange> {
  // A decree's number is no phone number: only what goes on to tickets is looked through.
  inspectBody({ reason }, declaredNames(Body))
  const { spec, problems } = checkCalendar(calendar)
  if (spec === null)
    throw validationFailed(
      problems.map(({ code, path, message }) => ({
        in: 'body',
        pointer: `/calendar/${path.replaceAll(/[.[\]]+/g, '/').replace(/\/$/, '')}`,
        code: code.toLowerCase(),
        message: { id: message, en: message },
      })),
    )
  const { production } = config
  return planCalendarChange(store, { spec, reason: reason ?? null, actor, at: clock.now(), production })
}

/** In the background; whatever stops it, the workers take up what is left. */
function goOn({ engine, store, config, logger }: ApiDeps, change: Change): void {
  const quietMs = (config.databaseUrl ?? null) === null ? 0 : QUIET_MS
  runCalendarChange(engine, store, change, { quietMs }).catch((error: unknown) => {
    const { calendarId, toVersion } = change
    logger.warn({ calendarId, toVersion, err: error }, 'calendar change interrupted, will go on')
  })
}

async function preview(deps: ApiDeps, call: Call) {
  const { cursor, limit, ...body } = parse(PreviewBody, call.body, 'body')
  const planned = await plannedBy(deps, call, body)
  const scope = { list: 'calendar-preview', calendar: planned.order.calendar }
  const page = await previewCalendarChange(deps.engine, deps.store, planned, positionOf(cursor, scope), limit)
  return ok({
    calendar: planned.order.calendar,
    reason: planned.order.reason,
    open: (await deps.store.countTickets({})) - (await deps.store.countTickets({ standing: 'terminal' })),
    seen: page.seen,
    items: page.items.map(({ ticketId, ticketNumber, type, moves, reason, failed }) => ({
      ticketId,
      ticketNumber,
      moves: moves.map((move) => moveView(move, typeOf(deps.types, type), reason)),
      reason,
      failed,
    })),
    next: cursorOf(page.next, scope),
  })
}

/** The walk goes through one standing after the other: a position is a standing and a place in its list. */
function cursorOf(next: PreviewPage['next'], scope: JsonObject): string | null {
  if (next === null) return null
  return writeCursor({ key: next.after?.key ?? null, id: `${next.standing}:${next.after?.id ?? ''}` }, scope)
}
function positionOf(text: string | undefined, scope: JsonObject): PreviewPage['next'] {
  const position = readCursor(text, scope)
  if (position === null) return null
  const [standing, id = ''] = position.id.split(':')
  if (standing !== '0' && standing !== '1')
    throw new PulihError('CURSOR_MALFORMED', 'the cursor is not one of this list')
  return { standing: Number(standing), after: id === '' ? null : { key: position.key, id } }
}

const changeView = ({ calendarId, toVersion, fromVersion, reason, startedAt, finishedAt, progress }: Change) => ({
  id: `${calendarId}@${toVersion}`,
  calendarId,
  fromVersion,
  toVersion,
  reason,
  startedAt: iso(startedAt),
  finishedAt: isoOrNull(finishedAt),
  progress,
})
