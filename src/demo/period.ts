import { Temporal } from 'temporal-polyfill'

/** The three weeks: around Idulfitri 1447 H, with the cuti bersama of 2026 (SKB 1497/2025). Instants epoch ms; the end is exclusive. */
export const ZONE = 'Asia/Jakarta'
export const FIRST_DATE = '2026-03-09'
export const LAST_DATE = '2026-03-31'

/** `2026-03-15T02:00` on the clocks of a zone, as epoch ms. */
export const local = (dateTime: string, zone: string = ZONE): number =>
  Temporal.PlainDateTime.from(dateTime).toZonedDateTime(zone).epochMilliseconds

export const START = local(`${FIRST_DATE}T00:00`)
export const END = local('2026-04-01T00:00')
