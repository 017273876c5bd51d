import type { AnyMachineSnapshot } from 'xstate'
import { faultsOf, missingWords } from './check.js'
import { leavesOf, regionsOf } from './chart.js'
import type { Effect } from './effects.js'
import { slaFamily, type Timed } from './generations.js'
import type { Policy } from './policy.js'
import { sampleOf, type Dice } from './samples.js'
import { begin, step, tagsOf } from './snapshots.js'
import type { Actor, Role, TicketEvent, TicketType } from './ticketType.js'

export interface Checked {
  readonly faults: readonly string[]
  /** Configurations met; `complete`: there are no others. */
  readonly configurations: number
  readonly complete: boolean
  /** Events for whose payload no sample was found: give one in `samples`. */
  readonly unsampled: readonly string[]
}
export interface CheckOptions {
  /** The policy to walk under; default: the first the type brings along. */
  readonly policy?: Policy
  /** Stops after this many configurations (default 20 000): what was not met by then is not held against the type. */
  readonly limit?: number
}

/** The one instant of the walk: a Monday morning. No configuration may depend on which. */
const NOW = Date.UTC(2026, 0, 5, 3)
const SYSTEM: Actor = { id: 'system', role: 'system' }

/**
 * Everything that can be proved of a ticket type without running it: what the loader looks at, words for people, and a walk through all
 * its configurations. Every state is reached; from everywhere an end can be reached; a wait for the participant has a deadline; a closed
 * ticket has no timer left; no timer of an old generation is taken; the policy knows every promise and deadline that the machine asks for.
 */
export function checkTicketType(type: TicketType, options: CheckOptions = {}): Checked {
  const faults = faultsOf(type)
  if (faults.length > 0) return { faults, configurations: 0, complete: false, unsampled: [] }
  const policy = options.policy ?? type.policies?.[0]
  if (policy === undefined)
    return { faults: ['it brings no policy'], configurations: 0, complete: false, unsampled: [] }
  const walk = new Walk(type, policy, options.limit ?? 20_000)
  walk.run()
  const { configurations, complete, unsampled } = walk
  return { faults: [...missingWords(type), ...walk.faults()], configurations, complete, unsampled }
}

interface Place {
  readonly snapshot: AnyMachineSnapshot
  readonly leaf: string
  readonly terminal: boolean
  /** Index of the place before, and the event that led here. */
  readonly from: number
  readonly via: string
  expanded: boolean
}

class Walk {
  readonly #type: TicketType
  readonly #policy: Policy
  readonly #limit: number
  readonly #places: Place[] = []
  readonly #known = new Map<string, number>()
  readonly #back: number[][] = []
  readonly #faults = new Set<string>()
  readonly #people: readonly TicketEvent[]
  readonly unsampled: string[] = []

  constructor(type: TicketType, policy: Policy, limit: number) {
    this.#type = type
    this.#policy = policy
    this.#limit = limit
    this.#people = this.#peoplesEvents()
  }

  get configurations(): number {
    return this.#places.length
  }
  get complete(): boolean {
    return this.#places.every((it) => it.expanded)
  }

  run(): void {
    for (const { by, filing } of this.#filings()) this.#file(by, filing)
    for (let next = 0; next < this.#places.length && next < this.#limit; next++) this.#expand(next)
  }

  faults(): readonly string[] {
    const { targets, machine } = this.#type
    const met = new Set(this.#places.map((it) => it.leaf))
    const handling = regionsOf(machine.root).filter((it) => targets[it.key] === undefined)
    const missing = handling.flatMap(leavesOf).filter((leaf) => !met.has(leaf.key))
    const unreached = this.complete ? missing.map((leaf) => `the state ${leaf.key} is never reached`) : []
    return [...this.#faults, ...unreached, ...this.#deadEnds()]
  }

  /** Places from which no end can be reached; one that was not walked on from counts as open. */
  #deadEnds(): readonly string[] {
    const ends = this.#places.flatMap((it, index) => (it.terminal || !it.expanded ? [index] : []))
    const reached = new Set(ends)
    for (let next = ends.pop(); next !== undefined; next = ends.pop())
      for (const before of this.#back[next] ?? []) {
        if (reached.has(before)) continue
        reached.add(before)
        ends.push(before)
      }
    const at = this.#places.findIndex((_, index) => !reached.has(index))
    return at === -1 ? [] : [`no way leads from here to an end: ${this.#pathTo(at)}`]
  }

  #file(by: Role, filing: Readonly<Record<string, unknown>>): void {
    const { filing: schema, filingEvent } = this.#type
    const actor = { id: by, role: by }
    const parsed = schema.safeParse(filing)
    if (!parsed.success) {
      this.#faults.add('the filing of a story does not fit the filing schema')
      return
    }
    const first = begin(
      this.#type,
      this.#type.input({ filing: parsed.data as never, policy: this.#policy, actor, at: NOW }),
    )
    this.#judge(first.effects, 'filing')
    this.#arrive(first.snapshot, -1, by)
    if (!first.snapshot.can({ type: filingEvent, at: NOW, actor }))
      this.#faults.add(`the first state does not take the filing event ${filingEvent}`)
  }

  #expand(index: number): void {
    const place = this.#places[index]
    if (place === undefined) return
    place.expanded = true
    for (const event of [...this.#people, ...this.#timers(place)]) {
      if (!this.#can(place, event)) continue
      if (event['stale'] === true) {
        this.#faults.add(`${event.type} of an old generation is taken in the state ${place.leaf}`)
        continue
      }
      const { snapshot, effects } = step(this.#type, place.snapshot, event)
      this.#judge(effects, event.type)
      const to = this.#arrive(snapshot, index, event.type)
      ;(this.#back[to] ??= []).push(index)
    }
  }
  #can(place: Place, event: TicketEvent): boolean {
    try {
      return place.snapshot.can(event)
    } catch {
      this.#faults.add(`a guard of ${event.type} throws in the state ${place.leaf}`)
      return false
    }
  }

  #arrive(snapshot: AnyMachineSnapshot, from: number, via: string): number {
    const key = keyOf(snapshot)
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const tags = tagsOf(snapshot)
    const place = {
      snapshot,
      leaf: this.#type.stateOf(snapshot),
      terminal: tags.includes('terminal'),
      from,
      via,
      expanded: false,
    }
    const index = this.#places.push(place) - 1
    this.#known.set(key, index)
    const { armed, pauseCauses } = snapshot.context as Timed
    const deadlines = Object.keys(armed).filter((it) => !it.startsWith(slaFamily('')))
    if (place.terminal && Object.keys(armed).length + pauseCauses.length > 0)
      this.#faults.add(`the closed state ${place.leaf} leaves a timer or a pause behind: ${this.#pathTo(index)}`)
    if (place.terminal && this.#type.columns(snapshot.context).closedAt === null)
      this.#faults.add(`the closed state ${place.leaf} has no closing instant`)
    if (tags.includes('waitingOnParticipant') && deadlines.length === 0)
      this.#faults.add(`the state ${place.leaf} waits for the participant without a deadline`)
    return index
  }

  /** Does the policy know what the machine asks for? */
  #judge(effects: readonly Effect[], event: string): void {
    for (const { type, params } of effects) {
      if (type === 'deadline.arm' && this.#policy.deadlines[params.deadline]?.[params.variant] === undefined)
        this.#faults.add(`the policy has no deadline ${params.deadline} ${params.variant}, asked for by ${event}`)
      if (
        (type === 'clock.start' || type === 'clock.redate') &&
        this.#policy.routes[params.route]?.targets[params.target] === undefined
      )
        this.#faults.add(`the policy promises no ${params.target} on the route ${params.route}, asked for by ${event}`)
    }
  }

  #pathTo(index: number): string {
    const names: string[] = []
    let place = this.#places[index]
    const { leaf } = place ?? { leaf: '?' }
    for (; place !== undefined && place.from >= 0; place = this.#places[place.from]) names.unshift(place.via)
    return [...names, leaf].join(' > ')
  }

  /** The filings of its stories; without any, three samples by each role that may file. */
  #filings(): readonly { by: Role; filing: Readonly<Record<string, unknown>> }[] {
    const { stories = [], publicEvents, filingEvent, filing } = this.#type
    if (stories.length > 0) return stories
    const roles = publicEvents[filingEvent]?.roles ?? []
    const samples = [1, 2, 3].map((seed) => sampleOf(filing, diceOf(seed))).filter((it) => it !== undefined)
    if (samples.length === 0) this.#faults.add('no sample fits the filing schema: give a story')
    return roles.flatMap((by) => samples.map((it) => ({ by, filing: it as Readonly<Record<string, unknown>> })))
  }

  /** Every event that people and outside systems can send: by each role, with each sample of its payload. */
  #peoplesEvents(): readonly TicketEvent[] {
    const { publicEvents, internalEvents, deadlines, samples = {} } = this.#type
    const timed = new Set(Object.values(deadlines).flatMap((family) => Object.values(family)))
    const inside = Object.entries(internalEvents).filter(([name]) => !timed.has(name) && !name.startsWith('sla.'))
    return [...Object.entries(publicEvents), ...inside].flatMap(([name, declared]) => {
      const { roles = ['system'] } = declared as { roles?: readonly Role[] }
      const made = [1, 2].map((seed) => sampleOf(declared.payload, diceOf(seed))).filter((it) => it !== undefined)
      const payloads = samples[name] ?? (made as Readonly<Record<string, unknown>>[])
      if (payloads.length === 0) this.unsampled.push(name)
      const fits = payloads.filter((it) => declared.payload.safeParse(it).success)
      if (fits.length < payloads.length) this.#faults.add(`a sample of ${name} does not fit its schema`)
      const different = [...new Map(fits.map((it) => [JSON.stringify(it), it])).values()]
      return roles.flatMap((role) =>
        different.map((payload) => ({ ...payload, type: name, at: NOW, actor: { id: role, role } })),
      )
    })
  }

  /** Every timer that could ring here, of the generation in force and of one that is not. */
  #timers({ snapshot }: Place): readonly TicketEvent[] {
    const { armed, generation: newest } = snapshot.context as Timed
    const { deadlines, targets } = this.#type
    const stamp = { at: NOW, actor: SYSTEM }
    const both = (family: string, event: { type: string; target?: string; threshold?: string }): TicketEvent[] => {
      const generation = armed[family]
      const old = { ...event, ...stamp, generation: newest + 1, stale: true }
      return generation === undefined ? [old] : [{ ...event, ...stamp, generation }, old]
    }
    return [
      ...Object.entries(deadlines).flatMap(([family, thresholds]) =>
        [...new Set(Object.values(thresholds))].flatMap((type) => both(family, { type })),
      ),
      ...Object.keys(targets).flatMap((target) =>
        SLA_TIMERS.flatMap(([type, threshold]) => both(slaFamily(target), { type, target, threshold })),
      ),
    ]
  }
}
const SLA_TIMERS = [
  ['sla.warn', 'warn50'],
  ['sla.due', 'due'],
  ['sla.escalate', 'ladder1'],
] as const

/** Two configurations are one when only numbers that grow, instants, or names of people tell them apart. */
function keyOf(snapshot: AnyMachineSnapshot): string {
  const { armed, cycle } = snapshot.context as Timed
  const alike = { generation: 0, armed: Object.keys(armed).sort(), cycle: Math.min(cycle, 2) }
  const context = JSON.stringify({ ...(snapshot.context as Timed), ...alike })
  return `${JSON.stringify(snapshot.value)} ${context}`
}

const diceOf = (seed: number): Dice => {
  let state = seed * 0x9e3779b9
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x297a2d39) >>> 0
    return (state >>> 8) % Math.max(below, 1)
  }
}
