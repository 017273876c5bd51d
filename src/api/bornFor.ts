import { IncomingMessage, ServerResponse } from 'node:http'
import express, { type Express } from 'express'

/**
 * Classes for `createServer` whose objects are born with the prototypes that `app` would give them. Express sets the prototype of every
 * request and answer; one that is changed after birth has a shape of its own for V8, which then looks up each of its properties anew, in
 * Express, Node and here (a bare app answers three times as many requests with these classes; docs/performance.md). What the objects can
 * do is the same.
 */
export function bornFor(app: Express): {
  readonly IncomingMessage: typeof IncomingMessage
  readonly ServerResponse: typeof ServerResponse
} {
  class AppRequest extends IncomingMessage {}
  class AppResponse<R extends IncomingMessage = IncomingMessage> extends ServerResponse<R> {}
  app.request = heir(AppRequest.prototype, express.request, app) as Express['request']
  app.response = heir(AppResponse.prototype, express.response, app) as Express['response']
  return { IncomingMessage: AppRequest, ServerResponse: AppResponse }
}

/** As Express makes the prototypes of an app: its own behind them, and the app on them. */
function heir(prototype: object, behind: object, app: Express): object {
  Object.setPrototypeOf(prototype, behind)
  return Object.defineProperty(prototype, 'app', { configurable: true, enumerable: true, writable: true, value: app })
}
