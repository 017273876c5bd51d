import { queryOptions, useQuery } from '@tanstack/react-query'
import { ApiProblem, get } from '../api/client.js'
import { serverTime } from '../api/serverTime.js'
import type { Session } from '../api/types.js'
import { box, useBox } from './store.js'

/** Somebody was signed in and is not any more; the page stays as it is, behind the way back in. */
const lost = box(false)
/** Epoch ms of the service: when the session ends unless something is asked before, and when it ends anyway. */
const ends = box<{ readonly idleAt: number; readonly lastAt: number } | null>(null)
let idleMs = 15 * 60_000

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  staleTime: Infinity,
  gcTime: Infinity,
  retry: false,
  queryFn: async (): Promise<Session | null> => {
    try {
      const session = await get<Session>('/v1/session')
      const lastAt = Date.parse(session.session.expiresAt)
      // The answer's Date has just been heard, so this is the service's own idle time.
      idleMs = Math.max(60_000, Date.parse(session.session.idleUntil) - serverTime.now())
      ends.set({ idleAt: Date.parse(session.session.idleUntil), lastAt })
      lost.set(false)
      return session
    } catch (error) {
      if (error instanceof ApiProblem && error.code === 'UNAUTHENTICATED') return null
      throw error
    }
  },
})

/** Null before anybody has signed in. */
export const useSessionQuery = () => useQuery(sessionQuery)
/** Who is signed in; only under the shell, which is shown to nobody else. */
export function useSession(): Session {
  const { data } = useSessionQuery()
  if (data === undefined || data === null) throw new Error('nobody is signed in')
  return data
}
/** Do they have one of these roles anywhere? What they may do is always decided by the API. */
export const holds = (session: Session, roles: readonly string[]): boolean =>
  session.roles.some((it) => roles.includes(it.role))

export const sessionLost = {
  use: (): boolean => useBox(lost),
  tell(): void {
    lost.set(true)
  },
}
/** Every answer of the API makes the session's idle time begin anew. */
export function sessionUsed(): void {
  const now = ends.get()
  if (now !== null) ends.set({ ...now, idleAt: Math.min(serverTime.now() + idleMs, now.lastAt) })
}
export const useSessionEnds = () => useBox(ends)

/** The page is loaded anew: nothing of what the last person saw stays in its memory. */
export const beginAnew = (to: string = location.href): void => {
  lost.set(false)
  if (to === location.href) location.reload()
  else location.assign(to)
}
