import { useEffect, useState } from 'react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { asProblem, post } from '../../api/client.js'
import { assignmentsQuery, ticketPath } from '../../api/queries.js'
import type { Assignment } from '../../api/types.js'
import { recentlyUsed } from '../../app/activity.js'

export interface Holding {
  readonly who: 'unknown' | 'me' | 'other' | 'nobody'
  /** Was mine while this page was open. */
  readonly lost: boolean
  readonly until: string | null
  /** Of whoever has it, where it is somebody else of the staff. */
  readonly name: string | null
}
const BEAT_MS = 4 * 60_000
/** A desk that nobody is at gives the case up. */
const AT_DESK_MS = 10 * 60_000

/** Who works on the case. While it is mine and I am here, the lease is begun anew every few minutes. */
export function useHolding(id: string): Holding {
  const client = useQueryClient()
  const { data } = useQuery(assignmentsQuery(id))
  const [until, setUntil] = useState<string | null>(null)
  const [lost, setLost] = useState(false)
  const holder = data?.holder ?? null
  const mine = holder?.mine === true
  useEffect(() => {
    if (!mine) return
    const beat = async () => {
      try {
        const lease = await post<Assignment>(ticketPath(id, '/heartbeat'))
        setUntil(lease.leaseUntil)
        setLost(false)
      } catch (error) {
        if (asProblem(error).code !== 'LEASE_LOST') return
        setLost(true)
        setUntil(null)
        void client.invalidateQueries({ queryKey: ['worklist'] })
      }
    }
    void beat()
    const timer = setInterval(() => {
      if (recentlyUsed(AT_DESK_MS)) void beat()
    }, BEAT_MS)
    return () => clearInterval(timer)
  }, [client, id, mine])
  if (data === undefined) return { who: 'unknown', lost: false, until: null, name: null }
  const who = mine && !lost ? 'me' : holder === null || mine ? 'nobody' : 'other'
  return { who, lost, until: mine ? until : (holder?.until ?? null), name: holder?.name ?? null }
}
