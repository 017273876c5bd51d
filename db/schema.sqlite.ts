import { sqliteColumns } from './columns.sqlite.js'
import { defineSchema } from './schema.js'

/** The tables on SQLite. Exported one by one because drizzle-kit reads a module's exports. */
export const {
  tickets,
  ticketLog,
  idempotency,
  timers,
  outbox,
  deliveries,
  deadLetters,
  calendars,
  calendarChanges,
  policies,
  offices,
  units,
  heartbeat,
} = defineSchema(sqliteColumns)
