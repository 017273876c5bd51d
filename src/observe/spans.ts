export type Attributes = Readonly<Record<string, string | number | boolean>>
export interface SpanOptions {
  readonly kind?: 'server' | 'client' | 'producer' | 'consumer'
  /**
   * `active` (default): the span that is running. `none`: a trace of its own. Else a W3C traceparent: `ours` as Pulih
   * stored it, its decision to record is kept; `theirs` as a client sent it, whether it is recorded is decided here.
   */
  readonly parent?: 'active' | 'none' | { readonly ours: string } | { readonly theirs: string }
  readonly links?: readonly (string | null)[]
  /** Ids, codes and numbers only, never personal data (R-OBS-2). */
  readonly attributes?: Attributes
}
export interface Span {
  /** W3C traceparent to hand on; null where nothing is traced. */
  readonly traceparent: string | null
  rename(name: string): void
  set(attributes: Attributes): void
  /** Marks it as failed, by a code: a message could quote data. */
  fail(code: string): void
  end(): void
}

/** What the rest of Pulih sees of tracing; OpenTelemetry itself is loaded only where it is configured. */
export interface Tracing {
  readonly on: boolean
  start(name: string, options?: SpanOptions): Span
  /** Runs `work`, and whatever it starts, under this span. */
  within<T>(span: Span, work: () => T): T
  /** Sends what is left, for at most `limitMs`. Never rejects. */
  stop(limitMs: number): Promise<void>
}

/** Runs `work` under a span of its own, which ends with it and carries the code it failed with. */
export async function traced<T>(
  tracing: Tracing,
  span: Span,
  codeOf: (error: unknown) => string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await tracing.within(span, work)
  } catch (error) {
    span.fail(codeOf(error))
    throw error
  } finally {
    span.end()
  }
}
