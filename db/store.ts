import type { Clock } from '../src/engine/clock.js'
import type { Backend } from './sql.js'
import { calendarChangeStore } from './stores/calendarChanges.js'
import { deadLetterStore } from './stores/deadLetters.js'
import { deliveryStore } from './stores/deliveries.js'
import { idempotencyStore } from './stores/idempotency.js'
import { logStore } from './stores/log.js'
import { outboxStore } from './stores/outbox.js'
import { referenceStore } from './stores/reference.js'
import { ticketStore } from './stores/tickets.js'
import { timerStore } from './stores/timers.js'
import type { Store } from './types.js'

/** Joins the stores by aggregate with a backend; every error of the driver leaves as the backend explains it. */
export function createStore(backend: Backend, clock: Clock): Store {
  const { sql } = backend
  const store: Methods = {
    ...ticketStore(sql),
    ...logStore(sql),
    ...timerStore(sql),
    ...outboxStore(sql),
    ...deliveryStore(sql),
    ...idempotencyStore(sql),
    ...deadLetterStore(sql),
    ...referenceStore(sql),
    ...calendarChangeStore(sql),
    ...backend.hotReads,
    commit: (changes) => backend.commit(changes),
    integrityProblems: () => backend.integrityProblems(),
    async ping() {
      const { heartbeat } = sql.t
      const at = clock.now()
      await sql.write.insert(heartbeat).values({ id: 1, at }).onConflictDoUpdate({ target: heartbeat.id, set: { at } })
    },
    close: () => backend.close(),
  }
  return { ...explained(store, (error) => backend.explain(error)), lanes: backend.lanes }
}

type Methods = Omit<Store, 'lanes'>

function explained(store: Methods, explain: (error: unknown) => unknown): Methods {
  const wrap =
    (method: (...args: never[]) => Promise<unknown>) =>
    async (...args: never[]) => {
      try {
        return await method(...args)
      } catch (error) {
        throw explain(error)
      }
    }
  return Object.fromEntries(Object.entries(store).map(([name, method]) => [name, wrap(method as never)])) as never
}
