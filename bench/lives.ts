import { randomFillSync } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type Store } from '../db/index.js'
import { seedReference } from '../db/seeds/index.js'
import { createEngine, createIds, loadTicketTypes, VirtualClock, type TicketEngine } from '../src/engine/index.js'
import type { Change } from '../src/engine/types.js'
import type { Life } from './bulk.js'

export const portal = { id: 'portal', role: 'portal' as const }
export const agent = { id: 'agent-1', role: 'agent' as const }
export const FINGERPRINT = 'f'.repeat(64)
export const FILING = { route: 'layanan_digital', cause: 'HP_GANTI', participantRef: 'ps_bench-abc', declaration: true }

/** The same store, and what passes through `commit`: before it is written, and after. */
export function watched(
  store: Store,
  see: { before?: (batch: readonly Change[]) => void; after?: (batch: readonly Change[]) => void },
): Store {
  return new Proxy(store, {
    get(target, name) {
      if (name !== 'commit') {
        const value: unknown = Reflect.get(target, name)
        return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value
      }
      return async (batch: readonly Change[]) => {
        see.before?.(batch)
        const outcomes = await target.commit(batch)
        see.after?.(batch)
        return outcomes
      }
    },
  })
}

export interface Recording {
  readonly engine: TicketEngine
  readonly store: Store
  readonly clock: VirtualClock
}

/** Lets `live` work with a real engine whose clock starts at `start`, and gives what was written, ticket by ticket. */
export async function recordLives(start: number, live: (world: Recording) => Promise<void>): Promise<readonly Life[]> {
  const dir = mkdtempSync(join(tmpdir(), 'pulih-lives-'))
  const lives = new Map<string, Change[]>()
  const clock = new VirtualClock(start)
  const real = await openStore({ dataDir: dir, clock })
  try {
    await seedReference(real, start)
    const store = watched(real, {
      before(batch) {
        for (const change of structuredClone(batch)) {
          const life = lives.get(change.ticket.id)
          if (life === undefined) lives.set(change.ticket.id, [change])
          else life.push(change)
        }
      },
    })
    const ids = createIds(clock, (bytes) => randomFillSync(bytes))
    const engine = await createEngine({ store, types: await loadTicketTypes(), clock, ids })
    await live({ engine, store: real, clock })
    await engine.stop()
  } finally {
    await real.close()
    rmSync(dir, { recursive: true })
  }
  return [...lives.values()]
}

let keys = 0
export const nextKey = (): string => `bench:${(keys++).toString(36)}`

/** A ticket whose contacts are not proven yet: its participant is reminded after 3 and 7 days, and it expires after 14. */
export async function fileTicket(
  engine: TicketEngine,
  at?: number,
  filing: Readonly<Record<string, unknown>> = FILING,
): Promise<string> {
  const command = { type: 'pengaduan', filing, actor: portal, key: nextKey(), fingerprint: FINGERPRINT, at }
  return (await engine.file(command)).ticketId
}

/** Sends an event on the version that stands now. */
export async function send(
  { engine, store }: Pick<Recording, 'engine' | 'store'>,
  ticketId: string,
  actor: typeof portal | typeof agent,
  event: { type: string; [key: string]: unknown },
): Promise<void> {
  const expectedContentVersion = (await store.findTicket(ticketId))?.contentVersion
  await engine.handle({ ticketId, actor, event, key: nextKey(), fingerprint: FINGERPRINT, expectedContentVersion })
}
