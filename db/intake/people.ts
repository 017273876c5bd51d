import { and, desc, eq, inArray, isNull, ne, or, sql } from 'drizzle-orm'
import type { Sql } from '../sql.js'
import { identityRows } from './identities.js'
import { disagreements } from './disagreements.js'
import type { Channel, PeopleStore } from './peopleRows.js'

export type * from './peopleRows.js'

export function peopleStore(store: Sql): PeopleStore {
  return {
    ...identityRows(store),
    ...contactRows(store),
    disagreements: disagreements(store),
    ...indexRows(store),
    ...findings(store),
  }
}

function contactRows({
  t,
  read,
  write,
  atomically,
}: Sql): Pick<PeopleStore, 'contactsOf' | 'addContact' | 'changeContact' | 'withdrawProof' | 'markProven'> {
  const { contacts } = t
  const of = (ticketId: string, channel: Channel) => and(eq(contacts.ticketId, ticketId), eq(contacts.channel, channel))
  return {
    contactsOf: async (ticketId) => read.select().from(contacts).where(eq(contacts.ticketId, ticketId)),
    async addContact(row) {
      const done = await write.insert(contacts).values(row).onConflictDoNothing().returning({ id: contacts.ticketId })
      return done.length > 0
    },
    async changeContact(row, indexes, only) {
      const { generation, sealed, updatedAt } = row
      const [done] = await atomically((db) => [
        db
          .update(contacts)
          .set({ generation, sealed, updatedAt, provenGeneration: null, provenAt: null })
          .where(
            and(
              of(row.ticketId, row.channel),
              eq(contacts.generation, generation - 1),
              only === undefined ? undefined : isNull(contacts.provenGeneration),
            ),
          )
          .returning({ id: contacts.ticketId }),
        ...(indexes.length === 0
          ? []
          : [
              db
                .insert(t.blindIndexes)
                .values([...indexes])
                .onConflictDoNothing()
                .returning({ id: t.blindIndexes.ticketId }),
            ]),
      ])
      return (done?.length ?? 0) > 0
    },
    async withdrawProof(ticketId, channel, task) {
      await atomically((db) => [
        db
          .update(contacts)
          .set({ provenGeneration: null, provenAt: null })
          .where(of(ticketId, channel))
          .returning({ id: contacts.ticketId }),
        db
          .insert(t.tasks)
          .values({ ...task, state: 'pending', attempts: 0 })
          .onConflictDoNothing()
          .returning({ id: t.tasks.id }),
      ])
    },
    async markProven(ticketId, channel, generation, at) {
      const unproven = or(isNull(contacts.provenGeneration), ne(contacts.provenGeneration, generation))
      const done = await write
        .update(contacts)
        .set({ provenGeneration: generation, provenAt: at })
        .where(and(of(ticketId, channel), eq(contacts.generation, generation), unproven))
        .returning({ id: contacts.ticketId })
      return done.length > 0
    },
  }
}

function indexRows({ t, read, write }: Sql): Pick<PeopleStore, 'indexesOf' | 'addIndexes' | 'sharing'> {
  const { blindIndexes } = t
  return {
    indexesOf: async (ticketId) => read.select().from(blindIndexes).where(eq(blindIndexes.ticketId, ticketId)),
    async addIndexes(rows) {
      if (rows.length > 0)
        await write
          .insert(blindIndexes)
          .values([...rows])
          .onConflictDoNothing()
    },
    sharing: async (kind, values, except, limit) =>
      values.length === 0
        ? []
        : read
            .select()
            .from(blindIndexes)
            .where(
              and(
                eq(blindIndexes.kind, kind),
                inArray(blindIndexes.value, [...values]),
                ne(blindIndexes.ticketId, except),
              ),
            )
            .orderBy(desc(blindIndexes.createdAt))
            .limit(limit),
  }
}

function findings({
  t,
  read,
  write,
  byKey,
}: Sql): Pick<
  PeopleStore,
  'raiseFlag' | 'flagsOf' | 'linkCompeting' | 'competingWith' | 'saveMatch' | 'findMatch' | 'keepOldContacts'
> {
  const { riskFlags, competingCases, matches } = t
  return {
    async raiseFlag(flag) {
      const raised = await write
        .insert(riskFlags)
        .values(flag)
        .onConflictDoNothing()
        .returning({ code: riskFlags.code })
      return raised.length > 0
    },
    flagsOf: async (ticketId) =>
      read.select().from(riskFlags).where(eq(riskFlags.ticketId, ticketId)).orderBy(riskFlags.raisedAt, riskFlags.code),
    async linkCompeting(oneId, otherId, at) {
      const [ticketId, later] = oneId < otherId ? [oneId, otherId] : [otherId, oneId]
      await write.insert(competingCases).values({ ticketId, otherId: later, linkedAt: at }).onConflictDoNothing()
    },
    async competingWith(ticketId) {
      const rows = await read
        .select()
        .from(competingCases)
        .where(or(eq(competingCases.ticketId, ticketId), eq(competingCases.otherId, ticketId)))
      return rows.map((row) => (row.ticketId === ticketId ? row.otherId : row.ticketId))
    },
    async saveMatch(row) {
      const { identityVersion, outcome, participantId, findings: found, matchedAt } = row
      // Somebody else's contacts are not this account's.
      const same = sql`${matches.participantId} = excluded.participant_id`
      const oldContacts = sql`case when ${same} then ${matches.oldContacts} end`
      const set = { identityVersion, outcome, participantId, findings: found, matchedAt, oldContacts }
      await write
        .insert(matches)
        .values(row)
        .onConflictDoUpdate({
          target: matches.ticketId,
          set,
          setWhere: sql`${matches.identityVersion} <= ${row.identityVersion}`,
        })
    },
    async keepOldContacts(ticketId, sealed) {
      await write
        .update(matches)
        .set({ oldContacts: sealed })
        .where(and(eq(matches.ticketId, ticketId), isNull(matches.oldContacts)))
    },
    findMatch: byKey(matches, 'ticketId'),
  }
}
