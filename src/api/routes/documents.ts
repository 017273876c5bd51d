import { z } from 'zod'
import { watermarked } from '../../audit/index.js'
import type { DocumentView, Outcome, Reuse } from '../../documents/index.js'
import { PulihError } from '../../engine/errors.js'
import type { Label } from '../../machines/ticketType.js'
import { ok, route, type ApiDeps, type Call, type JsonObject, type Reply, type Route } from '../context.js'
import { PROBLEM_TEXTS } from '../problemTexts.js'
import type { LabelledFieldError } from '../problems.js'
import { FilerDocuments, StaffDocuments, Uploaded } from '../shapes.documents.js'
import { visibleHead } from '../ticketViews.js'
import { iso, isoOrNull } from '../words.js'

type Refusal = Extract<Outcome, { state: 'refused' }>['refused']

/** The parts of an upload: `kind` before each file it is said of. */
const PARTS: JsonObject = {
  type: 'object',
  properties: {
    kind: {
      type: 'string',
      description: 'What the files after it are: KTP, KARTU_BPJSTK, SLIP_GAJI, SURAT_HRD, KARTU_KELUARGA.',
    },
    file: {
      type: 'string',
      format: 'binary',
      description: 'JPEG, PNG, WebP or PDF; at most 10 MB, 5 files and 25 MB a case.',
    },
  },
  required: ['kind', 'file'],
}
const UPLOAD_PROBLEMS = [
  'UPLOAD_MALFORMED',
  'MEDIA_TYPE_UNSUPPORTED',
  'VALIDATION_FAILED',
  'EVENT_NOT_ALLOWED',
  'ERASED',
  'TOO_MANY_REQUESTS',
  'DOCUMENT_MISSING',
  'DOCUMENT_TYPE_REFUSED',
  'DOCUMENT_TOO_LARGE',
  'DOCUMENT_EMPTY',
  'DOCUMENT_INFECTED',
  'DOCUMENT_PASSWORD',
  'DOCUMENT_UNREADABLE',
  'DOCUMENT_TOO_MANY',
  'DOCUMENT_TOO_MANY_PAGES',
  'SHUTTING_DOWN',
] as const
/** Those who decide: an auditor reads what was done, never what is in the files. */
export const VIEWERS = ['agent', 'checker', 'supervisor'] as const
const VIEW_PROBLEMS = ['TICKET_NOT_FOUND', 'NOT_FOUND', 'ERASED', 'STEP_UP_REQUIRED', 'AUDIT_UNAVAILABLE'] as const
/** Whatever a page holds, a browser shows it as a picture and nothing else (R-FILE-8). */
const PAGE_HEADERS = {
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-store',
  'Content-Disposition': 'inline; filename="halaman.jpg"',
}

export const documentRoutes = (deps: ApiDeps): readonly Route[] => [...filerRoutes(deps), ...staffRoutes(deps)]

const filerRoutes = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'post',
    path: '/v1/pengaduan/documents',
    operationId: 'uploadDocuments',
    summary: 'Mengunggah dokumen pendukung. Each file is answered for by itself; one that fails loses no other.',
    access: 'filer',
    limit: 'uploads',
    upload: PARTS,
    reply: { status: 200, description: 'What became of each file, in their order.', schema: Uploaded },
    problems: UPLOAD_PROBLEMS,
    handle: (call) => upload(deps, call, filedTicket(call)),
  }),
  route({
    method: 'get',
    path: '/v1/pengaduan/documents',
    operationId: 'ownDocuments',
    summary: 'Dokumen yang sudah diunggah untuk pengaduan ini.',
    access: 'filer',
    reply: { status: 200, description: 'In the order in which they came.', schema: FilerDocuments },
    problems: ['ERASED'],
    handle: async (call) => ok({ items: (await deps.services.documents.of(filedTicket(call))).map(filerView) }),
  }),
]

const staffRoutes = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'post',
    path: '/v1/tickets/:id/documents',
    operationId: 'uploadDocumentsFor',
    summary: 'Petugas cabang mengunggah dokumen untuk peserta yang hadir.',
    access: ['agent'],
    upload: PARTS,
    reply: { status: 200, description: 'What became of each file, in their order.', schema: Uploaded },
    problems: ['TICKET_NOT_FOUND', ...UPLOAD_PROBLEMS],
    handle: async (call) => upload(deps, call, await visibleId(deps, call)),
  }),
  route({
    method: 'get',
    path: '/v1/tickets/:id/documents',
    operationId: 'documentsOf',
    summary: 'Dokumen sebuah tiket, dan di mana berkas yang sama atau mirip pernah dipakai.',
    access: VIEWERS,
    reply: { status: 200, description: 'In the order in which they came.', schema: StaffDocuments },
    problems: ['TICKET_NOT_FOUND', 'ERASED'],
    handle: async (call) => {
      const ticketId = await visibleId(deps, call)
      const { documents } = deps.services
      const [views, reuse] = await Promise.all([documents.of(ticketId), documents.reuse(ticketId)])
      return ok({ items: views.map((view) => staffView(view, reuse)) })
    },
  }),
  route({
    method: 'get',
    path: '/v1/tickets/:id/documents/:documentId/pages/:page',
    operationId: 'documentPage',
    summary:
      'Satu halaman dokumen sebagai gambar JPEG bertanda air; berkas aslinya tidak pernah ditampilkan. Each view is written down first.',
    access: VIEWERS,
    reply: { status: 200, description: 'A picture.', schema: z.string(), media: 'image/jpeg' },
    problems: VIEW_PROBLEMS,
    handle: async (call) => page(deps, await pageOf(deps, call), call),
  }),
]

const filedTicket = ({ filed }: Call): string => {
  if (filed === null) throw new PulihError('UNAUTHENTICATED', 'no status token of a ticket')
  return filed.ticketId
}
const visibleId = async (deps: ApiDeps, { params, actor }: Call): Promise<string> =>
  (await visibleHead(deps, params['id'] ?? '', actor)).ticketId

async function upload({ services }: ApiDeps, call: Call, ticketId: string): Promise<Reply> {
  if (call.upload === null) throw new PulihError('UPLOAD_MALFORMED', 'no upload')
  const outcomes = await services.documents.upload(ticketId, call.actor, call.upload)
  const refused = outcomes.flatMap((it, index) => (it.state === 'refused' ? [{ index, refused: it.refused }] : []))
  if (outcomes.length === 0) throw new PulihError('DOCUMENT_MISSING', 'no file in the request')
  const [first] = refused
  if (first !== undefined && refused.length === outcomes.length)
    throw new PulihError(first.refused.code, 'no file was taken', { errors: refused.map(fault) })
  return ok({ ticketId, documents: outcomes.map(outcomeView) })
}

const fault = ({ index, refused }: { index: number; refused: Refusal }): LabelledFieldError => ({
  in: 'body',
  pointer: `/files/${index}`,
  code: refused.code,
  message: textOf(refused),
})
const textOf = ({ code, advice }: Refusal): Label => advice ?? PROBLEM_TEXTS[code].detail

function outcomeView(outcome: Outcome) {
  if (outcome.state !== 'refused') return { ...outcome, reason: null }
  const { kind, refused } = outcome
  const reason = { code: refused.code, text: textOf(refused) }
  return { state: 'refused', documentId: null, kind, pages: 0, repeated: false, reason }
}

const filerView = ({ id, kind, state, code, name, bytes, pages, receivedAt }: DocumentView) => ({
  documentId: id,
  kind,
  state,
  reason: code,
  name,
  bytes,
  pages,
  receivedAt: iso(receivedAt),
})

const staffView = (view: DocumentView, reuse: readonly Reuse[]) => ({
  ...filerView(view),
  media: view.media,
  sha256: view.sha256,
  decidedAt: isoOrNull(view.decidedAt),
  seenBefore: reuse
    .filter(({ documentId }) => documentId === view.id)
    .map(({ otherTicketId, otherDocumentId, how }) => ({
      ticketId: otherTicketId,
      documentId: otherDocumentId,
      how,
    })),
})

export interface PageOf {
  readonly ticketId: string
  readonly documentId: string
  readonly page: number
}

/** The page that a request names, of a ticket that its caller may know. Throws TICKET_NOT_FOUND, NOT_FOUND. */
export async function pageOf(deps: ApiDeps, call: Call): Promise<PageOf> {
  const { documentId = '', page: text = '' } = call.params
  const ticketId = await visibleId(deps, call)
  if (!/^[1-9]\d{0,2}$/.test(text)) throw new PulihError('NOT_FOUND', 'no such page')
  return { ticketId, documentId, page: Number(text) }
}

/** Written down before it is shown; whoever looks, when and at what is on the picture (R-FILE-10). */
export async function page(deps: ApiDeps, of: PageOf, by: Pick<Call, 'actor' | 'principal'>): Promise<Reply> {
  const { store, services, clock } = deps
  const { ticketId, documentId, page: number } = of
  const plain = await services.documents.page(ticketId, documentId, number)
  const ticket = await store.findTicket(ticketId)
  const viewed = { action: 'file.view', ticketId, subject: documentId, detail: { page: number } } as const
  await services.guard.open({ ...viewed, actor: by.actor, principal: by.principal })
  const mark = { actorId: by.actor.id, ticketNumber: ticket?.ticketNumber ?? '', at: clock.now() }
  return { status: 200, headers: PAGE_HEADERS, body: { bytes: await watermarked(plain, mark), media: 'image/jpeg' } }
}
