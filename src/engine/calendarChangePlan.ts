import { isDeepStrictEqual } from 'node:util'
import type { Store } from '../../db/types.js'
import { compileCalendar, opensFrom, type BusinessCalendar, type CalendarSpec } from '../calendar/index.js'
import type { Actor, Label } from '../machines/ticketType.js'
import { differenceOf } from './calendarChangeReason.js'
import { PulihError } from './errors.js'
import type { CalendarChange, ChangeProgress, RedateOrder } from './types.js'

export interface ChangeRequest {
  /** A checked calendar. */
  readonly spec: CalendarSpec
  /** Null: what differs between the versions. */
  readonly reason: string | null
  readonly actor: Actor
  /** From when on it will promise, epoch ms. */
  readonly at: number
  /** Production takes confirmed calendars only (D5). */
  readonly production: boolean
}
/** A change that may be made; nothing is written yet. */
export interface PlannedChange {
  readonly spec: CalendarSpec
  readonly calendar: BusinessCalendar
  readonly fromVersion: number
  readonly order: RedateOrder
}

/**
 * Is this a next version of a calendar we have? Throws NOT_FOUND (no such calendar yet: `pulih migrate --calendars` publishes first
 * versions), CONFLICT (the version lies behind, or is published with other content, or the zone is another: that is another calendar),
 * CALENDAR_UNCONFIRMED (an example in production), NO_OPEN_TIME (it never opens again: nobody could file any more) or CalendarError for what
 * is no calendar.
 */
export async function planCalendarChange(
  store: Pick<Store, 'calendars'>,
  { spec, reason, actor, at, production }: ChangeRequest,
): Promise<PlannedChange> {
  const versions = (await store.calendars()).filter((it) => it.id === spec.id).sort((a, b) => a.version - b.version)
  const newest = versions.at(-1)
  const before = versions.findLast((it) => it.version < spec.version)
  if (newest === undefined)
    throw new PulihError(
      'NOT_FOUND',
      'There is no calendar of this id yet: publish its first version with `pulih migrate`.',
    )
  if (before === undefined || spec.version < newest.version)
    throw conflict('versionBehind', {
      id: `Perubahan memerlukan versi di atas ${newest.version}, yaitu versi yang berlaku.`,
      en: `A change needs a version above ${newest.version}, the one in force.`,
    })
  if (spec.version === newest.version && !isDeepStrictEqual(plain(spec), plain(newest)))
    throw conflict('versionTaken', {
      id: 'Versi kalender ini sudah diterbitkan dengan isi yang lain.',
      en: 'This version of the calendar is already published with other content.',
    })
  if (spec.zone !== before.zone)
    throw conflict('zoneOther', {
      id: `Kalender ini berada di zona ${before.zone}; zona lain adalah kalender lain.`,
      en: `This calendar is in the zone ${before.zone}: another zone is another calendar.`,
    })
  if (production && spec.example)
    throw new PulihError('CALENDAR_UNCONFIRMED', 'This calendar is an example; production takes confirmed hours only.')
  const calendar = compileCalendar(spec)
  if (!opensFrom(calendar, at)) throw neverOpens(calendar.ref)
  const why: Label =
    reason === null ? differenceOf(compileCalendar(before).spec, calendar.spec, at) : { id: reason, en: reason }
  const order = {
    calendar: calendar.ref,
    reason: why,
    since: reason === null ? { version: before.version, at } : null,
    actor,
  }
  return { spec, calendar, fromVersion: before.version, order }
}
const conflict = (guard: string, label: Label): PulihError =>
  new PulihError('CONFLICT', label.en, { reasons: [{ guard, ...label }] })
/** For a calendar that would be put in force. */
export function neverOpens(ref: string): PulihError {
  const en = `${ref} has no open time from now on: nobody could file any more by it.`
  const id = `${ref} tidak mempunyai jam buka lagi sejak sekarang: tidak ada yang dapat mengajukan pengaduan.`
  return new PulihError('NO_OPEN_TIME', en, { reasons: [{ guard: 'neverOpens', id, en }] })
}
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown

const NOTHING_YET: ChangeProgress = {
  open: 0,
  seen: 0,
  concerned: 0,
  later: 0,
  earlier: 0,
  unchanged: 0,
  failed: 0,
  failures: [],
}

/** Publishes the version and notes that open tickets are to follow; `runCalendarChange` does that. Safe to repeat. */
export async function beginCalendarChange(store: Store, planned: PlannedChange, at: number): Promise<CalendarChange> {
  const { spec, fromVersion, order } = planned
  const change: CalendarChange = {
    calendarId: spec.id,
    toVersion: spec.version,
    fromVersion,
    reason: order.reason,
    actorId: order.actor.id,
    actorRole: order.actor.role,
    startedAt: at,
    finishedAt: null,
    leasedUntil: null,
    progress: NOTHING_YET,
  }
  return store.beginCalendarChange(change, spec)
}
