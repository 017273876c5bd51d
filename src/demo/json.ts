import type { DemoReport } from './report.js'

/** Keys whose numbers are instants. */
const INSTANTS: ReadonlySet<string> = new Set([
  'at',
  'from',
  'until',
  'dueAt',
  'settledAt',
  'filedAt',
  'deemedAt',
  'opening',
  'closing',
])

/** The report as a JSON document: instants in UTC, durations in ms; the same options give the same bytes. */
export const asJson = (report: DemoReport): unknown => convert(report, '')

function convert(value: unknown, key: string): unknown {
  if (typeof value === 'number' && INSTANTS.has(key)) return new Date(value).toISOString()
  if (Array.isArray(value)) return value.map((it) => convert(it, key))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, it]) => [name, convert(it, name)]))
}
