import { z } from 'zod'
import { instant, notice, spoken } from './shapes.js'

const reason = z.enum(['dayZero', 'business', 'weekend', 'libur', 'cuti_bersama', 'seasonClosed'])
const offices = z.array(z.strictObject({ officeId: z.string(), name: z.string() }))

/** A year as people look at it. */
export const CalendarYear = z.strictObject({
  id: z.string(),
  version: z.int(),
  name: z.string(),
  zone: z.string(),
  year: z.int(),
  offices: offices.describe('Which work by this calendar'),
  open: z.int(),
  closed: z.int(),
  shortened: z.int(),
  tentative: z.int(),
  holidaysKnown: z.boolean().describe('False: this version names no holiday of the year, so its dates are a guess'),
  days: z.array(
    z.strictObject({
      date: z.iso.date(),
      weekday: z.int().min(1).max(7),
      kind: z.enum(['open', 'closed', 'shortened', 'changed']),
      reason: reason.exclude(['dayZero']),
      hours: z.array(z.tuple([z.string(), z.string()])).describe('Local times'),
      name: z.string().nullable().describe('Of the holiday or season'),
      source: z.string().nullable().describe('The decree'),
      tentative: z.boolean(),
    }),
  ),
  notices: z.array(notice),
})

/** Why so many working days from an instant end when they do. */
export const CalendarExplanation = z.strictObject({
  id: z.string(),
  version: z.int(),
  zone: z.string(),
  at: spoken,
  days: z.int(),
  counting: z.enum(['deemed', 'calendar']),
  deemedAt: spoken.describe('From when it counts as received'),
  dayZero: z.iso.date(),
  due: spoken,
  explained: z.array(
    z.strictObject({
      date: z.iso.date(),
      weekday: z.int().min(1).max(7),
      counted: z.boolean(),
      number: z.int().nullable(),
      reason,
      label: z.string().nullable(),
      tentative: z.boolean(),
      opening: instant.nullable(),
      closing: instant.nullable(),
      openMs: z.int(),
    }),
  ),
  notices: z.array(notice),
})
