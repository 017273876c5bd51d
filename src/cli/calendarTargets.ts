import { calendarFact, createAuditWriter } from '../audit/index.js'
import { z } from 'zod'
import type { Store } from '../../db/index.js'
import type { CalendarSpec } from '../calendar/index.js'
import {
  beginCalendarChange,
  planCalendarChange,
  previewCalendarChange,
  PulihError,
  QUIET_MS,
  runCalendarChange,
  type TicketEngine,
} from '../engine/index.js'
import type { ChangeProgress } from '../engine/types.js'
import type { Actor, Label } from '../machines/ticketType.js'

export interface Previewed {
  readonly ticketNumber: string
  /** Epoch ms. */
  readonly moves: readonly { readonly target: string; readonly from: number | null; readonly to: number }[]
  readonly failed: string | null
}
interface PreviewOf {
  readonly reason: Label
  readonly open: number
  readonly seen: number
  readonly items: readonly Previewed[]
}
export interface Applied {
  readonly reason: Label
  readonly progress: ChangeProgress
  readonly finished: boolean
}
/** Where a calendar is applied: to the database itself, or through a service that has it open. */
export interface CalendarTarget {
  /** The version in force; null when there is no such calendar. */
  newest(id: string): Promise<CalendarSpec | null>
  preview(spec: CalendarSpec, reason: string | null): AsyncIterable<PreviewOf>
  apply(
    spec: CalendarSpec,
    reason: string | null,
    signal: AbortSignal,
    onProgress: (progress: ChangeProgress) => void,
  ): Promise<Applied>
}

const WATCH_MS = 1_000
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

interface DirectParts {
  readonly engine: TicketEngine
  readonly store: Store
  readonly actor: Actor
  readonly production: boolean
  /** Other processes may serve the same database. */
  readonly shared: boolean
}

export function directTarget({ engine, store, actor, production, shared }: DirectParts): CalendarTarget {
  const plan = (spec: CalendarSpec, reason: string | null) =>
    planCalendarChange(store, { spec, reason, actor, production })
  return {
    async newest(id) {
      const versions = (await store.calendars()).filter((it) => it.id === id)
      return versions.toSorted((a, b) => b.version - a.version)[0] ?? null
    },
    async *preview(spec, reason) {
      const planned = await plan(spec, reason)
      const open = (await store.countTickets({})) - (await store.countTickets({ standing: 'terminal' }))
      let next: Awaited<ReturnType<typeof previewCalendarChange>>['next'] = null
      do {
        const page = await previewCalendarChange(engine, store, planned, next)
        yield { reason: planned.order.reason, open, seen: page.seen, items: page.items }
        next = page.next
      } while (next !== null)
    },
    async apply(spec, reason, signal, onProgress) {
      const planned = await plan(spec, reason)
      const by = { id: 'operator', role: 'operator' }
      await createAuditWriter(store.audit).record(calendarFact(engine.clock.now(), by, spec))
      let change = await beginCalendarChange(store, planned, engine.clock.now())
      // Again after its end: only what this run does is told.
      const before = change.finishedAt === null ? null : change.progress
      if (before !== null) await store.reopenCalendarChange(change)
      const options = { signal, onProgress, exclusive: !shared, quietMs: shared ? QUIET_MS : 0 }
      for (;;) {
        change = await runCalendarChange(engine, store, change, options)
        if (change.finishedAt !== null || signal.aborted) break
        // Another process works on it, or all of them are given the time to learn the version.
        onProgress(change.progress)
        await pause(WATCH_MS)
      }
      const finished = change.finishedAt !== null
      return { reason: change.reason, progress: since(before, change.progress), finished }
    },
  }
}

function since(before: ChangeProgress | null, now: ChangeProgress): ChangeProgress {
  if (before === null) return now
  const less = (key: 'concerned' | 'later' | 'earlier' | 'unchanged') => now[key] - before[key]
  return {
    ...now,
    concerned: less('concerned'),
    later: less('later'),
    earlier: less('earlier'),
    unchanged: less('unchanged'),
  }
}

const label = z.object({ id: z.string(), en: z.string() })
const Change = z.object({
  id: z.string(),
  reason: label,
  finishedAt: z.string().nullable(),
  progress: z.object({
    open: z.number(),
    seen: z.number(),
    concerned: z.number(),
    later: z.number(),
    earlier: z.number(),
    unchanged: z.number(),
    failed: z.number(),
    failures: z.array(z.object({ ticketId: z.string(), ticketNumber: z.string(), code: z.string() })),
  }),
})
const Preview = z.object({
  reason: label,
  open: z.number(),
  seen: z.number(),
  items: z.array(
    z.object({
      ticketNumber: z.string(),
      moves: z.array(z.object({ target: z.string(), from: z.string().nullable(), to: z.string() })),
      failed: z.string().nullable(),
    }),
  ),
  next: z.string().nullable(),
})
const Problem = z.object({ code: z.string(), detail: z.string() })

/** Through the API of a running service. Its problems are thrown as they are, under their own code. */
export function serverTarget(server: string, token: string): CalendarTarget {
  const call = async <T>(
    schema: z.ZodType<T>,
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
  ): Promise<T | null> => {
    const response = await fetch(new URL(path, server), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'accept-language': 'en',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((cause: unknown) => {
      throw new PulihError('CONFIGURATION_INVALID', 'The service given with --server does not answer.', {}, { cause })
    })
    const answer: unknown = await response.json().catch(() => null)
    if (response.ok) return schema.parse(answer)
    if (response.status === 404 && method === 'GET') return null
    const problem = Problem.safeParse(answer)
    const said = problem.success ? `${problem.data.detail} (${problem.data.code})` : `HTTP ${response.status}`
    throw new PulihError(response.status === 409 ? 'CONFLICT' : 'CONFIGURATION_INVALID', `The service refused: ${said}`)
  }
  const bodyOf = (calendar: CalendarSpec, reason: string | null) => ({
    calendar,
    ...(reason === null ? {} : { reason }),
  })
  const one = async <T>(answer: Promise<T | null>): Promise<T> => {
    const found = await answer
    if (found === null) throw new PulihError('NOT_FOUND', 'The service does not know this change.')
    return found
  }
  return {
    newest: async (id) => {
      const found = await call(z.record(z.string(), z.unknown()), 'GET', `/v1/calendars/${encodeURIComponent(id)}`)
      if (found === null) return null
      const { notices, ...spec } = found
      return notices === undefined ? null : (spec as unknown as CalendarSpec)
    },
    async *preview(spec, reason) {
      let cursor: string | null = null
      do {
        const body = { ...bodyOf(spec, reason), ...(cursor === null ? {} : { cursor }) }
        const page: z.infer<typeof Preview> = await one(call(Preview, 'POST', '/v1/calendar-changes/preview', body))
        const at = (text: string) => Date.parse(text)
        const items = page.items.map((it) => ({
          ...it,
          moves: it.moves.map((move) => ({
            target: move.target,
            from: move.from === null ? null : at(move.from),
            to: at(move.to),
          })),
        }))
        yield { reason: page.reason, open: page.open, seen: page.seen, items }
        cursor = page.next
      } while (cursor !== null)
    },
    async apply(spec, reason, signal, onProgress) {
      let change = await one(call(Change, 'POST', '/v1/calendar-changes', bodyOf(spec, reason)))
      const before = change.finishedAt === null ? null : change.progress
      while (change.finishedAt === null && !signal.aborted) {
        onProgress(change.progress)
        await pause(WATCH_MS)
        change = await one(call(Change, 'GET', `/v1/calendar-changes/${encodeURIComponent(change.id)}`))
      }
      return { reason: change.reason, progress: since(before, change.progress), finished: change.finishedAt !== null }
    },
  }
}
