import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { liveList, liveSlow } from '../app/live.js'
import { get } from './client.js'
import type { Label } from './types.js'

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

interface Told {
  readonly id: string
  readonly at: string
  readonly shownAt: string
  readonly readAt: string | null
}
/** A promise that is about to break, or has broken. */
export interface PromiseNotice extends Told {
  readonly kind: 'warning' | 'breached' | 'escalated'
  readonly ticketId: string
  readonly ticketNumber: string
  readonly ticketType: string
  readonly officeId: string
  readonly target: string
  readonly threshold: string
  readonly to: 'agent' | 'supervisor' | 'unitHead'
}
/** Somebody opened more than their work explains. */
export interface AccessNotice extends Told {
  readonly kind: 'access'
  readonly what: 'reveals' | 'cases' | 'unassigned'
  readonly staffId: string
  readonly opened: number
  readonly officeId: string | null
}
export type StaffNotice = PromiseNotice | AccessNotice
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
  meta: liveSlow,
})
/** What everybody may know now: the banner of every page. */
export const announcedQuery = queryOptions({
  queryKey: ['incidents', 'announced'],
  queryFn: ({ signal }) =>
    get<{ readonly items: readonly { readonly incidentId: string; readonly text: Label }[] }>('/v1/incidents', signal),
  meta: liveSlow,
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
