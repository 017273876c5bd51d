import { z } from 'zod'

const IncidentPolicy = z.strictObject({
  version: z.int().min(1),
  /** Whether promises wait while our own systems are down. */
  clocks: z.literal('run'),
  source: z.string(),
})
export type IncidentPolicy = z.infer<typeof IncidentPolicy>

/**
 * What an outage does to promises. Our trouble is no reason for somebody else to wait longer, so the clocks run; a day on which offices were
 * really closed is a calendar change, which moves dates openly and with its reason.
 */
export const INCIDENT_POLICY: IncidentPolicy = IncidentPolicy.parse({
  version: 1,
  clocks: 'run',
  source: 'R29: an outage is ours; proposed by the product',
})
