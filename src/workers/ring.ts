import type { TimerAlarm } from '../engine/observer.js'
import type { TimerRow, TimerVerdict } from '../engine/types.js'
import { nobody } from './observer.js'
import type { World } from './world.js'

/** What became of one timer of a page: its verdict, or what it failed with. */
export type Rung = { readonly timer: TimerRow } & ({ readonly verdict: TimerVerdict } | { readonly error: Error })

/**
 * Delivers timers that are due, those of different tickets together: they share commits. One call for each ticket, since
 * it settles all that is due there. Never rejects.
 */
export async function ringAll(world: World, timers: readonly TimerRow[], alarm: TimerAlarm): Promise<readonly Rung[]> {
  const { engine, observer = nobody } = world
  const tickets = new Map<string, TimerRow[]>()
  for (const timer of timers) {
    const group = tickets.get(timer.ticketId)
    if (group === undefined) tickets.set(timer.ticketId, [timer])
    else group.push(timer)
  }
  const rung = await Promise.all(
    [...tickets.values()].map(async (group): Promise<Rung[]> => {
      const first = group[0] as TimerRow
      try {
        const verdict = await observer.timer(first, alarm, () => engine.deliverTimer(first, alarm))
        return group.map((timer) => ({ timer, verdict }))
      } catch (thrown) {
        const error = thrown instanceof Error ? thrown : new Error(String(thrown))
        return group.map((timer) => ({ timer, error }))
      }
    }),
  )
  return rung.flat()
}
