import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import type { Sql } from '../sql.js'

/** Somebody known to the embedded directory; who, is sealed. */
export interface DirParticipantRow {
  readonly id: string
  readonly nikIndex: string
  readonly sealed: string
}
export interface DirCardRow {
  readonly kpjIndex: string
  readonly participantId: string
}
export interface DirAccountRow {
  readonly id: string
  readonly participantId: string
  readonly nikIndex: string
  readonly state: 'active' | 'disabled'
  /** Grows with every replacement of contacts. */
  readonly version: number
  readonly sealed: string
  readonly sessionsRevokedAt: number | null
  readonly updatedAt: number
}
export interface DirReplacementRow {
  readonly key: string
  /** Keyed hash of what was asked for. */
  readonly requestIndex: string
  readonly accountId: string
  /** The account's version after it. */
  readonly accountVersion: number
  readonly at: number
}
export interface DirRows {
  readonly participants: readonly DirParticipantRow[]
  readonly cards: readonly DirCardRow[]
  readonly accounts: readonly DirAccountRow[]
}

/** The embedded participant directory and account service. */
export interface DirectoryStore {
  /** In one transaction; rows that are there stay as they are. */
  addDirectory(rows: DirRows): Promise<void>
  findDirParticipant(id: string): Promise<DirParticipantRow | null>
  /** Under one of these blind indexes of a NIK. */
  findDirParticipantByNik(indexes: readonly string[]): Promise<DirParticipantRow | null>
  findDirParticipantByKpj(indexes: readonly string[]): Promise<DirParticipantRow | null>
  countDirParticipants(): Promise<number>
  /** Oldest id first. */
  dirAccountsOf(participantId: string): Promise<readonly DirAccountRow[]>
  findDirReplacement(key: string): Promise<DirReplacementRow | null>
  /**
   * The account's new sealed contacts and the record of the key, both or neither. `account.version` is the one after. False when the account
   * was changed or disabled meanwhile; rejects when the key was used on another account meanwhile.
   */
  replaceDirContacts(account: DirAccountRow, key: string, requestIndex: string): Promise<boolean>
  /** False when there is no such account. */
  revokeDirSessions(accountId: string, at: number): Promise<boolean>
}

/** Rows of one INSERT: parameters are counted, and SQLite takes 32 766. */
const ROWS = 500

export function directoryStore(store: Sql): DirectoryStore {
  return { ...participants(store), ...accounts(store) }
}

function participants({
  t,
  read,
  atomically,
}: Sql): Pick<
  DirectoryStore,
  'addDirectory' | 'findDirParticipant' | 'findDirParticipantByNik' | 'findDirParticipantByKpj' | 'countDirParticipants'
> {
  const { dirParticipants, dirCards, dirAccounts } = t
  return {
    async addDirectory(rows) {
      await atomically((db) => [
        ...chunks(rows.participants).map((some) =>
          db.insert(dirParticipants).values(some).onConflictDoNothing().returning({ id: dirParticipants.id }),
        ),
        ...chunks(rows.cards).map((some) =>
          db.insert(dirCards).values(some).onConflictDoNothing().returning({ id: dirCards.participantId }),
        ),
        ...chunks(rows.accounts).map((some) =>
          db.insert(dirAccounts).values(some).onConflictDoNothing().returning({ id: dirAccounts.id }),
        ),
      ])
    },
    async findDirParticipant(id) {
      const [row] = await read.select().from(dirParticipants).where(eq(dirParticipants.id, id))
      return row ?? null
    },
    async findDirParticipantByNik(indexes) {
      const [row] = await read
        .select()
        .from(dirParticipants)
        .where(inArray(dirParticipants.nikIndex, [...indexes]))
        .orderBy(asc(dirParticipants.id))
        .limit(1)
      return row ?? null
    },
    async findDirParticipantByKpj(indexes) {
      const [row] = await read
        .select({ id: dirParticipants.id, nikIndex: dirParticipants.nikIndex, sealed: dirParticipants.sealed })
        .from(dirCards)
        .innerJoin(dirParticipants, eq(dirParticipants.id, dirCards.participantId))
        .where(inArray(dirCards.kpjIndex, [...indexes]))
        .limit(1)
      return row ?? null
    },
    async countDirParticipants() {
      const [row] = await read.select({ count: sql<number | string>`count(*)` }).from(dirParticipants)
      return Number(row?.count ?? 0)
    },
  }
}

function accounts({
  t,
  write,
  atomically,
}: Sql): Pick<DirectoryStore, 'dirAccountsOf' | 'findDirReplacement' | 'replaceDirContacts' | 'revokeDirSessions'> {
  const { dirAccounts, dirReplacements } = t
  return {
    // By `write`: whoever replaces must not decide on a version that is still being written.
    dirAccountsOf: async (participantId) =>
      write.select().from(dirAccounts).where(eq(dirAccounts.participantId, participantId)).orderBy(asc(dirAccounts.id)),
    async findDirReplacement(key) {
      const [row] = await write.select().from(dirReplacements).where(eq(dirReplacements.key, key))
      return row ?? null
    },
    async replaceDirContacts({ id, version, sealed, updatedAt }, key, requestIndex) {
      const before = and(eq(dirAccounts.id, id), eq(dirAccounts.version, version - 1), eq(dirAccounts.state, 'active'))
      // A seal is never made twice: only the row that this very call has written carries it.
      const ours = and(eq(dirAccounts.id, id), eq(dirAccounts.version, version), eq(dirAccounts.sealed, sealed))
      const [, recorded] = await atomically((db) => [
        db.update(dirAccounts).set({ version, sealed, updatedAt }).where(before).returning({ id: dirAccounts.id }),
        db
          .insert(dirReplacements)
          .select(
            db
              .select({
                key: sql<string>`${key}`.as('key'),
                requestIndex: sql<string>`${requestIndex}`.as('request_index'),
                accountId: dirAccounts.id,
                accountVersion: dirAccounts.version,
                at: dirAccounts.updatedAt,
              })
              .from(dirAccounts)
              .where(ours),
          )
          .returning({ key: dirReplacements.key }),
      ])
      return (recorded?.length ?? 0) > 0
    },
    async revokeDirSessions(accountId, at) {
      const done = await write
        .update(dirAccounts)
        .set({ sessionsRevokedAt: at })
        .where(eq(dirAccounts.id, accountId))
        .returning({ id: dirAccounts.id })
      return done.length > 0
    },
  }
}

function chunks<T>(rows: readonly T[]): T[][] {
  const all: T[][] = []
  for (let from = 0; from < rows.length; from += ROWS) all.push(rows.slice(from, from + ROWS))
  return all
}
