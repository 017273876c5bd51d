import type { HttpObserver } from '../api/observer.js'
import type { Clock } from '../engine/clock.js'
import type { EngineObserver } from '../engine/observer.js'
import type { Policy } from '../machines/policy.js'
import type { WorkObserver } from '../workers/observer.js'
import type { TracingConfig } from './config.js'
import { watchEngine } from './engine.js'
import { watchHttp } from './http.js'
import { defineMetrics, processMetrics, type Metrics } from './registry.js'
import { openTracing } from './tracing.js'
import { programVersion } from './version.js'
import { Vitals, type Sources } from './vitals.js'
import { watchWork } from './work.js'

/** One Pulih being watched: hand its parts to engine, workers and API, and tell it what to look at when somebody scrapes. */
export interface Observe {
  readonly engine: EngineObserver
  readonly work: WorkObserver
  readonly http: HttpObserver
  /** What became of one try to send one message to one recipient. */
  readonly message: (
    template: string,
    channel: 'email' | 'sms',
    outcome: 'sent' | 'failed' | 'skipped' | 'deferred',
  ) => void
  /** What became of codes: asked for, sent, refused, tried. */
  readonly codes: { code(channel: 'email' | 'phone', result: string): void }
  /** An approval that did not stand, a pair seen too often, an objection. */
  readonly alarm: (alarm: string) => void
  /** Somebody opened more than their work explains: the kind alone. */
  readonly alert: (kind: string) => void
  /** What help somebody was shown who cannot log in, and what came of it (R26). */
  readonly triage: (cause: string, outcome: 'advised' | 'deflected' | 'ticket' | 'branch') => void
  /** From here on a scrape looks at these too; `policies` say which promises there are, so that each has its counters from the start. */
  watch(sources: Sources, policies: readonly Policy[]): void
  /** Sends the spans that are left, for at most `limitMs` (default 3 s). Never rejects. */
  stop(limitMs?: number): Promise<void>
}

const FLUSH_LIMIT_MS = 3_000

/** Metrics always, traces when configured. */
export async function openObserve(options: { tracing: TracingConfig | null; clock: Clock }): Promise<Observe> {
  const version = programVersion()
  const metrics = defineMetrics()
  // From the start, so that the first one shows as an increase.
  metrics.codes.inc({ channel: 'phone', result: 'breaker' }, 0)
  metrics.floods.inc({ limit: 'access' }, 0)
  for (const kind of ['reveals', 'cases', 'unassigned']) metrics.auditAlerts.inc({ kind }, 0)
  metrics.build.set({ version }, 1)
  const tracing = await openTracing(options.tracing, version)
  let vitals: Vitals | null = null
  const scrape = async () => {
    await vitals?.refresh()
    const texts = await Promise.all([metrics.registry.metrics(), processMetrics().metrics()])
    return { contentType: metrics.registry.contentType, text: texts.join('\n') }
  }
  return {
    engine: watchEngine(metrics, tracing, options.clock),
    work: watchWork(metrics, tracing),
    http: watchHttp(metrics, tracing, scrape),
    message: (template, channel, outcome) => {
      metrics.messages.inc({ template, channel, outcome })
    },
    codes: {
      code(channel, result) {
        metrics.codes.inc({ channel, result })
      },
    },
    alarm: (alarm) => {
      metrics.fourEyes.inc({ alarm })
    },
    alert: (kind) => {
      metrics.auditAlerts.inc({ kind })
    },
    triage: (cause, outcome) => {
      metrics.triage.inc({ cause, outcome })
    },
    watch(sources, policies) {
      vitals = new Vitals(metrics, sources)
      for (const policy of policies) beginAtZero(metrics, policy)
    },
    stop: (limitMs = FLUSH_LIMIT_MS) => tracing.stop(limitMs),
  }
}

/** A counter that appears with its first breach hides that breach from `increase()`. */
function beginAtZero(metrics: Metrics, { ticketType: type, routes }: Policy): void {
  metrics.objections.inc({ type }, 0)
  for (const [route, { targets }] of Object.entries(routes))
    for (const target of Object.keys(targets))
      for (const counter of [metrics.warnings, metrics.breaches, metrics.escalations])
        counter.inc({ type, target, route }, 0)
}
