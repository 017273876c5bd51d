import type { Aging, Kept, RetentionStore } from '../../db/intake/retention.js'
import type { Clock } from '../engine/clock.js'
import { PulihError } from '../engine/errors.js'
import type { Erasure } from './erasure.js'
import type { RetentionPolicy } from './retentionConfig.js'

/** What one duty found: rows, or tickets for those that look at closed tickets. */
export interface Duty {
  readonly duty: keyof RetentionPolicy
  readonly due: number
  /** 0 on a dry run. */
  readonly removed: number
}
export interface RetentionParts {
  readonly store: RetentionStore
  readonly policy: RetentionPolicy
  readonly erasure: Pick<Erasure, 'erase'>
  readonly documents: {
    purgeOriginals(ticketId: string): Promise<unknown>
    purgePages(ticketId: string): Promise<unknown>
  }
  readonly clock: Clock
}

const AGING: Readonly<Partial<Record<keyof RetentionPolicy, Aging>>> = {
  codes: 'challenges',
  replies: 'replies',
  tokens: 'tokens',
  tasks: 'tasks',
  mailbox: 'localMail',
}
const KEPT: Readonly<Partial<Record<keyof RetentionPolicy, Kept>>> = {
  originals: 'originals',
  pages: 'pages',
  person: 'person',
}
const PAGE = 200

/**
 * Removes what has been kept for long enough, and notes when and how much (R-PDP-4). Harmless when repeated, cut off or done by two at once.
 * Nothing of a ticket under a legal hold is touched (R-PDP-5). `dryRun` counts and writes nothing.
 */
export async function retain(
  parts: RetentionParts,
  { dryRun }: { readonly dryRun: boolean },
): Promise<readonly Duty[]> {
  const { store, clock, policy } = parts
  const duties: Duty[] = []
  for (const duty of Object.keys(policy) as (keyof RetentionPolicy)[]) {
    const before = clock.now() - policy[duty]
    const found = await carriedOut(parts, duty, before, dryRun)
    duties.push({ duty, ...found })
    if (!dryRun) await store.noteRun({ duty, ranAt: clock.now(), removed: found.removed })
  }
  return duties
}

async function carriedOut(
  parts: RetentionParts,
  duty: keyof RetentionPolicy,
  before: number,
  dryRun: boolean,
): Promise<Pick<Duty, 'due' | 'removed'>> {
  const { store, erasure, documents } = parts
  const aging = AGING[duty]
  if (aging !== undefined) {
    if (dryRun) return { due: await store.countOld(aging, before), removed: 0 }
    const removed = await store.removeOld(aging, before)
    return { due: removed, removed }
  }
  const kept = KEPT[duty]
  const next = (after: string) =>
    kept === undefined ? store.orphans(before, after, PAGE) : store.closedWith(kept, before, after, PAGE)
  const purge = async (ticketId: string): Promise<void> => {
    if (kept === 'originals') await documents.purgeOriginals(ticketId)
    else if (kept === 'pages') await documents.purgePages(ticketId)
    else await erasure.erase(ticketId, kept === undefined ? 'neverFiled' : 'retention')
  }
  return walk(next, dryRun ? null : purge)
}

async function walk(
  next: (after: string) => Promise<readonly string[]>,
  purge: ((ticketId: string) => Promise<void>) | null,
): Promise<Pick<Duty, 'due' | 'removed'>> {
  let due = 0
  let removed = 0
  for (let after = ''; ;) {
    const page = await next(after)
    due += page.length
    if (purge !== null) for (const ticketId of page) removed += (await purged(purge, ticketId)) ? 1 : 0
    if (page.length < PAGE) return { due, removed }
    after = page.at(-1) ?? after
  }
}

/** A hold or a reopening that came after the list was read: then it stays. */
async function purged(purge: (ticketId: string) => Promise<void>, ticketId: string): Promise<boolean> {
  try {
    await purge(ticketId)
    return true
  } catch (error) {
    if (error instanceof PulihError && (error.code === 'LEGAL_HOLD' || error.code === 'CONFLICT')) return false
    throw error
  }
}
