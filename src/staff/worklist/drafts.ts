import { PulihError } from '../../engine/errors.js'
import type { Place } from '../../privacy/index.js'
import { leaseAt, reachedTicket, renew, windowsAt } from './access.js'
import type { Worker, WorkWorld } from './parts.js'

export interface Draft {
  readonly text: string
  readonly version: number
  readonly updatedAt: number
}
export interface Drafts {
  /** Null when there is none. Throws TICKET_NOT_FOUND, ERASED. */
  read(worker: Worker, ticketId: string): Promise<Draft | null>
  /**
   * Keeps what is being written, sealed under the ticket's key; an empty text removes it. `version`: what was read, 0 for none. A claim with a
   * draft is kept over the closing (D26). Throws CONFLICT when another window was faster, NOT_FOUND for a ticket without personal data.
   */
  save(worker: Worker, ticketId: string, text: string, version: number): Promise<Pick<Draft, 'version'>>
}

const placeOf = (ticketId: string, agentId: string, version: number): Place => ({
  ticketId,
  table: 'work_drafts',
  column: 'sealed',
  row: `${ticketId}:${agentId}:${version}`,
})

export function createDrafts(world: WorkWorld): Drafts {
  const { store, vault, clock, rules } = world
  const { roster } = store.work
  return {
    async read(worker, ticketId) {
      await reachedTicket(world, worker, ticketId)
      const row = await roster.findDraft(ticketId, worker.id)
      if (row === null) return null
      const text = (await vault.open(placeOf(ticketId, worker.id, row.version), row.sealed)).toString('utf8')
      return { text, version: row.version, updatedAt: row.updatedAt }
    },
    async save(worker, ticketId, text, version) {
      const { office } = await reachedTicket(world, worker, ticketId)
      // Without a key of its own nothing written about the person could ever be erased.
      if ((await store.intake.keys.findKey(ticketId)) === null)
        throw new PulihError('NOT_FOUND', 'This ticket has no key to seal notes under.')
      const now = clock.now()
      const next = version + 1
      if (text === '') await roster.removeDraft(ticketId, worker.id)
      else {
        const sealed = await vault.seal(placeOf(ticketId, worker.id, next), text)
        const row = { ticketId, agentId: worker.id, version: next, sealed, updatedAt: now }
        if (!(await roster.saveDraft(row))) throw new PulihError('CONFLICT', 'Another window saved this note first.')
      }
      const { policy } = await rules.current()
      await renew(world, worker.id, ticketId, leaseAt(world, policy, office, now, await windowsAt(world, now)), now)
      return { version: text === '' ? 0 : next }
    },
  }
}
