import type { AnyMachineSnapshot } from 'xstate'
import type { TicketRow } from './types.js'
import type { Working } from './working.js'

/** Some ten megabytes of tickets. */
const DEFAULT_SIZE = 2_000
/** Tickets read ahead wait for about a second, so they may be more. */
const MAX_FORESEEN = 10_000

/** What the ticket's next timers will come to, by the reference data of that edition. */
interface Ahead {
  readonly working: Working
  readonly edition: number
}
interface Remembered {
  readonly row: TicketRow
  readonly snapshot: AnyMachineSnapshot
  /** Can be written once. */
  ahead: Ahead | null
}

/**
 * Tickets as this engine's own last commit left them, statechart restored: an event on one of them needs no reading, parsing and
 * restoring. It is a guess, not the truth. Another process may have written meanwhile, so a decision made on it counts only when a
 * commit has accepted it (`WHERE revision = n`); whatever else comes of it is decided again on the row in the database.
 */
export class RecentTickets {
  readonly #size: number
  /** Least recently written first: a map keeps the order in which keys were put in. */
  readonly #tickets = new Map<string, Remembered>()
  /** Read because something is about to happen to them; what happens takes them out. */
  readonly #foreseen = new Map<string, Remembered>()

  /** `size`: 0 remembers nothing. */
  constructor(size = DEFAULT_SIZE) {
    this.#size = size
  }

  row(ticketId: string): TicketRow | null {
    return this.#find(ticketId)?.row ?? null
  }

  /** The restored statechart of exactly this row; undefined when it has to be restored. */
  snapshotOf(row: TicketRow): AnyMachineSnapshot | undefined {
    const ticket = this.#find(row.id)
    return ticket?.row === row ? ticket.snapshot : undefined
  }

  /** Is there anything that `foresee` would add? */
  knows(ticketId: string): boolean {
    return this.#find(ticketId) !== undefined
  }

  /** A ticket that something is about to happen to, as it was just read. */
  foresee(row: TicketRow, snapshot: AnyMachineSnapshot, ahead: Ahead | null = null): void {
    if (this.knows(row.id) || row.standing === 'terminal') return
    if (this.#size > 0) keep(this.#foreseen, MAX_FORESEEN, row.id, { row, snapshot, ahead })
  }

  /** What was decided ahead about exactly this row by this edition of the reference data; it is handed out once. */
  takeAhead(row: TicketRow, edition: number): Working | undefined {
    const ticket = this.#find(row.id)
    if (ticket?.row !== row || ticket.ahead === null) return undefined
    const { ahead } = ticket
    ticket.ahead = null
    return ahead.edition === edition ? ahead.working : undefined
  }

  put(row: TicketRow, snapshot: AnyMachineSnapshot): void {
    this.drop(row.id)
    // Little happens to a ticket after its end.
    if (row.standing === 'terminal') return
    keep(this.#tickets, this.#size, row.id, { row, snapshot, ahead: null })
  }

  drop(ticketId: string): void {
    this.#tickets.delete(ticketId)
    this.#foreseen.delete(ticketId)
  }

  #find(ticketId: string): Remembered | undefined {
    return this.#tickets.get(ticketId) ?? this.#foreseen.get(ticketId)
  }
}

/** Forgets the oldest when there are too many. */
function keep(tickets: Map<string, Remembered>, size: number, id: string, ticket: Remembered): void {
  tickets.set(id, ticket)
  if (tickets.size <= size) return
  const [oldest] = tickets.keys()
  if (oldest !== undefined) tickets.delete(oldest)
}
