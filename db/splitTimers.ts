import type { Change, TimerRow } from '../src/engine/types.js'

/** A timer that is added and closed by one change is born closed: its ticket may be terminal by then. */
export function splitTimers({ timersAdded, timersClosed }: Change): {
  born: readonly TimerRow[]
  closed: Change['timersClosed']
} {
  if (timersAdded.length === 0 || timersClosed.length === 0) return { born: timersAdded, closed: timersClosed }
  const keyOf = (t: { family: string; threshold: string; generation: number }) =>
    `${t.family}\n${t.threshold}\n${t.generation}`
  const closings = new Map(timersClosed.map((t) => [keyOf(t), t]))
  const born = timersAdded.map((timer) => {
    const closing = closings.get(keyOf(timer))
    if (closing === undefined) return timer
    closings.delete(keyOf(timer))
    return { ...timer, state: closing.state, closedAt: closing.closedAt }
  })
  return { born, closed: [...closings.values()] }
}
