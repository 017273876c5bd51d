import { z } from 'zod'
import type { Policy } from '../policy.js'

const DAY_MS = 86_400_000
const Context = z.looseObject({ rules: z.looseObject({ reopenMs: z.number() }) })

/** How long an ended ticket of this policy may be opened again (R68), in ms; 0 for a policy that does not name it. */
export const reopenMsOf = ({ limits }: Pick<Policy, 'limits'>): number => (limits['reopenDays'] ?? 0) * DAY_MS

/** The same as its own ticket keeps it, in whole days: from the context of its snapshot, which may be of any type and age. 0: not at all. */
export function reopenDaysOf(context: unknown): number {
  const { success, data } = Context.safeParse(context)
  return success ? Math.floor(data.rules.reopenMs / DAY_MS) : 0
}
