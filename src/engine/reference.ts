import { compileCalendar, type BusinessCalendar, type CalendarSpec } from '../calendar/index.js'
import type { Policy } from '../machines/policy.js'
import type { Store } from '../../db/types.js'
import { PulihError } from './errors.js'
import type { Office, Reference } from './types.js'

/** Calendars, policies and offices in memory. Versions are immutable, so what was compiled once stays true. */
export class ReferenceData implements Reference {
  readonly #calendars = new Map<string, { spec: CalendarSpec; compiled: BusinessCalendar | null }>()
  readonly #latestCalendar = new Map<string, number>()
  readonly #policies = new Map<string, Policy>()
  readonly #latestPolicy = new Map<string, number>()
  readonly #offices = new Map<string, Office>()

  /** Takes data as the store gives them. */
  constructor(data: { calendars: readonly CalendarSpec[]; policies: readonly Policy[]; offices: readonly Office[] }) {
    for (const spec of data.calendars) this.addCalendar(spec)
    for (const policy of data.policies) this.addPolicy(policy)
    for (const office of data.offices) this.#offices.set(office.id, office)
  }

  addCalendar(spec: CalendarSpec): void {
    this.#calendars.set(`${spec.id}@${spec.version}`, { spec, compiled: null })
    this.#latestCalendar.set(spec.id, Math.max(spec.version, this.#latestCalendar.get(spec.id) ?? 0))
  }
  addPolicy(policy: Policy): void {
    this.#policies.set(`${policy.id}@${policy.version}`, policy)
    this.#latestPolicy.set(policy.id, Math.max(policy.version, this.#latestPolicy.get(policy.id) ?? 0))
  }

  /**
   * Learns calendar versions published since the last time; true if there was one. Policies are another matter: they are held against
   * their ticket type at the start.
   */
  async learn(store: Pick<Store, 'calendarCount' | 'calendars'>): Promise<boolean> {
    if ((await store.calendarCount()) === this.#calendars.size) return false
    const fresh = (await store.calendars()).filter((spec) => !this.#calendars.has(`${spec.id}@${spec.version}`))
    for (const spec of fresh) this.addCalendar(spec)
    return fresh.length > 0
  }

  /** Another number after something was added. */
  get edition(): number {
    return this.#calendars.size + this.#policies.size
  }

  /** The policy of a version, or the one in force. Throws NOT_FOUND. */
  policy(id: string, version = this.#latestPolicy.get(id)): Policy {
    const found = this.#policies.get(`${id}@${version ?? 0}`)
    if (found === undefined) throw new PulihError('NOT_FOUND', 'no such policy')
    return found
  }
  /** The policy in force for a ticket type. Throws CONFIGURATION_INVALID when there is none. */
  policyFor(ticketType: string): Policy {
    const ids = new Set([...this.#policies.values()].filter((it) => it.ticketType === ticketType).map((it) => it.id))
    const [id] = ids
    if (id === undefined) throw new PulihError('CONFIGURATION_INVALID', `no policy for the ticket type ${ticketType}`)
    return this.policy(id)
  }
  /** The calendar of a version, or the one in force; compiled at first use. Throws NOT_FOUND. */
  calendar(id: string, version = this.#latestCalendar.get(id)): BusinessCalendar {
    const found = this.#calendars.get(`${id}@${version ?? 0}`)
    if (found === undefined) throw new PulihError('NOT_FOUND', 'no such calendar', { unknownCalendar: id })
    found.compiled ??= compileCalendar(found.spec)
    return found.compiled
  }
  /** Throws NOT_FOUND. */
  office(id: string): Office {
    const found = this.#offices.get(id)
    if (found === undefined) throw new PulihError('NOT_FOUND', 'no such office')
    return found
  }
  hasOffice(id: string): boolean {
    return this.#offices.has(id)
  }
  calendars(): readonly CalendarSpec[] {
    return [...this.#calendars.values()].map((it) => it.spec)
  }
  policies(): readonly Policy[] {
    return [...this.#policies.values()]
  }
  offices(): readonly Office[] {
    return [...this.#offices.values()]
  }
}
