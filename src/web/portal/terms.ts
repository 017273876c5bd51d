import type { Engine } from '../../engine/types.js'

/** Numbers of the policy that pages name and dates are computed from. */
export interface Terms {
  /** How long a complaint that was rejected, withdrawn or expired may be opened again (R68). */
  readonly reopenDays: number
  /** How long to wait before it is worth a complaint: after arrears were paid (R27), after registration (R28). */
  readonly arrearsHours: number
  readonly newAccountDays: number
}
/** What an older policy, which does not name them, means. */
const SHIPPED: Terms = { reopenDays: 0, arrearsHours: 6, newAccountDays: 14 }

/** As the policy of this minute has them, in `limits`. */
export function termsOf({ reference }: Pick<Engine, 'reference'>): Terms & Readonly<Record<string, number>> {
  const { limits } = reference.policyFor('pengaduan')
  const { reopenDays, arrearsHours, newAccountDays } = { ...SHIPPED, ...limits }
  return { reopenDays, arrearsHours, newAccountDays }
}
