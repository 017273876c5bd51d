import { useEffect } from 'react'
import { useQueryClient, type Query } from '@tanstack/react-query'
import { recentlyUsed } from './activity.js'
import { box, useBox } from './store.js'

/**
 * What a query says of itself (`meta: liveTicket(id)`), so that this one place can bring it up to date. Views of personal data never carry
 * it: each look at them is written down, and only a person looks.
 */
type LiveMeta = { readonly live: 'worklist' } | { readonly live: 'ticket'; readonly ticketId: string }
export const liveList = { live: 'worklist' } as const satisfies LiveMeta
export const liveTicket = (ticketId: string) => ({ live: 'ticket', ticketId }) as const satisfies LiveMeta

const EVERY_MS = 15_000
/** Nobody at the desk: the session is left to run out. */
const IDLE_MS = 5 * 60_000
type State = 'on' | 'paused' | 'failing'
const state = box<State>('on')
export const useLiveState = (): State => useBox(state)

/** Mounted once, in the shell. Asks again every so often for what is on the screen, while somebody is there. */
export function useLive(): void {
  const client = useQueryClient()
  useEffect(() => {
    const isLive = ({ meta }: Query) => meta?.['live'] !== undefined
    const look = async () => {
      if (document.visibilityState !== 'visible' || !recentlyUsed(IDLE_MS)) {
        state.set('paused')
        return
      }
      await client.invalidateQueries({ predicate: isLive, refetchType: 'active' })
      const failing = client.getQueryCache().findAll({ predicate: isLive, type: 'active' })
      state.set(failing.some((it) => it.state.status === 'error' || it.state.fetchFailureCount > 0) ? 'failing' : 'on')
    }
    const timer = setInterval(() => void look(), EVERY_MS)
    const back = () => {
      if (document.visibilityState === 'visible') void look()
    }
    document.addEventListener('visibilitychange', back)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', back)
    }
  }, [client])
}
