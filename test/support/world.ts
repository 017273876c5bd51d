import { openStore, type Store } from '../../db/index.js'
import { seedReference } from '../../db/seeds/index.js'
import {
  createEngine,
  createIds,
  loadTicketTypes,
  PulihError,
  verifyStore,
  type TicketEngine,
  type TicketTypes,
} from '../../src/engine/index.js'
import type { Accepted, Command, TicketRow, TimerKey } from '../../src/engine/types.js'
import type { Policy } from '../../src/machines/policy.js'
import type { Actor } from '../../src/machines/ticketType.js'
import { newPlace, type TestPlace } from './places.js'

/** Tuesday 17 March 2026, 09:00 in Jakarta: an open morning. */
export const MORNING = Date.UTC(2026, 2, 17, 2, 0)
export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

export const portal: Actor = { id: 'portal', role: 'portal' }
export const agent: Actor = { id: 'agent-1', role: 'agent' }
export const checker: Actor = { id: 'checker-1', role: 'checker' }
export const supervisor: Actor = { id: 'supervisor-1', role: 'supervisor' }
export const system: Actor = { id: 'system', role: 'system' }

/** Stands still until it is set; unlike VirtualClock it may be set back, as a machine's clock may. */
export class SettableClock {
  constructor(public at: number) {}
  now(): number {
    return this.at
  }
  advance(ms: number): void {
    this.at += ms
  }
}

/** The same bytes for the same seed, so that a failing walk can be walked again. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export interface WorldOptions {
  readonly start?: number
  readonly types?: TicketTypes
  readonly policies?: readonly Policy[]
  /** Stands between the engine and the store. */
  readonly wrap?: (store: Store) => Store
  readonly maxBatch?: number
  readonly maxQueue?: number
  /** Where another world's store was; it is the other's to dispose of. */
  readonly place?: TestPlace
}
type Sent = Partial<Pick<Command, 'key' | 'fingerprint' | 'expectedContentVersion' | 'at'>>

const FILING = { route: 'layanan_digital', cause: 'HP_GANTI', participantRef: 'ps_abcdef', declaration: true }
const checklist = ['KTP_COCOK', 'NAMA_COCOK', 'NIK_COCOK', 'TANGGAL_LAHIR_COCOK'].map((item) => ({
  item,
  matched: true,
}))

/** The steps of a straight life, each with the state it leads to. */
const STRAIGHT: readonly [state: string, actor: Actor, type: string, payload?: Record<string, unknown>][] = [
  ['emailProven', portal, 'contact.prove', { channel: 'email' }],
  ['submitted', portal, 'contact.prove', { channel: 'phone' }],
  ['underVerification', agent, 'verification.start'],
  ['underVerification', agent, 'identity.verify', { verdict: 'matched', checklist }],
  ['approvalProposed', agent, 'approval.propose'],
  ['onHold', checker, 'approval.confirm'],
]

/** The real engine over a real store in a place of its own (places.ts). */
export class World {
  readonly clock: SettableClock
  readonly place: TestPlace
  types: TicketTypes
  readonly #options: WorldOptions
  store!: Store
  engine!: TicketEngine
  #number = 0

  private constructor(place: TestPlace, types: TicketTypes, options: WorldOptions) {
    this.clock = new SettableClock(options.start ?? MORNING)
    this.place = place
    this.types = types
    this.#options = options
  }

  static async open(options: WorldOptions = {}): Promise<World> {
    const place = options.place ?? (await newPlace('engine'))
    const world = new World(place, options.types ?? (await loadTicketTypes()), options)
    await world.#start(world.types)
    return world
  }
  async #start(types: TicketTypes): Promise<void> {
    const { wrap = (store: Store) => store, policies = [], maxBatch, maxQueue } = this.#options
    const { clock } = this
    this.store = await openStore({ ...this.place, clock })
    await seedReference(this.store, clock.now(), types)
    for (const policy of policies) await this.store.publishPolicy(policy, clock.now())
    this.engine = await createEngine({
      store: wrap(this.store),
      types,
      clock,
      ids: createIds(clock, (bytes) => crypto.getRandomValues(bytes)),
      ...(maxBatch !== undefined && { maxBatch }),
      ...(maxQueue !== undefined && { maxQueue }),
    })
  }
  /** The process dies and another one starts on the same folder, perhaps with newer ticket types. */
  async restart(types: TicketTypes = this.types): Promise<void> {
    await this.store.close()
    this.types = types
    await this.#start(types)
  }
  async close(): Promise<void> {
    await this.leave()
    await this.place.dispose()
  }
  /** What is written stays, for another world in the same place. */
  async leave(): Promise<void> {
    await this.engine.stop()
    await this.store.close()
  }

  nextKey(): string {
    return `test:${++this.#number}`
  }
  /** Files a ticket; `sent` may carry a key and so on. */
  file(filing: Record<string, unknown> = {}, sent: Sent & { actor?: Actor; type?: string } = {}): Promise<Accepted> {
    const { actor = portal, type = 'pengaduan', key = null, fingerprint = null, at } = sent
    const desk = filing['route'] === 'kantor_cabang' ? { channel: 'walk_in', officeId: 'cabang-jakarta' } : {}
    const payload = type === 'pengaduan' ? { ...FILING, ...desk, ...filing } : filing
    return this.engine.file({ type, filing: payload, actor, key, fingerprint, at })
  }
  /** Sends an event on the version that stands now, unless `sent` says otherwise. */
  async send(
    ticketId: string,
    actor: Actor,
    type: string,
    payload: Record<string, unknown> = {},
    sent: Sent = {},
  ): Promise<Accepted> {
    const expectedContentVersion =
      'expectedContentVersion' in sent ? sent.expectedContentVersion : (await this.row(ticketId)).contentVersion
    return this.engine.handle({
      ticketId,
      actor,
      event: { type, ...payload },
      key: sent.key ?? null,
      fingerprint: sent.fingerprint ?? null,
      expectedContentVersion,
      at: sent.at,
    })
  }
  /** Sends a system event, as the reply of a port. */
  system(ticketId: string, type: string, payload: Record<string, unknown> = {}, sent: Sent = {}): Promise<Accepted> {
    const { key = null, fingerprint = null, at } = sent
    return this.engine.system({ ticketId, actor: system, event: { type, ...payload }, key, fingerprint, at })
  }
  /** A ticket walked straight to a state of the happy path. `filed`: what happens right after filing. */
  async ticketIn(
    state: string,
    filing: Record<string, unknown> = {},
    filed: (ticketId: string) => Promise<unknown> = () => Promise.resolve(),
  ): Promise<string> {
    const { ticketId } = await this.file(filing)
    await filed(ticketId)
    for (const [, actor, type, payload] of stepsTo(state)) {
      this.clock.advance(1_000)
      await this.send(ticketId, actor, type, payload)
    }
    this.clock.advance(1_000)
    if (state === 'applying' || state === 'contactUpdated') {
      const hold = (await this.pending(ticketId)).find((it) => it.family === 'hold')
      this.clock.at = hold?.dueAt ?? this.clock.at
      await this.ring(ticketId)
    }
    if (state === 'contactUpdated') await this.system(ticketId, 'contacts.applied')
    return ticketId
  }
  /** Delivers every pending timer of a ticket that is due. */
  async ring(ticketId: string): Promise<void> {
    for (const timer of await this.pending(ticketId))
      if (timer.dueAt <= this.clock.now()) await this.engine.deliverTimer(timer)
  }

  async row(ticketId: string): Promise<TicketRow> {
    const row = await this.store.findTicket(ticketId)
    if (row === null) throw new Error('no such ticket')
    return row
  }
  async facts(ticketId: string): Promise<readonly string[]> {
    return (await this.log(ticketId)).map((it) => it.fact)
  }
  log(ticketId: string) {
    return this.store.readLog(ticketId, 0, 10_000)
  }
  async pending(ticketId: string) {
    return (await this.store.timersOf(ticketId)).filter((it) => it.state === 'pending')
  }
  /** One statement behind the engine's back, as an intruder or another program would write it; parameters are $1, $2. */
  sql(statement: string, parameters: readonly unknown[] = []): Promise<void> {
    return this.place.run(statement, parameters)
  }
  async verify(): Promise<readonly string[]> {
    const { store, engine, types } = this
    const { problems } = await verifyStore({ store, types, reference: engine.reference })
    return problems.map((it) => it.what)
  }
}

function stepsTo(state: string) {
  if (state === 'applying' || state === 'contactUpdated') return STRAIGHT
  const last = STRAIGHT.findLastIndex(([it]) => it === state)
  if (last < 0) throw new Error(`no straight way to ${state}`)
  return STRAIGHT.slice(0, last + 1)
}

export const keyOf = ({ ticketId, family, threshold, generation }: TimerKey): TimerKey => ({
  ticketId,
  family,
  threshold,
  generation,
})

/** The refusal of a command: its code, and what it says. Fails where the command was accepted, or failed in another way. */
export async function refusalOf(command: Promise<unknown>): Promise<PulihError> {
  const outcome = await command.then(
    () => 'accepted',
    (error: unknown) => error,
  )
  if (outcome instanceof PulihError) return outcome
  throw new Error(`expected a refusal, got ${String(outcome)}`, { cause: outcome })
}
export const codeOf = async (command: Promise<unknown>): Promise<string> => (await refusalOf(command)).code
