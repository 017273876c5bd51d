import type { WorkRow } from '../../../db/staff/worklist.js'
import type { SkillRule } from '../../../db/staff/workTypes.js'

/** Does this rule ask for its skill on this ticket? `flags`: its risk flags. The store asks the same in SQL. */
export function ruleFits({ when }: SkillRule, row: WorkRow, flags: readonly string[]): boolean {
  const equal = (['type', 'route', 'category', 'cause'] as const).every(
    (key) => when[key] === undefined || row[key] === when[key],
  )
  return equal && (when.risk === undefined || flags.includes(when.risk))
}
