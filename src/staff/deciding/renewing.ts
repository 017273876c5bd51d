import type { IntakeStores } from '../../../db/intake/index.js'
import type { Store } from '../../../db/types.js'
import type { Clock } from '../../engine/clock.js'
import { askAgain, type TaskBoard, type TaskHandler } from '../../intake/tasks.js'
import type { People } from '../../privacy/index.js'
import { lostSince, matchedNow } from '../../recovery/matched.js'

interface Parts {
  readonly store: Pick<Store, 'findTicket' | 'readLog' | 'markReplayed'> & {
    readonly intake: Pick<IntakeStores, 'people' | 'tasks'>
  }
  readonly people: Pick<People, 'identityOf'>
  readonly tasks: TaskBoard
  readonly clock: Clock
  /** Looks the identity up, as after a filing. */
  readonly match: TaskHandler
}

const RENEW_MATCH = 'renew_match'

/**
 * The directory may have been empty, or without this person, when the complaint was filed: whoever was not found then is looked for again
 * once an officer works on the case, behind the request (R-ENUM-2). One who was found stays, whatever the directory says for a moment,
 * until an approval was refused because the directory does not know them.
 */
export function createRenewing({ store, people, tasks, clock, match }: Parts) {
  const lacking = async (ticketId: string) => {
    const [declared, kept] = await Promise.all([people.identityOf(ticketId), store.intake.people.findMatch(ticketId)])
    const ticket = await store.findTicket(ticketId)
    if (declared === null || ticket === null) return null
    const isLost = kept !== null && (await lostSince(store, ticket, kept))
    if (matchedNow(declared, kept) !== null && !isLost) return null
    return { ref: `${declared.version}:${kept?.matchedAt ?? 0}`, isLost }
  }
  return {
    /**
     * Once for each time that nobody was found, and only with somebody to be found where that is known; whoever got lost is looked for in any
     * case. What was given up meanwhile, in an outage of the directory, is tried again. Never stands in the way of what it follows from: the
     * next look asks again.
     */
    async ask(ticketId: string, isThere = true): Promise<void> {
      try {
        const found = await lacking(ticketId)
        if (found !== null && (isThere || found.isLost))
          await askAgain({ store, tasks, clock }, RENEW_MATCH, ticketId, found.ref)
      } catch {
        // What the officer asked for is done, or has an error of its own to tell.
      }
    },
    handler: {
      kind: RENEW_MATCH,
      async run(task) {
        const ticket = await store.findTicket(task.ticketId)
        // What was confirmed by two stands or falls as it is (D32).
        if (ticket === null || ticket.standing === 'terminal' || ticket.checkerId !== null) return
        if ((await lacking(task.ticketId)) !== null) await match.run(task)
      },
    } satisfies TaskHandler,
  }
}
