import type { Logger } from 'pino'
import { QUIET_MS, resumeCalendarChanges } from '../engine/index.js'
import { createLoop, type Loop } from './loop.js'
import type { World } from './world.js'

export interface CalendarSettings {
  /** How often it is asked for new calendar versions, ms; well under `QUIET_MS`, within which every process must have learned of one. */
  readonly calendarPollMs: number
  /** No other process works on this database. */
  readonly alone: boolean
}

/**
 * Keeps this process up to date with published calendars. `redate`: it also goes on with changes of open tickets that were interrupted, or
 * that wait until every process has learned of the version.
 */
export function followCalendars(
  { engine, store }: World,
  { calendarPollMs, alone }: CalendarSettings,
  logger: Logger,
  redate: { readonly signal: AbortSignal } | null,
): Loop {
  return createLoop('calendars', calendarPollMs, logger, async () => {
    await engine.refreshReference()
    if (redate === null) return
    const changes = await resumeCalendarChanges(engine, store, {
      signal: redate.signal,
      quietMs: alone ? 0 : QUIET_MS,
    })
    for (const { calendarId, toVersion, finishedAt, progress } of changes)
      if (finishedAt !== null) {
        const { concerned, failed } = progress
        logger.info({ calendar: `${calendarId}@${toVersion}`, concerned, failed }, 'open tickets follow the calendar')
      }
  })
}
