import { boxOf, LEGS, type Box, type Say, type Shape } from './boxes.js'
import { arrowsOf, columnsOf } from './columns.js'
import { groups, idOf, leaves, type Panel, type Row } from './graph.js'
import { busesOf, busKey, lanesAbove, lanesOf, sideOf } from './lanes.js'
import { ordered } from './order.js'
import { pathOf, tracksOf, wayOf, type Ground } from './routes.js'
import { settle, spanOf, stack, type Stacking } from './stack.js'

/** Px, from the corner of the panel. */
export interface Rect {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}
export interface PlacedBox extends Rect {
  readonly box: Box
}
export interface PlacedGroup extends Rect {
  readonly key: string
  readonly title: string
}
export interface Line {
  readonly from: string
  readonly event: string
  readonly to: string
  readonly path: string
  readonly row: Row
}
/** An arrow's head: where lines arrive, and from which side. */
export interface Head {
  readonly to: string
  readonly side: 'left' | 'right'
  readonly x: number
  readonly y: number
}
export interface Layout {
  readonly boxes: readonly PlacedBox[]
  readonly groups: readonly PlacedGroup[]
  readonly lines: readonly Line[]
  readonly heads: readonly Head[]
  readonly width: number
  readonly height: number
}

const MARGIN = 24
const ASIDE = 12

/** Places a panel's boxes and draws its lines; the same panel in the same language always alike. */
export function layoutOf(panel: Panel, say: Say, shape: Shape): Layout {
  const boxes = new Map(leaves(panel.items).map((leaf) => [idOf(leaf), boxOf(leaf, say, shape)]))
  const columns = columnsOf(panel)
  const arrows = arrowsOf(panel)
  const buses = busesOf(arrows, columns)
  const heightOf = (id: string): number => boxes.get(id)?.height ?? 0
  const bare: Stacking = { boxes, columns, above: new Map() }
  const items = ordered(panel.items, bare, arrows)
  const first = settle(stack(items, bare, LEGS), items, bare, arrows)
  // Lanes are chosen on a first placing; on the second one there is room for them.
  const lanes = lanesOf(buses, { columns, tops: first.tops, heightOf })
  const roomy: Stacking = { boxes, columns, above: lanesAbove(lanes) }
  const { tops, groups: rects, bottom } = settle(stack(items, roomy, LEGS), items, roomy, arrows)
  const portsOf = (id: string, to: string): readonly number[] =>
    (boxes.get(id)?.rows ?? []).flatMap(({ row, port }) => (row.target === to ? [port] : []))
  const ground: Ground = { columns, tops, heightOf, portsOf, shape }
  const tracks = tracksOf(buses, lanes, ground, MARGIN)
  const busOf = new Map(buses.map((it) => [busKey(it), it]))
  const leftOf = (id: string): number => tracks.lefts[columns.get(id) ?? 0] ?? 0

  const lines = [...boxes.values()].flatMap((box) =>
    box.rows.flatMap(({ row, port }): readonly Line[] => {
      const { target, event } = row
      if (target === null || target === box.id) return []
      const bus = busOf.get(busKey({ to: target, side: sideOf({ from: box.id, to: target }, columns) }))
      if (bus === undefined) return []
      return [{ from: box.id, event, to: target, row, path: pathOf(wayOf(bus, box.id, port, ground, tracks)) }]
    }),
  )
  const lowest = [...tops].map(([id, top]) => top + heightOf(id))
  return {
    boxes: [...boxes.values()].map((box) => ({ box, ...rectOf(box, leftOf(box.id), tops.get(box.id) ?? 0) })),
    groups: groups(items).map((group) => {
      const [from, to] = spanOf(group, columns)
      const { top, bottom: end } = rects.get(group.key) ?? { top: 0, bottom: 0 }
      const x = (tracks.lefts[from] ?? 0) - ASIDE
      const width = (tracks.lefts[to] ?? 0) + shape.width + ASIDE - x
      return { key: group.key, title: say(group.label), x, y: top, width, height: end - top }
    }),
    lines,
    heads: buses.map((bus) => ({
      to: bus.to,
      side: bus.side,
      x: leftOf(bus.to) + (bus.side === 'left' ? 0 : shape.width),
      y: tracks.entryOf(bus),
    })),
    width: tracks.right + MARGIN,
    height: Math.max(bottom, ...lowest) + LEGS * 3,
  }
}
const rectOf = ({ height, shape }: Box, x: number, y: number): Rect => ({ x, y, width: shape.width, height })
