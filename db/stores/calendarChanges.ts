import { and, asc, count, eq, isNull, lte, or } from 'drizzle-orm'
import { PulihError } from '../../src/engine/errors.js'
import type { CalendarChange } from '../../src/engine/types.js'
import type { Sql } from '../sql.js'
import type { Store } from '../types.js'
import { sameContent } from './reference.js'

type CalendarChangeStore = Pick<
  Store,
  | 'calendarCount'
  | 'beginCalendarChange'
  | 'findCalendarChange'
  | 'unfinishedCalendarChanges'
  | 'leaseCalendarChange'
  | 'saveCalendarChange'
  | 'reopenCalendarChange'
>

export function calendarChangeStore({ t, write, read, atomically }: Sql): CalendarChangeStore {
  const { calendarChanges, calendars } = t
  const isIt = ({ calendarId, toVersion }: Pick<CalendarChange, 'calendarId' | 'toVersion'>) =>
    and(eq(calendarChanges.calendarId, calendarId), eq(calendarChanges.toVersion, toVersion))
  // Through the writer: whoever asks has just written, or must see what another process has.
  const find = async (calendarId: string, toVersion: number) =>
    (await write.select().from(calendarChanges).where(isIt({ calendarId, toVersion })))[0] ?? null

  return {
    calendarCount: async () => (await read.select({ rows: count() }).from(calendars))[0]?.rows ?? 0,
    async beginCalendarChange(change, spec) {
      const { id, version } = spec
      await atomically((db) => [
        db
          .insert(calendars)
          .values({ id, version, spec, publishedAt: change.startedAt })
          .onConflictDoNothing()
          .returning({ id: calendars.id }),
        db.insert(calendarChanges).values(change).onConflictDoNothing().returning({ id: calendarChanges.calendarId }),
      ])
      const published = and(eq(calendars.id, id), eq(calendars.version, version))
      const [stored] = await write.select({ spec: calendars.spec }).from(calendars).where(published)
      if (!sameContent(stored?.spec, spec))
        throw new PulihError('CONFLICT', 'This version of the calendar is already published with other content.')
      return (await find(change.calendarId, change.toVersion)) ?? change
    },
    findCalendarChange: find,
    unfinishedCalendarChanges: async () =>
      write
        .select()
        .from(calendarChanges)
        .where(isNull(calendarChanges.finishedAt))
        .orderBy(asc(calendarChanges.calendarId), asc(calendarChanges.toVersion)),
    async leaseCalendarChange(change, now, until) {
      const free = or(isNull(calendarChanges.leasedUntil), lte(calendarChanges.leasedUntil, now))
      const taken = await write
        .update(calendarChanges)
        .set({ leasedUntil: until })
        .where(and(isIt(change), isNull(calendarChanges.finishedAt), free))
        .returning()
      return taken[0] ?? null
    },
    async saveCalendarChange(change, held, set) {
      const saved = await write
        .update(calendarChanges)
        .set(set)
        .where(and(isIt(change), eq(calendarChanges.leasedUntil, held)))
        .returning({ calendarId: calendarChanges.calendarId })
      return saved.length > 0
    },
    async reopenCalendarChange(change) {
      await write
        .update(calendarChanges)
        .set({ finishedAt: null, leasedUntil: null })
        .where(isIt(change))
        .returning({ calendarId: calendarChanges.calendarId })
    },
  }
}
