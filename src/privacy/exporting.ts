import { createHash } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DocumentRow } from '../../db/intake/documents.js'
import type { MessageLogRow } from '../../db/intake/messages.js'
import type { IdentityRow } from '../../db/intake/people.js'
import type { Clock } from '../engine/clock.js'
import { PulihError } from '../engine/errors.js'
import type { LogEntry, TicketRow } from '../engine/types.js'
import type { DataRequests, DataRequestView } from './dataRequests.js'
import type { People } from './people.js'

/** What somebody gets who asks for their data (R-PDP-3). */
export interface Exported {
  /** Files written, by name within the folder. */
  readonly files: readonly string[]
  readonly request: DataRequestView
}
export interface ExportParts {
  readonly store: {
    findTicket(id: string): Promise<TicketRow | null>
    readLog(id: string, fromSeq: number, limit: number): Promise<readonly LogEntry[]>
    readonly intake: {
      readonly people: { findIdentity(ticketId: string): Promise<IdentityRow | null> }
      readonly messages: { messagesOf(ticketId: string, limit: number): Promise<readonly MessageLogRow[]> }
    }
  }
  readonly people: Pick<People, 'identityOf' | 'contactsOf'>
  readonly documents: {
    of(ticketId: string): Promise<
      readonly (Pick<DocumentRow, 'id' | 'kind' | 'state' | 'sha256' | 'pages' | 'receivedAt'> & {
        readonly name: string | null
      })[]
    >
    page(ticketId: string, documentId: string, page: number): Promise<Buffer>
  }
  /** What the person may read of the log. */
  readonly told: (log: readonly LogEntry[]) => readonly { readonly at: number; readonly fact: string }[]
  readonly requests: DataRequests
  readonly clock: Clock
}

const ALL = 10_000
const notProven = () =>
  new PulihError(
    'PROOF_REQUIRED',
    'Both contacts proven and the identity checked: only then is it known whose data these are.',
  )

/**
 * Writes what is kept of a person into a new folder, for its owner alone: `data.json`, each page as officers see it, and their checksums.
 * The register says that it was done, as the answer to the oldest open request for access of this ticket, or to one of this moment. Throws
 * TICKET_NOT_FOUND, ERASED, NOT_FOUND (no person), PROOF_REQUIRED (R-PDP-3: never by a ticket's number alone), CONFLICT (the folder is there, or cannot be made).
 */
export async function exportPerson(
  parts: ExportParts,
  ticketId: string,
  folder: string,
  actorId: string,
): Promise<Exported> {
  const data = await dataOf(parts, ticketId)
  await newFolder(folder)
  try {
    // Before a file is written, so that nothing leaves without a trace; cut off, it stands there as unanswered.
    const asked = await registered(parts, ticketId, actorId)
    const files = await filesOf(parts, ticketId, data)
    for (const [name, bytes] of files) await writeFile(join(folder, name), bytes, { flag: 'wx', mode: 0o600 })
    const request = await parts.requests.answer(asked, { outcome: 'done', reason: 'EXPORTED' }, actorId)
    return { files: [...files.keys()], request }
  } catch (error) {
    // Half of somebody's data is nobody's answer.
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

/** By name: each page, `data.json`, and the checksums of both. */
async function filesOf(
  { documents: store }: ExportParts,
  ticketId: string,
  data: object,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>()
  const documents = []
  for (const { id, kind, state, name, sha256, pages, receivedAt } of await store.of(ticketId)) {
    const names: string[] = []
    if (state === 'accepted')
      for (let page = 1; page <= pages; page++) {
        const file = `${kind}-${documents.length + 1}-${page}.jpg`
        files.set(file, await store.page(ticketId, id, page))
        names.push(file)
      }
    documents.push({ kind, state, name, sha256, receivedAt: iso(receivedAt), pages: names })
  }
  files.set('data.json', Buffer.from(`${JSON.stringify({ ...data, documents }, null, 2)}\n`))
  files.set('SHA256SUMS', Buffer.from([...files].map(([name, bytes]) => `${sha256Of(bytes)}  ${name}\n`).join('')))
  return files
}

async function dataOf({ store, people, told, clock }: ExportParts, ticketId: string) {
  const ticket = await store.findTicket(ticketId)
  if (ticket === null) throw new PulihError('TICKET_NOT_FOUND', 'no such ticket')
  const declared = await people.identityOf(ticketId)
  const row = await store.intake.people.findIdentity(ticketId)
  if (declared === null || row === null) throw new PulihError('NOT_FOUND', 'this ticket has no personal data')
  const contacts = await people.contactsOf(ticketId)
  if (contacts.length < 2 || !contacts.every((it) => it.proven) || !identityChecked(ticket)) throw notProven()
  const log = await store.readLog(ticketId, 0, ALL)
  const messages = await store.intake.messages.messagesOf(ticketId, ALL)
  return {
    exportedAt: iso(clock.now()),
    ticket: {
      number: ticket.ticketNumber,
      state: ticket.state,
      filedAt: iso(ticket.filedAt),
      closedAt: ticket.closedAt === null ? null : iso(ticket.closedAt),
    },
    identity: declared.identity,
    contacts: contacts.map(({ channel, address, proven }) => ({ channel, address, proven })),
    processing: { noticeVersion: row.noticeVersion, purpose: row.purpose, legalBasis: row.legalBasis },
    history: told(log).map(({ at, fact }) => ({ at: iso(at), fact })),
    messages: messages.map(({ channel, template, outcome, at }) => ({ channel, template, outcome, at: iso(at) })),
  }
}

const iso = (at: number): string => new Date(at).toISOString()
const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** An officer found that it is this person: a fact of the statechart, whatever became of the ticket afterwards. */
const identityChecked = ({ snapshot }: TicketRow): boolean =>
  (snapshot as { readonly context?: { readonly identityVerified?: unknown } }).context?.identityVerified === true

/** Nothing is written over, and nobody else's file is among the person's. */
async function newFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 })
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    const why =
      code === 'EEXIST'
        ? 'is there already: an export goes into one of its own'
        : `cannot be made (${code ?? 'unknown'})`
    throw new PulihError('CONFLICT', `The folder ${why}.`, {}, { cause })
  }
}

/** The oldest open request for access of this ticket, or a new one. */
async function registered({ requests, clock }: ExportParts, ticketId: string, actorId: string): Promise<string> {
  const open = await requests.list({ open: true, ticketId })
  const asked = open.find((it) => it.kind === 'access')
  return (asked ?? (await requests.open({ kind: 'access', ticketId, receivedAt: clock.now() }, actorId))).id
}
