import type { WorkPlace, WorkRow } from '../../../db/staff/worklist.js'
import type { SkillRule, WorkPolicy } from '../../../db/staff/workTypes.js'
import type { Role } from '../../machines/ticketType.js'
import { barredByHand, barredByRole, isBar } from './barred.js'
import type { WorkWorld } from './parts.js'
import { stepFilters } from './policy.js'

/** Offices where somebody may take work now, with the same roles. */
export interface Ground {
  readonly offices: readonly string[]
  readonly roles: readonly Role[]
}
export interface Hunter {
  readonly id: string
  readonly skills: readonly string[]
}
/** So many are offered to one claim: others are at the first ones at the same time. */
const OFFERED = 16
/** Up to this many offices each walk their own index; more are read off everybody's. */
export const OWN_INDEX = 6

/**
 * What is next for somebody, best first: earliest deadline, then age; a ticket without a deadline stands where its age puts it
 * (`undatedDueAfterWallMinutes`), so that it rises. Empty when there is nothing they may take.
 */
export async function hunt(
  world: WorkWorld,
  policy: WorkPolicy,
  hunter: Hunter,
  grounds: readonly Ground[],
  now: number,
): Promise<readonly WorkRow[]> {
  const lacking = policy.skills.filter((rule) => lacks(hunter.skills, rule))
  const all = (await world.offices()).length
  const walks = grounds.flatMap(({ offices, roles }) => {
    const parts = partsOf(offices, all)
    return parts.flatMap((some) => [true, false].map((dated) => ({ offices: some, roles, dated })))
  })
  const found = await Promise.all(walks.map((it) => firstOf(world, policy, hunter, { ...it, lacking, now })))
  const rank = rankBy(policy)
  return found
    .flat()
    .toSorted((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1))
    .slice(0, OFFERED)
}

export const lacks = (skills: readonly string[], rule: SkillRule): boolean =>
  !skills.includes('*') && !skills.includes(rule.skill)
export const undatedMs = ({ undatedDueAfterWallMinutes }: WorkPolicy): number => undatedDueAfterWallMinutes * 60_000
const rankBy =
  (policy: WorkPolicy) =>
  ({ nextDueAt, filedAt }: WorkRow): number =>
    nextDueAt ?? filedAt + undatedMs(policy)

interface Stretch {
  readonly offices: readonly string[] | null
  readonly roles: readonly Role[]
  readonly dated: boolean
  readonly lacking: readonly SkillRule[]
  readonly now: number
}

/** Offices as they are walked: everybody's index where all are meant, an own one for each of a few. */
export function partsOf(offices: readonly string[], all: number): readonly (readonly string[] | null)[] {
  if (offices.length === all) return [null]
  return offices.length > OWN_INDEX ? [offices] : offices.map((it) => [it])
}

/** Goes on behind those that this person is barred from, however many they are. */
async function firstOf(
  world: WorkWorld,
  policy: WorkPolicy,
  hunter: Hunter,
  { roles, ...stretch }: Stretch,
): Promise<readonly WorkRow[]> {
  const steps = stepFilters(policy, roles)
  let after: WorkPlace | null = null
  for (;;) {
    const { items, next } = await world.store.work.worklist.candidates({ ...stretch, steps, limit: OFFERED, after })
    const free: WorkRow[] = []
    for (const row of items) if (await isFree(world, policy, { id: hunter.id, roles }, row)) free.push(row)
    if (free.length > 0) return free
    const last = items.at(-1)
    after = items.length === OFFERED && last !== undefined ? { key: last.nextDueAt, id: last.id } : next
    if (after === null) return []
  }
}

async function isFree(
  world: WorkWorld,
  policy: WorkPolicy,
  person: { readonly id: string; readonly roles: readonly Role[] },
  row: WorkRow,
): Promise<boolean> {
  const step = barredByRole(policy, row, person.roles)
  if (isBar(step)) return false
  if (step.proof === null) return true
  const ticket = await world.store.findTicket(row.id)
  return ticket !== null && barredByHand(world, ticket, step, person) === null
}
