import { performance } from 'node:perf_hooks'
import type { Clock } from '../engine/clock.js'
import { PulihError } from '../engine/errors.js'
import type { EngineObserver } from '../engine/observer.js'
import { countFacts } from './facts.js'
import type { Metrics } from './registry.js'
import type { Tracing } from './spans.js'

/** What may be said of an error: its code. Anything else is INTERNAL to those who watch. */
export const codeOf = (error: unknown): string => (error instanceof PulihError ? error.code : 'INTERNAL')

/** Counts and traces commands and commits. */
export function watchEngine(metrics: Metrics, tracing: Tracing, clock: Clock): EngineObserver {
  return {
    command(source, ticketId) {
      const span = tracing.start('engine.handle', {
        attributes: { 'pulih.command.source': source, 'pulih.ticket.id': ticketId },
      })
      return {
        source,
        trace: span.traceparent,
        accepted() {
          metrics.commands.inc({ source })
          span.end()
        },
        refused(error) {
          const code = codeOf(error)
          metrics.refusals.inc({ source, code })
          span.fail(code)
          span.end()
        },
      }
    },
    commit(batch) {
      const startedAt = performance.now()
      const traces = batch.map((it) => it.trace)
      // One write for many commands: it stands in the trace of the first and points to all.
      const first = traces.find((it) => it !== null)
      const span = tracing.start('engine.commit', {
        parent: first == null ? 'none' : { ours: first },
        links: traces,
        attributes: { 'pulih.commit.size': batch.length },
      })
      return (written) => {
        const outcome = written === null ? 'failed' : 'written'
        metrics.commitSeconds.observe({ outcome }, (performance.now() - startedAt) / 1_000)
        if (written === null) span.fail('STORE')
        else {
          metrics.batch.observe(written.length)
          countFacts(metrics, written, clock.now())
        }
        span.end()
      }
    },
    raced: (reason) => metrics.races.inc({ reason }),
  }
}
