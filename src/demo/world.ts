import { accessSync, constants, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type OutboxKey, type Store } from '../../db/index.js'
import { seedReference } from '../../db/seeds/index.js'
import {
  createEngine,
  createIds,
  loadTicketTypes,
  VirtualClock,
  type TicketEngine,
  type TicketTypes,
} from '../engine/index.js'
import { embeddedSink, type EffectSink } from '../ports/sink.js'
import { createDeliverer, type Deliverer } from '../workers/deliver.js'
import { createDice } from './dice.js'
import { START } from './period.js'

/** A whole Pulih in a folder of its own: store, engine and deliverer are the real ones, only the clock is virtual. */
export interface DemoWorld {
  readonly clock: VirtualClock
  readonly store: Store
  readonly types: TicketTypes
  readonly engine: TicketEngine
  readonly deliverer: Deliverer
  /** Outbox rows committed and not yet delivered, oldest first. */
  readonly outbox: OutboxKey[]
  /** Ticket id → the code with which the account service refuses once. */
  readonly accountRefusals: Map<string, string>
  close(): Promise<void>
}

const MAX_ATTEMPTS = 3

/** `folder`: where the thrown-away data folder is made; default: memory where the system offers it. `typeFiles`: further ticket types. */
export async function openWorld(
  seed: number,
  folder = placeFor(),
  typeFiles: readonly string[] = [],
): Promise<DemoWorld> {
  const dataDir = mkdtempSync(join(folder, 'pulih-demo-'))
  const clock = new VirtualClock(START)
  const removeFolder = () => rmSync(dataDir, { recursive: true, force: true })
  try {
    const store = await openStore({ dataDir, clock })
    const types = await loadTicketTypes(undefined, typeFiles)
    await seedReference(store, clock.now(), types)
    const dice = createDice(seed, 'ids')
    const ids = createIds(clock, (into) => dice.bytes(into))
    const engine = await createEngine({ store, types, clock, ids })
    const outbox: OutboxKey[] = []
    engine.onCommitted((hint) => void outbox.push(...hint.outbox))
    const accountRefusals = new Map<string, string>()
    const deliverer = createDeliverer({ engine, store, clock }, sinkWith(accountRefusals), MAX_ATTEMPTS)
    const close = async () => {
      await engine.stop()
      await store.close()
      removeFolder()
    }
    return { clock, store, types, engine, deliverer, outbox, accountRefusals, close }
  } catch (error) {
    removeFolder()
    throw error
  }
}

const ROOM_NEEDED = 512 * 1024 * 1024

/** Thrown away afterwards, so memory will do where the system offers it: thousands of commits then wait for no disk. */
export function placeFor(): string {
  try {
    accessSync('/dev/shm', constants.W_OK)
    const { bavail, bsize } = statfsSync('/dev/shm')
    return bavail * bsize >= ROOM_NEEDED ? '/dev/shm' : tmpdir()
  } catch {
    return tmpdir()
  }
}

/** The embedded receivers, but for an account service that has its reasons now and then. */
const sinkWith = (refusals: Map<string, string>): EffectSink => ({
  recordAs: (outgoing) => embeddedSink.recordAs(outgoing),
  deliver(outgoing) {
    const code = outgoing.kind === 'port' ? refusals.get(outgoing.ticketId) : undefined
    if (code === undefined) return embeddedSink.deliver(outgoing)
    refusals.delete(outgoing.ticketId)
    return Promise.resolve({ outcome: 'refused', code })
  },
})
