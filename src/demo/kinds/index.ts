import { branchKinds } from './branch.js'
import { calendarKinds } from './calendar.js'
import { control } from './control.js'
import { disputes } from './disputes.js'
import type { Kind } from './kind.js'
import { straight } from './straight.js'

export type { Kind } from './kind.js'

/** Every kind of the demonstration, in the order of its table. Weights add up to 200. */
export const kinds: readonly Kind[] = [...straight, ...calendarKinds, ...branchKinds, ...disputes, ...control]

/** Coprime to the sum of weights, so that a few tickets already show many kinds. */
const STRIDE = 37

/** Which kind each of `count` tickets is; 200 give every kind exactly by its weight. */
export function deal(count: number): readonly { readonly kind: Kind; readonly nth: number }[] {
  const pack = kinds.flatMap((kind) => Array.from({ length: kind.weight }, () => kind))
  const seen = new Map<string, number>()
  return Array.from({ length: count }, (_, index) => pack[(index * STRIDE) % pack.length]).flatMap((kind) => {
    if (kind === undefined) return []
    const nth = seen.get(kind.id) ?? 0
    seen.set(kind.id, nth + 1)
    return [{ kind, nth }]
  })
}
