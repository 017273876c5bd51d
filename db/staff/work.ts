import type { Sql } from '../sql.js'
import { assignmentStore, type AssignmentStore } from './assignments.js'
import { bulkStore, type BulkStore } from './bulk.js'
import { incidentStore, type IncidentStore } from './incidents.js'
import { rosterStore, type RosterStore } from './roster.js'
import { stateCountStore, type StateCountStore } from './stateCounts.js'
import { worklistStore, type WorklistStore } from './worklist.js'

/** Who works on what. */
export interface WorkStores {
  readonly assignments: AssignmentStore
  readonly worklist: WorklistStore
  readonly roster: RosterStore
  readonly bulk: BulkStore
  readonly incidents: IncidentStore
  readonly stateCounts: StateCountStore
}

export const workStores = (sql: Sql): WorkStores => ({
  assignments: assignmentStore(sql),
  worklist: worklistStore(sql),
  roster: rosterStore(sql),
  bulk: bulkStore(sql),
  incidents: incidentStore(sql),
  stateCounts: stateCountStore(sql),
})
