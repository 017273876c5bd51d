/** What a spreadsheet would run when it opens the file, in wide letters too (A37). */
const FORMULA = /^[=+\-@\t\r\n|%＝＋－＠]/

/** One cell: text that starts like a formula is marked as text, and whatever would end the cell is quoted (RFC 4180). */
function csvCell(value: string | number | null): string {
  if (typeof value === 'number') return String(value)
  const text = value ?? ''
  const safe = FORMULA.test(text) ? `'${text}` : text
  return /[",\r\n;']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Lines end as RFC 4180 says; the first names the columns. */
export const csv = (columns: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string =>
  [columns, ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('')
