import { z } from 'zod'
import { instant, label, move, notice, spoken } from './shapes.js'

/** Calendars and policies as they were published, and what a new calendar version does to open tickets. */
const reference = z.strictObject({ id: z.string(), version: z.int() })
export const CalendarList = z.strictObject({
  items: z.array(reference.extend({ name: z.string(), zone: z.string(), example: z.boolean() })),
})
const interval = z.tuple([z.string(), z.string()])
const weekly = z.record(z.string(), z.array(interval))
export const Calendar = z.strictObject({
  id: z.string(),
  version: z.int(),
  name: z.string(),
  zone: z.string(),
  weekly,
  seasons: z.array(z.strictObject({ from: z.iso.date(), to: z.iso.date(), name: z.string().optional(), weekly })),
  holidays: z.array(
    z.strictObject({
      date: z.iso.date(),
      name: z.string(),
      kind: z.enum(['libur', 'cuti_bersama']),
      source: z.string(),
      tentative: z.boolean().optional(),
    }),
  ),
  collectiveLeaveCloses: z.boolean(),
  example: z.boolean(),
  notices: z.array(notice),
})
export const PolicyList = z.strictObject({
  items: z.array(reference.extend({ ticketType: z.string(), provenance: z.string() })),
})

export const CalendarSpecBody = Calendar.omit({ notices: true })
export const CalendarChange = z.strictObject({
  id: z.string().describe('calendarId@toVersion'),
  calendarId: z.string(),
  fromVersion: z.int(),
  toVersion: z.int(),
  reason: label,
  startedAt: instant,
  finishedAt: instant.nullable().describe('Null while open tickets are being measured anew'),
  progress: z.strictObject({
    open: z.int().describe('Open tickets when it began'),
    seen: z.int().describe('Looked at in the walk going on'),
    concerned: z.int(),
    later: z.int(),
    earlier: z.int(),
    unchanged: z.int(),
    failed: z.int().describe('Kept on their old version'),
    failures: z
      .array(z.strictObject({ ticketId: z.string(), ticketNumber: z.string(), code: z.string() }))
      .describe('At most 100'),
  }),
})
export const CalendarPreview = z.strictObject({
  calendar: z.string(),
  reason: label,
  open: z.int().describe('Open tickets now'),
  seen: z.int().describe('Looked at for this page'),
  items: z.array(
    z.strictObject({
      ticketId: z.string(),
      ticketNumber: z.string(),
      moves: z.array(move),
      reason: label.nullable().describe('What its participant hears; null when it would keep its old version'),
      failed: z.string().nullable().describe('Why it would keep its old version'),
    }),
  ),
  next: z.string().nullable().describe('Cursor of the next page; null at the end'),
})

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
  holidaysKnown: z
    .boolean()
    .describe('False: this version names no holiday of a year among these days, so the answer is a guess'),
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
