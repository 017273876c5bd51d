import type { IncidentStore } from '../../../db/staff/incidents.js'
import { PulihError } from '../../engine/errors.js'

interface Link {
  readonly incidentId: string
  readonly ticketId: string
  readonly by: string
  readonly at: number
  readonly dryRun: boolean
}

/** Says that a ticket came of an outage; again is harmless. Throws NOT_FOUND without the incident, INCIDENT_OVER when it has ended. */
export async function linkToIncident(store: IncidentStore, { incidentId, ticketId, by, at, dryRun }: Link) {
  const incident = await store.findIncident(incidentId)
  if (incident === null) throw new PulihError('NOT_FOUND', 'no such incident')
  if (incident.endedAt !== null) throw new PulihError('INCIDENT_OVER', 'this incident has ended')
  if (!dryRun) await store.linkTicket({ incidentId, ticketId, linkedBy: by, linkedAt: at })
}
