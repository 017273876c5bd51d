import { z } from 'zod'
import type { CalendarSpec } from '../calendar/index.js'
import { ERROR_CODES, PulihError, type ErrorCode } from '../engine/errors.js'
import { pause, since, WATCH_MS, type CalendarTarget } from './calendarTargets.js'

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
      // A service of an earlier version says one reason for all.
      reason: label.nullish(),
      failed: z.string().nullable(),
    }),
  ),
  next: z.string().nullable(),
})
const Problem = z.object({
  code: z.string(),
  detail: z.string(),
  reasons: z.array(z.object({ message: z.string() })).optional(),
  errors: z.array(z.object({ pointer: z.string(), code: z.string(), message: z.string().optional() })).optional(),
})

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
    if (response.status === 404 && method === 'GET') return null
    if (!response.ok) throw refusalOf(response.status, answer)
    const read = schema.safeParse(answer)
    if (read.success) return read.data
    throw notPulih(response.status)
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
          reason: it.reason ?? (it.failed === null ? page.reason : null),
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
    async apply(spec, reason, signal, tell) {
      let change = await one(call(Change, 'POST', '/v1/calendar-changes', bodyOf(spec, reason)))
      const before = change.finishedAt === null ? null : change.progress
      while (change.finishedAt === null && !signal.aborted) {
        tell.progress(change.progress)
        await pause(WATCH_MS)
        change = await one(call(Change, 'GET', `/v1/calendar-changes/${encodeURIComponent(change.id)}`))
      }
      return {
        reason: change.reason,
        progress: since(before, change.progress),
        finished: change.finishedAt !== null,
        waitedMs: 0,
      }
    },
  }
}

const notPulih = (status: number): PulihError =>
  new PulihError('CONFIGURATION_INVALID', `What --server names answers HTTP ${status}, and not as Pulih does.`)

/** The service's own refusal, under its own code. */
function refusalOf(status: number, answer: unknown): PulihError {
  const problem = Problem.safeParse(answer)
  if (!problem.success) return notPulih(status)
  const { code, detail, reasons = [], errors } = problem.data
  const said = reasons.length === 0 ? detail : reasons.map((it) => it.message).join(' ')
  const known = Object.hasOwn(ERROR_CODES, code) ? (code as ErrorCode) : 'CONFIGURATION_INVALID'
  return new PulihError(known, `The service refused: ${said}`, errors === undefined ? {} : { errors })
}
