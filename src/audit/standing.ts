import type { AuditStore } from '../../db/audit/index.js'
import type { Clock } from '../engine/clock.js'
import { readSealed } from './sealed.js'
import { sourcesOf, type SealedSource, type SourceStore } from './sources.js'

/** How long the chain is, and how far it is behind what it seals. */
export interface AuditStanding {
  readonly entries: number
  /** Age of the oldest row behind the last seal, ms; 0 when everything is sealed. */
  readonly sealLagMs: number
}
type Reading = Pick<AuditStore, 'head' | 'newest'> & SourceStore

/** A row that appeared late, behind the last seal's place, does not count: the sealer's own look-back finds it. */
export async function standingOf(store: Reading, clock: Clock): Promise<AuditStanding> {
  const [head, ...since] = await Promise.all([store.head(), ...sourcesOf(store).map((it) => oldestUnsealed(store, it))])
  const waiting = since.filter((it) => it !== null)
  const sealLagMs = waiting.length === 0 ? 0 : Math.max(0, clock.now() - Math.min(...waiting))
  return { entries: head?.position ?? 0, sealLagMs }
}

/** When it was recorded, epoch ms; null when there is none. */
async function oldestUnsealed(store: Reading, source: SealedSource): Promise<number | null> {
  const [last, order] = await Promise.all([store.newest(source.action), source.order()])
  const upTo = (last === null ? null : readSealed(last.detail)?.upTo) ?? 0
  const [mark] = await source.after({ place: order === 'timed' ? upTo + 1 : upTo, id: '', seq: 0 }, 1)
  if (mark === undefined) return null
  return (await source.rowsOf([mark]))[0]?.recordedAt ?? null
}
