import { and, asc, eq, exists, gt, isNull, lte, sql } from 'drizzle-orm'
import type { Sql } from '../sql.js'
import { NO_KEY } from './keys.js'
import type { NewTask } from './tasks.js'

/** Whose personal data are gone for good, and since when. */
export interface TombstoneRow {
  readonly ticketId: string
  readonly reason: string
  readonly erasedAt: number
}
export interface LegalHoldRow {
  readonly ticketId: string
  readonly reason: string
  readonly actorId: string
  readonly placedAt: number
  readonly liftedAt: number | null
}

export interface ErasureStore {
  /**
   * Destroys the ticket's key and removes everything that was sealed under it or found by it, all or nothing; leaves a tombstone.
   * `owed` is the task of saying so in the ticket's log. Harmless when repeated. False when there was nothing left to destroy. Throws (`ticket_keys_legal_hold`) under a legal hold.
   */
  erasePerson(tombstone: TombstoneRow, owed: NewTask): Promise<boolean>
  /** Names in the file store of whatever this ticket keeps there. */
  fileRefsOf(ticketId: string): Promise<readonly string[]>
  findTombstone(ticketId: string): Promise<TombstoneRow | null>
  tombstonesAfter(ticketId: string, limit: number): Promise<readonly TombstoneRow[]>
  /** Waits for an erasure that is under way, and is refused (`ticket_keys_destroyed_for_good`) after it. */
  placeHold(hold: Omit<LegalHoldRow, 'liftedAt'>): Promise<void>
  /** Lifts every hold of the ticket, or those placed until then; how many stood. */
  liftHolds(ticketId: string, at: number, placedUntil?: number): Promise<number>
  holdsOf(ticketId: string): Promise<readonly LegalHoldRow[]>
}

export function erasureStore(store: Sql): ErasureStore {
  return { ...erasing(store), ...tombstones(store), ...holds(store) }
}

function erasing({ t, read, atomically }: Sql): Pick<ErasureStore, 'erasePerson' | 'fileRefsOf'> {
  return {
    async erasePerson({ ticketId, reason, erasedAt }, owed) {
      const [destroyed] = await atomically((db) => {
        const emptied = [
          ...[t.blindIndexes, t.matches, t.accessTokens, t.challenges, t.filingReplies, t.tasks, t.portalDrafts],
          t.objectionLinks,
          t.ticketNotes,
          t.workDrafts,
        ]
        const pages = db
          .select({ id: t.documents.id })
          .from(t.documents)
          .where(and(eq(t.documents.ticketId, ticketId), eq(t.documents.id, t.documentPages.documentId)))
        return [
          // First, because a legal hold is asked about here, under the lock of this row.
          db
            .update(t.ticketKeys)
            .set({ wrapped: null, keyId: NO_KEY, destroyedAt: erasedAt })
            .where(and(eq(t.ticketKeys.ticketId, ticketId), isNull(t.ticketKeys.destroyedAt)))
            .returning({ id: t.ticketKeys.ticketId }),
          db
            .insert(t.tombstones)
            .values({ ticketId, reason, erasedAt })
            .onConflictDoNothing()
            .returning({ id: t.tombstones.ticketId }),
          db
            .update(t.identities)
            .set({ sealed: null })
            .where(eq(t.identities.ticketId, ticketId))
            .returning({ id: t.identities.ticketId }),
          db
            .update(t.contacts)
            .set({ sealed: null })
            .where(eq(t.contacts.ticketId, ticketId))
            .returning({ id: t.contacts.ticketId }),
          ...emptied.map((table) =>
            db.delete(table).where(eq(table.ticketId, ticketId)).returning({ id: table.ticketId }),
          ),
          db
            .insert(t.tasks)
            .values({ ...owed, state: 'pending', attempts: 0 })
            .onConflictDoNothing()
            .returning({ id: t.tasks.id }),
          db.delete(t.localMail).where(eq(t.localMail.ticketId, ticketId)).returning({ id: t.localMail.id }),
          db.delete(t.documentPages).where(exists(pages)).returning({ id: t.documentPages.documentId }),
          db
            .update(t.documents)
            .set({
              state: 'erased',
              code: null,
              nameSealed: null,
              originalRef: null,
              perceptualHash: null,
              contentIndex: '',
            })
            .where(eq(t.documents.ticketId, ticketId))
            .returning({ id: t.documents.id }),
        ]
      })
      return (destroyed?.length ?? 0) > 0
    },
    async fileRefsOf(ticketId) {
      const originals = await read
        .select({ ref: t.documents.originalRef })
        .from(t.documents)
        .where(eq(t.documents.ticketId, ticketId))
      const pages = await read
        .select({ ref: t.documentPages.fileRef })
        .from(t.documentPages)
        .innerJoin(t.documents, eq(t.documents.id, t.documentPages.documentId))
        .where(eq(t.documents.ticketId, ticketId))
      return [...originals, ...pages].flatMap(({ ref }) => (ref === null ? [] : [ref]))
    },
  }
}

function tombstones({ t, read }: Sql): Pick<ErasureStore, 'findTombstone' | 'tombstonesAfter'> {
  return {
    async findTombstone(ticketId) {
      const [row] = await read.select().from(t.tombstones).where(eq(t.tombstones.ticketId, ticketId))
      return row ?? null
    },
    tombstonesAfter: async (ticketId, limit) =>
      read
        .select()
        .from(t.tombstones)
        .where(gt(t.tombstones.ticketId, ticketId))
        .orderBy(asc(t.tombstones.ticketId))
        .limit(limit),
  }
}

function holds({ t, read, write, atomically }: Sql): Pick<ErasureStore, 'placeHold' | 'liftHolds' | 'holdsOf'> {
  const { legalHolds, ticketKeys } = t
  return {
    async placeHold(hold) {
      await atomically((db) => [
        // Changes nothing, but takes the lock that an erasure takes first; a destroyed row refuses it.
        db
          .update(ticketKeys)
          .set({ createdAt: sql`${ticketKeys.createdAt}` })
          .where(eq(ticketKeys.ticketId, hold.ticketId))
          .returning({ id: ticketKeys.ticketId }),
        db.insert(legalHolds).values(hold).returning({ id: legalHolds.ticketId }),
      ])
    },
    async liftHolds(ticketId, at, placedUntil) {
      const lifted = await write
        .update(legalHolds)
        .set({ liftedAt: at })
        .where(
          and(
            eq(legalHolds.ticketId, ticketId),
            isNull(legalHolds.liftedAt),
            placedUntil === undefined ? undefined : lte(legalHolds.placedAt, placedUntil),
          ),
        )
        .returning({ id: legalHolds.ticketId })
      return lifted.length
    },
    holdsOf: async (ticketId) =>
      read.select().from(legalHolds).where(eq(legalHolds.ticketId, ticketId)).orderBy(asc(legalHolds.placedAt)),
  }
}
