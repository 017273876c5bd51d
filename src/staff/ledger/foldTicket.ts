import type { Folded } from '../../../db/staff/ledger.js'
import type { LogEntry } from '../../engine/types.js'
import { TicketFold } from './fold.js'
import type { LedgerParts } from './parts.js'

const PAGE = 500

/** A ticket's rows, folded from its whole log; null when there is none, or when it cannot be told again: then `verify` has more to say. */
export async function foldTicket({ store, engine, logger }: LedgerParts, id: string): Promise<Folded | null> {
  const row = await store.findTicket(id)
  if (row === null) return null
  const log: LogEntry[] = []
  for (let page = PAGE; page === PAGE;) {
    const entries = await store.readLog(id, log.at(-1)?.seq ?? 0, PAGE)
    log.push(...entries)
    page = entries.length
  }
  const fold = new TicketFold(row, engine.reference)
  try {
    engine.retell(log, row, (entry, { type, snapshot, schedule }) => {
      const { officeId, route } = type.columns(snapshot.context)
      const closed = snapshot.hasTag('terminal')
      fold.take({ entry, officeId, route, closed, onUs: snapshot.hasTag('waitingOnUs'), clocks: schedule.clocks })
    })
  } catch (error) {
    logger.error({ ticketId: id, err: error }, 'not in the ledger: its log cannot be told again')
    return null
  }
  return fold.rows()
}
