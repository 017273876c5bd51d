import fc from 'fast-check'
import { expect } from 'vitest'
import { PulihError, verifyStore } from '../../src/engine/index.js'
import { isTimerEvent } from '../../src/engine/timerEvents.js'
import type { Accepted, LogEntry, TicketRow, TimerRow } from '../../src/engine/types.js'
import type { Actor } from '../../src/machines/ticketType.js'
import { ACTORS, choose, PUBLIC, type Step as Chosen } from '../engine/walk.js'
import { portal } from '../support/world.js'
import { ModelTicket, WINDOW, type Due } from './reference.js'
import { CutOff, Subject, types, type Bed, type Crash, type Fault } from './subject.js'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const LAST = WINDOW.from + (WINDOW.days - 40) * DAY
const type = types.get('pengaduan')!

/** One line of a script; `pick` chooses among what there is at that moment, so that a script stays one when it shrinks. */
const pick = fc.nat(10_000)
const ticket = fc.nat(2)
const crash = fc.constantFrom<Crash>(null, null, null, null, null, 'before', 'after')
const line = fc.oneof(
  { weight: 1, arbitrary: fc.record({ do: fc.constant('file' as const), crash }) },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('send' as const),
      ticket,
      pick,
      crash,
      mood: fc.constantFrom('ahead' as const, 'ahead' as const, 'anywhere' as const, 'wild' as const, 'blind' as const),
      version: fc.constantFrom(
        'current' as const,
        'current' as const,
        'current' as const,
        'stale' as const,
        'none' as const,
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('repeat' as const), pick, other: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 6 * HOUR }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: DAY, max: 4 * DAY }) }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('waitDue' as const), ticket, pick, off: fc.constantFrom(-1, 0, 0, 1) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('ring' as const), pick, times: fc.integer({ min: 1, max: 3 }), crash }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stray' as const), ticket, pick }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('sweep' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('restart' as const), reopen: fc.boolean(), alarms: fc.boolean() }),
  },
)
type Line = typeof line extends fc.Arbitrary<infer T> ? T : never
export interface Script {
  readonly start: number
  readonly lines: readonly Line[]
}
/** From mid-Ramadan into Lebaran: weekends, holidays and collective leave lie ahead. */
export const script: fc.Arbitrary<Script> = fc.record({
  start: fc.integer({ min: WINDOW.from + 8 * DAY, max: WINDOW.from + 30 * DAY }),
  lines: fc.array(line, { minLength: 1, maxLength: 40, size: 'max' }),
})

interface Remembered {
  readonly ticketId: string | null
  readonly send: (fingerprint: string) => Promise<Accepted>
  readonly answer: Accepted
}

/** Lives a script on the real engine and on the model, and compares them after every line. Throws where they differ. */
export async function live(
  { start, lines }: Script,
  bed: Bed,
  fault?: Fault,
): Promise<{ fired: number; accepted: number }> {
  const subject = await Subject.open(bed, start, fault)
  try {
    const life = new Life(subject)
    await life.play({ do: 'file', crash: null })
    for (const it of lines) await life.play(it)
    await life.verify()
    return { fired: life.fired, accepted: life.accepted }
  } finally {
    await subject.close()
  }
}

class Life {
  readonly #subject: Subject
  readonly #models = new Map<string, ModelTicket>()
  readonly #answered: Remembered[] = []
  #keys = 0
  accepted = 0

  constructor(subject: Subject) {
    this.#subject = subject
  }
  get fired(): number {
    return [...this.#models.values()].reduce((sum, it) => sum + it.fired, 0)
  }

  async play(it: Line): Promise<void> {
    switch (it.do) {
      case 'file':
        await this.#file(it.crash)
        break
      case 'send':
        await this.#send(it)
        break
      case 'repeat':
        await this.#repeat(it.pick, it.other)
        break
      case 'wait':
        this.#wait(it.ms)
        break
      case 'waitDue': {
        const due = this.#models.get(this.#idOf(it.ticket))!.pending()
        const next = due[it.pick % 4 === 0 ? it.pick % due.length : 0]
        if (next !== undefined) this.#wait(next.at + it.off - this.#subject.clock.at)
        break
      }
      case 'ring':
        await this.#ring(it.pick, it.times, it.crash)
        break
      case 'stray':
        await this.#stray(this.#idOf(it.ticket), it.pick)
        break
      case 'sweep':
        await this.#sweep()
        break
      case 'restart':
        await this.#subject.restart(it.reopen)
        if (it.alarms) this.#subject.alarms = []
    }
    await this.#compare()
  }

  #idOf(n: number): string {
    const ids = [...this.#models.keys()]
    return ids[n % ids.length]!
  }
  #wait(ms: number): void {
    const { clock } = this.#subject
    clock.at = Math.min(Math.max(clock.at, clock.at + ms), LAST)
  }

  /** Runs a command; where it was cut off its outcome is unknown, and the process that comes next is asked again. */
  async #surely<T>(crash: Crash, command: () => Promise<T>): Promise<T> {
    this.#subject.crash = crash
    try {
      return await command()
    } catch (error) {
      if (!(error instanceof CutOff)) throw error
      await this.#subject.restart(crash === 'before')
      return await command()
    } finally {
      this.#subject.crash = null
    }
  }

  async #file(crash: Crash): Promise<void> {
    if (this.#models.size === 3) return
    const filing = { route: 'layanan_digital', cause: 'HP_GANTI', participantRef: 'ps_abcdef', declaration: true }
    const key = `portal:${++this.#keys}`
    const send = (fingerprint: string) =>
      this.#subject.engine.file({ type: 'pengaduan', filing, actor: portal, key, fingerprint })
    const answer = await this.#surely(crash, () => send('f'))
    const model = new ModelTicket()
    model.file(this.#subject.clock.now(), answer.state)
    this.#models.set(answer.ticketId, model)
    this.#remember({ ticketId: answer.ticketId, send, answer })
  }
  #remember(it: Remembered): void {
    this.#answered.push(it)
    this.accepted += 1
  }

  async #send(it: Extract<Line, { do: 'send' }>): Promise<void> {
    const ticketId = this.#idOf(it.ticket)
    const model = this.#models.get(ticketId)!
    const row = (await this.#subject.store.findTicket(ticketId))!
    const { actor, type: name, payload } = this.#chosen(row, it.pick, it.mood)
    const system = actor.role === 'system'
    const versions = { current: model.contentVersion, stale: model.contentVersion - 1, none: undefined }
    const expectedContentVersion = system ? undefined : versions[it.version]
    const key = `${actor.id}:${++this.#keys}`
    const command = { ticketId, actor, key, event: { ...payload, type: name }, expectedContentVersion }
    const send = (fingerprint: string) =>
      this.#subject.engine[system ? 'system' : 'handle']({ ...command, fingerprint })
    const allowedRole = system || type.publicEvents[name]!.roles.includes(actor.role)
    const at = Math.max(this.#subject.clock.now(), model.lastAt)
    const settled = allowedRole && model.settle(at, false)
    const outcome = await this.#surely(it.crash, () => send('f')).catch(codeOf)
    const expected = !allowedRole
      ? 'ROLE_NOT_ALLOWED'
      : this.#versionRefusal(name, expectedContentVersion, model, system)
    if (expected !== null) expect(outcome).toBe(expected)
    if (typeof outcome === 'string') {
      expect(['ROLE_NOT_ALLOWED', 'VERSION_REQUIRED', 'VERSION_STALE', 'EVENT_NOT_ALLOWED', 'OWN_CASE']).toContain(
        outcome,
      )
      if (settled) model.revision += 1
      return
    }
    if (model.terminal) expect(name).toBe('reopen')
    const after = (await this.#subject.store.findTicket(ticketId))!
    model.accept(name, at, outcome.state, payload, after.schedule)
    model.revision += 1
    const { revision, contentVersion } = model
    expect({ ...outcome, facts: [], moves: [], ticketNumber: '', replayed: false }).toEqual({
      ...{ ticketId, ticketNumber: '', state: after.state, facts: [], moves: [], replayed: false },
      ...{ revision, contentVersion },
    })
    this.#remember({ ticketId, send, answer: outcome })
  }
  #versionRefusal(name: string, version: number | undefined, model: ModelTicket, system: boolean): string | null {
    if (system) return null
    if (version === undefined) return type.publicEvents[name]!.needsVersion ? 'VERSION_REQUIRED' : null
    return version === model.contentVersion ? null : 'VERSION_STALE'
  }
  #chosen(row: TicketRow, n: number, mood: Extract<Line, { do: 'send' }>['mood']): Chosen {
    if (mood !== 'blind') return choose({ types, engine: this.#subject.engine }, row, n, mood)
    const [name, payload] = PUBLIC[n % PUBLIC.length]!
    const actor: Actor = ACTORS[Math.floor(n / PUBLIC.length) % ACTORS.length]!
    return { actor, type: name, payload }
  }

  /** A key that is known gives its first answer and changes nothing, whatever happened since. */
  async #repeat(n: number, other: boolean): Promise<void> {
    const { send, answer } = this.#answered[n % this.#answered.length]!
    const outcome = await send(other ? 'g' : 'f').catch(codeOf)
    if (other) expect(outcome).toBe('IDEMPOTENCY_KEY_REUSED')
    else expect(outcome).toEqual({ ...answer, replayed: true })
  }

  /** An alarm rings, early, late, long stale, or several times. */
  async #ring(n: number, times: number, crash: Crash): Promise<void> {
    const { alarms } = this.#subject
    const alarm = alarms[n % alarms.length]
    if (alarm === undefined) return
    await this.#deliver(alarm, times, crash)
  }
  async #deliver(alarm: TimerRow, times: number, crash: Crash): Promise<void> {
    const { clock } = this.#subject
    const model = this.#models.get(alarm.ticketId)!
    if (model.settle(clock.now(), true)) model.revision += 1
    for (let time = 0; time < times; time++)
      await this.#surely(time === 0 ? crash : null, () => this.#subject.engine.deliverTimer(alarm))
  }
  /** An alarm for a timer that never was. */
  async #stray(ticketId: string, n: number): Promise<void> {
    const family = ['sla:resolution', 'hold', 'noReply', 'release', 'nobody'][n % 5]!
    const threshold = ['due', 'end', 'expire', 'open', 'warn50'][n % 4]!
    const dueAt = this.#subject.clock.now()
    await this.#deliver(
      { ticketId, family, threshold, generation: 900 + (n % 99), dueAt, state: 'pending', closedAt: null },
      1,
      null,
    )
  }
  /** What the sweeper does with all that the alarm clock forgot. */
  async #sweep(): Promise<void> {
    const { store, clock } = this.#subject
    for (const timer of await store.pendingTimers(clock.now(), 1_000, null)) await this.#deliver(timer, 1, null)
  }

  async #compare(): Promise<void> {
    const { store } = this.#subject
    for (const [ticketId, model] of this.#models) {
      const [row, log, timers] = await Promise.all([
        store.findTicket(ticketId),
        store.readLog(ticketId, 0, 10_000),
        store.timersOf(ticketId),
      ])
      expect(whatIs(row!, log, timers)).toEqual(whatShouldBe(model))
    }
  }

  async verify(): Promise<void> {
    const { store, engine } = this.#subject
    const { problems } = await verifyStore({ store, types, reference: engine.reference })
    expect(problems).toEqual([])
  }
}

const codeOf = (error: unknown): string => {
  if (error instanceof PulihError) return error.code
  throw error
}

const dueOf = ({ family, threshold, at }: Due) => `${family} ${threshold} ${new Date(at).toISOString()}`
const textOf = (name: string, about: string, at: number) => `${name} ${about} ${new Date(at).toISOString()}`

function whatIs(row: TicketRow, log: readonly LogEntry[], timers: readonly TimerRow[]) {
  const pending = timers.filter((it) => it.state === 'pending')
  return {
    revision: row.revision,
    contentVersion: row.contentVersion,
    state: row.state,
    lastAt: row.updatedAt,
    log: log.map(({ event, at }) => textOf(event.type, aboutOf(event), at)),
    fired: timers.filter((it) => it.state === 'fired').length,
    pending: pending.map(({ family, threshold, dueAt }) => dueOf({ family, threshold, at: dueAt })).toSorted(),
    nextTimerAt: row.nextTimerAt,
    firedInLog: log.filter(({ event }) => isTimerEvent(type, event.type)).length,
  }
}
const aboutOf = ({ target, threshold }: Readonly<Record<string, unknown>>) =>
  typeof target === 'string' && typeof threshold === 'string' ? `${target} ${threshold}` : ''

function whatShouldBe(model: ModelTicket) {
  const pending = model.pending()
  return {
    revision: model.revision,
    contentVersion: model.contentVersion,
    state: model.state,
    lastAt: model.lastAt,
    log: model.log.map(({ type: name, about, at }) => textOf(name, about, at)),
    fired: model.fired,
    pending: pending.map(dueOf).toSorted(),
    nextTimerAt: pending[0]?.at ?? null,
    firedInLog: model.fired,
  }
}
