import { groups, idOf, leaves, type Item, type Leaf, type Panel } from './graph.js'

/** An arrow between two boxes, by their ids. */
export interface Arrow {
  readonly from: string
  readonly to: string
}

/** Arrows of a panel, each pair once; a state begun anew has none. */
export function arrowsOf(panel: Panel): readonly Arrow[] {
  const seen = new Map<string, Arrow>()
  for (const leaf of leaves(panel.items))
    for (const { target } of leaf.rows)
      if (target !== null && target !== idOf(leaf))
        seen.set(`${idOf(leaf)} ${target}`, { from: idOf(leaf), to: target })
  return [...seen.values()]
}

/**
 * Which column a box stands in: as many steps as the shortest way from the start has, so that the usual way reads from left to right and a
 * loop back lengthens nothing. What is over stands in the last column; what counts for all states of a group, in the group's last one.
 */
export function columnsOf(panel: Panel): ReadonlyMap<string, number> {
  const boxes = leaves(panel.items)
  const around = groups(panel.items)
  const levels = levelsOf(panel, around)
  const last = Math.max(0, ...boxes.filter((it) => it.standing !== 'terminal').map((it) => levels.get(idOf(it)) ?? 0))
  const columns = new Map<string, number>()
  for (const box of boxes)
    if (box.kind === 'leaf')
      columns.set(box.key, box.standing === 'terminal' ? last + 1 : Math.min(last, levels.get(box.key) ?? last))
  for (const group of around) {
    const inside = leaves(group.children).flatMap((it) => columns.get(it.key) ?? [])
    columns.set(`any:${group.key}`, Math.max(0, ...inside))
  }
  return columns
}

function levelsOf(panel: Panel, around: readonly { readonly key: string; readonly children: readonly Item[] }[]) {
  const levels = new Map([[panel.initial, 0]])
  const anyOf = new Map(around.map((it) => [it.key, leaves(it.children)]))
  const queue = [panel.initial]
  const boxes = leaves(panel.items)
  const outOf = (key: string): readonly Leaf[] =>
    boxes.filter((it) => (it.kind === 'leaf' ? it.key === key : anyOf.get(it.key)?.some((inner) => inner.key === key)))
  for (let key = queue.shift(); key !== undefined; key = queue.shift()) {
    const level = (levels.get(key) ?? 0) + 1
    for (const { target } of outOf(key).flatMap((it) => it.rows)) {
      if (target === null || levels.has(target)) continue
      levels.set(target, level)
      queue.push(target)
    }
  }
  return levels
}
