import type { IncomingMessage } from 'node:http'
import type { DocumentRow, DocumentStore } from '../../db/intake/documents.js'
import type { KeyStore } from '../../db/intake/keys.js'
import type { Clock } from '../engine/clock.js'
import type { Ids } from '../engine/ids.js'
import type { Engine, TicketRow } from '../engine/types.js'
import type { TaskHandler, Tasks } from '../intake/tasks.js'
import type { Logger } from '../logging.js'
import type { Actor } from '../machines/ticketType.js'
import type { FileStore } from '../ports/fileStore.js'
import type { Scanner } from '../ports/scanner.js'
import type { Vault } from '../privacy/index.js'
import type { Limits } from './limits.js'
import type { Refused } from './refusals.js'

/** A request with files, and the address it came from as the server knows it behind its proxies. */
export interface UploadRequest extends IncomingMessage {
  readonly ip?: string | undefined
}

export interface DocumentParts {
  readonly store: {
    findTicket(id: string): Promise<TicketRow | null>
    readonly intake: { readonly documents: DocumentStore; readonly keys: Pick<KeyStore, 'findKey'> }
  }
  readonly engine: Pick<Engine, 'handle' | 'system' | 'allowed'>
  readonly vault: Vault
  readonly files: FileStore
  readonly scanner: Scanner
  readonly tasks: Tasks
  readonly clock: Clock
  readonly ids: Pick<Ids, 'id'>
  readonly logger: Logger
  /** Where uploads wait to be looked at. */
  readonly quarantineFolder: string
  /** The kinds of documents there are (R19). */
  readonly kinds: readonly string[]
  /** The network of one household or phone that an address belongs to: each has its share of places only. Kept nowhere. */
  readonly networkOf: (ip: string) => string
  readonly limits?: Partial<Limits>
  /** Told of every file in which malware was found: it is on record (R-FILE-3). */
  readonly onMalware?: (row: DocumentRow) => Promise<void>
  /** Told of every document that is accepted, when it is. */
  readonly onAccepted?: (ticketId: string, documentId: string) => Promise<void>
}

/** What became of one file of a request, in the order in which they came. */
export type Outcome =
  | {
      readonly state: 'accepted' | 'pending'
      readonly documentId: string
      readonly kind: string
      readonly pages: number
      /** These very bytes were here already: nothing was added. */
      readonly repeated: boolean
    }
  | { readonly state: 'refused'; readonly kind: string | null; readonly refused: Refused }

/** A document as people may know of it. */
export interface DocumentView extends Pick<
  DocumentRow,
  'id' | 'kind' | 'state' | 'code' | 'media' | 'bytes' | 'sha256' | 'pages' | 'receivedAt' | 'decidedAt'
> {
  /** The uploader's own name of the file; null where it is not kept. */
  readonly name: string | null
}

/** A document of another ticket with the same bytes, or whose first page looks like this one's (R-FILE-6). */
export interface Reuse {
  readonly documentId: string
  /** The other ticket, and its document. */
  readonly otherTicketId: string
  readonly otherDocumentId: string
  readonly how: 'same' | 'alike'
}

export interface DocumentService {
  /**
   * Takes the files of a multipart request: each is scanned, drawn anew, sealed and told to the ticket by itself. Throws what `receive` does;
   * TICKET_NOT_FOUND, ERASED, EVENT_NOT_ALLOWED (the ticket takes no documents now), TOO_MANY_REQUESTS (an upload for it is on its way, or as many as
   * there may be, of this network or in all).
   */
  upload(ticketId: string, actor: Actor, request: UploadRequest): Promise<readonly Outcome[]>
  /**
   * The same under an id that has a key and no ticket yet: looked at and drawn as always, so that a bad file is told at once, then kept unseen
   * (`pending`) until `adopt`. Throws what `upload` does; CONFLICT once the ticket is filed.
   */
  uploadEarly(ticketId: string, uploaderId: string, request: UploadRequest): Promise<readonly Outcome[]>
  /** Has what waited under this id looked at for its ticket, which is filed now. Harmless when repeated. */
  adopt(ticketId: string): Promise<void>
  /** Takes back what waits under an id that has no ticket yet. False when there is none such. */
  discardEarly(ticketId: string, documentId: string): Promise<boolean>
  of(ticketId: string): Promise<readonly DocumentView[]>
  /** A page as JPEG, of an accepted document of this ticket. Throws NOT_FOUND for any other. */
  page(ticketId: string, documentId: string, page: number): Promise<Buffer>
  /** Where a ticket's documents were seen before, newest first; for people to look at, never a reason to refuse. */
  reuse(ticketId: string): Promise<readonly Reuse[]>
  /** `scan_document`: what waited for the scanner, or is to be scanned again. Found infected, it goes and is asked for anew (D34). */
  readonly scan: TaskHandler
  /** Removes the files as they came, which nobody is ever shown. Gives how many. */
  purgeOriginals(ticketId: string): Promise<number>
  /** Removes everything of the ticket's documents but that they were there. Gives how many. Harmless when repeated. */
  purgePages(ticketId: string): Promise<number>
  /**
   * Removes what a killed process left: quarantined files, files that no row names; and looks again at what was left half done. Files that no
   * row names stay, with a line in the log, when they are too many to be left over.
   */
  tidy(options?: Tidying): Promise<Tidied>
  /** Looks at every file that a row names. Changes nothing. */
  prove(onProgress?: (files: number) => void): Promise<FilesProof>
  /** At a start, where no other process uses this quarantine: all that is in it is left over. */
  clearQuarantine(): Promise<number>
}
export interface Tidying {
  /** Also files that no row names in numbers that look like another database's. */
  readonly evenMany?: boolean
}
export interface Tidied {
  readonly quarantined: number
  /** Files that no row named, removed. */
  readonly orphans: number
  /** The same, too many to be removed unasked. */
  readonly kept: number
  readonly resumed: number
}

/** What became of looking at every file that a row names. */
export interface FilesProof {
  readonly documents: number
  readonly files: number
  /** All that is wrong; the first hundred are told. */
  readonly faults: number
  /** Not one of the files is there: no accident of a few. */
  readonly gone: boolean
  readonly problems: readonly { readonly ticketId: string; readonly what: string }[]
  /** Files that no row names, left by a killed process: a server removes them. Null: the store cannot be listed. */
  readonly orphans: number | null
}
