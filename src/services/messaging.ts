import { masked } from '../intake/masks.js'
import { documentText, reasonText } from '../intake/timeline.js'
import { openMessages, type Messages } from '../messages/index.js'
import { oldContactsOf } from '../privacy/index.js'
import type { Ground } from './ground.js'
import type { ServiceConfig, ServiceParts } from './types.js'

/** Mail and SMS to people, with the links that only they get. */
export function openMessaging(
  { messaging, publicUrl, limits }: ServiceConfig,
  parts: ServiceParts,
  { vault, people, accounts, recovery, sessions, audit, tasks: board }: Ground,
): Messages {
  const { store, ids, clock } = parts
  return openMessages(messaging, {
    ...{ ...parts, vault, people, accounts },
    observe: parts.onMessage,
    log: store.intake.messages,
    ...{ audit, tasks: store.intake.tasks, wake: () => board.wake(), counters: store.intake.counters },
    perTicketDay: limits.resendsPerTicketDay,
    notMe: recovery.noticeOf(publicUrl),
    async statusLink(ticketId) {
      if (publicUrl === null) return null
      const { token } = await sessions.issue(ticketId)
      return {
        url: `${publicUrl}/status#${token}`,
        async withdraw() {
          await sessions.revoke(token)
        },
      }
    },
    oldContactsOf: (ticketId) => oldContactsOf({ vault, store: store.intake.people, accounts }, ticketId),
    proofs: store.intake.people,
    ask: (kind, ticketId, ref) => board.ask(kind, ticketId, ref),
    words: { document: documentText, reason: reasonText, mask: masked },
    later: async (kind, ticketId, ref, dueAt) => {
      await store.intake.tasks.addTask({ id: ids.id(), kind, ticketId, ref, dueAt, createdAt: clock.now() })
    },
  })
}
