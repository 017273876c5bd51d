import { useCallback, useEffect, useRef, useState } from 'react'
import { useQuery, useQueryClient, type Query } from '@tanstack/react-query'
import { historyQuery, ticketQuery } from '../../api/queries.js'
import type { Accepted, Entry, Label, Ticket } from '../../api/types.js'

/** The case as the person read it: what they decide on, whatever has happened since. */
export interface Seen {
  readonly version: number
  readonly state: string
  readonly stateLabel: Label
  readonly lastSeq: number
}
export interface Reading {
  readonly ticket: Ticket
  readonly entries: readonly Entry[]
  readonly seen: Seen
  /** Somebody else changed it since. */
  readonly changed: boolean
  /** Since the person read it. */
  readonly news: readonly Entry[]
  /** The person has looked at what is new. */
  readonly catchUp: () => Promise<void>
  /** The person's own act changed it. */
  readonly own: (accepted: Pick<Accepted, 'contentVersion'>) => Promise<void>
}

const seenOf = (ticket: Ticket, entries: readonly Entry[]): Seen => ({
  version: ticket.contentVersion,
  state: ticket.state,
  stateLabel: ticket.stateLabel,
  lastSeq: entries.at(-1)?.seq ?? 0,
})

/** Keeps apart what the person has read and what the case is by now; null until both are there. */
export function useReading(id: string) {
  const client = useQueryClient()
  const query = useQuery(ticketQuery(id))
  const history = useQuery(historyQuery(id))
  const [seen, setSeen] = useState<Seen | null>(null)
  const { data: ticket } = query
  const { data: entries } = history
  if (seen === null && ticket !== undefined && entries !== undefined) setSeen(seenOf(ticket, entries))

  const revision = ticket?.revision
  const known = useRef(revision)
  useEffect(() => {
    const moved = known.current !== undefined && known.current !== revision
    known.current = revision
    if (!moved) return
    const rest = ({ queryKey: [what, of, part] }: Query) => what === 'ticket' && of === id && part !== undefined
    void client.invalidateQueries({ predicate: rest })
  }, [client, id, revision])
  const renew = useCallback(async () => {
    await client.invalidateQueries({ queryKey: ['ticket', id] })
    return {
      ticket: await client.query({ ...ticketQuery(id), staleTime: 'static' }),
      entries: await client.query({ ...historyQuery(id), staleTime: 'static' }),
    }
  }, [client, id])
  const catchUp = useCallback(async () => {
    const now = await renew()
    // What somebody corrected is looked at anew; each look is written down.
    await Promise.all(['person', 'comparison'].map((it) => client.invalidateQueries({ queryKey: [it, id] })))
    setSeen(seenOf(now.ticket, now.entries))
  }, [client, id, renew])
  const own = useCallback(
    async ({ contentVersion }: Pick<Accepted, 'contentVersion'>) => {
      const now = await renew()
      // Changed by somebody else in the same moment: that is news, and stays so.
      if (now.ticket.contentVersion === contentVersion) setSeen(seenOf(now.ticket, now.entries))
    },
    [renew],
  )
  const reading: Reading | null =
    ticket === undefined || entries === undefined || seen === null
      ? null
      : {
          ...{ ticket, entries, seen, catchUp, own },
          changed: ticket.contentVersion !== seen.version,
          news: entries.filter((it) => it.seq > seen.lastSeq),
        }
  return { reading, error: query.error ?? history.error, retry: () => void query.refetch() }
}
