import type { ServerResponse } from 'node:http'
import type { Request } from 'express'
import type { Store } from '../../../db/types.js'
import type { Config } from '../../config.js'
import type { Clock } from '../../engine/clock.js'
import type { Ids } from '../../engine/ids.js'
import type { TicketTypes } from '../../engine/ticketTypes.js'
import type { Engine } from '../../engine/types.js'
import type { Logger } from '../../logging.js'
import type { Actor, Label } from '../../machines/ticketType.js'
import type { Services } from '../../services.js'
import type { Draft, Drafts } from './drafts.js'
import type { Html } from './html.js'

/** What requests of one network are counted as. */
export type Counted = 'filing' | 'codes' | 'access' | 'uploads'
/** Told which way of self-help somebody was shown, and whether it sufficed; codes only (R26). */
export type TriageObserver = (cause: string, outcome: 'advised' | 'deflected' | 'ticket' | 'branch') => void

/** All that the portal is given. */
export interface PortalDeps {
  readonly engine: Engine
  readonly store: Store
  readonly services: Services
  readonly types: TicketTypes
  readonly config: Pick<Config, 'production' | 'mailbox'> & { readonly filesOrigin: string | null }
  readonly logger: Logger
  readonly clock: Clock
  readonly ids: Pick<Ids, 'id'>
  readonly random: (size: number) => Uint8Array
  /** Counts one request of a network, or of a ticket where such requests are dear; throws TOO_MANY_REQUESTS, LIMITER_UNAVAILABLE. */
  readonly limiter: {
    readonly take: (what: Counted, ip: string) => Promise<unknown>
    readonly takeFor: (what: Counted, ticketId: string) => Promise<void>
  }
  readonly triage?: TriageObserver
}

export type Language = 'id' | 'en'
/** The filer of a ticket, by the status token that the browser holds. */
export interface Filer {
  readonly ticketId: string
  readonly token: string
  readonly actor: Actor
}

/** One request as a page sees it. */
export interface Visit {
  readonly deps: PortalDeps
  readonly language: Language
  /** The address without the language. */
  readonly path: string
  readonly query: URLSearchParams
  readonly ip: string
  readonly drafts: Drafts
  readonly draft: Draft | null
  readonly filer: Filer | null
  /** For hidden fields; empty for whoever has no session yet. */
  readonly csrf: string
  readonly req: Request
  /** A text in the visitor's language; `{name}` is replaced. */
  readonly say: (label: Label, values?: Readonly<Record<string, string | number>>) => string
  /** A page of the portal in the visitor's language. */
  readonly to: (path: string) => string
  /** What this browser is counted as: an id that it is given once and keeps, and that is stored as a keyed hash only. */
  readonly device: () => string
  readonly cookies: {
    readonly set: (name: Cookie, value: string) => void
    readonly clear: (name: Cookie) => void
  }
}
export type Cookie = 'draft' | 'status' | 'device'

/** What was posted: one value a name, the first one, at most 500 characters. */
export type Form = (name: string) => string

/** Something that has to be put right, at the field that it is about; null: at none. */
export interface Fault {
  readonly field: string | null
  readonly text: string
}
export interface View {
  readonly title: string
  readonly body: Html
  readonly faults?: readonly Fault[]
  readonly status?: number
  /** Where "back" leads; absent: nowhere. */
  readonly back?: string
  /** What a page that waits asks for news, where JavaScript runs. */
  readonly watch?: string
  /** Where such a page is told at once. */
  readonly live?: string
  /** How new it is, as `watch` counts. */
  readonly version?: number
  /** A page of prose, wider than a form. */
  readonly wide?: boolean
}
export type Answer =
  | View
  | { readonly redirect: string }
  | { readonly json: unknown }
  /** Answers by itself, and goes on for as long as somebody listens. */
  | { readonly stream: (res: ServerResponse) => void }

export interface Page {
  readonly path: string
  readonly get?: (visit: Visit) => Promise<Answer> | Answer
  readonly post?: (visit: Visit, form: Form) => Promise<Answer> | Answer
  /** The body is a file, which the page hands on unread. */
  readonly upload?: (visit: Visit, request: Request) => Promise<Answer>
  /** Where a form of this page leads whose draft is over; absent: it needs none. */
  readonly ended?: (visit: Visit) => Answer
  /** Counted before anything else is looked at, for posts. */
  readonly counted?: Counted
}
