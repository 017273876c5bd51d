import type { Change, TicketRow, TimerAlarm } from './types.js'

export type { TimerAlarm } from './types.js'

/** What brought a command: people, a port or a person at the API; the alarm that rang a timer; or a change of the calendar. */
export type CommandSource = 'file' | 'event' | 'system' | 'calendar' | TimerAlarm

/** One command from being taken in to its answer. */
export interface ObservedCommand {
  readonly source: CommandSource
  /** W3C traceparent that what this command sends out carries; null where nothing is traced. */
  readonly trace: string | null
  accepted(): void
  refused(error: unknown): void
}
/** A change that was written, beside the row it was decided on. */
export interface Written {
  readonly source: CommandSource
  readonly before: TicketRow | null
  readonly change: Change
}

/** Those who measure and trace the engine. Called on the hot path, so cheap; they decide nothing. */
export interface EngineObserver {
  command(source: CommandSource, ticketId: string): ObservedCommand
  /** A batch goes to the store; the answer is called once with what was written, or null when the store failed. */
  commit(batch: readonly ObservedCommand[]): (written: readonly Written[] | null) => void
  /** A decision lost a race. */
  raced(reason: 'stale' | 'duplicate' | 'refused'): void
}

/** Runs what looks on: its failure must not take the engine with it. */
export function quietly(work: () => void): void {
  try {
    work()
  } catch (error) {
    process.emitWarning('A listener of commits failed.', { detail: error instanceof Error ? error.message : '' })
  }
}

/** Nobody looks. */
const unseen = (source: CommandSource): ObservedCommand => ({
  source,
  trace: null,
  accepted: () => undefined,
  refused: () => undefined,
})
export const nobody: EngineObserver = {
  command: unseen,
  commit: () => () => undefined,
  raced: () => undefined,
}
