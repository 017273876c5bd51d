import { openStore, type Store } from '../../db/index.js'
import { ticketType } from '../../src/machines/types/pengaduan.js'
import type { LogEntry } from '../../src/engine/types.js'
import { pause } from './random.js'
import type { Rules, TicketRecord } from './tally.js'

const PAGE = 500

export const pengaduanRules: Rules = {
  deadlines: ticketType.deadlines,
  changesContent: (event) =>
    (ticketType.publicEvents[event] ?? ticketType.internalEvents[event])?.changesContent === true,
}

/** Where the data are: a folder, or a PostgreSQL besides. */
export interface Place {
  readonly dataDir: string
  readonly databaseUrl?: string
}

/** Every ticket with its log, timers and outbox, read next to whoever writes. */
export async function readTickets(place: Place): Promise<readonly TicketRecord[]> {
  const store = await openStore({ ...place, readOnly: true })
  try {
    const records: TicketRecord[] = []
    for (let after: string | null = null; ;) {
      const ids: readonly string[] = await store.ticketIds(after, PAGE)
      for (const id of ids) records.push(await recordOf(store, id))
      if (ids.length < PAGE) return records
      after = ids.at(-1)!
    }
  } finally {
    await store.close()
  }
}

async function recordOf(store: Store, id: string): Promise<TicketRecord> {
  const row = await store.findTicket(id)
  if (row === null) throw new Error(`ticket ${id} has an id and no row`)
  return { row, log: await wholeLog(store, id), timers: await store.timersOf(id), outbox: await store.outboxOf(id) }
}

async function wholeLog(store: Store, id: string): Promise<LogEntry[]> {
  const log: LogEntry[] = []
  for (;;) {
    const page = await store.readLog(id, log.at(-1)?.seq ?? 0, PAGE)
    log.push(...page)
    if (page.length < PAGE) return log
  }
}

/** What was given up for good, with the reason that is kept. */
export async function readLetters(place: Place): Promise<readonly string[]> {
  const store = await openStore({ ...place, readOnly: true })
  try {
    const letters = await store.listDeadLetters(PAGE)
    return letters.map(({ id, reason, attempts }) => `${id} was given up after ${attempts} tries: ${reason}`)
  } finally {
    await store.close()
  }
}

const LOOK_EVERY_MS = 500
const SETTLED_MS = 1_000

/**
 * Waits until nothing that was due or created a second ago is left, at most `limitMs`; gives the instant up to which
 * that holds, or, when the limit passes, the instant up to which it should have held.
 */
export async function drained(place: Place, limitMs: number, now = Date.now): Promise<number> {
  const store = await openStore({ ...place, readOnly: true })
  try {
    const until = now() + limitMs
    for (;;) {
      const at = now() - SETTLED_MS
      const timers = await store.pendingTimers(at, 1, null)
      const outbox = await store.undeliveredOutbox(at, 1)
      if ((timers.length === 0 && outbox.length === 0) || now() > until) return at
      await pause(LOOK_EVERY_MS)
    }
  } finally {
    await store.close()
  }
}
