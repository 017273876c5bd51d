import { and, desc, eq, inArray, isNull, ne, or, sql } from 'drizzle-orm'
import type { Sql } from '../sql.js'
import type { NewTask } from './tasks.js'

export type Channel = 'email' | 'phone'
export interface IdentityRow {
  readonly ticketId: string
  /** Grows with every correction. */
  readonly version: number
  /** Null once erased. */
  readonly sealed: string | null
  readonly noticeVersion: string
  readonly purpose: string
  readonly legalBasis: string
  readonly createdAt: number
  readonly updatedAt: number
}
export interface ContactRow {
  readonly ticketId: string
  readonly channel: Channel
  readonly generation: number
  readonly sealed: string | null
  readonly provenGeneration: number | null
  readonly provenAt: number | null
  readonly updatedAt: number
}
export interface IndexRow {
  readonly ticketId: string
  readonly kind: string
  readonly keyId: string
  readonly value: string
  readonly createdAt: number
}
export interface RiskFlagRow {
  readonly ticketId: string
  readonly code: string
  /** Codes, counts and ids only. */
  readonly detail: Readonly<Record<string, unknown>>
  readonly raisedAt: number
}
export interface MatchRow {
  readonly ticketId: string
  readonly identityVersion: number
  readonly outcome: 'found' | 'notFound'
  readonly participantId: string | null
  readonly findings: Readonly<Record<string, unknown>>
  readonly matchedAt: number
}
/** A match as it is kept. */
export interface KeptMatch extends MatchRow {
  /** The account's contacts from before anything was changed, sealed; null until they were looked at. */
  readonly oldContacts: string | null
}

export interface PeopleStore {
  /** All or none; CONFLICT when this ticket has an identity already. */
  addPerson(identity: IdentityRow, contacts: readonly ContactRow[], indexes: readonly IndexRow[]): Promise<void>
  findIdentity(ticketId: string): Promise<IdentityRow | null>
  /** The next version; false when another correction came first. */
  replaceIdentity(row: IdentityRow, indexes: readonly IndexRow[]): Promise<boolean>
  contactsOf(ticketId: string): Promise<readonly ContactRow[]>
  /** A new address: the next generation, unproven. False when another change came first, or a proof that `unproven` rules out. */
  changeContact(row: ContactRow, indexes: readonly IndexRow[], only?: { readonly unproven: true }): Promise<boolean>
  /** Takes the proof of its present address back; the task that tells the ticket is in the same commit. */
  withdrawProof(ticketId: string, channel: Channel, task: NewTask): Promise<void>
  /** False when the address was changed meanwhile, or this one is proven already. */
  markProven(ticketId: string, channel: Channel, generation: number, at: number): Promise<boolean>
  indexesOf(ticketId: string): Promise<readonly IndexRow[]>
  addIndexes(rows: readonly IndexRow[]): Promise<void>
  /** Other tickets under one of these values, newest first. */
  sharing(kind: string, values: readonly string[], except: string, limit: number): Promise<readonly IndexRow[]>
  /** The first reason under a code stays. True when it is new. */
  raiseFlag(flag: RiskFlagRow): Promise<boolean>
  flagsOf(ticketId: string): Promise<readonly RiskFlagRow[]>
  linkCompeting(oneId: string, otherId: string, at: number): Promise<void>
  competingWith(ticketId: string): Promise<readonly string[]>
  saveMatch(row: MatchRow): Promise<void>
  findMatch(ticketId: string): Promise<KeptMatch | null>
  /** Once: what is kept stays. */
  keepOldContacts(ticketId: string, sealed: string): Promise<void>
}

export function peopleStore(store: Sql): PeopleStore {
  return { ...identities(store), ...contactRows(store), ...indexRows(store), ...findings(store) }
}

function identities({ t, read, atomically }: Sql): Pick<PeopleStore, 'addPerson' | 'findIdentity' | 'replaceIdentity'> {
  return {
    async addPerson(identity, contacts, indexes) {
      await atomically((db) => [
        db.insert(t.identities).values(identity).returning({ id: t.identities.ticketId }),
        ...(contacts.length === 0
          ? []
          : [
              db
                .insert(t.contacts)
                .values([...contacts])
                .returning({ id: t.contacts.ticketId }),
            ]),
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
    },
    async findIdentity(ticketId) {
      const [row] = await read.select().from(t.identities).where(eq(t.identities.ticketId, ticketId))
      return row ?? null
    },
    async replaceIdentity(row, indexes) {
      const { version, sealed, updatedAt } = row
      const [done] = await atomically((db) => [
        db
          .update(t.identities)
          .set({ version, sealed, updatedAt })
          .where(and(eq(t.identities.ticketId, row.ticketId), eq(t.identities.version, version - 1)))
          .returning({ id: t.identities.ticketId }),
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
  }
}

function contactRows({
  t,
  read,
  write,
  atomically,
}: Sql): Pick<PeopleStore, 'contactsOf' | 'changeContact' | 'withdrawProof' | 'markProven'> {
  const { contacts } = t
  const of = (ticketId: string, channel: Channel) => and(eq(contacts.ticketId, ticketId), eq(contacts.channel, channel))
  return {
    contactsOf: async (ticketId) => read.select().from(contacts).where(eq(contacts.ticketId, ticketId)),
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
    async findMatch(ticketId) {
      const [row] = await read.select().from(matches).where(eq(matches.ticketId, ticketId))
      return row ?? null
    },
  }
}
