import type { IntakeStores } from '../../../db/intake/index.js'
import type { Store } from '../../../db/types.js'
import type { TaskHandler, Tasks } from '../../intake/tasks.js'
import type { People } from '../../privacy/index.js'

interface Parts {
  readonly store: Pick<Store, 'findTicket'> & { readonly intake: Pick<IntakeStores, 'people'> }
  readonly people: Pick<People, 'identityOf'>
  readonly tasks: Tasks
  /** Looks the identity up, as after a filing. */
  readonly match: TaskHandler
}

const RENEW_MATCH = 'renew_match'

/**
 * The directory may have been empty, or without this person, when the complaint was filed: whoever was not found then is looked for again
 * once an officer works on the case, behind the request (R-ENUM-2). One who was found stays, whatever the directory says for a moment.
 */
export function createRenewing({ store, people, tasks, match }: Parts) {
  const lacking = async (ticketId: string) => {
    const [declared, kept] = await Promise.all([people.identityOf(ticketId), store.intake.people.findMatch(ticketId)])
    const isFound = kept !== null && kept.participantId !== null && kept.identityVersion === declared?.version
    return declared === null || isFound ? null : `${declared.version}:${kept?.matchedAt ?? 0}`
  }
  return {
    /** Once for each time that nobody was found. Never stands in the way of what it follows from: the next look asks again. */
    async ask(ticketId: string): Promise<void> {
      try {
        const ref = await lacking(ticketId)
        if (ref !== null) await tasks.ask(RENEW_MATCH, ticketId, ref)
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
