import type { Shape } from './boxes.js'
import { busKey, type Bus, type Lanes } from './lanes.js'
import { LANE } from './stack.js'

/** Between tracks. */
const TRACK = 10
/** Arrows end so far below the top of a box, and lanes lie so far beside their place: the first that no other line's height is near. */
const ENTRIES = [15, 18, 12, 21, 9, 24]
const BESIDE = [0, 3, -3]
const NEAR = 2.5
/** Lines that leave a box to the left do so this far below those to the right. */
const LEFTWARDS = 3

export interface Ground {
  readonly columns: ReadonlyMap<string, number>
  readonly tops: ReadonlyMap<string, number>
  readonly heightOf: (id: string) => number
  /** Heights of the middles of a box's rows that lead to another. */
  readonly portsOf: (id: string, to: string) => readonly number[]
  readonly shape: Shape
}
export interface Tracks {
  /** Left edges of the columns. */
  readonly lefts: readonly number[]
  readonly right: number
  /** x of a bus's vertical line right of a column. */
  readonly trackOf: (bus: Bus, channel: number) => number
  readonly laneAt: (bus: Bus, column: number) => number
  readonly entryOf: (bus: Bus) => number
}
type Point = readonly [number, number]

/** Where the vertical lines run: in the channel right of each column, those that would touch side by side. */
export function tracksOf(buses: readonly Bus[], lanes: Lanes, ground: Ground, start: number): Tracks {
  const { columns, tops, heightOf, shape } = ground
  const count = Math.max(0, ...columns.values()) + 1
  const bottoms = Array.from({ length: count }, (_, column) =>
    Math.max(0, ...[...tops].filter(([id]) => columns.get(id) === column).map(([id, top]) => top + heightOf(id))),
  )
  const free = freeHeights(buses, ground, count)
  const entries = new Map<string, number>()
  const passing = new Map<string, number>()
  for (const bus of buses) {
    const here = columns.get(bus.to) ?? 0
    const top = tops.get(bus.to) ?? 0
    entries.set(
      busKey(bus),
      free(
        ENTRIES.map((it) => top + it),
        [bus.side === 'left' ? here - 1 : here],
      ),
    )
    for (const [column, lane] of lanes.get(busKey(bus)) ?? []) {
      const place =
        lane.above === null
          ? (bottoms[column] ?? 0) + LANE * (lane.n + 1)
          : (tops.get(lane.above) ?? 0) - LANE * (lane.n + 1)
      passing.set(
        `${column} ${busKey(bus)}`,
        free(
          BESIDE.map((it) => place + it),
          [column - 1, column],
        ),
      )
    }
  }
  const entryOf = (bus: Bus): number => entries.get(busKey(bus)) ?? 0
  const laneAt = (bus: Bus, column: number): number => passing.get(`${column} ${busKey(bus)}`) ?? entryOf(bus)
  const heights = (bus: Bus, channel: number) => heightsIn(bus, channel, ground, laneAt, entryOf)
  const tracks = Array.from({ length: count }, (_, channel) =>
    assign(
      buses.flatMap((bus) => {
        const ys = heights(bus, channel)
        return ys.length === 0 ? [] : [{ key: busKey(bus), low: Math.min(...ys), high: Math.max(...ys) }]
      }),
    ),
  )
  const lefts: number[] = []
  let x = start
  for (const { width } of tracks) {
    lefts.push(x)
    x += shape.width + shape.before + Math.max(0, width - 1) * TRACK + shape.behind
  }
  const trackOf = (bus: Bus, channel: number): number =>
    (lefts[channel] ?? 0) + shape.width + shape.before + (tracks[channel]?.at.get(busKey(bus)) ?? 0) * TRACK
  const last = tracks.at(-1)?.width ?? 0
  return { lefts, right: x - (last === 0 ? shape.before + shape.behind : shape.behind - 8), trackOf, laneAt, entryOf }
}

/** Gives of some heights the first that no line in these channels has, and takes it. */
function freeHeights(buses: readonly Bus[], { columns, tops, portsOf }: Ground, count: number) {
  const used = Array.from({ length: count }, (): number[] => [])
  for (const bus of buses)
    for (const id of bus.from) {
      const column = columns.get(id) ?? 0
      const leavesLeft = column > (columns.get(bus.to) ?? 0)
      const heights = portsOf(id, bus.to).map((it) => (tops.get(id) ?? 0) + it + (leavesLeft ? LEFTWARDS : 0))
      used[leavesLeft ? column - 1 : column]?.push(...heights)
    }
  return (heights: readonly number[], channels: readonly number[]): number => {
    const isFree = (y: number) => channels.every((it) => (used[it] ?? []).every((other) => Math.abs(other - y) > NEAR))
    const chosen = heights.find(isFree) ?? heights[0] ?? 0
    for (const channel of channels) used[channel]?.push(chosen)
    return chosen
  }
}

/** Heights at which a bus enters or leaves a channel. */
function heightsIn(
  bus: Bus,
  channel: number,
  { columns, tops, portsOf }: Ground,
  laneAt: (bus: Bus, column: number) => number,
  entryOf: (bus: Bus) => number,
): readonly number[] {
  const here = columns.get(bus.to) ?? 0
  const forward = bus.side === 'left'
  const sourcesAt = forward || channel === here ? channel : channel + 1
  const atHere = !forward && channel === here
  const ports = bus.from.flatMap((id) => {
    const column = columns.get(id) ?? 0
    const leavesLeft = !forward && column > here
    if (!(column === sourcesAt && !leavesLeft) && !(leavesLeft && column === channel + 1)) return []
    return portsOf(id, bus.to).map((it) => (tops.get(id) ?? 0) + it + (leavesLeft ? LEFTWARDS : 0))
  })
  const passing = [channel, channel + 1].filter((it) => bus.passes.includes(it)).map((it) => laneAt(bus, it))
  const ends = (forward && channel === here - 1) || atHere ? [entryOf(bus)] : []
  return [...ports, ...passing, ...ends]
}

/** Side by side where they would overlap: the left-most that is free, from the top down. */
function assign(spans: readonly { key: string; low: number; high: number }[]) {
  const at = new Map<string, number>()
  const ends: number[] = []
  for (const { key, low, high } of spans.toSorted((a, b) => a.low - b.low || a.high - b.high)) {
    const free = ends.findIndex((end) => end + TRACK <= low)
    const track = free === -1 ? ends.length : free
    ends[track] = high
    at.set(key, track)
  }
  return { at, width: ends.length }
}

/** The way of one arrow, from a row to its box. */
export function wayOf(bus: Bus, from: string, port: number, ground: Ground, tracks: Tracks): readonly Point[] {
  const { columns, tops, shape } = ground
  const { lefts, trackOf, laneAt, entryOf } = tracks
  const [start, end] = [columns.get(from) ?? 0, columns.get(bus.to) ?? 0]
  const right = (column: number) => (lefts[column] ?? 0) + shape.width
  const leavesLeft = bus.side === 'right' && start > end
  let y = (tops.get(from) ?? 0) + port + (leavesLeft ? LEFTWARDS : 0)
  const points: Point[] = [[leavesLeft ? (lefts[start] ?? 0) : right(start), y]]
  const turn = (channel: number, next: number) => {
    const x = trackOf(bus, channel)
    points.push([x, y], [x, next])
    y = next
  }
  if (bus.side === 'left') {
    for (let column = start; column < end; column++)
      turn(column, column + 1 === end ? entryOf(bus) : laneAt(bus, column + 1))
    points.push([lefts[end] ?? 0, y])
  } else {
    for (let column = start - 1; column > end; column--) turn(column, laneAt(bus, column))
    turn(end, entryOf(bus))
    points.push([right(end), y])
  }
  return points
}

const ROUND = 5
const n = (value: number): string => String(Math.round(value * 10) / 10)

/** A line with rounded corners. */
export function pathOf(points: readonly Point[]): string {
  const way = points.filter(([x, y], at) => {
    const before = points[at - 1]
    return before === undefined || Math.abs(before[0] - x) + Math.abs(before[1] - y) > 0.1
  })
  return way
    .map((point, at) => {
      const [before, after] = [way[at - 1], way[at + 1]]
      if (before === undefined) return `M${n(point[0])} ${n(point[1])}`
      if (after === undefined) return `L${n(point[0])} ${n(point[1])}`
      const from = towards(point, before)
      const to = towards(point, after)
      return `L${n(from[0])} ${n(from[1])}Q${n(point[0])} ${n(point[1])} ${n(to[0])} ${n(to[1])}`
    })
    .join('')
}
function towards([x, y]: Point, [toX, toY]: Point): Point {
  const length = Math.abs(toX - x) + Math.abs(toY - y)
  const part = Math.min(ROUND, length / 2) / Math.max(length, 0.1)
  return [x + (toX - x) * part, y + (toY - y) * part]
}
