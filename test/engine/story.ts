import { openStore } from '../../db/index.js'
import { exampleCalendars } from '../../db/seeds/calendars.js'
import { seedReference } from '../../db/seeds/index.js'
import { offices, units } from '../../db/seeds/offices.js'
import { policies } from '../../db/seeds/policies.js'
import type { Store } from '../../db/types.js'
import {
  createIds,
  loadTicketTypes,
  PulihError,
  ReferenceData,
  TicketEngine,
  VirtualClock,
} from '../../src/engine/index.js'
import type { Accepted, LogEntry, SlaClock, TicketRow, TimerRow, TimerVerdict } from '../../src/engine/types.js'
import type { Policy } from '../../src/machines/policy.js'
import type { CalendarSpec } from '../../src/calendar/index.js'
import type { Actor } from '../../src/machines/ticketType.js'
import { newPlace } from '../support/places.js'

export const portal: Actor = { id: 'portal', role: 'portal' }
export const agent: Actor = { id: 'agus', role: 'agent' }
export const checker: Actor = { id: 'citra', role: 'checker' }
export const supervisor: Actor = { id: 'sari', role: 'supervisor' }
export const system: Actor = { id: 'system', role: 'system' }

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR
const OFFSET = { WIB: '+07:00', WITA: '+08:00', WIT: '+09:00' } as const
type Zone = keyof typeof OFFSET
/** `2026-07-06 09:00` (seconds and milliseconds if given) on an Indonesian clock, as epoch ms. July 2026 has no holiday; the 6th is a Monday. */
export const local = (text: string, zone: Zone = 'WIB'): number => {
  const [day = '', time = ''] = text.split(' ')
  return Date.parse(`${day}T${time.length === 5 ? `${time}:00` : time}${OFFSET[zone]}`)
}
/** The inverse, for assertions that can be read. */
export const shown = (instant: number | null | undefined, zone: Zone = 'WIB'): string | null =>
  instant === null || instant === undefined
    ? null
    : new Date(instant + Date.parse(`1970-01-01T00:00:00Z`) - Date.parse(`1970-01-01T00:00:00${OFFSET[zone]}`))
        .toISOString()
        .replace('T', ' ')
        .replace(/(:00)?\.000Z$/, '')
        .replace('Z', '')

const policy = policies[0]!
const types = await loadTicketTypes()

/** A store in a place of its own; every story in it is a ticket of its own, on a clock of its own. */
export async function openStories(
  calendars?: readonly CalendarSpec[],
): Promise<{ tell: typeof tell; close: () => Promise<void>; store: Store }> {
  const place = await newPlace('stories')
  const store = await openStore(place)
  if (calendars === undefined) await seedReference(store, 0)
  else await publish(store, calendars)
  let told = 0
  function tell(at: string | number, options: Omit<StoryOptions, 'store' | 'seed' | 'at'> = {}): Promise<Story> {
    told += 1
    return Story.file({
      ...(calendars === undefined ? {} : { calendars }),
      ...options,
      store,
      seed: told,
      at: typeof at === 'number' ? at : local(at),
    })
  }
  const close = async () => {
    await store.close()
    await place.dispose()
  }
  return { tell, close, store }
}
async function publish(store: Store, calendars: readonly CalendarSpec[]): Promise<void> {
  for (const spec of calendars) await store.publishCalendar(spec, 0)
  for (const it of policies) await store.publishPolicy(it, 0)
  for (const unit of units) await store.saveUnit(unit)
  for (const office of offices) await store.saveOffice(office)
}
export type Tell = (at: string | number, options?: Omit<StoryOptions, 'store' | 'seed' | 'at'>) => Promise<Story>

export interface StoryOptions {
  readonly store: Store
  readonly seed: number
  readonly at: number
  readonly filing?: Readonly<Record<string, unknown>>
  readonly filer?: Actor
  /** Versions in force when the story begins. */
  readonly calendars?: readonly CalendarSpec[]
  /** Other numbers for one story. */
  readonly policy?: (policy: Policy) => Policy
}
type Payload = Readonly<Record<string, unknown>>
const BECAUSE = { reason: 'ALASAN' }

/** One ticket, told event by event through the real engine. `null` clock steps are never needed: every step names its instant. */
export class Story {
  readonly engine: TicketEngine
  readonly clock: VirtualClock
  readonly #store: Store
  id = ''
  filed!: Accepted

  private constructor({ store, seed, at, calendars = exampleCalendars, policy: change = (it) => it }: StoryOptions) {
    this.#store = store
    this.clock = new VirtualClock(at)
    const reference = new ReferenceData({ calendars, policies: [change(policy)], offices })
    let next = seed * 7919
    const ids = createIds(this.clock, (bytes) =>
      bytes.map(() => (next = (next * 1_103_515_245 + 12_345) % 2_147_483_648) >> 16),
    )
    this.engine = new TicketEngine({ store, types, reference, clock: this.clock, ids })
  }

  static async file(options: StoryOptions): Promise<Story> {
    const story = new Story(options)
    const filing = { route: 'layanan_digital', cause: 'HP_GANTI', participantRef: 'ps_abcdef', declaration: true }
    story.filed = await story.engine.file({
      type: 'pengaduan',
      filing: { ...filing, ...options.filing },
      actor: options.filer ?? portal,
      key: null,
      fingerprint: null,
    })
    story.id = story.filed.ticketId
    return story
  }

  /** Moves the clock; nothing is delivered by that. */
  at(when: string | number, zone: Zone = 'WIB'): this {
    this.clock.moveTo(typeof when === 'number' ? when : local(when, zone))
    return this
  }
  async send(actor: Actor, type: string, payload: Payload = {}): Promise<Accepted> {
    const row = await this.row()
    const command = { ticketId: this.id, actor, event: { type, ...payload }, key: null, fingerprint: null }
    if (actor.role === 'system') return this.engine.system(command)
    return this.engine.handle({ ...command, expectedContentVersion: row.contentVersion })
  }
  /** The refusal's code, with the guards that said no; fails when the event is accepted. */
  async refusal(actor: Actor, type: string, payload: Payload = {}): Promise<string> {
    try {
      await this.send(actor, type, payload)
    } catch (error) {
      if (!(error instanceof PulihError)) throw error
      const reasons = (error.extra['reasons'] as { guard: string }[] | undefined) ?? []
      return [error.code, ...reasons.map((it) => it.guard)].join(' ')
    }
    throw new Error(`${type} was accepted`)
  }

  // ── the usual steps ──
  async proven(): Promise<this> {
    await this.send(portal, 'contact.prove', { channel: 'email' })
    await this.send(portal, 'contact.prove', { channel: 'phone' })
    return this
  }
  async started(): Promise<this> {
    await this.send(agent, 'verification.start')
    return this
  }
  async identified(): Promise<this> {
    await this.send(agent, 'identity.verify', { verdict: 'matched', checklist: [{ item: 'KTP_COCOK', matched: true }] })
    return this
  }
  async approved(): Promise<this> {
    await this.identified()
    await this.send(agent, 'approval.propose')
    await this.send(checker, 'approval.confirm')
    return this
  }
  async rejected(): Promise<this> {
    await this.send(agent, 'reject', { code: 'BUKAN_PEMILIK' })
    return this
  }
  async withdrawn(): Promise<this> {
    await this.send(portal, 'withdraw', BECAUSE)
    return this
  }
  async asksFor(...kinds: string[]): Promise<this> {
    await this.send(agent, 'documents.request', {
      documents: kinds.map((kind) => ({ kind, reason: 'KURANG_JELAS' })),
    })
    return this
  }
  async uploads(...kinds: string[]): Promise<this> {
    await this.send(portal, 'documents.upload', {
      documents: kinds.map((kind) => ({
        kind,
        ref: `doc_berkas-${kind.replaceAll('_', '-')}`,
        sha256: 'a'.repeat(64),
      })),
    })
    return this
  }
  async refers(officeId: string): Promise<this> {
    await this.send(agent, 'branch.refer', { officeId, ...BECAUSE })
    return this
  }
  async arrives(): Promise<this> {
    // Somebody else than who referred.
    await this.send(checker, 'branch.arrive')
    return this
  }
  async extends(): Promise<this> {
    await this.send(agent, 'promise.extend', { flag: 'perbedaan_identitas' })
    return this
  }

  // ── what is there ──
  async row(): Promise<TicketRow> {
    const row = await this.#store.findTicket(this.id)
    if (row === null) throw new Error('the ticket is gone')
    return row
  }
  async state(): Promise<string> {
    return (await this.row()).state
  }
  /** A promise's clock: the newest, or the one of a cycle. */
  async promise(target: string, cycle?: number): Promise<SlaClock> {
    const { clocks } = (await this.row()).schedule
    const clock = clocks.findLast((it) => it.target === target && (cycle === undefined || it.cycle === cycle))
    if (clock === undefined) throw new Error(`no promise ${target}`)
    return clock
  }
  async due(target = 'resolution', zone: Zone = 'WIB'): Promise<string | null> {
    return shown((await this.promise(target)).dueAt, zone)
  }
  async outcome(target = 'resolution', cycle?: number): Promise<SlaClock['outcome']> {
    return (await this.promise(target, cycle)).outcome
  }
  /** Pending timers as `family.threshold @ instant`. */
  async pending(family = '', zone: Zone = 'WIB'): Promise<string[]> {
    const rows = (await this.timers()).filter((it) => it.state === 'pending' && it.family.startsWith(family))
    return rows
      .sort((a, b) => a.dueAt - b.dueAt || (a.family < b.family ? -1 : 1))
      .map((it) => `${it.family}.${it.threshold} @ ${shown(it.dueAt, zone) ?? ''}`)
  }
  timers(): Promise<readonly TimerRow[]> {
    return this.#store.timersOf(this.id)
  }
  log(): Promise<readonly LogEntry[]> {
    return this.#store.readLog(this.id, 0, 1000)
  }
  async facts(): Promise<string[]> {
    return (await this.log()).map((it) => it.fact)
  }

  /** Lives until `until`: every timer rings at its own instant, as by a worker that is never late. */
  async live(until: string | number): Promise<this> {
    const end = typeof until === 'number' ? until : local(until)
    for (;;) {
      const [next] = (await this.timers()).filter((it) => it.state === 'pending').sort((a, b) => a.dueAt - b.dueAt)
      if (next === undefined || next.dueAt > end) break
      this.at(Math.max(next.dueAt, this.clock.now()))
      await this.ring(next)
    }
    return this.at(end)
  }
  ring(timer: TimerRow): Promise<TimerVerdict> {
    return this.engine.deliverTimer(timer)
  }
}
