import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { Sql } from '../sql.js'

export type SealedSource = (typeof SEALED_SOURCES)[number]
export const SEALED_SOURCES = [
  'identities',
  'contacts',
  'matches',
  'documents',
  'localMail',
  'filingReplies',
  'workDrafts',
  'ticketNotes',
  'portalDrafts',
  'staff',
  'dirParticipants',
  'dirAccounts',
] as const

/** Where a table keeps its ciphertext. */
export interface Shape {
  readonly table: PgTable
  readonly name: string
  readonly column: string
  /** The column as the program calls it. */
  readonly field: string
  readonly sealed: PgColumn
  readonly id: PgColumn
  /** The second part of the primary key. */
  readonly sub?: PgColumn
  readonly generation?: PgColumn
  readonly ticketId?: PgColumn
}

const WHOLE = { column: 'sealed', field: 'sealed' } as const

/** Every column of every table that holds ciphertext of a row of its own: rotation and proof walk them all. */
export const sealedShapes = (t: Sql['t']): Record<SealedSource, Shape> => ({
  ...ofPerson(t),
  ...ofCase(t),
  ...ofDirectory(t),
})

function ofPerson(t: Sql['t']) {
  return {
    identities: {
      ...WHOLE,
      table: t.identities,
      name: 'identities',
      sealed: t.identities.sealed,
      id: t.identities.ticketId,
      ticketId: t.identities.ticketId,
    },
    contacts: {
      ...WHOLE,
      table: t.contacts,
      name: 'contacts',
      sealed: t.contacts.sealed,
      id: t.contacts.ticketId,
      sub: t.contacts.channel,
      generation: t.contacts.generation,
      ticketId: t.contacts.ticketId,
    },
    matches: {
      table: t.matches,
      name: 'matches',
      column: 'old_contacts',
      field: 'oldContacts',
      sealed: t.matches.oldContacts,
      id: t.matches.ticketId,
      ticketId: t.matches.ticketId,
    },
  }
}

function ofCase(t: Sql['t']) {
  return {
    documents: {
      table: t.documents,
      name: 'documents',
      column: 'name_sealed',
      field: 'nameSealed',
      sealed: t.documents.nameSealed,
      id: t.documents.id,
      ticketId: t.documents.ticketId,
    },
    localMail: {
      ...WHOLE,
      table: t.localMail,
      name: 'local_mail',
      sealed: t.localMail.sealed,
      id: t.localMail.id,
      ticketId: t.localMail.ticketId,
    },
    filingReplies: {
      ...WHOLE,
      table: t.filingReplies,
      name: 'filing_replies',
      sealed: t.filingReplies.sealed,
      id: t.filingReplies.key,
      ticketId: t.filingReplies.ticketId,
    },
    workDrafts: {
      ...WHOLE,
      table: t.workDrafts,
      name: 'work_drafts',
      sealed: t.workDrafts.sealed,
      id: t.workDrafts.ticketId,
      sub: t.workDrafts.agentId,
      generation: t.workDrafts.version,
      ticketId: t.workDrafts.ticketId,
    },
    portalDrafts: {
      ...WHOLE,
      table: t.portalDrafts,
      name: 'portal_drafts',
      sealed: t.portalDrafts.sealed,
      id: t.portalDrafts.hash,
      ticketId: t.portalDrafts.ticketId,
    },
    ticketNotes: {
      ...WHOLE,
      table: t.ticketNotes,
      name: 'ticket_notes',
      sealed: t.ticketNotes.sealed,
      id: t.ticketNotes.id,
      ticketId: t.ticketNotes.ticketId,
    },
  }
}

function ofDirectory(t: Sql['t']) {
  return {
    dirParticipants: {
      ...WHOLE,
      table: t.dirParticipants,
      name: 'dir_participants',
      sealed: t.dirParticipants.sealed,
      id: t.dirParticipants.id,
    },
    dirAccounts: {
      ...WHOLE,
      table: t.dirAccounts,
      name: 'dir_accounts',
      sealed: t.dirAccounts.sealed,
      id: t.dirAccounts.id,
    },
    staff: {
      table: t.staff,
      name: 'staff',
      column: 'totp_sealed',
      field: 'totpSealed',
      sealed: t.staff.totpSealed,
      id: t.staff.id,
    },
  }
}
