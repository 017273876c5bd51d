import { jsonAhead } from '../../db/jsonText.js'
import type { Store } from '../../db/types.js'
import type { BusinessCalendar } from '../calendar/index.js'
import type { Clock } from './clock.js'
import { decideAhead, decideEvent, decideFile, decideTimers } from './decide.js'
import { PulihError } from './errors.js'
import { CommitHints } from './hints.js'
import type { Ids } from './ids.js'
import { verdictOf } from './jobs.js'
import { Lanes } from './lanes.js'
import { nobody, type EngineObserver, type TimerAlarm } from './observer.js'
import { RecentTickets } from './recent.js'
import { decideRedate, redatedBy, withCalendar } from './redate.js'
import { leavesByRegion, outlookOf } from './outlook.js'
import { allowedEvents } from './refusals.js'
import { restore } from '../machines/snapshots.js'
import type { ReferenceData } from './reference.js'
import { replay } from './replay.js'
import { typeOfTicket, type TicketTypes } from './ticketTypes.js'
import { systemTogether } from './together.js'
import type {
  Accepted,
  Command,
  CommandGate,
  CommitHint,
  Engine,
  FileCommand,
  LogEntry,
  Redated,
  RedateOrder,
  Retold,
  RetoldHead,
  TicketOutlook,
  TicketRow,
  TimerKey,
  TimerVerdict,
} from './types.js'

export interface EngineParts {
  readonly store: Store
  readonly types: TicketTypes
  readonly reference: ReferenceData
  readonly clock: Clock
  readonly ids: Ids
  /** At most this many commands share one commit (default 512). */
  readonly maxBatch?: number
  /** At most this many commits run at the same time (default: what the store can use). */
  readonly lanes?: number | undefined
  /** At most this many commands wait (default 10 000); the next one is refused with STORE_BUSY. */
  readonly maxQueue?: number
  readonly observer?: EngineObserver | undefined
  /** How many tickets are remembered as they were last written (default 2 000). */
  readonly maxRecent?: number | undefined
}

/**
 * The heart. Commands that arrive while one commit is running share the next one; each is accepted or refused on its own.
 * Costs per command: two point reads (one for a ticket written lately), one transition, and its share of a commit.
 */
export class TicketEngine implements Engine {
  readonly clock: Clock
  readonly reference: ReferenceData
  readonly #parts: EngineParts
  readonly #recent: RecentTickets
  readonly #missingTypes = new Set<string>()
  readonly #gates = new Map<string, CommandGate>()
  readonly #hints = new CommitHints()
  readonly #lanes: Lanes

  constructor(parts: EngineParts) {
    this.#parts = parts
    const { store, types, reference, clock, observer = nobody } = parts
    this.#recent = new RecentTickets(parts.maxRecent)
    this.#lanes = new Lanes({
      ...{ store, types, reference, clock, observer },
      recent: this.#recent,
      hints: this.#hints,
      maxBatch: parts.maxBatch ?? 512,
      maxLanes: parts.lanes ?? store.lanes,
      maxQueue: parts.maxQueue ?? 10_000,
    })
    this.clock = parts.clock
    this.reference = parts.reference
  }

  async file(command: FileCommand): Promise<Accepted> {
    const { ids } = this.#parts
    const id = command.ticketId ?? ids.id()
    const at = this.#instantOf(command.at)
    const { answer } = await this.#lanes.submit('file', {
      ticketId: id,
      key: command.key,
      fingerprint: command.fingerprint,
      load: false,
      decide: (_row, context) => decideFile({ ...command, at }, { id, ticketNumber: ids.ticketNumber() }, context),
    })
    return answer
  }

  handle(command: Command): Promise<Accepted> {
    const decide = () => this.#event(command, true)
    return this.#gates.get(command.event.type)?.(command, decide) ?? decide()
  }

  guard(event: string, gate: CommandGate): void {
    const earlier = this.#gates.get(event)
    const both: CommandGate = (command, decide) => gate(command, () => earlier?.(command, decide) ?? decide())
    this.#gates.set(event, both)
  }

  systemTogether(commands: readonly Command[]): Promise<readonly Accepted[]> {
    const { store, types, reference, clock } = this.#parts
    return systemTogether({ store, types, reference, clock, recent: this.#recent, hints: this.#hints }, commands)
  }

  system(command: Command): Promise<Accepted> {
    return this.#event(command, false)
  }

  async #event(command: Command, outside: boolean): Promise<Accepted> {
    const at = this.#instantOf(command.at)
    const { answer } = await this.#lanes.submit(outside ? 'event' : 'system', {
      ticketId: command.ticketId,
      key: command.key,
      fingerprint: command.fingerprint,
      load: true,
      decide: (row, context) => {
        if (row === null) throw new PulihError('TICKET_NOT_FOUND', 'There is no such ticket.')
        return decideEvent({ ...command, at }, row, context, outside)
      },
    })
    return answer
  }

  /** A command happens when it arrives, not when its turn comes (D16); nothing happens in the future. */
  #instantOf(at: number | undefined): number {
    const now = this.clock.now()
    if (at !== undefined && at > now) throw new PulihError('EVENT_IN_THE_FUTURE', 'This instant has not come yet.')
    return at ?? now
  }

  async deliverTimer(key: TimerKey, alarm: TimerAlarm = 'queue'): Promise<TimerVerdict> {
    const { decided } = await this.#lanes
      .submit(alarm, {
        ticketId: key.ticketId,
        key: null,
        fingerprint: null,
        load: true,
        decide: (row, context) => {
          if (row === null) throw new PulihError('TICKET_NOT_FOUND', 'There is no such ticket.')
          return decideTimers(row, context)
        },
      })
      .catch((error: unknown) => this.#keepTimer(error))
    if (decided === 'kept') return decided
    const verdict = decided === null ? 'dropped' : verdictOf(decided, key)
    // A row that is still open although the ticket no longer knows its timer is closed, so that no sweep meets it again.
    if (verdict === 'dropped') await this.#parts.store.closeTimer(key, this.clock.now())
    return verdict
  }

  /** A timer whose ticket type nobody loaded stays pending; that is said once, not at every sweep. Rethrows anything else. */
  #keepTimer(error: unknown): { readonly decided: 'kept' } {
    if (!(error instanceof PulihError) || error.code !== 'TICKET_TYPE_MISSING') throw error
    const type = String(error.extra['type'])
    if (!this.#missingTypes.has(type))
      process.emitWarning(`${error.message} Its timers stay pending.`, { code: error.code })
    this.#missingTypes.add(type)
    return { decided: 'kept' }
  }

  async foresee(ticketIds: readonly string[]): Promise<void> {
    const { store, types, reference } = this.#parts
    const unknown = ticketIds.filter((id) => !this.#recent.knows(id))
    const rows = await Promise.all(unknown.map((id) => store.findTicket(id))).catch(() => [])
    for (const row of rows) {
      const type = row === null ? undefined : types.get(row.type)
      if (row === null || type?.version !== row.machineVersion) continue
      try {
        const snapshot = restore(type, row.snapshot, row.machineVersion)
        const working = decideAhead(row, { types, reference, recall: () => snapshot })
        if (working !== null) for (const it of [working.row().snapshot, working.schedule]) jsonAhead(it)
        this.#recent.foresee(row, snapshot, working && { working, edition: reference.edition })
      } catch {
        // What does not fit, or has to be lifted first, is for whoever decides on it.
      }
    }
  }

  async redate(ticketId: string, order: RedateOrder): Promise<Redated> {
    const { decided } = await this.#lanes.submit('calendar', {
      ticketId,
      key: null,
      fingerprint: null,
      load: true,
      decide: (row, context) => {
        if (row === null) throw new PulihError('TICKET_NOT_FOUND', 'There is no such ticket.')
        return decideRedate(order, row, context)
      },
    })
    return decided === null ? null : redatedBy(decided)
  }

  previewRedate(ticket: TicketRow, order: RedateOrder, calendar: BusinessCalendar): Redated {
    const reference = withCalendar(this.reference, calendar)
    return redatedBy(decideRedate(order, ticket, { types: this.#parts.types, reference, now: this.clock.now() }))
  }

  retell(log: readonly LogEntry[], head: RetoldHead, seen: (entry: LogEntry, ticket: Retold) => void): void {
    replay(log, head, this.#parts.types, this.reference, seen)
  }

  refreshReference(): Promise<boolean> {
    return this.reference.learn(this.#parts.store)
  }

  allowed(ticket: TicketRow, actor: { id: string; role: Command['actor']['role'] }) {
    const type = typeOfTicket(this.#parts.types, ticket)
    return allowedEvents(type, restore(type, ticket.snapshot, ticket.machineVersion), actor, this.clock.now())
  }

  outlook(ticket: TicketRow, actors: readonly Command['actor'][]): TicketOutlook {
    const type = typeOfTicket(this.#parts.types, ticket)
    const snapshot = restore(type, ticket.snapshot, ticket.machineVersion)
    return { events: outlookOf(type, snapshot, actors, this.clock.now()), regions: leavesByRegion(type, snapshot) }
  }

  onCommitted(listener: (hint: CommitHint) => void): () => void {
    return this.#hints.listen(listener)
  }

  /** Commands that wait for a commit, and those in the one that runs. */
  get backlog(): { readonly waiting: number; readonly working: number } {
    return this.#lanes.backlog
  }

  stop(): Promise<void> {
    return this.#lanes.stop()
  }
}
