import { z } from 'zod'

/** Three units that never convert into one another by themselves (D4). */
export const Amount = z.discriminatedUnion('unit', [
  z.strictObject({
    unit: z.literal('businessDays'),
    amount: z.int().min(0),
    minimumOpenMinutes: z.int().min(0).default(60),
  }),
  z.strictObject({ unit: z.literal('businessMinutes'), amount: z.int().min(1) }),
  z.strictObject({ unit: z.literal('wallMinutes'), amount: z.int().min(1) }),
])
export type Amount = z.infer<typeof Amount>

export const businessDays = (amount: number) => ({ unit: 'businessDays' as const, amount, minimumOpenMinutes: 60 })
export const businessMinutes = (amount: number) => ({ unit: 'businessMinutes' as const, amount })
export const wallMinutes = (amount: number) => ({ unit: 'wallMinutes' as const, amount })
export const wallHours = (amount: number) => wallMinutes(amount * 60)
export const wallDays = (amount: number) => wallMinutes(amount * 1440)

/** A step of the ladder climbs `after` the due instant. */
export const LadderStep = z.strictObject({ level: z.int().min(1), after: Amount, audience: z.string() })

export const SlaTarget = z.strictObject({
  counting: z.enum(['deemed', 'calendar']).default('deemed'),
  within: Amount,
  /** The longer promise of D23, from the original start. */
  extended: Amount.optional(),
  /** Percent of open time between the deemed start and due (D18). */
  warnings: z.array(z.int().min(1).max(99)).default([]),
  ladder: z.array(LadderStep).default([]),
})
export type SlaTarget = z.infer<typeof SlaTarget>

/** An SLA policy: immutable versions of data, never constants in code. */
export const Policy = z.strictObject({
  id: z.string(),
  version: z.int().min(1),
  ticketType: z.string(),
  /** Where the numbers come from. */
  provenance: z.string(),
  routes: z.record(
    z.string(),
    z.strictObject({
      targets: z.record(z.string(), SlaTarget),
      /** Shown, never timed (D24: `aplikasi`). */
      estimateMinutes: z.tuple([z.int(), z.int()]).optional(),
    }),
  ),
  /** Deadline family → variant → threshold → after how long from arming. A variant without thresholds means "at once". */
  deadlines: z.record(z.string(), z.record(z.string(), z.record(z.string(), Amount.or(z.literal('nextOpening'))))),
  /** Extra numbers a machine's guards read (reopen window, for one), in the unit of their name. */
  limits: z.record(z.string(), z.int()),
})
export type Policy = z.infer<typeof Policy>
