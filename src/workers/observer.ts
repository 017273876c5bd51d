import type { TimerAlarm } from '../engine/observer.js'
import type { OutboxRow, TimerKey } from '../engine/types.js'

export type TaskResult = 'done' | 'failed' | 'givenUp'
export type DeliveryResult = 'delivered' | 'failed' | 'givenUp'

/** A row on its way into the queue. */
export interface ObservedRelay {
  /** W3C traceparent to carry in the job; null where nothing is traced. */
  readonly trace: string | null
  done(): void
}

/** Those who measure and trace what happens without a request. They decide nothing and are given ids and codes only. */
export interface WorkObserver {
  /** An alarm rang: runs what it leads to. */
  timer<T>(key: TimerKey, alarm: TimerAlarm, work: () => Promise<T>): Promise<T>
  relay(row: OutboxRow): ObservedRelay
  /** A row is being delivered, under the trace of its job or else its own. */
  delivery<T>(row: OutboxRow, trace: string | null, work: () => Promise<T>): Promise<T>
  delivered(row: OutboxRow, result: DeliveryResult, at: number): void
  /** A task ended, or a try of it did. */
  task(kind: string, result: TaskResult): void
  /** The row is handed to the receiver with the traceparent that `work` is given. */
  send<T>(row: OutboxRow, work: (trace: string | null) => Promise<T>): Promise<T>
}

/** Nobody looks. */
export const nobody: WorkObserver = {
  timer: (_key, _alarm, work) => work(),
  relay: ({ trace }) => ({ trace, done: () => undefined }),
  delivery: (_row, _trace, work) => work(),
  delivered: () => undefined,
  task: () => undefined,
  send: (row, work) => work(row.trace),
}
