import type { Store } from '../../db/types.js'
import { TicketEngine, type EngineParts } from './handle.js'
import { assertPolicyFits } from './ticketTypes.js'
import { ReferenceData } from './reference.js'

export { TicketEngine, type EngineParts } from './handle.js'
export { ReferenceData } from './reference.js'
export { loadTicketType, loadTicketTypes, type TicketTypes } from './ticketTypes.js'
export { createIds, pooled, isTicketNumber } from './ids.js'
export { systemClock, VirtualClock } from './clock.js'
export { PulihError } from './errors.js'

/** Reads calendars, policies and offices from the store. */
export async function loadReference(store: Store): Promise<ReferenceData> {
  const [calendars, policies, offices] = await Promise.all([store.calendars(), store.policies(), store.offices()])
  return new ReferenceData({ calendars, policies, offices })
}

/** An engine over a store whose reference data are published. Throws CONFIGURATION_INVALID for a policy in force that does not fit its type. */
export async function createEngine(parts: Omit<EngineParts, 'reference'>): Promise<TicketEngine> {
  const reference = await loadReference(parts.store)
  const inForce = new Map(reference.policies().map((policy) => [policy.id, reference.policy(policy.id)]))
  for (const policy of inForce.values()) {
    const type = parts.types.get(policy.ticketType)
    if (type !== undefined) assertPolicyFits(type, policy)
  }
  return new TicketEngine({ ...parts, reference })
}
export { verifyStore } from './verify.js'
export { beginCalendarChange, neverOpens, planCalendarChange } from './calendarChangePlan.js'
export {
  previewCalendarChange,
  QUIET_MS,
  resumeCalendarChanges,
  runCalendarChange,
  tally,
  type PreviewedTicket,
} from './calendarChangeRun.js'
