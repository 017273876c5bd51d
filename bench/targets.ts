/** What a bench should reach; `reached` is what it did. Never a unit test: the machine decides as much as the code. */
export interface Target {
  readonly what: string
  readonly reached: number
  readonly atLeast?: number
  readonly below?: number
}

export const isMet = ({ reached, atLeast, below }: Target): boolean =>
  (atLeast === undefined || reached >= atLeast) && (below === undefined || reached < below)

/** `PASS ratio to the floor 0.38 (at least 0.25)`. */
export const targetLine = (target: Target): string => {
  const { what, reached, atLeast, below } = target
  const wanted = atLeast === undefined ? `below ${String(below)}` : `at least ${atLeast}`
  return `${isMet(target) ? 'PASS        ' : 'BELOW TARGET'} ${what} ${reached} (${wanted})`
}
