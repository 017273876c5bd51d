import { and, eq, inArray, ne, sql } from 'drizzle-orm'
import type { Sql } from '../sql.js'
import type { PeopleStore } from './peopleRows.js'

/** Work that makes ticket and contact say the same, sooner or later. */
const MENDING = ['prove_contact', 'settle_contact']

/**
 * A closed ticket is not asked: a reopening that was cut short leaves its proofs taken back, and all of them are given anew before it moves on.
 */
export function disagreements({ t, read, shared }: Sql): PeopleStore['disagreements'] {
  const { contacts, tickets, tasks } = t
  const says = (name: string) =>
    shared
      ? sql<boolean>`coalesce((${tickets.snapshot} -> 'context' ->> ${name}) = 'true', false)`
      : sql<boolean>`coalesce(json_extract(${tickets.snapshot}, ${`$.context.${name}`}) = 1, 0)`
  const held = sql`(case when ${contacts.channel} = 'email' then ${says('provenEmail')} else ${says('provenPhone')} end)`
  const proven = sql`coalesce(${contacts.provenGeneration} = ${contacts.generation}, ${shared ? sql`false` : sql`0`})`
  const mending = and(eq(tasks.ticketId, contacts.ticketId), eq(tasks.state, 'pending'), inArray(tasks.kind, MENDING))
  return async (limit) => {
    const rows = await read
      .select({ ticketId: contacts.ticketId, channel: contacts.channel, row: sql<unknown>`${proven}` })
      .from(contacts)
      .innerJoin(tickets, eq(tickets.id, contacts.ticketId))
      .where(
        and(
          ne(tickets.standing, 'terminal'),
          sql`${held} <> ${proven}`,
          sql`not exists (select 1 from ${tasks} where ${mending})`,
        ),
      )
      .orderBy(contacts.ticketId, contacts.channel)
      .limit(limit)
    return rows.map(({ ticketId, channel, row }) => ({
      ticketId,
      channel,
      provenBy: Number(row) === 1 ? 'row' : 'ticket',
    }))
  }
}
