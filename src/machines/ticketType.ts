import type { AnyStateMachine, AnyMachineSnapshot } from 'xstate'
import type { ZodType } from 'zod'
import type { Effect } from './effects.js'
import type { Amount, Policy } from './policy.js'

/** `portal` is the participant-facing service, which attests what a participant did; `system` is Pulih itself and never comes from outside. */
export const ROLES = ['participant', 'portal', 'agent', 'checker', 'supervisor', 'admin', 'auditor', 'system'] as const
export type Role = (typeof ROLES)[number]
export interface Actor {
  readonly id: string
  readonly role: Role
}

/** What the engine adds to each event before the machine sees it. `at` is the event's own instant, epoch ms (D16). */
export interface Stamped {
  readonly at: number
  readonly actor: Actor
}
export interface TicketEvent extends Stamped {
  readonly type: string
  readonly [key: string]: unknown
}

export interface Label {
  readonly id: string
  readonly en: string
}

/** An event that people or outside systems may send. */
export interface PublicEvent {
  /** Strict zod object of the payload (without type, at, actor): it is the request body and the machine's event type. */
  readonly payload: ZodType
  readonly roles: readonly Role[]
  /** Does it change what people decide on? Then it moves `contentVersion` (the ETag). */
  readonly changesContent: boolean
  /** Must the sender say which version it decided on (If-Match)? */
  readonly needsVersion: boolean
  /** The fact written to the log, past tense: `DocumentsUploaded`. */
  readonly fact: string
  readonly label: Label
}
/** A timer or system event: never accepted from outside. */
export interface InternalEvent {
  readonly payload: ZodType
  readonly fact: string
  readonly label: Label
  readonly changesContent?: boolean
}

export const TAGS = ['open', 'waitingOnUs', 'waitingOnParticipant', 'terminal'] as const
export type Tag = (typeof TAGS)[number]

/** Columns that queries and pages read; derived from the machine's context, never written by hand. */
export interface TicketColumns {
  readonly route: string
  readonly category: string
  readonly cause: string | null
  readonly officeId: string
  readonly participantRef: string
  /** Higher goes first. */
  readonly priority: number
  /** Released to the verification worklist at this instant (D26), epoch ms. */
  readonly releasedAt: number | null
  readonly closedAt: number | null
  /** Who proposed and who confirmed the standing approval: the database refuses a row where they are one person (R-4E-1). */
  readonly makerId: string | null
  readonly checkerId: string | null
}

/** What the filer gives plus what the policy decides: the machine's input. */
export interface FilingInput {
  readonly filing: Readonly<Record<string, unknown>>
  readonly policy: Policy
  readonly actor: Actor
  readonly at: number
}

type Payload = Readonly<Record<string, unknown>>

/** What somebody does, so long after the step before. Officers' waits are business time: then it happens while their office is open. */
export type StoryStep = readonly [after: Amount, who: Role, event: string, payload?: Payload]
/** One life of a ticket, as `pulih demo --type` plays it. */
export interface Story {
  readonly name: Label
  readonly by: Role
  readonly filing: Payload
  readonly steps: readonly StoryStep[]
  /** The state it must have reached in the end, timers included. */
  readonly ends: string
}

/**
 * One ticket type. Adding a type is adding a file that exports one as `ticketType` (or as its default): in `src/machines/types/`, or
 * anywhere and named in PULIH_TICKET_TYPES. API, timers, worklist, drawing, table and simulation are derived from it.
 */
export interface TicketType {
  readonly type: string
  /** Version of the machine stored with each ticket; a renamed state means a new version and an upcast. */
  readonly version: number
  readonly label: Label
  readonly machine: AnyStateMachine
  /** Strict zod object of what filing takes. */
  readonly filing: ZodType
  /** The event that filing sends at once, so that filing and submitting are one commit. */
  readonly filingEvent: string
  readonly publicEvents: Readonly<Record<string, PublicEvent>>
  readonly internalEvents: Readonly<Record<string, InternalEvent>>
  /** SLA targets this machine declares; a policy may set only these. Each is a parallel region of the machine. */
  readonly targets: Readonly<Record<string, Label>>
  /** Deadlines (no region): family → threshold → the internal event its timer sends. */
  readonly deadlines: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Deadline families that open something: an event at that very instant finds it open, where a limit still counts as kept. */
  readonly gates?: readonly string[]
  readonly states: Readonly<Record<string, Label>>
  /** What states around others are called in the drawing; without one it is their name in the machine. */
  readonly groups?: Readonly<Record<string, Label>>
  /** Why a guard refuses, said to people. Keys are guard names. */
  readonly refusals: Readonly<Record<string, Label>>
  /** What a guard asks, as half a sentence that says it holds (keys as in `refusals`); absent ones are told by their refusal. */
  readonly conditions?: Readonly<Record<string, Label>>
  /** What people hear when a change of the calendar moved one of their promises; absent: nothing is sent. */
  readonly promiseMoved?: { readonly template: string; readonly audience: string }
  /** Must the office that this event (or the filing, under the filing event's name) names be a branch? */
  needsBranch?(event: string, payload: Readonly<Record<string, unknown>>): boolean
  input(filing: FilingInput): unknown
  columns(context: unknown): TicketColumns
  /** The state of the handling region as one word (`underVerification`). */
  stateOf(snapshot: AnyMachineSnapshot): string
  /** Policies it brings along: published at a start when they are not there yet. */
  readonly policies?: readonly Policy[]
  /** Lives that show it; without any, the demonstration walks at random. */
  readonly stories?: readonly Story[]
  /** Payloads for events whose schema alone does not say what a good one looks like; used by checks and the demonstration. */
  readonly samples?: Readonly<Record<string, readonly Payload[]>>
  /** Machines of older versions, for as long as any log names them: a replay runs each stretch on the machine that wrote it. */
  readonly earlier?: Readonly<Record<number, TicketType>>
  /** Lifts a persisted snapshot of an older version by one version; frozen fixtures prove it. */
  readonly upcasts: Readonly<Record<number, (persisted: PersistedSnapshot) => PersistedSnapshot>>
}

/** What is stored: plain JSON, no history, no children. */
export interface PersistedSnapshot {
  readonly value: unknown
  readonly context: Readonly<Record<string, unknown>>
}

/** A decision: the next snapshot and its effects as data, in order. */
export interface Decision {
  readonly snapshot: AnyMachineSnapshot
  readonly effects: readonly Effect[]
}
