import type { TracingConfig } from './config.js'
import type { Span, Tracing } from './spans.js'

const noSpan: Span = {
  traceparent: null,
  rename: () => undefined,
  set: () => undefined,
  fail: () => undefined,
  end: () => undefined,
}
const noTracing: Tracing = {
  on: false,
  start: () => noSpan,
  within: (_span, work) => work(),
  stop: () => Promise.resolve(),
}

/** Tracing as configured; without a configuration nothing is loaded and nothing done. */
export async function openTracing(config: TracingConfig | null, version: string): Promise<Tracing> {
  if (config === null) return noTracing
  const { openTelemetry } = await import('./otel.js')
  return openTelemetry(config, version)
}
