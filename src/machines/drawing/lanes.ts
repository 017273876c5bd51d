import type { Arrow } from './columns.js'
import { LANE } from './stack.js'

/** All arrows that come to one box on one side share their lines: a bus. `left`: they come from columns before it. */
export interface Bus {
  readonly to: string
  readonly side: 'left' | 'right'
  readonly from: readonly string[]
  /** Columns that it passes between its sources and its box. */
  readonly passes: readonly number[]
}
export const busKey = ({ to, side }: Pick<Bus, 'to' | 'side'>): string => `${side} ${to}`

export function sideOf({ from, to }: Arrow, columns: ReadonlyMap<string, number>): Bus['side'] {
  return (columns.get(from) ?? 0) < (columns.get(to) ?? 0) ? 'left' : 'right'
}

export function busesOf(arrows: readonly Arrow[], columns: ReadonlyMap<string, number>): readonly Bus[] {
  const buses = new Map<string, { to: string; side: Bus['side']; from: string[] }>()
  for (const arrow of arrows) {
    const side = sideOf(arrow, columns)
    const key = busKey({ to: arrow.to, side })
    const bus = buses.get(key) ?? { to: arrow.to, side, from: [] }
    bus.from.push(arrow.from)
    buses.set(key, bus)
  }
  return [...buses.values()].map((bus) => {
    const here = columns.get(bus.to) ?? 0
    const sources = bus.from.map((it) => columns.get(it) ?? 0)
    const [low, high] = bus.side === 'left' ? [Math.min(...sources) + 1, here] : [here + 1, Math.max(...sources)]
    return { ...bus, passes: Array.from({ length: Math.max(0, high - low) }, (_, at) => low + at) }
  })
}

/** Where a bus passes a column: right above this box, or (null) below all of them; `n` counts from the box upwards, or downwards. */
export interface Lane {
  readonly column: number
  readonly above: string | null
  readonly n: number
}
export type Lanes = ReadonlyMap<string, ReadonlyMap<number, Lane>>

interface Placed {
  readonly columns: ReadonlyMap<string, number>
  readonly tops: ReadonlyMap<string, number>
  readonly heightOf: (id: string) => number
}

/** A gap for each bus in each column that it passes: the one nearest to where it comes from, on the way to its box. */
export function lanesOf(buses: readonly Bus[], { columns, tops, heightOf }: Placed): Lanes {
  const taken = new Map<string, number>()
  const lanes = new Map<string, Map<number, Lane>>()
  const count = Math.max(0, ...columns.values()) + 1
  const gaps = Array.from({ length: count }, (_, column) => gapsOf(column, columns, tops, heightOf))
  for (const bus of buses.toSorted((a, b) => (tops.get(a.to) ?? 0) - (tops.get(b.to) ?? 0))) {
    // From the box backwards, so that what is shared is near the box.
    const way = bus.side === 'left' ? [...bus.passes].reverse() : bus.passes
    let height = (tops.get(bus.to) ?? 0) + 12
    for (const column of way) {
      const sources = bus.from.filter((it) => isBeyond(bus, column, columns.get(it) ?? 0))
      const wish = (2 * height + mean(sources.map((it) => (tops.get(it) ?? 0) + heightOf(it) / 2))) / 3
      const gap = (gaps[column] ?? []).reduce((best, it) =>
        Math.abs(it.at - wish) < Math.abs(best.at - wish) ? it : best,
      )
      const key = `${column} ${gap.above ?? ''}`
      const n = taken.get(key) ?? 0
      taken.set(key, n + 1)
      const own = lanes.get(busKey(bus)) ?? new Map<number, Lane>()
      lanes.set(busKey(bus), own.set(column, { column, above: gap.above, n }))
      height = gap.at
    }
  }
  return lanes
}

const isBeyond = ({ side }: Bus, column: number, source: number): boolean =>
  side === 'left' ? source < column : source > column
const mean = (of: readonly number[]): number => of.reduce((sum, it) => sum + it, 0) / Math.max(1, of.length)

interface Gap {
  readonly above: string | null
  readonly at: number
}
function gapsOf(column: number, columns: Placed['columns'], tops: Placed['tops'], heightOf: Placed['heightOf']) {
  const here = [...tops].filter(([id]) => columns.get(id) === column).sort((a, b) => a[1] - b[1])
  const gaps: Gap[] = here.map(([id, top]) => ({ above: id, at: top - LANE }))
  const last = here.at(-1)
  gaps.push({ above: null, at: last === undefined ? 0 : last[1] + heightOf(last[0]) + LANE })
  return gaps
}

/** How many lanes pass right above each box. */
export function lanesAbove(lanes: Lanes): ReadonlyMap<string, number> {
  const above = new Map<string, number>()
  for (const own of lanes.values())
    for (const lane of own.values())
      if (lane.above !== null) above.set(lane.above, Math.max(above.get(lane.above) ?? 0, lane.n + 1))
  return above
}
