import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RequestHandler } from 'express'
import type { ZodType } from 'zod'
import type { DeadLetter, Store } from '../../db/types.js'
import type { Config } from '../config.js'
import type { Clock } from '../engine/clock.js'
import type { ErrorCode } from '../engine/errors.js'
import type { Ids } from '../engine/ids.js'
import type { TicketTypes } from '../engine/ticketTypes.js'
import type { Engine } from '../engine/types.js'
import type { Logger } from '../logging.js'
import type { Actor, Role } from '../machines/ticketType.js'
import type { Services } from '../services.js'
import type { Principal } from '../staff/principal.js'
import type { Health } from './health.js'
import type { RequestLimiter, RouteLimit } from './limits.js'
import type { HttpObserver } from './observer.js'

/** All that the API is given; it makes no clock, id or connection of its own. */
export interface ApiDeps {
  readonly engine: Engine
  readonly store: Store
  /** Personal data, and what is built on them. */
  readonly services: Services
  /** The registry: type name → ticket type. */
  readonly types: TicketTypes
  readonly config: Pick<Config, 'tokens' | 'trustProxyHops' | 'mailbox' | 'production'> &
    Partial<Pick<Config, 'metrics' | 'databaseUrl' | 'limits'>>
  readonly logger: Logger
  readonly health: Health
  /** Measures and traces; without it there are no metrics to serve. */
  readonly observer?: HttpObserver | undefined
  /** Counts requests; the pages' one too. Without it the API makes its own. */
  readonly limiter?: RequestLimiter
  readonly clock: Clock
  /** A new UUIDv7 for each request that brings no id of its own. */
  readonly ids: Pick<Ids, 'id'>
  /** Puts a dead letter's work back; throws when it cannot. The letter is marked replayed afterwards. */
  readonly replayDeadLetter: (letter: DeadLetter) => Promise<void>
  /** Pages for participants, behind the routes of the API; none where only the API is served. */
  readonly portal?: RequestHandler
  /** The officers' console; null where it was not built. */
  readonly console?: RequestHandler | null
}

export type JsonObject = Readonly<Record<string, unknown>>

/** What a status token opens, and the token, which only its revocation needs. */
export interface FiledTicket {
  readonly ticketId: string
  readonly token: string
}

/** A request as a handler sees it: parsed, authenticated, nothing raw but named headers. */
export interface Call<Query = unknown> {
  readonly actor: Actor
  /** Who that is and all they may be; null on routes that take no token, or a filer's. */
  readonly principal: Principal | null
  /** The ticket that a filer's status token opens; null on every other route. */
  readonly filed: FiledTicket | null
  readonly params: Readonly<Record<string, string>>
  readonly query: Query
  /** Empty for routes that take no JSON. */
  readonly body: JsonObject
  /** The request itself, unread, for routes that take an upload; null on every other. */
  readonly upload: IncomingMessage | null
  /** Of the last hop that is believed (TRUST_PROXY_HOPS). */
  readonly ip: string
  /** Method and path, for fingerprints. */
  readonly method: string
  readonly path: string
  header(name: string): string | undefined
  /** The preferred one of the media types, by Accept; undefined when none is acceptable. */
  accepts(...types: readonly string[]): string | undefined
}

export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  /** Whole `Set-Cookie` values. */
  readonly cookies?: readonly string[]
  readonly body:
    | { readonly json: unknown }
    | { readonly html: string }
    | { readonly bytes: Uint8Array; readonly media: string }
    /** Answers by itself, and goes on for as long as somebody listens. */
    | { readonly stream: (res: ServerResponse) => void }
    | null
}

/**
 * `open` routes take no token, `filer` ones the status token of one ticket, `session` ones somebody of the staff who is signed in, whatever
 * they may be, `signIn` ones the cookie of a sign-in that is under way; the others say which roles they take.
 */
export type Access = 'open' | 'filer' | 'session' | 'signIn' | readonly Role[]

/** One route: the router, the OpenAPI document and the tests are made from the same object. */
export interface Route<Query = unknown> {
  readonly method: 'get' | 'post'
  /** Express syntax, `/v1/tickets/:id`. */
  readonly path: string
  readonly operationId: string
  readonly summary: string
  readonly access: Access
  /** Shows or changes what belongs to all offices: only a role that is held for every office is taken (A19). */
  readonly everyOffice?: true
  /** Whoever is signed in proves it with a fresh one-time code first. */
  readonly stepUp?: true
  /** How often one network may call it; counted before anything else is looked at. */
  readonly limit?: RouteLimit
  /** Strict; absent: query parameters are ignored. */
  readonly query?: ZodType<Query>
  /** JSON Schema of the body; absent: no body is read. */
  readonly body?: JsonObject
  /** JSON Schema of the parts of a `multipart/form-data` body, which the handler reads itself; instead of `body`. */
  readonly upload?: JsonObject
  /** Request headers worth naming in the OpenAPI document. */
  readonly headers?: readonly { readonly name: string; readonly required: boolean; readonly description: string }[]
  readonly reply: {
    readonly status: number
    readonly description: string
    readonly schema: ZodType
    readonly media?: string
  }
  /** Codes this route may answer beyond those that any route may. */
  readonly problems: readonly ErrorCode[]
  readonly handle: (call: Call<Query>) => Promise<Reply> | Reply
}

/** Checks a route's query type against its handler, then forgets it. */
export const route = <Query>(it: Route<Query>): Route => it as unknown as Route

export const json = (status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply => ({
  status,
  headers,
  body: { json: value },
})
export const ok = (value: unknown, headers: Readonly<Record<string, string>> = {}): Reply => json(200, value, headers)

/** People who work the tickets; lists are theirs alone. */
export const STAFF: readonly Role[] = ['agent', 'checker', 'supervisor', 'admin', 'auditor']
export const EVERYONE: readonly Role[] = ['participant', 'portal', ...STAFF]
