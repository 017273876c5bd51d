import type { Clock } from '../src/engine/clock.js'
import { auditStore } from './audit/index.js'
import { hotReads } from './hotReads.js'
import { intakeStores, type IntakeStores } from './intake/index.js'
import type { Backend } from './sql.js'
import { escalationStore } from './staff/escalation.js'
import { staffStore } from './staff/identity.js'
import { ledgerStore } from './staff/ledger.js'
import { ledgerReports } from './staff/ledgerReports.js'
import { workStores, type WorkStores } from './staff/work.js'
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
    ...hotReads(sql),
    commit: (changes) => backend.commit(changes),
    commitTogether: (changes) => backend.commitTogether(changes),
    integrityProblems: () => backend.integrityProblems(),
    eachText: (visit) => backend.eachText(visit),
    async ping() {
      const { heartbeat } = sql.t
      const at = clock.now()
      await sql.write.insert(heartbeat).values({ id: 1, at }).onConflictDoUpdate({ target: heartbeat.id, set: { at } })
    },
    close: () => backend.close(),
  }
  const explain = (error: unknown) => backend.explain(error)
  const intake = Object.entries(intakeStores(sql)).map(([name, part]) => [name, explained(part, explain)] as const)
  const work = Object.entries(workStores(sql)).map(([name, part]) => [name, explained(part, explain)] as const)
  return {
    ...explained(store, explain),
    lanes: backend.lanes,
    audit: explained(auditStore(sql), explain),
    staff: explained(staffStore(sql), explain),
    ledger: explained({ ...ledgerStore(sql), ...ledgerReports(sql) }, explain),
    escalation: explained(escalationStore(sql), explain),
    intake: Object.fromEntries(intake) as unknown as IntakeStores,
    work: Object.fromEntries(work) as unknown as WorkStores,
  }
}

type Methods = Omit<Store, 'lanes' | 'intake' | 'work' | 'audit' | 'staff' | 'ledger' | 'escalation'>

function explained<T extends object>(store: T, explain: (error: unknown) => unknown): T {
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
