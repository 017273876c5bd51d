/** The HTTP face of the engine: parse → handle → respond. */
export { apiRoutes, createApi } from './app.js'
export { developmentTokens, type DevelopmentToken } from './auth.js'
export type { ApiDeps, Route } from './context.js'
export { Health, type QueueState } from './health.js'
export { requestLimiterOf } from './limits.js'
export { startHttp, type HttpServer } from './http.js'
export { startProbes } from './probes.js'
export { openApiDocument } from './openapi.js'
