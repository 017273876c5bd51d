import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore, type Store } from '../../db/index.js'
import { seedReference } from '../../db/seeds/index.js'
import { createEngine, createIds, loadTicketTypes, type TicketEngine } from '../../src/engine/index.js'
import type { TimerRow } from '../../src/engine/types.js'
import type { Databases } from '../support/postgres.js'
import { seededRandom, SettableClock } from '../support/world.js'

export const types = await loadTicketTypes()

/** A fault between engine and store, put there on purpose. */
export type Fault = (store: Store) => Store
/** The next commit is cut off before it happened, or after it happened and before anyone heard. */
export type Crash = 'before' | 'after' | null
export class CutOff extends Error {}

/** Where a run's data lie. */
export interface Bed {
  open(clock: SettableClock): Promise<Store>
  close(): Promise<void>
}
/** In memory where there is such a place: no power is lost here, and every commit waits for its disk. */
const PLACE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

export async function sqliteBed(): Promise<Bed> {
  const dataDir = await mkdtemp(join(PLACE, 'pulih-model-'))
  return { open: (clock) => openStore({ dataDir, clock }), close: () => rm(dataDir, { recursive: true, force: true }) }
}

export async function postgresBed(server: Databases): Promise<Bed> {
  const databaseUrl = await server.database()
  return {
    open: (clock) => openStore({ dataDir: '', databaseUrl, clock }),
    close: () => server.giveBack(databaseUrl),
  }
}

/** The real engine over a real store, with an alarm clock that forgets, repeats and is late. */
export class Subject {
  readonly clock: SettableClock
  readonly #bed: Bed
  readonly #fault: Fault
  readonly #random: () => number
  store!: Store
  engine!: TicketEngine
  crash: Crash = null
  /** Alarms that were set, some of them long stale. */
  alarms: TimerRow[] = []

  private constructor(bed: Bed, start: number, fault: Fault) {
    this.#bed = bed
    this.#fault = fault
    this.clock = new SettableClock(start)
    this.#random = seededRandom(start)
  }
  static async open(bed: Bed, start: number, fault: Fault = (store) => store): Promise<Subject> {
    const subject = new Subject(bed, start, fault)
    subject.store = await bed.open(subject.clock)
    await seedReference(subject.store, start)
    await subject.#wake()
    return subject
  }

  /** The process dies and another begins on the same data. */
  async restart(reopen: boolean): Promise<void> {
    this.crash = null
    if (reopen) {
      await this.store.close()
      this.store = await this.#bed.open(this.clock)
    }
    await this.#wake()
  }
  async close(): Promise<void> {
    await this.store.close()
  }

  async #wake(): Promise<void> {
    const fill = (bytes: Uint8Array) => {
      for (let n = 0; n < bytes.length; n++) bytes[n] = Math.floor(this.#random() * 256)
      return bytes
    }
    const { clock } = this
    this.engine = await createEngine({
      store: this.#fault(this.#fragile(this.store)),
      types,
      clock,
      ids: createIds(clock, fill),
    })
    this.engine.onCommitted(({ timers }) => this.alarms.push(...timers))
  }

  #fragile(store: Store): Store {
    return intercept(store, 'commit', async (changes, commit) => {
      const { crash } = this
      this.crash = null
      if (crash === 'before') throw new CutOff()
      const outcomes = await commit(changes)
      if (crash === 'after') throw new CutOff()
      return outcomes
    })
  }
}

type Method<N extends keyof Store> = Store[N] extends (...args: infer A) => infer R ? { args: A; result: R } : never

/** The same store with one method's calls in other hands. */
export function intercept<N extends keyof Store>(
  store: Store,
  name: N,
  hands: (
    argument: Method<N>['args'][0],
    original: (argument: Method<N>['args'][0]) => Method<N>['result'],
  ) => Method<N>['result'],
): Store {
  const original = store[name] as (...args: unknown[]) => Method<N>['result']
  const call = (argument: Method<N>['args'][0]) => hands(argument, (it) => original.call(store, it))
  return new Proxy(store, {
    get: (target, key) => (key === name ? call : (Reflect.get(target, key) as unknown)),
  })
}
