import type { CalendarSpec } from '../../src/calendar/index.js'

/** A plain valid calendar to bend: Jakarta, Monday to Friday 08:00-17:00. */
export function office(changes: Partial<CalendarSpec> = {}): CalendarSpec {
  const day = [['08:00', '17:00']] as const
  return {
    id: 'office',
    version: 1,
    name: 'Office',
    zone: 'Asia/Jakarta',
    weekly: { 1: day, 2: day, 3: day, 4: day, 5: day },
    seasons: [],
    holidays: [],
    collectiveLeaveCloses: true,
    example: false,
    ...changes,
  }
}

export const wib = (local: string): number => Date.parse(`${local}:00+07:00`)
export const utc = (local: string): number => Date.parse(`${local}:00Z`)
