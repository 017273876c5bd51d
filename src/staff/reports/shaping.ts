import type { AgeRow, HandlingRow } from '../../../db/staff/ledgerReports.js'

/** Whole days, from which on each begins; written so that their order as text is their order. */
const AGES = [
  [0, '00-00'],
  [1, '01-02'],
  [3, '03-06'],
  [7, '07-13'],
  [14, '14-29'],
  [30, '30+'],
] as const

/** Open tickets by how many days old they are. */
export function byAge(rows: readonly AgeRow[]) {
  const found = new Map<string, { officeId: string; route: string; policy: string; age: string; tickets: number }>()
  for (const { officeId, route, policy, days, count } of rows) {
    const age = AGES.findLast(([from]) => days >= from)?.[1] ?? AGES[0][1]
    const key = [officeId, route, policy, age].join(' ')
    const row = found.get(key) ?? { officeId, route, policy, age, tickets: 0 }
    row.tickets += count
    found.set(key, row)
  }
  return [...found.values()]
}

export const MINUTE_MARKS = ['p50', 'p90'] as const

/** Of each place, the least number of minutes within which half and nine tenths were done (nearest rank: a value that really occurred). */
export function percentiles(rows: readonly HandlingRow[]) {
  const places = new Map<string, HandlingRow[]>()
  for (const row of rows) {
    const key = [row.officeId, row.route, row.policy].join(' ')
    const known = places.get(key)
    if (known === undefined) places.set(key, [row])
    else known.push(row)
  }
  return [...places.values()].flatMap((place) => {
    const [first] = place
    if (first === undefined) return []
    const { officeId, route, policy } = first
    const closed = place.reduce((sum, it) => sum + it.count, 0)
    return [{ officeId, route, policy, closed, p50: nearestRank(place, 0.5), p90: nearestRank(place, 0.9) }]
  })
}

/** Null for none. */
export function nearestRank(
  histogram: readonly { readonly minutes: number; readonly count: number }[],
  share: number,
): number | null {
  const ordered = [...histogram].sort((a, b) => a.minutes - b.minutes)
  const rank = Math.ceil(share * ordered.reduce((sum, it) => sum + it.count, 0))
  let reached = 0
  for (const { minutes, count } of ordered) {
    reached += count
    if (reached >= rank) return minutes
  }
  return null
}
