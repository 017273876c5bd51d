import type { ReportRow } from '../../api/oversight.js'

const DAY_MS = 86_400_000
export const dayBefore = (day: string, days: number): string =>
  new Date(Date.parse(day) - days * DAY_MS).toISOString().slice(0, 10)
/** Both included. */
export const daysFrom = (from: string, until: string): readonly string[] =>
  Array.from({ length: Math.max(0, (Date.parse(until) - Date.parse(from)) / DAY_MS + 1) }, (_, at) =>
    dayBefore(from, -at),
  )

export const textOf = (row: ReportRow, name: string): string => String(row[name] ?? '')
export const total = (rows: readonly ReportRow[], name: string): number =>
  rows.reduce((sum, row) => sum + Number(row[name] ?? 0), 0)
/** Rows that are alike, in the order of what they have in common. */
export function grouped(
  rows: readonly ReportRow[],
  by: (row: ReportRow) => string,
): readonly (readonly [string, readonly ReportRow[]])[] {
  const found = new Map<string, ReportRow[]>()
  for (const row of rows) {
    const known = found.get(by(row))
    if (known === undefined) found.set(by(row), [row])
    else known.push(row)
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1))
}
export const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole)

/** Kept, kept late and broken promises, and the share that was kept (`met / (met + metLate + breached)`). */
export function keptOf(rows: readonly ReportRow[]) {
  const [met, late, broken] = [total(rows, 'met'), total(rows, 'metLate'), total(rows, 'breached')]
  return { met, late, broken, all: met + late + broken, share: share(met, met + late + broken) }
}

/** One column, day by day. */
export function perDay(rows: readonly ReportRow[], days: readonly string[], ...names: string[]): readonly number[] {
  const known = new Map(grouped(rows, (row) => textOf(row, 'day')))
  return days.map((day) => names.reduce((sum, name) => sum + total(known.get(day) ?? [], name), 0))
}

/** How many were open at the end of each day, counted back from how many are open at the end. */
export function openPerDay(openNow: number, arrived: readonly number[], closed: readonly number[]): readonly number[] {
  const open: number[] = []
  let at = openNow
  for (let day = arrived.length - 1; day >= 0; day -= 1) {
    open.unshift(at)
    at = Math.max(0, at - (arrived[day] ?? 0) + (closed[day] ?? 0))
  }
  return open
}
