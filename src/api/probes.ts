import express from 'express'
import { PulihError } from '../engine/errors.js'
import { begin, securityHeaders } from './app.js'
import type { ApiDeps } from './context.js'
import { startHttp, type HttpServer } from './http.js'
import { problemHandler } from './respond.js'
import { mount } from './router.js'
import { metricsPage } from './routes/metrics.js'
import { probeRoutes } from './routes/probes.js'

/**
 * `/livez`, `/readyz` and `/metrics` on a port of their own, for a process without the API or beside it. Throws
 * CONFIGURATION_INVALID when the address cannot be had.
 */
export function startProbes(deps: ApiDeps, { host, port }: { host: string; port: number }): Promise<HttpServer> {
  const app = express()
  app.use(begin(deps), securityHeaders(), metricsPage(deps), mount(probeRoutes(deps), deps))
  app.use(() => {
    throw new PulihError('NOT_FOUND', 'no such address')
  })
  app.use(problemHandler(deps))
  return startHttp({ app, host, port })
}
