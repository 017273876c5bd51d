import type { FileFacts } from '../../db/inspect.sqlite.js'
import type { CalendarSpec } from '../calendar/index.js'
import type { Config } from '../config.js'
import type { Clock } from '../engine/clock.js'
import type { TicketTypes } from '../engine/ticketTypes.js'
import type { Office } from '../engine/types.js'
import type { Policy } from '../machines/policy.js'

export type Level = 'ok' | 'warn' | 'fail' | 'skipped'

/** One thing looked at: what is, and what to do about it. */
export interface Finding {
  readonly check: string
  readonly level: Level
  readonly is: string
  /** Null where there is nothing to do. */
  readonly todo: string | null
}

/** What is read of the machine; tests put a fuller disk or a smaller memory in its place. */
export interface Probes {
  readonly clock: Clock
  readonly node: string
  readonly platform: string
  /** Bytes that this process could still take, limits of its container included; null where the system does not tell. */
  availableMemory(): number | null
  /** Bytes free where `path` is or will be; null where the system does not tell. */
  freeDisk(path: string): Promise<number | null>
  /** How many files and connections this process may hold open; null where the system does not tell. */
  openFiles(): number | null
}

/** What the database holds, or will hold after its first start. */
export interface Contents {
  /** False: nothing is there yet, these are the shipped ones. */
  readonly stored: boolean
  readonly calendars: readonly CalendarSpec[]
  readonly policies: readonly Policy[]
  readonly offices: readonly Office[]
  readonly backlog: Backlog | null
  /** Null: nothing is there yet. */
  readonly privacy: PrivacyFacts | null
  /** File names of the newest documents, document by document. */
  readonly evidence: readonly (readonly string[])[]
  /** Of the first files of the store, which stand for all: how many no row names. Null where they lie elsewhere, or nothing is stored yet. */
  readonly strays: { readonly files: number; readonly orphans: number } | null
}
export interface PrivacyFacts {
  /** Key ids that rows name and the ring lacks. */
  readonly missingKeys: readonly string[]
  /** When the duty of retention that ran longest ago ran; null when none ever did. */
  readonly retainedAt: number | null
  /** Unanswered requests about personal data, by when they are due (R-PDP-2). */
  readonly dataRequests: { readonly open: number; readonly overdue: number; readonly nextDueAt: number | null }
}
export interface Backlog {
  readonly overdueTimers: number
  readonly oldestDueAt: number | null
  readonly undelivered: number
  readonly oldestCreatedAt: number | null
  readonly deadLetters: number
}

export type FileLook = { readonly facts: FileFacts | null } | { readonly fault: string }

export interface PostgresFacts {
  readonly version: number
  readonly versionText: string
  readonly synchronousCommit: string
  readonly fsync: string
  readonly maxConnections: number
  readonly reserved: number
  readonly recovering: boolean
  readonly readOnly: boolean
  readonly mayCreate: boolean
  /** Of the server's clock, as far as the way there lets us tell; negative: behind. */
  readonly aheadMs: number
  /** Migrations still to do; null for the queue's database. */
  readonly pending: number | null
  readonly newestAt: number | null
}
export type PostgresLook = { readonly facts: PostgresFacts } | { readonly fault: string }

export interface RedisFacts {
  readonly version: string
  readonly policy: string | null
  readonly aof: boolean
  /** `always`, `everysec` or `no`; null where the server does not tell. */
  readonly fsync: string | null
  readonly used: number
  /** 0: none. */
  readonly limit: number
  readonly aheadMs: number
}
export type RedisLook = { readonly facts: RedisFacts } | { readonly fault: string }

/** All that was found out; checks only judge it. Null: not asked for by this configuration, or it could not be asked. */
export interface Evidence {
  readonly config: Config
  readonly probes: Probes
  readonly file: FileLook | null
  readonly database: PostgresLook | null
  readonly queueDatabase: PostgresLook | null
  readonly redis: RedisLook | null
  readonly contents: Contents | null
  readonly types: TicketTypes | null
}

/** A check judges evidence; what it has to ask for itself it asks within its time. */
export type Check = (evidence: Evidence) => readonly Finding[] | Promise<readonly Finding[]>
