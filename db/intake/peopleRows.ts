import type { NewTask } from './tasks.js'

export type Channel = 'email' | 'phone'
export interface IdentityRow {
  readonly ticketId: string
  /** Grows with every correction. */
  readonly version: number
  /** Null once erased. */
  readonly sealed: string | null
  readonly noticeVersion: string
  readonly purpose: string
  readonly legalBasis: string
  readonly createdAt: number
  readonly updatedAt: number
}
export interface ContactRow {
  readonly ticketId: string
  readonly channel: Channel
  readonly generation: number
  readonly sealed: string | null
  readonly provenGeneration: number | null
  readonly provenAt: number | null
  readonly updatedAt: number
}
export interface IndexRow {
  readonly ticketId: string
  readonly kind: string
  readonly keyId: string
  readonly value: string
  readonly createdAt: number
}
export interface RiskFlagRow {
  readonly ticketId: string
  readonly code: string
  /** Codes, counts and ids only. */
  readonly detail: Readonly<Record<string, unknown>>
  readonly raisedAt: number
}
export interface MatchRow {
  readonly ticketId: string
  readonly identityVersion: number
  readonly outcome: 'found' | 'notFound'
  readonly participantId: string | null
  readonly findings: Readonly<Record<string, unknown>>
  readonly matchedAt: number
}
/** A match as it is kept. */
export interface KeptMatch extends MatchRow {
  /** The account's contacts from before anything was changed, sealed; null until they were looked at. */
  readonly oldContacts: string | null
}

/** What a correction waits for, and what it leaves behind in the same commit. */
export interface CorrectionOrder {
  /** Of the ticket: written only while this is its version. */
  readonly contentVersion: number
  /** Tells the ticket, should whoever corrects not come to it; no other correction is written while one of its kind is pending. */
  readonly task: NewTask
}
/** A contact of an open ticket whose row says something else of its proof than the ticket does. */
export interface Disagreement {
  readonly ticketId: string
  readonly channel: Channel
  /** Which of the two holds it for proven. */
  readonly provenBy: 'ticket' | 'row'
}

export interface PeopleStore {
  /** All or none; CONFLICT when this ticket has an identity already. */
  addPerson(identity: IdentityRow, contacts: readonly ContactRow[], indexes: readonly IndexRow[]): Promise<void>
  findIdentity(ticketId: string): Promise<IdentityRow | null>
  /** The next version; false when another correction came first, or `under` does not hold. */
  replaceIdentity(row: IdentityRow, indexes: readonly IndexRow[], under?: CorrectionOrder): Promise<boolean>
  contactsOf(ticketId: string): Promise<readonly ContactRow[]>
  /** The first address of a channel; false where there is one. */
  addContact(row: ContactRow): Promise<boolean>
  /** A new address: the next generation, unproven. False when another change came first, or a proof that `unproven` rules out. */
  changeContact(row: ContactRow, indexes: readonly IndexRow[], only?: { readonly unproven: true }): Promise<boolean>
  /** Takes the proof of its present address back; the task that tells the ticket is in the same commit. */
  withdrawProof(ticketId: string, channel: Channel, task: NewTask): Promise<void>
  /** False when the address was changed meanwhile, or this one is proven already. */
  markProven(ticketId: string, channel: Channel, generation: number, at: number): Promise<boolean>
  /** Where ticket and row differ about a proof and no pending task is about to bring them together; at most `limit`. */
  disagreements(limit: number): Promise<readonly Disagreement[]>
  indexesOf(ticketId: string): Promise<readonly IndexRow[]>
  addIndexes(rows: readonly IndexRow[]): Promise<void>
  /** Other tickets under one of these values, newest first. */
  sharing(kind: string, values: readonly string[], except: string, limit: number): Promise<readonly IndexRow[]>
  /** The first reason under a code stays. True when it is new. */
  raiseFlag(flag: RiskFlagRow): Promise<boolean>
  flagsOf(ticketId: string): Promise<readonly RiskFlagRow[]>
  linkCompeting(oneId: string, otherId: string, at: number): Promise<void>
  competingWith(ticketId: string): Promise<readonly string[]>
  saveMatch(row: MatchRow): Promise<void>
  findMatch(ticketId: string): Promise<KeptMatch | null>
  /** Once: what is kept stays. */
  keepOldContacts(ticketId: string, sealed: string): Promise<void>
}
