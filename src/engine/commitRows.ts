import type { OutboxDraft } from './plan.js'
import type { LogEntry, OutboxRow, TicketRow } from './types.js'

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** The log entries and outbox rows of one commit, numbered on from those of the commits before. */
export class CommitRows {
  readonly #ticketId: string
  readonly #before: { readonly log: number; readonly outbox: number }
  #recordedAt: number
  readonly #log: Mutable<LogEntry>[] = []
  readonly #outbox: Mutable<OutboxRow>[] = []

  constructor(ticketId: string, previous: Pick<TicketRow, 'logSeq' | 'outboxSeq'> | null, recordedAt: number) {
    this.#ticketId = ticketId
    this.#before = { log: previous?.logSeq ?? 0, outbox: previous?.outboxSeq ?? 0 }
    this.#recordedAt = recordedAt
  }

  get log(): readonly LogEntry[] {
    return this.#log
  }
  get outbox(): readonly OutboxRow[] {
    return this.#outbox
  }
  get logSeq(): number {
    return this.#before.log + this.#log.length
  }
  get outboxSeq(): number {
    return this.#before.outbox + this.#outbox.length
  }

  /** They were decided before their time: they are written now. */
  writtenAt(now: number): void {
    this.#recordedAt = now
    for (const entry of this.#log) entry.recordedAt = now
    for (const row of this.#outbox) row.createdAt = now
  }

  append(entry: Omit<LogEntry, 'ticketId' | 'seq' | 'recordedAt'>): void {
    const { at, fact, event, actorId, actorRole, commandId } = entry
    const { machineVersion, policyVersion, calendar, state, revision, moves } = entry
    this.#log.push({
      ticketId: this.#ticketId,
      seq: this.logSeq + 1,
      at,
      recordedAt: this.#recordedAt,
      fact,
      event,
      actorId,
      actorRole,
      commandId,
      machineVersion,
      policyVersion,
      calendar,
      state,
      revision,
      moves,
    })
  }

  queue(drafts: readonly OutboxDraft[]): void {
    for (const { kind, body } of drafts) {
      this.#outbox.push({
        ticketId: this.#ticketId,
        seq: this.outboxSeq + 1,
        kind,
        body,
        createdAt: this.#recordedAt,
        relayedAt: null,
        deliveredAt: null,
        attempts: 0,
        trace: null,
      })
    }
  }
}
