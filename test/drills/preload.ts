import { openStore, type Store } from '../../db/index.js'
import { seedReference } from '../../db/seeds/index.js'
import { createEngine, createIds, loadTicketTypes, PulihError, VirtualClock } from '../../src/engine/index.js'
import type { TicketEngine } from '../../src/engine/index.js'
import type { TimerRow } from '../../src/engine/types.js'
import { ACTORS, type ActorName } from './server.js'
import type { Place } from './evidence.js'
import type { Dice } from './random.js'
import { drillCalendars, drillPolicy } from './reference.js'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const DAY = 1_440 * MINUTE

/** What happened to a ticket, and how long before now; the last step is what its timer counts from. */
type Past = readonly (readonly [agoMs: number, actor: ActorName, event: string, payload?: Record<string, unknown>])[]

interface Kind {
  readonly count: number
  readonly route: string
  /** Filed this long ago when its timer falls due exactly now. */
  readonly filedAgo: number
  readonly past: Past
}

const proven = (ago: number): Past => [
  [ago, 'portal', 'contact.prove', { channel: 'email' }],
  [ago, 'portal', 'contact.prove', { channel: 'phone' }],
]
/** Out of hours the gate is closed; a supervisor may open it. */
const inReview = (ago: number): Past => [
  ...proven(ago + 5 * MINUTE),
  [ago + 4 * MINUTE, 'supervisor', 'release.override', { reason: 'LATIHAN' }],
  [ago + 3 * MINUTE, 'agent', 'verification.start'],
]
const matched = { verdict: 'matched', checklist: [{ item: 'NIK_COCOK', matched: true }] }
const approved = (ago: number, elevated: boolean): Past => [
  ...inReview(ago),
  ...(elevated ? [[ago + 2 * MINUTE, 'agent', 'risk.elevate', { reason: 'LATIHAN' }] as const] : []),
  [ago + 2 * MINUTE, 'agent', 'identity.verify', matched],
  [ago + MINUTE, 'agent', 'approval.propose'],
  [ago, 'checker', 'approval.confirm'],
]
const referral = { officeId: 'cabang-jakarta', reason: 'LATIHAN' }
const digital = 'layanan_digital'

/** Tickets under the shipped policy: days old, with a reminder, an expiry or a hold's end falling due about now. */
const SHIPPED: readonly Kind[] = [
  { count: 50, route: digital, filedAgo: 3 * DAY, past: [] },
  { count: 30, route: digital, filedAgo: 7 * DAY, past: [] },
  { count: 40, route: digital, filedAgo: 14 * DAY, past: [] },
  { count: 40, route: digital, filedAgo: DAY + 10 * MINUTE, past: approved(DAY, false) },
  { count: 15, route: digital, filedAgo: 3 * DAY + 10 * MINUTE, past: approved(3 * DAY, true) },
  {
    count: 25,
    route: digital,
    filedAgo: 3 * DAY + 10 * MINUTE,
    past: [...inReview(3 * DAY), [3 * DAY, 'agent', 'branch.refer', referral]],
  },
]
/** Tickets under the drill's policy: promises warned about, due and escalated in minutes. */
const SHORT: readonly Kind[] = [
  { count: 60, route: digital, filedAgo: MINUTE, past: proven(MINUTE) },
  { count: 40, route: 'kantor_cabang', filedAgo: MINUTE, past: proven(MINUTE) },
]

/** Promises of the shipped policy that run into an outage over a weekend: due on the Monday or the Tuesday after it. */
const WEEKEND: readonly Kind[] = [
  { count: 40, route: digital, filedAgo: 4 * DAY, past: proven(4 * DAY - MINUTE) },
  { count: 30, route: digital, filedAgo: 4 * DAY, past: inReview(4 * DAY - 6 * MINUTE) },
  { count: 20, route: digital, filedAgo: DAY, past: proven(DAY - MINUTE) },
]

export interface PreloadOptions extends Place {
  readonly dice: Dice
  /** Timers fall due from a little before now until so much later. */
  readonly horizonMs: number
  /** How much of each kind there is, at least two; default 1. */
  readonly share?: number
  /** What the machine's clock says; default the real one. */
  readonly now?: number
  /** Which tickets; default those of both policies. `weekend` leaves the shipped policy and calendars in force. */
  readonly kinds?: 'both' | 'weekend'
}

/**
 * Fills a new data folder with tickets of the past, in this process and before any server: dozens of timers are overdue
 * at the first start and hundreds more fall due during the drill. Gives every timer that is pending then.
 */
export async function preload(options: PreloadOptions): Promise<readonly TimerRow[]> {
  const { dice, horizonMs, now = Date.now(), kinds = 'both', share = 1, ...place } = options
  const clock = new VirtualClock(now)
  const store = await openStore({ ...place, clock })
  try {
    const types = await loadTicketTypes()
    const ids = createIds(clock, (bytes) => crypto.getRandomValues(bytes))
    await seedReference(store, clock.now())
    const past = { now: clock.now(), dice, horizonMs, share }
    const first = kinds === 'both' ? SHIPPED : [...SHIPPED, ...WEEKEND]
    const shipped = await populate(await createEngine({ store, types, clock, ids }), store, first, past)
    if (kinds === 'weekend') return await pendingOf(store, shipped)
    for (const spec of drillCalendars) await store.publishCalendar(spec, clock.now())
    await store.publishPolicy(drillPolicy, clock.now())
    const short = await populate(await createEngine({ store, types, clock, ids }), store, SHORT, past)
    return await pendingOf(store, [...shipped, ...short])
  } finally {
    await store.close()
  }
}

async function pendingOf(store: Store, ids: readonly string[]): Promise<readonly TimerRow[]> {
  const pending: TimerRow[] = []
  for (const id of ids) pending.push(...(await store.timersOf(id)).filter((it) => it.state === 'pending'))
  return pending
}

interface When {
  readonly now: number
  readonly dice: Dice
  readonly horizonMs: number
  readonly share: number
}

/** All tickets at once, so that they share commits; the steps of each in their order. */
async function populate(engine: TicketEngine, store: Store, kinds: readonly Kind[], when: When): Promise<string[]> {
  const tickets = kinds.flatMap((kind) =>
    Array.from({ length: Math.max(2, Math.round(kind.count * when.share)) }, () => kind),
  )
  const ids = await Promise.all(
    tickets.map((kind, index) =>
      liveThrough(engine, store, kind, index, when.now + when.dice.between(-20_000, when.horizonMs)),
    ),
  )
  await engine.stop()
  return ids
}

async function liveThrough(
  engine: TicketEngine,
  store: Store,
  { route, filedAgo, past }: Kind,
  index: number,
  dueAround: number,
): Promise<string> {
  const desk = route === 'kantor_cabang' ? { officeId: 'cabang-jakarta' } : {}
  const filing = { route, ...desk, cause: 'HP_GANTI', participantRef: `ref_lama-${index}`, declaration: true }
  const at = Math.min(dueAround - filedAgo, engine.clock.now() - SECOND)
  const filed = { type: 'pengaduan', filing, actor: ACTORS.portal, key: null, fingerprint: null, at }
  const { ticketId } = await engine.file(filed)
  for (const [ago, actor, type, payload] of past) {
    const row = await store.findTicket(ticketId)
    const command = {
      ticketId,
      event: { ...payload, type },
      actor: ACTORS[actor],
      key: null,
      fingerprint: null,
      expectedContentVersion: row!.contentVersion,
      at: Math.min(dueAround - ago, engine.clock.now()),
    }
    await engine.handle(command).catch((error: unknown) => {
      // Its office had opened by itself: nothing to override.
      const released = type === 'release.override' && error instanceof PulihError && error.code === 'EVENT_NOT_ALLOWED'
      if (!released) throw error
    })
  }
  return ticketId
}
