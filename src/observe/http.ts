import type { HttpObserver } from '../api/observer.js'
import type { Metrics } from './registry.js'
import type { Tracing } from './spans.js'

/** Semantic conventions name the methods; any other is one that nobody knows. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT'])
/** `/v1/tickets/:id` → `/v1/tickets/{id}`, as traces and metrics write templates. */
const templateOf = (route: string): string => route.replaceAll(/:(\w+)/g, '{$1}')

/** Counts and traces requests by method, template and status: never by path, query, header or body. */
export function watchHttp(metrics: Metrics, tracing: Tracing, scrape: HttpObserver['scrape']): HttpObserver {
  return {
    request(asked, traceparent) {
      const method = METHODS.has(asked) ? asked : '_OTHER'
      const span = tracing.start(method === '_OTHER' ? 'HTTP' : method, {
        kind: 'server',
        parent: traceparent === undefined ? 'none' : { theirs: traceparent },
        attributes: { 'http.request.method': method },
      })
      return {
        trace: span.traceparent,
        within: (work) => tracing.within(span, work),
        end({ route, status, code, seconds }) {
          const template = route === null ? null : templateOf(route)
          metrics.requestSeconds.observe(
            {
              http_request_method: method,
              http_route: template ?? '',
              http_response_status_code: status === null ? '' : String(status),
            },
            seconds,
          )
          if (code !== null) metrics.problems.inc({ code })
          if (template !== null) {
            span.rename(`${method} ${template}`)
            span.set({ 'http.route': template })
          }
          if (status !== null) span.set({ 'http.response.status_code': status })
          if (code !== null) span.set({ 'pulih.problem': code })
          if (status === null || status >= 500) span.fail(code ?? 'ABORTED')
          span.end()
        },
      }
    },
    flooded: (limit) => {
      metrics.floods.inc({ limit })
    },
    scrape,
  }
}
