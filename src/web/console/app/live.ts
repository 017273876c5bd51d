import { useEffect } from 'react'
import { useQueryClient, type Query, type QueryClient } from '@tanstack/react-query'
import { onActivity, recentlyUsed } from './activity.js'
import { holds, sessionLost, useSession } from './session.js'
import { box, useBox } from './store.js'
import { openLive, type LiveStream } from './stream.js'
import { isActing } from './useAct.js'

/**
 * What a query says of itself (`meta: liveTicket(id)`), so that this one place can bring it up to date. Views of personal data never carry
 * it: each look at them is written down, and only a person looks.
 */
type LiveMeta =
  { readonly live: 'worklist' } | { readonly live: 'ticket'; readonly ticketId: string } | { readonly live: 'slow' }
/** Whatever depends on which tickets there are and how they stand. */
export const liveList = { live: 'worklist' } as const satisfies LiveMeta
export const liveTicket = (ticketId: string) => ({ live: 'ticket', ticketId }) as const satisfies LiveMeta
/** No ticket's change tells of it: asked for now and then. */
export const liveSlow = { live: 'slow' } as const satisfies LiveMeta

/** Also with a stream: leases run out without a word, and another process may commit late. */
const EVERY_MS = 60_000
/** A burst is asked about once, and soon; a busy office no more often than this. */
const SOON_MS = 150
const AGAIN_MS = 2_000
/** Nobody at the desk: the session is left to run out. */
const IDLE_MS = 5 * 60_000
/** Whom the API lets watch. */
const WATCHERS = ['agent', 'checker', 'supervisor', 'auditor']

type State = 'on' | 'paused' | 'failing'
const state = box<State>('on')
export const useLiveState = (): State => useBox(state)

const isShown = () => document.visibilityState === 'visible'
const isLive = ({ meta }: Query) => meta?.['live'] !== undefined

/** Mounted once, in the shell: what is on the screen is brought up to date as it changes, while somebody is there. */
export function useLive(): void {
  const client = useQueryClient()
  const watches = holds(useSession(), WATCHERS)
  const lost = sessionLost.use()
  useEffect(() => (lost ? undefined : follow(client, watches)), [client, watches, lost])
}

/** A window that is not seen holds no connection: browsers have few of them for one service. */
function follow(client: QueryClient, watches: boolean): () => void {
  const news = gather(client)
  let stream: LiveStream | null = null
  const listen = () => {
    const { all, ticket, list } = news
    if (watches && isShown()) stream ??= openLive({ ready: all, ticket, worklist: list, reset: all, end: all })
  }
  const turned = () => {
    if (isShown()) {
      listen()
      news.all()
    } else {
      stream?.close()
      stream = null
    }
  }
  listen()
  const timer = setInterval(news.all, EVERY_MS)
  const stop = onActivity(() => {
    if (state.get() === 'paused') news.all()
  })
  document.addEventListener('visibilitychange', turned)
  return () => {
    clearInterval(timer)
    stop()
    document.removeEventListener('visibilitychange', turned)
    stream?.close()
    news.stop()
  }
}

/** Takes up what is stale and asks for it, a moment later, all at once. */
function gather(client: QueryClient) {
  const tickets = new Set<string>()
  let lists = false
  let all = false
  let timer: ReturnType<typeof setTimeout> | undefined
  let lastAt = -Infinity

  const isStale = ({ meta }: Query): boolean => {
    const live = meta?.['live']
    if (all) return live !== undefined
    return live === 'ticket' ? tickets.has(String(meta?.['ticketId'])) : live === 'worklist' && lists
  }
  async function ask(): Promise<void> {
    timer = undefined
    if (!isShown() || !recentlyUsed(IDLE_MS)) {
      state.set('paused')
      return
    }
    // The answer to the person's own act comes first, so that it is not taken for somebody else's.
    if (isActing()) {
      soon()
      return
    }
    lastAt = performance.now()
    const asked = client.invalidateQueries({ predicate: isStale, refetchType: 'active' })
    tickets.clear()
    lists = all = false
    await asked
    const failing = client.getQueryCache().findAll({ predicate: isLive, type: 'active' })
    state.set(failing.some((it) => it.state.status === 'error' || it.state.fetchFailureCount > 0) ? 'failing' : 'on')
  }
  const soon = () => {
    timer ??= setTimeout(() => void ask(), Math.max(SOON_MS, lastAt + AGAIN_MS - performance.now()))
  }
  return {
    ticket: (ticketId: string) => {
      tickets.add(ticketId)
      lists = true
      soon()
    },
    list: () => {
      lists = true
      soon()
    },
    all: () => {
      all = true
      soon()
    },
    stop: () => clearTimeout(timer),
  }
}
