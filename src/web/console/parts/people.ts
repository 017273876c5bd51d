import { queryOptions, useQuery } from '@tanstack/react-query'
import { get } from '../api/client.js'
import type { People } from '../api/types.js'
import { holds, useSession } from '../app/session.js'

const peopleQuery = queryOptions({
  queryKey: ['people'],
  queryFn: ({ signal }) => get<People>('/v1/people', signal),
  staleTime: 300_000,
})
/** Whom the API tells names. */
const READERS = ['supervisor', 'auditor', 'admin']

/** What an officer is called, with the staff number where two have one name; the id for whoever may not know, and for who is nobody's account. */
export function useStaffName(): (staffId: string) => string {
  const enabled = holds(useSession(), READERS)
  const { data } = useQuery({ ...peopleQuery, enabled })
  return (staffId) => {
    const found = data?.items.find((it) => it.staffId === staffId)
    if (found === undefined) return staffId
    const alone = data?.items.every((it) => it === found || it.name !== found.name)
    return alone === true ? found.name : `${found.name} (${found.staffNumber})`
  }
}
