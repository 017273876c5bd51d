import type { z } from 'zod'
import type * as shapes from '../../../api/shapes.js'
import type * as calendar from '../../../api/shapes.calendar.js'
import type * as deciding from '../../../api/shapes.deciding.js'
import type * as documents from '../../../api/shapes.documents.js'
import type * as filing from '../../../api/shapes.filing.js'
import type * as work from '../../../api/shapes.work.js'
import type * as workflow from '../../../api/shapes.workflow.js'

/** What the API answers, from the very shapes that it is held against. Types only: nothing of the server is in the bundle. */
export type Ticket = z.infer<typeof shapes.Ticket>
export type Accepted = z.infer<typeof shapes.EventAccepted>
export type Entry = z.infer<typeof shapes.HistoryPage>['items'][number]
export type History = z.infer<typeof shapes.HistoryPage>
export type Clocks = z.infer<typeof shapes.Clocks>
export type SlaClock = Clocks['clocks'][number]
export type TypeDescription = z.infer<typeof shapes.TypeDescription>
export type ProblemBody = z.infer<typeof shapes.ProblemShape>
export type Label = z.infer<typeof shapes.label>

/** Why an event is possible or not, and where the case has been. */
export type TicketWorkflow = z.infer<typeof workflow.TicketWorkflow>
export type TypeWorkflow = z.infer<typeof workflow.TypeWorkflow>
export type TypeList = z.infer<typeof shapes.TypeList>

export type CalendarList = z.infer<typeof calendar.CalendarList>
export type CalendarYear = z.infer<typeof calendar.CalendarYear>
export type CalendarExplanation = z.infer<typeof calendar.CalendarExplanation>
export type PolicyList = z.infer<typeof calendar.PolicyList>

export type WorklistPage = z.infer<typeof work.WorklistPageShape>
export type Row = WorklistPage['items'][number]
export type Group = Row['group']
export type Claimed = z.infer<typeof work.ClaimedShape>
export type Assignment = z.infer<typeof work.AssignmentShape>
export type Assignments = z.infer<typeof work.AssignmentHistoryShape>
export type Offices = z.infer<typeof work.OfficesShape>
export type Office = Offices['items'][number]
export type Colleagues = z.infer<typeof work.ColleaguesShape>
export type People = z.infer<typeof work.PeopleShape>
export type Draft = z.infer<typeof work.DraftShape>
export type DraftSaved = z.infer<typeof work.DraftSavedShape>

export type Verification = z.infer<typeof deciding.Verification>
export type Reasons = z.infer<typeof deciding.Reasons>
export type SideBySide = z.infer<typeof deciding.SideBySideShape>
export type ComparedField = SideBySide['unasked'][number]
export type KpjTrace = z.infer<typeof deciding.KpjTraceShape>
export type Note = z.infer<typeof deciding.NoteShape>
export type Notes = z.infer<typeof deciding.NoteList>

export type Uploaded = z.infer<typeof documents.Uploaded>
export type Documents = z.infer<typeof documents.StaffDocuments>
export type DocumentItem = Documents['items'][number]
export type Person = z.infer<typeof filing.Person>
export type PersonField = (typeof filing.PERSON_FIELDS)[number]

/** Who is signed in (`GET /v1/session`). */
export interface Session {
  readonly staffId: string
  readonly username: string
  readonly name: string
  readonly roles: readonly { readonly role: string; readonly officeId: string | null }[]
  readonly offices: readonly string[] | null
  readonly session: {
    readonly id: string
    readonly via: 'local' | 'oidc'
    readonly startedAt: string
    readonly steppedUpAt: string | null
    readonly idleUntil: string
    readonly expiresAt: string
  }
  /** Null: they sign in elsewhere. */
  readonly recoveryCodesLeft: number | null
}
/** What a step of signing in answers. */
export interface SignInStep {
  readonly next: 'password' | 'enrol' | 'totp' | 'open'
  readonly expiresAt: string
}
/** `GET /v1/tickets/:id/risk`. */
export interface Risk {
  readonly flags: readonly {
    readonly code: string
    readonly reason: Label
    readonly elevates: boolean
    readonly branch: boolean
    readonly otherTicketId: string | null
    readonly raisedAt: string
  }[]
  readonly competing: readonly string[]
  readonly match: {
    readonly outcome: 'found' | 'notFound'
    readonly findings: readonly { readonly code: string; readonly reason: Label }[]
    readonly matchedAt: string
  } | null
}
/** `GET /v1/tickets/:id/competing`: this case first. */
export interface Competing {
  readonly cases: readonly {
    readonly ticket: Pick<
      Ticket,
      | 'ticketId'
      | 'ticketNumber'
      | 'stateLabel'
      | 'standing'
      | 'route'
      | 'cause'
      | 'officeId'
      | 'contentVersion'
      | 'filedAt'
    >
    readonly contacts: readonly {
      readonly channel: 'email' | 'phone'
      readonly proven: boolean
      readonly same: boolean
    }[]
    readonly flags: readonly string[]
    readonly documents: readonly { readonly kind: string; readonly state: string }[]
    readonly mergeable: boolean
    readonly obstacle: string | null
  }[]
}
/** `GET /v1/tickets/:id/messages`. */
export interface MessageLog {
  readonly items: readonly {
    readonly ref: string
    readonly recipient: string
    readonly channel: 'email' | 'sms'
    readonly template: string
    readonly outcome: 'sent' | 'failed' | 'skipped' | 'deferred'
    readonly reason: string | null
    readonly attempts: number
    readonly at: string
  }[]
}
