import type { Arrow } from './columns.js'
import { idOf, leaves, type Item } from './graph.js'
import { stack, type Stacking } from './stack.js'

const ROUNDS = 24

/** The items in the order, within each group, that keeps arrows short: each goes to the mean height of what it is joined to, again and again. */
export function ordered(items: readonly Item[], world: Stacking, arrows: readonly Arrow[]): readonly Item[] {
  let best = { items, cost: costOf(items, world, arrows) }
  let here = items
  for (let round = 0; round < ROUNDS; round++) {
    const middles = middlesOf(here, world)
    here = sorted(here, (item) => {
      const inside = new Set(leaves([item]).map(idOf))
      const joined = arrows.flatMap(({ from, to }) =>
        inside.has(from) === inside.has(to) ? [] : [middles.get(inside.has(from) ? to : from) ?? 0],
      )
      const own = [...inside].reduce((sum, id) => sum + (middles.get(id) ?? 0), 0) / inside.size
      const mean = joined.length === 0 ? own : joined.reduce((sum, it) => sum + it, 0) / joined.length
      // Half way, so that two that pull at each other do not swap forever.
      return round % 2 === 0 ? mean : (mean + own) / 2
    })
    const cost = costOf(here, world, arrows)
    if (cost < best.cost) best = { items: here, cost }
  }
  return swapped(best.items, world, arrows)
}

/** Neighbours change places for as long as that makes it better. */
function swapped(items: readonly Item[], world: Stacking, arrows: readonly Arrow[]): readonly Item[] {
  let best = items
  let cost = costOf(best, world, arrows)
  for (let better = true, rounds = 0; better && rounds < 60; rounds++) {
    better = false
    for (const candidate of swapsOf(best)) {
      const price = costOf(candidate, world, arrows)
      if (price >= cost) continue
      best = candidate
      cost = price
      better = true
      break
    }
  }
  return best
}

function* swapsOf(items: readonly Item[]): Generator<readonly Item[]> {
  for (let a = 0; a < items.length; a++)
    for (let b = a + 1; b < items.length; b++) {
      const copy = [...items]
      const [first, second] = [copy[a], copy[b]]
      if (first === undefined || second === undefined) continue
      copy[a] = second
      copy[b] = first
      yield copy
    }
  for (const [at, item] of items.entries())
    if (item.kind === 'group')
      for (const children of swapsOf(item.children)) yield items.with(at, { ...item, children })
}

const sorted = (items: readonly Item[], keyOf: (item: Item) => number): readonly Item[] =>
  items
    .map((it) => (it.kind === 'group' ? { ...it, children: sorted(it.children, keyOf) } : it))
    .map((item, at) => ({ item, at, key: keyOf(item) }))
    .sort((a, b) => a.key - b.key || a.at - b.at)
    .map((it) => it.item)

function middlesOf(items: readonly Item[], world: Stacking): ReadonlyMap<string, number> {
  const { tops } = stack(items, world, 0)
  return new Map([...tops].map(([id, top]) => [id, top + (world.boxes.get(id)?.height ?? 0) / 2]))
}

/** Heights that arrows climb, what is in their way, and the height of the whole. */
function costOf(items: readonly Item[], world: Stacking, arrows: readonly Arrow[]): number {
  const stacked = stack(items, world, 0)
  const middles = middlesOf(items, world)
  const climbs = arrows.reduce(
    (sum, { from, to }) => sum + Math.abs((middles.get(from) ?? 0) - (middles.get(to) ?? 0)),
    0,
  )
  return climbs + stacked.bottom * 2
}
