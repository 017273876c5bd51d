/** What every ticket type's context carries for time: generations never reset, also at reopen (D19). */
export interface Timed {
  readonly generation: number
  readonly cycle: number
  /** Family → its current generation. A timer of any other generation is stale. */
  readonly armed: Readonly<Record<string, number>>
  /** The clock is paused while this set is non-empty (D17). */
  readonly pauseCauses: readonly string[]
  /** Targets breached in this cycle. */
  readonly late: readonly string[]
  readonly route: string
  readonly officeId: string
  readonly extended: boolean
}

export const slaFamily = (target: string): string => `sla:${target}`

/** Hands out the next generation for a family: the patch to assign and the number. */
export function nextGeneration(
  context: Timed,
  family: string,
): { generation: number; armed: Readonly<Record<string, number>> } {
  const generation = context.generation + 1
  return { generation, armed: { ...context.armed, [family]: generation } }
}

/** Drops a family: any timer of it is stale from now on. */
export function disarmed(context: Timed, family: string): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(context.armed).filter(([name]) => name !== family))
}

export const isCurrent = (context: Timed, family: string, generation: number): boolean =>
  context.armed[family] === generation
