import { calendarFact, createAuditWriter } from '../audit/index.js'
import type { Store } from '../../db/index.js'
import type { CalendarSpec } from '../calendar/index.js'
import {
  beginCalendarChange,
  planCalendarChange,
  previewCalendarChange,
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
  readonly reason: Label | null
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
  /** How long others were waited for, ms. */
  readonly waitedMs: number
}
export interface Telling {
  progress(progress: ChangeProgress): void
  /** Nothing happens here meanwhile: another process works on it until then (epoch ms), or (null) all of them are given the time to learn the version. */
  waiting(until: number | null): void
}
/** Where a calendar is applied: to the database itself, or through a service that has it open. */
export interface CalendarTarget {
  /** The version in force; null when there is no such calendar. */
  newest(id: string): Promise<CalendarSpec | null>
  preview(spec: CalendarSpec, reason: string | null): AsyncIterable<PreviewOf>
  apply(spec: CalendarSpec, reason: string | null, signal: AbortSignal, tell: Telling): Promise<Applied>
}

export const WATCH_MS = 1_000
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

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
    planCalendarChange(store, { spec, reason, actor, at: engine.clock.now(), production })
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
    async apply(spec, reason, signal, tell) {
      const planned = await plan(spec, reason)
      const by = { id: 'operator', role: 'operator' }
      await createAuditWriter(store.audit).record(calendarFact(engine.clock.now(), by, spec))
      let change = await beginCalendarChange(store, planned, engine.clock.now())
      // Again after its end: only what this run does is told.
      const before = change.finishedAt === null ? null : change.progress
      if (before !== null) await store.reopenCalendarChange(change)
      const onProgress = (progress: ChangeProgress) => tell.progress(progress)
      const options = { signal, onProgress, exclusive: !shared, quietMs: shared ? QUIET_MS : 0 }
      let waitedMs = 0
      for (;;) {
        change = await runCalendarChange(engine, store, change, options)
        if (change.finishedAt !== null || signal.aborted) break
        tell.waiting(change.leasedUntil)
        const from = performance.now()
        await pause(WATCH_MS)
        waitedMs += performance.now() - from
      }
      const finished = change.finishedAt !== null
      return { reason: change.reason, progress: since(before, change.progress), finished, waitedMs }
    },
  }
}

/** What came on top of what was done `before`. */
export function since(before: ChangeProgress | null, now: ChangeProgress): ChangeProgress {
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
