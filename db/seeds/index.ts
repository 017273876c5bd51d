import type { Store } from '../types.js'
import { exampleCalendars as calendars } from './calendars.js'
import { offices, units } from './offices.js'
import { policies } from './policies.js'

/** Publishes the shipped calendars, policies and offices; what is there already stays. Safe to run at every start. */
export async function seedReference(store: Store, at: number): Promise<void> {
  for (const calendar of calendars) await store.publishCalendar(calendar, at)
  for (const policy of policies) await store.publishPolicy(policy, at)
  const knownUnits = new Set((await store.units()).map((it) => it.id))
  for (const unit of units) if (!knownUnits.has(unit.id)) await store.saveUnit(unit)
  const known = new Set((await store.offices()).map((it) => it.id))
  for (const office of offices) if (!known.has(office.id)) await store.saveOffice(office)
}
