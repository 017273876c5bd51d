import type { AnyMachineSnapshot } from 'xstate'
import type { TicketRow } from './types.js'

/** Some ten megabytes of tickets. */
const DEFAULT_SIZE = 2_000

/**
 * Tickets as this engine's own last commit left them, statechart restored: an event on one of them needs no reading, parsing and
 * restoring. It is a guess, not the truth. Another process may have written meanwhile, so a decision made on it counts only when a
 * commit has accepted it (`WHERE revision = n`); whatever else comes of it is decided again on the row in the database.
 */
export class RecentTickets {
  readonly #size: number
  /** Least recently written first: a map keeps the order in which keys were put in. */
  readonly #tickets = new Map<string, { readonly row: TicketRow; readonly snapshot: AnyMachineSnapshot }>()

  /** `size`: 0 remembers nothing. */
  constructor(size = DEFAULT_SIZE) {
    this.#size = size
  }

  row(ticketId: string): TicketRow | null {
    return this.#tickets.get(ticketId)?.row ?? null
  }

  /** The restored statechart of exactly this row; undefined when it has to be restored. */
  snapshotOf(row: TicketRow): AnyMachineSnapshot | undefined {
    const ticket = this.#tickets.get(row.id)
    return ticket?.row === row ? ticket.snapshot : undefined
  }

  put(row: TicketRow, snapshot: AnyMachineSnapshot): void {
    this.#tickets.delete(row.id)
    // Little happens to a ticket after its end.
    if (row.standing === 'terminal') return
    this.#tickets.set(row.id, { row, snapshot })
    if (this.#tickets.size <= this.#size) return
    const [oldest] = this.#tickets.keys()
    if (oldest !== undefined) this.#tickets.delete(oldest)
  }

  drop(ticketId: string): void {
    this.#tickets.delete(ticketId)
  }
}
