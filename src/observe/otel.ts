import { ROOT_CONTEXT, SpanKind, SpanStatusCode, TraceFlags, trace, type Context } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { parseTraceParent } from '@opentelemetry/core'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace'
import { withLimit } from '../workers/queues/limit.js'
import type { TracingConfig } from './config.js'
import type { Attributes, Span, SpanOptions, Tracing } from './spans.js'

const KINDS = {
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const
/** A collector that does not answer costs memory for so many spans, then spans, never requests. */
const MAX_WAITING = 2_048
const SEND_EVERY_MS = 1_000
const SEND_LIMIT_MS = 5_000

/** Spans over OTLP/HTTP. Nothing is registered globally, so several instances can live in one process. */
export function openTelemetry(config: TracingConfig, version: string): Tracing {
  const exporter = new OTLPTraceExporter({ url: config.url, timeoutMillis: SEND_LIMIT_MS })
  const processor = new BatchSpanProcessor({
    exporter,
    maxQueueSize: MAX_WAITING,
    scheduledDelayMillis: SEND_EVERY_MS,
    exportTimeoutMillis: SEND_LIMIT_MS,
  })
  const ours = new TraceIdRatioBasedSampler(config.ratio)
  const provider = new TracerProvider({
    // A client's flag neither forces a record nor prevents one; what Pulih itself decided (a local parent) is kept.
    sampler: new ParentBasedSampler({ root: ours, remoteParentSampled: ours, remoteParentNotSampled: ours }),
    resource: resourceFromAttributes({ 'service.name': config.serviceName, 'service.version': version }),
    spanProcessors: [processor],
  })
  const tracer = provider.getTracer('pulih', version)
  const contexts = new AsyncLocalStorageContextManager().enable()
  const contextOf = new WeakMap<Span, Context>()
  let stopping: Promise<void> | null = null

  return {
    on: true,
    start(name, { kind, parent = 'active', links = [], attributes = {} }: SpanOptions = {}) {
      const context = parent === 'active' ? contexts.active() : parent === 'none' ? ROOT_CONTEXT : contextFrom(parent)
      const started = tracer.startSpan(
        name,
        {
          kind: kind === undefined ? SpanKind.INTERNAL : KINDS[kind],
          attributes,
          links: links.flatMap((link) => {
            const linked = link === null ? null : parseTraceParent(link)
            return linked === null ? [] : [{ context: linked }]
          }),
        },
        context,
      )
      const { traceId, spanId, traceFlags } = started.spanContext()
      const sampled = (traceFlags & TraceFlags.SAMPLED) === 0 ? '00' : '01'
      const span: Span = {
        traceparent: `00-${traceId}-${spanId}-${sampled}`,
        rename: (to) => void started.updateName(to),
        set: (more: Attributes) => void started.setAttributes(more),
        fail(code) {
          started.setAttribute('error.type', code)
          started.setStatus({ code: SpanStatusCode.ERROR })
        },
        end: () => started.end(),
      }
      contextOf.set(span, trace.setSpan(context, started))
      return span
    },
    within: (span, work) => contexts.with(contextOf.get(span) ?? ROOT_CONTEXT, work),
    stop(limitMs) {
      stopping ??= withLimit(provider.shutdown(), limitMs)
        .catch(() => undefined)
        .finally(() => contexts.disable())
      return stopping
    },
  }
}

/** W3C rules; only the ids and the flag are taken, never tracestate or baggage. What cannot be read begins a trace of its own. */
function contextFrom(parent: { readonly ours: string } | { readonly theirs: string }): Context {
  const remote = 'theirs' in parent
  const given = parseTraceParent(remote ? parent.theirs : parent.ours)
  if (given === null) return ROOT_CONTEXT
  // Made of decimal digits alone it may be somebody's number; a random id hardly ever is.
  if (remote && (/^\d+$/.test(given.traceId) || /^\d+$/.test(given.spanId))) return ROOT_CONTEXT
  return trace.setSpanContext(ROOT_CONTEXT, { ...given, isRemote: remote })
}
