import { exampleCalendars } from '../../db/seeds/calendars.js'
import type { Store } from '../../db/index.js'
import type { CalendarSpec } from '../../src/calendar/index.js'
import {
  beginCalendarChange,
  planCalendarChange,
  previewCalendarChange,
  runCalendarChange,
  verifyStore,
  type PreviewedTicket,
  loadReference,
  loadTicketTypes,
} from '../../src/engine/index.js'
import type { CalendarChange, Engine } from '../../src/engine/types.js'
import { supervisor, type Story } from './story.js'

type Holiday = CalendarSpec['holidays'][number]
const LEAVE = '2025-08-18'

export const withoutDay = (spec: CalendarSpec, date = LEAVE): CalendarSpec => ({
  ...spec,
  holidays: spec.holidays.filter((it) => it.date !== date),
})
export const version = (spec: CalendarSpec, number: number): CalendarSpec => ({ ...spec, version: number })
export const withDay = (spec: CalendarSpec, date: string, kind: Holiday['kind'] = 'cuti_bersama'): CalendarSpec => ({
  ...spec,
  holidays: [...spec.holidays, { date, name: 'Hari uji', kind, source: 'SKB uji' }],
})

/** Before the decree of 7 August 2025: Monday the 18th is a working day. */
export const BEFORE: readonly CalendarSpec[] = exampleCalendars.map((it) => withoutDay(it))
/** After it: version 2 of each calendar closes that day. */
export const AFTER: readonly CalendarSpec[] = exampleCalendars.map((it) => version(it, 2))
export const specOf = (all: readonly CalendarSpec[], id: string): CalendarSpec => {
  const found = all.find((it) => it.id === id)
  if (found === undefined) throw new Error(`no calendar ${id}`)
  return found
}

/** Publishes a version and lets every open ticket follow, through the engine of one story. */
export async function applyCalendar(
  { engine }: { engine: Engine },
  store: Store,
  spec: CalendarSpec,
  reason: string | null = null,
): Promise<CalendarChange> {
  const planned = await planCalendarChange(store, {
    ...{ spec, reason, actor: supervisor, production: false },
    at: engine.clock.now(),
  })
  const change = await beginCalendarChange(store, planned, engine.clock.now())
  return runCalendarChange(engine, store, change)
}

/** Every page of what a version would do. */
export async function previewOf(
  { engine }: { engine: Engine },
  store: Store,
  spec: CalendarSpec,
  limit = 256,
): Promise<readonly PreviewedTicket[]> {
  const planned = await planCalendarChange(store, {
    ...{ spec, reason: null, actor: supervisor, production: false },
    at: engine.clock.now(),
  })
  const items: PreviewedTicket[] = []
  let next: Awaited<ReturnType<typeof previewCalendarChange>>['next'] = null
  do {
    const page = await previewCalendarChange(engine, store, planned, next, limit)
    items.push(...page.items)
    next = page.next
  } while (next !== null)
  return items
}

/** What `verify` finds wrong; nothing when every log tells its ticket. */
export async function problemsOf(store: Store): Promise<readonly string[]> {
  const report = await verifyStore({ store, types: await loadTicketTypes(), reference: await loadReference(store) })
  return report.problems.map((it) => `${it.ticketId} ${it.what}`)
}

/** The entry a change wrote, if any. */
export const changeEntries = async (story: Story) => (await story.log()).filter((it) => it.fact === 'CalendarChanged')
