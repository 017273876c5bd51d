import { asc, eq } from 'drizzle-orm'
import type { Sql } from '../sql.js'

/** Who filed for somebody else, and what they saw or asked first: codes and ids. */
export interface AssistedFiling {
  readonly ticketId: string
  readonly channel: 'walk_in' | 'telepon_175' | 'email_care'
  readonly actorId: string
  readonly officeId: string
  readonly steps: readonly string[]
  readonly at: number
}
/** A sealed note to the participant. */
export interface NoteRow {
  readonly id: string
  readonly ticketId: string
  readonly sealed: string
  readonly actorId: string
  readonly at: number
}
export interface KpjTrace {
  readonly id: string
  readonly ticketId: string
  readonly result: 'FOUND' | 'SEVERAL' | 'NONE' | 'NOT_REGISTERED'
  readonly cards: number
  readonly actorId: string
  readonly at: number
}

export interface DecidingStore {
  /** The first one stays. */
  noteAssisted(row: AssistedFiling): Promise<void>
  findAssisted(ticketId: string): Promise<AssistedFiling | null>
  addNote(row: NoteRow): Promise<void>
  /** Oldest first. */
  notesOf(ticketId: string): Promise<readonly NoteRow[]>
  addTrace(row: KpjTrace): Promise<void>
  /** Oldest first. */
  tracesOf(ticketId: string): Promise<readonly KpjTrace[]>
}

export function decidingStore({ t, read, write }: Sql): DecidingStore {
  const { assistedFilings, ticketNotes, kpjTraces } = t
  return {
    async noteAssisted(row) {
      await write
        .insert(assistedFilings)
        .values({ ...row, steps: [...row.steps] })
        .onConflictDoNothing()
    },
    async findAssisted(ticketId) {
      const [row] = await read.select().from(assistedFilings).where(eq(assistedFilings.ticketId, ticketId))
      return row ?? null
    },
    async addNote(row) {
      await write.insert(ticketNotes).values(row)
    },
    notesOf: async (ticketId) =>
      read
        .select()
        .from(ticketNotes)
        .where(eq(ticketNotes.ticketId, ticketId))
        .orderBy(asc(ticketNotes.at), asc(ticketNotes.id)),
    async addTrace(row) {
      await write.insert(kpjTraces).values(row)
    },
    tracesOf: async (ticketId) =>
      read
        .select()
        .from(kpjTraces)
        .where(eq(kpjTraces.ticketId, ticketId))
        .orderBy(asc(kpjTraces.at), asc(kpjTraces.id)),
  }
}
