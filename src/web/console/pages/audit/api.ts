import { infiniteQueryOptions } from '@tanstack/react-query'
import { get } from '../../api/client.js'

/** `GET /v1/audit`, `GET /v1/audit/alerts`. */
export interface AuditEntry {
  readonly position: number
  readonly at: string
  readonly actorId: string
  readonly actorRole: string
  readonly action: string
  readonly ticketId: string | null
  readonly subject: string | null
  readonly detail: Readonly<Record<string, unknown>>
  readonly prevHash: string
  readonly hash: string
}
/** `GET /v1/audit/checkpoints`. */
export interface Checkpoint {
  readonly position: number
  readonly hash: string
  readonly at: string
  readonly keyId: string
  readonly signature: string
}
interface Page<T> {
  readonly items: readonly T[]
  readonly next: string | null
}

const paged = <T>(path: string, search: string) =>
  infiniteQueryOptions({
    queryKey: ['audit', path, search],
    queryFn: ({ signal, pageParam }) => {
      const query = new URLSearchParams(search)
      if (pageParam !== '') query.set('cursor', pageParam)
      const text = query.toString()
      return get<Page<T>>(path + (text === '' ? '' : `?${text}`), signal)
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  })
export const entriesQuery = (search: string) => paged<AuditEntry>('/v1/audit', search)
export const alertsQuery = paged<AuditEntry>('/v1/audit/alerts', '')
export const checkpointsQuery = paged<Checkpoint>('/v1/audit/checkpoints', '')
