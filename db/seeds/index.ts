import type { Store } from '../types.js'
import { exampleCalendars as calendars } from './calendars.js'
import { offices, units } from './offices.js'
import type { Policy } from '../../src/machines/policy.js'
import type { TicketType } from '../../src/machines/ticketType.js'
import { PulihError } from '../../src/engine/errors.js'
import { policies } from './policies.js'

/** Publishes the shipped calendars, policies and offices, and the policies that ticket types bring; what is there already stays. Safe to run at every start. */
export async function seedReference(
  store: Store,
  at: number,
  types: ReadonlyMap<string, TicketType> = new Map(),
): Promise<void> {
  for (const calendar of calendars) await store.publishCalendar(calendar, at)
  for (const policy of policies) await store.publishPolicy(policy, at)
  for (const type of types.values()) for (const policy of type.policies ?? []) await publish(store, policy, at)
  const knownUnits = new Set((await store.units()).map((it) => it.id))
  for (const unit of units) if (!knownUnits.has(unit.id)) await store.saveUnit(unit)
  const known = new Set((await store.offices()).map((it) => it.id))
  for (const office of offices) if (!known.has(office.id)) await store.saveOffice(office)
}

/** Throws CONFIGURATION_INVALID where a type's policy was edited after it had been published: promises made by it would change. */
async function publish(store: Store, policy: Policy, at: number): Promise<void> {
  try {
    await store.publishPolicy(policy, at)
  } catch (cause) {
    if (!(cause instanceof PulihError) || cause.code !== 'CONFLICT') throw cause
    throw new PulihError(
      'CONFIGURATION_INVALID',
      `The policy ${policy.id}@${policy.version} of the ticket type ${policy.ticketType} is published with other content: give it a new version.`,
      {},
      { cause },
    )
  }
}
