import type { OutboxRow } from '../engine/types.js'
import type { WorkObserver } from '../workers/observer.js'
import { codeOf } from './engine.js'
import type { Metrics } from './registry.js'
import { traced, type SpanOptions, type Tracing } from './spans.js'

const idsOf = ({ ticketId, seq, kind }: OutboxRow) => ({
  'pulih.ticket.id': ticketId,
  'pulih.outbox.seq': seq,
  'pulih.outbox.kind': kind,
})
/** Goes on where the traceparent points; without one it is a trace of its own. */
const after = (trace: string | null): Pick<SpanOptions, 'parent'> => ({
  parent: trace === null ? 'none' : { ours: trace },
})

/** Counts and traces timers, the relay and deliveries. */
export function watchWork(metrics: Metrics, tracing: Tracing): WorkObserver {
  return {
    async timer({ ticketId, family, threshold }, alarm, work) {
      const span = tracing.start('timer.fire', {
        parent: 'none',
        kind: 'consumer',
        attributes: {
          'pulih.ticket.id': ticketId,
          'pulih.timer.family': family,
          'pulih.timer.threshold': threshold,
          'pulih.timer.alarm': alarm,
        },
      })
      try {
        return await traced(tracing, span, codeOf, work)
      } catch (error) {
        metrics.timerFailures.inc({ alarm })
        throw error
      }
    },
    relay(row) {
      const span = tracing.start('outbox.relay', { ...after(row.trace), kind: 'producer', attributes: idsOf(row) })
      return {
        // A process that traces nothing hands on what the row carries.
        trace: span.traceparent ?? row.trace,
        done() {
          metrics.relayed.inc()
          span.end()
        },
      }
    },
    delivery(row, trace, work) {
      const attributes = { ...idsOf(row), 'pulih.outbox.attempt': row.attempts + 1 }
      const span = tracing.start('outbox.deliver', { ...after(trace ?? row.trace), kind: 'consumer', attributes })
      return traced(tracing, span, reasonOf, work)
    },
    delivered({ kind, createdAt }, outcome, at) {
      metrics.deliveries.inc({ kind, outcome })
      if (outcome === 'delivered') metrics.deliverySeconds.observe({ kind }, Math.max(0, at - createdAt) / 1_000)
    },
    task(kind, outcome) {
      metrics.tasks.inc({ kind, outcome })
    },
    send(row, work) {
      const span = tracing.start('sink.deliver', { kind: 'client', attributes: idsOf(row) })
      return traced(tracing, span, reasonOf, () => work(span.traceparent ?? row.trace))
    },
  }
}

/** Sinks say what went wrong by the name of their error (`SinkTimeout`). */
const reasonOf = (error: unknown): string =>
  error instanceof Error && error.name !== 'Error' && error.name !== 'PulihError' ? error.name : codeOf(error)
