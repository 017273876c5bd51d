import { and, eq, gt, lte } from 'drizzle-orm'
import type { Sql } from '../sql.js'

/** A complaint that is being written (schemaPortal.ts). */
export interface DraftRow {
  /** Of the cookie that opens it. */
  readonly hash: string
  /** The id that its ticket will get. */
  readonly ticketId: string
  readonly version: number
  readonly sealed: string
  readonly createdAt: number
}

export interface PortalStore {
  addDraft(row: DraftRow): Promise<void>
  /** Null for one that is older. */
  findDraft(hash: string, createdAfter: number): Promise<DraftRow | null>
  /** The next version; false when another save came first. */
  saveDraft(row: Pick<DraftRow, 'hash' | 'version' | 'sealed'>): Promise<boolean>
  removeDraft(hash: string): Promise<void>
  /** Gives how many. */
  pruneDrafts(createdBefore: number): Promise<number>
}

export const portalStore = ({ t, read, write }: Sql): PortalStore => ({
  async addDraft(row) {
    await write.insert(t.portalDrafts).values(row)
  },
  async findDraft(hash, createdAfter) {
    const { portalDrafts: drafts } = t
    const [row] = await read
      .select()
      .from(drafts)
      .where(and(eq(drafts.hash, hash), gt(drafts.createdAt, createdAfter)))
    return row ?? null
  },
  async saveDraft({ hash, version, sealed }) {
    const done = await write
      .update(t.portalDrafts)
      .set({ version, sealed })
      .where(and(eq(t.portalDrafts.hash, hash), eq(t.portalDrafts.version, version - 1)))
      .returning({ hash: t.portalDrafts.hash })
    return done.length > 0
  },
  async removeDraft(hash) {
    await write.delete(t.portalDrafts).where(eq(t.portalDrafts.hash, hash))
  },
  async pruneDrafts(createdBefore) {
    const gone = await write
      .delete(t.portalDrafts)
      .where(lte(t.portalDrafts.createdAt, createdBefore))
      .returning({ hash: t.portalDrafts.hash })
    return gone.length
  },
})
