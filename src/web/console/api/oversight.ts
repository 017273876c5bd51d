import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { liveList } from '../app/live.js'
import { get } from './client.js'
import { serverTime } from './serverTime.js'
import type { CalendarList, CalendarYear, Label } from './types.js'

/** What supervisors ask: reports, notices, incidents, bulk work. */
export type ReportRow = Readonly<Record<string, string | number | null>>
export interface Report {
  readonly report: string
  readonly from: string
  readonly until: string
  readonly asOf: string
  readonly complete: boolean
  readonly columns: readonly string[]
  readonly rows: readonly ReportRow[]
}
/** Not live: each asks for sums over many tickets; the page has a button. */
export const reportQuery = (name: string, search: string) =>
  queryOptions({
    queryKey: ['report', name, search],
    queryFn: ({ signal }) => get<Report>(`/v1/reports/${name}${search === '' ? '' : `?${search}`}`, signal),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  })

export interface Pairs {
  readonly items: readonly {
    readonly makerId: string
    readonly checkerId: string
    readonly approvals: number
    readonly frequent: boolean
  }[]
}
export const pairsQuery = (day: string) =>
  queryOptions({
    queryKey: ['pairs', day],
    queryFn: ({ signal }) => get<Pairs>(`/v1/approval-pairs?day=${day}`, signal),
  })

export interface StaffNotice {
  readonly id: string
  readonly kind: 'warning' | 'breached' | 'escalated'
  readonly ticketId: string
  readonly ticketNumber: string
  readonly officeId: string
  readonly target: string
  readonly threshold: string
  readonly to: 'agent' | 'supervisor' | 'unitHead'
  readonly at: string
  readonly shownAt: string
  readonly readAt: string | null
}
export interface NoticePage {
  readonly items: readonly StaffNotice[]
  readonly next: string | null
  readonly unread: number
}
export const noticesQuery = (search: string) =>
  queryOptions({
    queryKey: ['notices', search],
    queryFn: ({ signal }) => get<NoticePage>(`/v1/notices?${search}`, signal),
    placeholderData: keepPreviousData,
    meta: liveList,
  })

export interface Incident {
  readonly incidentId: string
  readonly cause: string
  readonly title: string
  readonly from: string
  readonly until: string | null
  readonly banner: Label
  readonly tickets: number
  readonly declaredBy: string
  readonly declaredAt: string
  readonly announcedAt: string | null
  readonly endedAt: string | null
}
export const incidentsQuery = queryOptions({
  queryKey: ['incidents', 'all'],
  queryFn: ({ signal }) => get<{ readonly items: readonly Incident[] }>('/v1/incidents/all', signal),
  meta: liveList,
})
/** What everybody may know now: the banner of every page. */
export const announcedQuery = queryOptions({
  queryKey: ['incidents', 'announced'],
  queryFn: ({ signal }) =>
    get<{ readonly items: readonly { readonly incidentId: string; readonly text: Label }[] }>('/v1/incidents', signal),
  meta: liveList,
})

export interface BulkJob {
  readonly id: string
  readonly action: string
  readonly dryRun: boolean
  readonly state: 'running' | 'done' | 'cancelled'
  readonly total: number
  readonly pending: number
  readonly done: number
  readonly refused: number
  readonly skipped: number
}
export interface BulkVerdict {
  readonly seq: number
  readonly ticketId: string
  readonly ticketNumber: string
  readonly verdict: 'pending' | 'done' | 'refused' | 'skipped'
  readonly code: string | null
}
export const bulkPath = (id: string, what = '') => `/v1/bulk/${encodeURIComponent(id)}${what}`
/** Somebody waits for a job at the screen: asked for often while it runs, and not at all afterwards. */
const PROGRESS_MS = 1_500
export const bulkQuery = (id: string) =>
  queryOptions({
    queryKey: ['bulk', id],
    queryFn: ({ signal }) => get<BulkJob>(bulkPath(id), signal),
    refetchInterval: ({ state }) => (state.data?.state === 'running' ? PROGRESS_MS : false),
  })
/** Every verdict of a job that is over, page by page. */
export const verdictsQuery = (id: string) =>
  queryOptions({
    queryKey: ['bulk-verdicts', id],
    queryFn: async ({ signal }): Promise<readonly BulkVerdict[]> => {
      const all: BulkVerdict[] = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const after: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
        const page: { items: readonly BulkVerdict[]; next: string | null } = await get(
          bulkPath(id, `/items?limit=500${after}`),
          signal,
        )
        all.push(...page.items)
        cursor = page.next
      }
      return all
    },
    staleTime: Infinity,
  })

export interface Office {
  readonly id: string
  readonly name: string
}
/** Every office by its name, as the calendars that they keep name them. */
export const officesQuery = queryOptions({
  queryKey: ['office-names'],
  queryFn: async ({ signal }): Promise<readonly Office[]> => {
    const { items } = await get<CalendarList>('/v1/calendars', signal)
    const year = new Date(serverTime.now()).getUTCFullYear()
    const ids = [...new Set(items.map((it) => it.id))]
    const years = await Promise.all(
      ids.map((id) => get<CalendarYear>(`/v1/calendars/${encodeURIComponent(id)}/year/${year}`, signal)),
    )
    const offices = new Map(years.flatMap((it) => it.offices).map((it) => [it.id, it.name]))
    return [...offices].map(([id, name]) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name))
  },
  staleTime: Infinity,
})
