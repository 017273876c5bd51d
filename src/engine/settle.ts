import { PulihError } from './errors.js'
import type { Working } from './working.js'

/** No ticket has so many timers due at once: past this a machine arms one from the other without end. */
const MAX_SETTLED = 10_000

/**
 * Delivers every pending timer that is due before `until` (or exactly then, when `inclusive`), in due order, each at its own instant:
 * whether a promise was met depends on when things happened, never on when a worker woke up. A gate opens at its very instant, so it counts
 * as due then also where a limit does not.
 */
export function settle(working: Working, until: number, inclusive: boolean): void {
  const { type } = working
  const counts = (family: string) => inclusive || type.gates?.includes(family) === true
  for (let rung = 0; rung < MAX_SETTLED; rung++) {
    const next = working.findTimer((it) => it.dueAt < until || (it.dueAt === until && counts(it.family)))
    if (next === undefined) return
    working.ring(next)
  }
  throw new PulihError('INTERNAL', `the timers of ${type.type} never come to an end`)
}
