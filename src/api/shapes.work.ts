import { z } from 'zod'
import { instant, label } from './shapes.js'

/** What the worklist answers. */
export const Holder = z
  .strictObject({ staffId: z.string(), until: instant, mine: z.boolean(), draft: z.boolean() })
  .describe('Who works on it, and until when')
const Row = z.strictObject({
  ticketId: z.string(),
  ticketNumber: z.string(),
  type: z.string(),
  state: z.string(),
  stateLabel: label,
  route: z.string(),
  category: z.string(),
  cause: z.string().nullable(),
  officeId: z.string(),
  priority: z.int(),
  contentVersion: z.int(),
  filedAt: instant,
  releasedAt: instant.nullable(),
  group: z.enum(['veryLate', 'late', 'soon', 'notYet']),
  due: z.strictObject({
    at: instant.nullable(),
    remainingMs: z.int().nullable().describe('Business time of its office: left, or by which it is late'),
    text: z.string().describe('In Indonesian, in the zone of its office'),
  }),
  holder: Holder.nullable(),
  flags: z.array(z.string()).describe('Codes of risk flags'),
  blocked: z
    .strictObject({ code: z.string(), label })
    .nullable()
    .describe('Why the caller may not take it now; null when they may'),
})
export const WorklistPageShape = z.strictObject({
  items: z.array(Row),
  next: z.string().nullable().describe('Cursor of the next page; null at the end'),
  groups: z
    .array(
      z.strictObject({
        group: z.string(),
        label,
        count: z.int(),
        more: z.boolean().describe('There are more than were counted'),
      }),
    )
    .nullable()
    .describe('With the first page'),
})
export const FoundShape = z.strictObject({ items: z.array(Row) })
const Assignment = z.strictObject({
  ticketId: z.string(),
  claimId: z.string(),
  staffId: z.string(),
  how: z.enum(['next', 'manual', 'assigned']),
  reason: z.string().nullable(),
  claimedAt: instant,
  leaseUntil: instant,
  draft: z.boolean(),
})
export const AssignmentShape = Assignment
export const ClaimedShape = z.strictObject({
  assignment: Assignment.nullable(),
  why: z.enum(['OFFICE_CLOSED', 'NOTHING_WAITS']).nullable().describe('Why there is none'),
  opensAt: instant.nullable().describe('When the first of the offices opens'),
})
export const ReleasedShape = z.strictObject({ ticketId: z.string() })
export const DraftShape = z.strictObject({
  text: z.string(),
  version: z.int().describe('0: there is none'),
  updatedAt: instant.nullable(),
})
export const DraftSavedShape = z.strictObject({ version: z.int() })
export const WindowShape = z.strictObject({ id: z.string(), officeId: z.string(), from: instant, until: instant })
export const ProfileShape = z.strictObject({
  staffId: z.string(),
  skills: z.array(z.string()),
  offices: z.array(z.string()).nullable(),
  wipLimit: z.int().nullable(),
})
export const ColleaguesShape = z.strictObject({
  items: z.array(z.strictObject({ staffId: z.string(), name: z.string(), roles: z.array(z.string()) })),
})
export const PeopleShape = z.strictObject({
  items: z.array(
    z.strictObject({ staffId: z.string(), staffNumber: z.string(), name: z.string(), active: z.boolean() }),
  ),
})
export const OfficesShape = z.strictObject({
  items: z.array(
    z.strictObject({
      officeId: z.string(),
      name: z.string(),
      kind: z.enum(['pusat', 'cabang']),
      unit: z.strictObject({ unitId: z.string(), name: z.string() }),
      calendarId: z.string(),
      zone: z.string(),
      open: z.boolean().describe('By its calendar, now'),
      windowUntil: instant.nullable().describe('Gives out work although it is closed, until then'),
    }),
  ),
})
export const AssignmentHistoryShape = z.strictObject({
  holder: Holder.extend({ name: z.string().nullable().describe('null: no staff account') })
    .nullable()
    .describe('Who works on it now'),
  items: z.array(
    z.strictObject({
      claimId: z.string(),
      fact: z.enum(['claimed', 'ended']),
      staffId: z.string(),
      byId: z.string(),
      how: z.string(),
      reason: z.string().nullable(),
      at: instant,
    }),
  ),
})
