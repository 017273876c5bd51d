import type { LedgerReports, Span } from '../../../db/staff/ledgerReports.js'
import { csv } from '../bulk/csv.js'
import { byAge, MINUTE_MARKS, percentiles } from './shaping.js'

export type { Span } from '../../../db/staff/ledgerReports.js'

export type Cell = string | number | null
export type ReportRow = Readonly<Record<string, Cell>>
export interface Report {
  readonly name: string
  readonly summary: string
  /** In the order in which they are shown. */
  readonly columns: readonly string[]
  rows(store: LedgerReports, span: Span): Promise<readonly ReportRow[]>
}

const rate = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((part / whole) * 10_000) / 10_000

const PLACE = ['officeId', 'route', 'policy'] as const
/** By the text of these columns, so that the same rows always come in the same order. */
const sorted = (rows: readonly ReportRow[], columns: readonly string[]): readonly ReportRow[] =>
  [...rows].sort((a, b) => {
    for (const name of columns) {
      const [left, right] = [a[name] ?? '', b[name] ?? '']
      if (left !== right) return left < right ? -1 : 1
    }
    return 0
  })

/** Every report there is. All count what was true at one instant, by the days of the offices, and name no participant. */
export const REPORTS: readonly Report[] = [
  {
    name: 'attainment',
    summary: 'Pencapaian janji layanan per hari, kantor, rute, kebijakan dan target',
    columns: ['day', ...PLACE, 'target', 'met', 'metLate', 'breached', 'void', 'attainment'],
    async rows(store, span) {
      const rows = await store.attainment(span)
      return sorted(
        rows.map((row) => ({ ...row, attainment: rate(row.met, row.met + row.metLate + row.breached) })),
        ['day', ...PLACE, 'target'],
      )
    },
  },
  {
    name: 'ageing',
    summary: 'Umur tiket yang masih terbuka',
    columns: [...PLACE, 'age', 'tickets'],
    async rows(store, span) {
      return sorted(byAge(await store.ages(span)), [...PLACE, 'age'])
    },
  },
  {
    name: 'flow',
    summary: 'Tiket masuk dan selesai per hari',
    columns: ['day', 'officeId', 'route', 'filed', 'reopened', 'closed'],
    async rows(store, span) {
      return sorted(
        (await store.flow(span)).map((row) => ({ ...row })),
        ['day', 'officeId', 'route'],
      )
    },
  },
  {
    name: 'handling',
    summary: 'Waktu penanganan oleh petugas (menit jam kerja), median dan persentil ke-90',
    columns: [...PLACE, 'closed', ...MINUTE_MARKS],
    async rows(store, span) {
      return sorted(percentiles(await store.handling(span)), PLACE)
    },
  },
  {
    name: 'quality',
    summary: 'Tingkat pembukaan kembali dan sanggahan',
    columns: [...PLACE, 'closed', 'reopened', 'objections', 'reopenRate', 'objectionRate'],
    async rows(store, span) {
      const rows = (await store.quality(span)).map((row) => ({
        ...row,
        reopenRate: rate(row.reopened, row.closed),
        objectionRate: rate(row.objections, row.closed),
      }))
      return sorted(rows, PLACE)
    },
  },
  {
    name: 'pauses',
    summary: 'Jeda janji layanan menurut sebab',
    columns: [...PLACE, 'target', 'cause', 'count', 'minutes'],
    async rows(store, span) {
      return sorted(
        (await store.pauses(span)).map((row) => ({ ...row })),
        [...PLACE, 'target', 'cause'],
      )
    },
  },
  {
    name: 'load',
    summary: 'Beban kerja petugas, menurut nomor petugas; bukan peringkat',
    columns: ['officeId', 'staffId', 'acts', 'ticketDays', 'days'],
    async rows(store, span) {
      const rows = (await store.load(span)).map(({ actorId, ...row }) => ({ ...row, staffId: actorId }))
      return sorted(rows, ['officeId', 'staffId'])
    },
  },
  {
    name: 'breaches',
    summary: 'Janji yang terlampaui menurut alasan yang dicatat penyelia',
    columns: ['officeId', 'route', 'target', 'reason', 'count'],
    async rows(store, span) {
      return sorted(
        (await store.breachReasonsIn(span)).map((row) => ({ ...row })),
        ['officeId', 'route', 'target', 'reason'],
      )
    },
  },
]

export const reportNamed = (name: string): Report | undefined => REPORTS.find((it) => it.name === name)

/** As a spreadsheet opens it: RFC 4180, nothing that it would run (A37), and a mark without which Excel takes UTF-8 for something older. */
export const reportCsv = ({ columns }: Report, rows: readonly ReportRow[]): string =>
  `\uFEFF${csv(
    columns,
    rows.map((row) => columns.map((name) => row[name] ?? null)),
  )}`
