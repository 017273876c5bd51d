import { queryOptions } from '@tanstack/react-query'
import { get } from '../../api/client.js'

export interface GrantView {
  readonly role: string
  readonly officeId: string | null
  readonly grantedAt: string
  readonly grantedBy: string
  readonly revokedAt: string | null
  readonly revokedBy: string | null
}
/** `GET /v1/staff`. */
export interface StaffView {
  readonly staffId: string
  readonly staffNumber: string
  readonly username: string
  readonly name: string
  readonly local: boolean
  readonly enrolled: boolean
  readonly disabledAt: string | null
  readonly createdAt: string
  readonly grants: readonly GrantView[]
}
/** Told this once. */
export interface OneTime {
  readonly staffId: string
  readonly oneTimePassword: string | null
}

export const staffQuery = queryOptions({
  queryKey: ['staff'],
  queryFn: async ({ signal }) => (await get<{ staff: readonly StaffView[] }>('/v1/staff', signal)).staff,
})
export const standing = (it: StaffView): readonly GrantView[] => it.grants.filter(({ revokedAt }) => revokedAt === null)
