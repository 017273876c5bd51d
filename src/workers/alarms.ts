import type { TimerKey, TimerRow } from '../engine/types.js'
import type { JobData, JobSpec } from './queues/index.js'

/** Deadlines of this family release a ticket when its office opens (D26); their alarms have a queue and a worker of their own. */
const GATE_FAMILY = 'release'
export const TIMER_QUEUES = ['sla-timers', 'verification'] as const
export type TimerQueue = (typeof TIMER_QUEUES)[number]
export const queueOf = (family: string): TimerQueue => (family === GATE_FAMILY ? 'verification' : 'sla-timers')

/** Timers that fall due within the same stretch of so many milliseconds share one alarm. */
export const BUCKET_MS = 100
/** An alarm rings so long before its stretch begins: what is about to fall due is read, and decided on, before it is due. */
export const AHEAD_MS = 4_000
const ATTEMPTS = 5
/** A timer that rang early is set again no sooner than this. */
const MIN_AGAIN_MS = 100

/** An alarm for a stretch of time, as opposed to a job for one timer. */
export const ALARM = 'alarm'
export const bucketOf = (dueAt: number): number => Math.floor(dueAt / BUCKET_MS) * BUCKET_MS

/**
 * The alarms that ring for these timers, told at `now` and committed before: one for each stretch, whatever it holds. While the
 * stretch lasts its alarm looks again, and once more when it is over, so an alarm that is there already finds them too. One for a
 * stretch that is over by now might just have looked its last: the id then holds the moment, so that it is another.
 */
export function alarmsFor(timers: readonly TimerRow[], now: number, backoffMs: number): Map<TimerQueue, JobSpec[]> {
  const alarms = new Map<TimerQueue, Map<number, JobSpec>>()
  for (const { family, dueAt } of timers) {
    const queue = queueOf(family)
    const start = bucketOf(dueAt)
    const known = alarms.get(queue) ?? new Map<number, JobSpec>()
    alarms.set(queue, known)
    if (!known.has(start)) known.set(start, alarm(start, now, backoffMs))
  }
  return new Map([...alarms].map(([queue, specs]) => [queue, [...specs.values()]]))
}

export function alarm(start: number, now: number, backoffMs: number): JobSpec {
  const over = now >= start + BUCKET_MS
  return {
    name: ALARM,
    data: { start },
    jobId: over ? `alarm-${start}-${now}` : `alarm-${start}`,
    delayMs: start - AHEAD_MS - now,
    attempts: ATTEMPTS,
    backoffMs,
  }
}

/** The same alarm once more. Its own id is taken while it runs, so this one gets another. */
export function alarmAgain(data: JobData, now: number, backoffMs: number): JobSpec {
  const start = Number(data['start'])
  const again = Number(data['again'] ?? 0) + 1
  return { ...alarm(start, now, backoffMs), data: { start, again }, jobId: `alarm-${start}-again${again}` }
}

/** Never with a colon: BullMQ refuses it. */
export const timerJobId = (key: TimerKey): string =>
  `timer-${key.ticketId}-${key.family}-${key.threshold}-${key.generation}`.replaceAll(':', '.')

/**
 * A timer that is tried again by a job of its own, because it failed (`tried` times already) or rang early. `again` counts how often
 * such a job rang early itself: while it runs its id is taken.
 */
export function timerJob(
  timer: TimerKey & { dueAt: number },
  now: number,
  backoffMs: number,
  tried: number,
  again = 0,
) {
  const { ticketId, family, threshold, generation, dueAt } = timer
  return {
    name: 'timer',
    data: { ticketId, family, threshold, generation, dueAt, tried, ...(again > 0 && { again }) },
    jobId: again > 0 ? `${timerJobId(timer)}-again${again}` : timerJobId(timer),
    delayMs: Math.max(tried > 0 ? backoffMs : MIN_AGAIN_MS, dueAt - now),
    attempts: ATTEMPTS - tried,
    // As if all tries were of one job: each wait twice the one before.
    backoffMs: backoffMs * 2 ** tried,
  } satisfies JobSpec
}

export const keyOf = (data: JobData): TimerKey => ({
  ticketId: String(data['ticketId']),
  family: String(data['family']),
  threshold: String(data['threshold']),
  generation: Number(data['generation']),
})
