import type { Box } from './boxes.js'
import { STEP } from './boxes.js'
import type { Arrow } from './columns.js'
import { groups, idOf, leaves, type Group, type Item } from './graph.js'

export const GAP = 30
export const GROUP_HEAD = 30
export const GROUP_PAD = 12
/** Between lanes that pass between two boxes. */
export const LANE = 12

export interface Stacked {
  /** Top of each box. */
  readonly tops: ReadonlyMap<string, number>
  readonly groups: ReadonlyMap<string, { readonly top: number; readonly bottom: number }>
  readonly bottom: number
}
export interface Stacking {
  readonly boxes: ReadonlyMap<string, Box>
  readonly columns: ReadonlyMap<string, number>
  /** How many lanes pass right above a box. */
  readonly above: ReadonlyMap<string, number>
}

/** Puts the boxes under one another, each in its column; no two groups and boxes that share a column share a height. */
export function stack(items: readonly Item[], world: Stacking, start: number): Stacked {
  const { boxes, columns, above } = world
  const tops = new Map<string, number>()
  const rects = new Map<string, { top: number; bottom: number }>()
  const count = Math.max(0, ...columns.values()) + 1
  const place = (here: readonly Item[], floor: number[]): void => {
    for (const item of here) {
      if (item.kind === 'group') {
        const [from, to] = spanOf(item, columns)
        const inside = floor.map((it, at) => (at >= from && at <= to ? it : 0))
        const top = Math.max(...inside)
        const inner = floor.map(() => top + GROUP_HEAD)
        place(item.children, inner)
        const bottom = Math.max(...inner.slice(from, to + 1)) - GAP + GROUP_PAD
        rects.set(item.key, { top, bottom })
        for (let at = from; at <= to; at++) floor[at] = bottom + GAP
      } else {
        const id = idOf(item)
        const column = columns.get(id) ?? 0
        const top = (floor[column] ?? start) + (above.get(id) ?? 0) * LANE
        tops.set(id, top)
        floor[column] = top + (boxes.get(id)?.height ?? 0) + GAP
      }
    }
  }
  const floor = Array.from({ length: count }, () => start)
  place(items, floor)
  return { tops, groups: rects, bottom: Math.max(...floor) - GAP }
}

export function spanOf(group: Group, columns: ReadonlyMap<string, number>): readonly [number, number] {
  const inside = leaves(group.children).map((it) => columns.get(idOf(it)) ?? 0)
  return [Math.min(...inside), Math.max(...inside)]
}

/** Lets boxes sink towards what they are joined to, where there is room below them. */
export function settle(stacked: Stacked, items: readonly Item[], world: Stacking, arrows: readonly Arrow[]): Stacked {
  const tops = new Map(stacked.tops)
  const { boxes, columns, above } = world
  const heightOf = (id: string) => boxes.get(id)?.height ?? 0
  const middle = (id: string) => (tops.get(id) ?? 0) + heightOf(id) / 2
  const around = new Map<string, Group>()
  for (const group of groups(items)) for (const leaf of leaves(group.children)) around.set(idOf(leaf), group)
  const limitOf = (id: string): number => {
    const column = columns.get(id)
    const own = tops.get(id) ?? 0
    const below = [...tops].filter(([other, top]) => other !== id && columns.get(other) === column && top > own)
    const group = around.get(id)
    const wall = group === undefined ? stacked.bottom : (stacked.groups.get(group.key)?.bottom ?? 0) - GROUP_PAD
    const others = groups(items).filter((it) => {
      const [from, to] = spanOf(it, columns)
      const top = stacked.groups.get(it.key)?.top ?? 0
      return column !== undefined && column >= from && column <= to && top > own
    })
    return Math.min(
      wall,
      ...below.map(([other, top]) => top - GAP - (above.get(other) ?? 0) * LANE),
      ...others.map((it) => (stacked.groups.get(it.key)?.top ?? 0) - GAP),
    )
  }
  for (let round = 0; round < 3; round++)
    for (const [id] of [...tops].sort((a, b) => b[1] - a[1])) {
      const joined = arrows.flatMap((it) => (it.from === id ? [it.to] : it.to === id ? [it.from] : []))
      if (joined.length === 0) continue
      const wish = joined.reduce((sum, it) => sum + middle(it), 0) / joined.length - heightOf(id) / 2
      const room = limitOf(id) - heightOf(id)
      const own = tops.get(id) ?? 0
      tops.set(id, Math.max(own, Math.floor(Math.min(wish, room) / STEP) * STEP))
    }
  return { ...stacked, tops }
}
