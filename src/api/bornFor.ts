import { IncomingMessage, ServerResponse } from 'node:http'
import type { Express } from 'express'

/**
 * Classes for `createServer` whose objects are born with the prototypes that `app` would give them. Express sets the prototype of every
 * request and answer; one that is changed after birth has a shape of its own for V8, which then looks up each of its properties anew, in
 * Express, Node and here (a bare app answers three times as many requests with these classes; docs/performance.md). They inherit what
 * `app` gave to both.
 */
export function bornFor(app: Express): {
  readonly IncomingMessage: typeof IncomingMessage
  readonly ServerResponse: typeof ServerResponse
} {
  class AppRequest extends IncomingMessage {}
  class AppResponse<R extends IncomingMessage = IncomingMessage> extends ServerResponse<R> {}
  app.request = Object.setPrototypeOf(AppRequest.prototype, app.request) as Express['request']
  app.response = Object.setPrototypeOf(AppResponse.prototype, app.response) as Express['response']
  return { IncomingMessage: AppRequest, ServerResponse: AppResponse }
}
