import type { NoteRow } from '../../../db/staff/deciding.js'
import type { IntakeStores } from '../../../db/intake/index.js'
import type { Clock } from '../../engine/clock.js'
import { PulihError } from '../../engine/errors.js'
import type { Ids } from '../../engine/ids.js'
import type { Place, Vault } from '../../privacy/index.js'

interface Parts {
  readonly store: Pick<IntakeStores, 'deciding' | 'keys'>
  readonly vault: Pick<Vault, 'seal' | 'open'>
  readonly clock: Clock
  readonly ids: Pick<Ids, 'id'>
}
export interface Note {
  readonly noteId: string
  readonly text: string
  readonly by: string
  readonly at: number
}
/** What an officer says to the participant beyond coded reasons: sealed under the ticket's key, shown on the status page, in no mail and no log. */
export interface Notes {
  /** Throws NOT_FOUND for a ticket without a person, ERASED, TOO_MANY_REQUESTS after fifty notes. */
  write(ticketId: string, actorId: string, text: string): Promise<Note>
  /** Oldest first; none for a ticket without a person or one that is erased. */
  of(ticketId: string): Promise<readonly Note[]>
}
export const NOTE_LENGTH = 1_000
const MOST = 50

const notePlace = ({ id, ticketId }: Pick<NoteRow, 'id' | 'ticketId'>): Place => ({
  ticketId,
  table: 'ticket_notes',
  column: 'sealed',
  row: id,
})

export function createNotes({ store, vault, clock, ids }: Parts): Notes {
  const { deciding, keys } = store
  return {
    async write(ticketId, actorId, text) {
      if ((await keys.findKey(ticketId)) === null) throw new PulihError('NOT_FOUND', 'this ticket has no person')
      if ((await deciding.notesOf(ticketId)).length >= MOST)
        throw new PulihError('TOO_MANY_REQUESTS', 'this ticket has notes enough')
      const id = ids.id()
      const at = clock.now()
      const sealed = await vault.seal(notePlace({ id, ticketId }), text)
      await deciding.addNote({ id, ticketId, sealed, actorId, at })
      return { noteId: id, text, by: actorId, at }
    },
    async of(ticketId) {
      const rows = await deciding.notesOf(ticketId)
      return Promise.all(
        rows.map(async (row) => {
          const text = (await vault.open(notePlace(row), row.sealed)).toString('utf8')
          return { noteId: row.id, text, by: row.actorId, at: row.at }
        }),
      )
    },
  }
}
