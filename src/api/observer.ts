/** One request from its first byte to its last. */
export interface ObservedRequest {
  /** W3C traceparent of the request's own span; null where nothing is traced. */
  readonly trace: string | null
  /** Runs `work`, and whatever it starts, as part of this request. */
  within(work: () => void): void
  /** `route` is the template that matched, null for none; `status` null for a client that went before its answer. */
  end(result: { route: string | null; status: number | null; code: string | null; seconds: number }): void
}

/** Those who measure and trace the API; they see methods, templates, statuses and codes, never what was sent. */
export interface HttpObserver {
  request(method: string, traceparent: string | undefined): ObservedRequest
  /** Everybody together asked for more of this in an hour than seems right; nobody was refused for it. */
  flooded(limit: string): void
  /** Everything measured, in Prometheus' text format. Does not reject and does not hang. */
  scrape(): Promise<{ readonly contentType: string; readonly text: string }>
}
