import { and, eq, sql } from 'drizzle-orm'
import type { Sql } from '../sql.js'
import { insertWhere } from './insertWhere.js'
import type { PeopleStore } from './peopleRows.js'

type Identities = Pick<PeopleStore, 'addPerson' | 'findIdentity' | 'replaceIdentity'>

/** What was declared, and by what it is found; each write is whole or not at all. */
export function identityRows({ t, byKey, atomically, shared }: Sql): Identities {
  const { identities, contacts: contactTable, blindIndexes, tickets, tasks } = t
  return {
    async addPerson(identity, contacts, indexes) {
      await atomically((db) => [
        db.insert(identities).values(identity).returning({ id: identities.ticketId }),
        ...(contacts.length === 0
          ? []
          : [
              db
                .insert(contactTable)
                .values([...contacts])
                .returning({ id: contactTable.ticketId }),
            ]),
        ...(indexes.length === 0
          ? []
          : [
              db
                .insert(blindIndexes)
                .values([...indexes])
                .onConflictDoNothing()
                .returning({ id: blindIndexes.ticketId }),
            ]),
      ])
    },
    findIdentity: byKey(identities, 'ticketId'),
    async replaceIdentity({ ticketId, version, sealed, updatedAt }, indexes, under) {
      const order =
        under === undefined
          ? undefined
          : sql`exists (select 1 from ${tickets} where ${and(
              eq(tickets.id, ticketId),
              eq(tickets.contentVersion, under.contentVersion),
            )}) and not exists (select 1 from ${tasks} where ${and(
              eq(tasks.ticketId, ticketId),
              eq(tasks.kind, under.task.kind),
              eq(tasks.state, 'pending'),
            )})`
      // No ciphertext comes twice: what follows is written with this very version, or not at all.
      const mine = and(eq(identities.ticketId, ticketId), eq(identities.sealed, sealed ?? ''))
      const written = sql`exists (select 1 from ${identities} where ${mine})`
      const results = await atomically((db) => [
        // Whoever moves the ticket on waits until this is written, or comes first and is seen.
        ...(shared ? [db.select({ id: tickets.id }).from(tickets).where(eq(tickets.id, ticketId)).for('update')] : []),
        db
          .update(identities)
          .set({ version, sealed, updatedAt })
          .where(and(eq(identities.ticketId, ticketId), eq(identities.version, version - 1), order))
          .returning({ id: identities.ticketId }),
        ...(under === undefined
          ? []
          : [
              insertWhere(db, tasks, { ...under.task, state: 'pending', attempts: 0 }, written).returning({
                id: tasks.id,
              }),
            ]),
        ...indexes.map((row) =>
          insertWhere(db, blindIndexes, { ...row }, written)
            .onConflictDoNothing()
            .returning({ id: blindIndexes.ticketId }),
        ),
      ])
      return (results[shared ? 1 : 0]?.length ?? 0) > 0
    },
  }
}
