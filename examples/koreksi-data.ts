/**
 * Koreksi data kepesertaan: a participant whose name or birth date is wrong in the membership data asks for its correction and shows a
 * document that proves it. One officer decides within three business days; the clock stands still while the participant looks for papers.
 *
 * This file is a whole ticket type. Nothing else in Pulih knows of it: API, timers, worklist, drawing and demonstration are derived.
 * A copy of it is how the next type begins (docs/ticket-types.md); outside this repository the import is 'pulih/ticket-type'.
 */
// prettier-ignore
import {
  and, businessDays, businessMinutes, currentDeadline, documentOf, documentsOf, effectActions, internalEvent, leafOf, message, NoPayload,
  OFFICER, OfficeId, onTimer, OpaqueRef, PARTICIPANT, publicEvent, ReasonCode, requestOf, setup, slaEvents, slaRegion, ticketSteps,
  timedStart, TimerPayload, wallDays, wallHours, z,
  type Amount, type ClockEvent, type EventOf, type FilingInput, type Policy, type Role, type Story, type Tag, type TicketType, type Timed,
} from '../src/machines/author.js'

// ---- 1. Words: what may be filed and sent. Codes, references and hashes only; what a person is called never passes through here.

const DocumentKind = z.enum(['KTP', 'KARTU_KELUARGA', 'AKTA_LAHIR', 'SURAT_KETERANGAN'])
const RejectionCode = z.enum(['DOKUMEN_TIDAK_MENDUKUNG', 'DOKUMEN_TIDAK_SAH', 'DATA_SUDAH_BENAR', 'BUKAN_PEMILIK'])

const Filing = z.strictObject({
  route: z.enum(['layanan_digital', 'kantor_cabang']),
  /** Which part of the data is wrong; the right value is on the document. */
  field: z.enum(['NAMA', 'TANGGAL_LAHIR', 'TEMPAT_LAHIR', 'JENIS_KELAMIN']),
  officeId: OfficeId.default('pusat'),
  participantRef: OpaqueRef,
  /** Supporting documents at hand; without any the participant is asked for one. */
  documents: z.array(documentOf(DocumentKind)).max(5).default([]),
})

const FILER: readonly Role[] = [...PARTICIPANT, 'agent']
/** Filers have seen no version yet; officers' events need the one they were decided on. */
const unversioned = { version: false }

/** What people send: payload, roles, the fact in the log, the words on the button. */
// prettier-ignore
const publicEvents = {
  submit: publicEvent(NoPayload, FILER, 'CorrectionFiled', { id: 'Ajukan koreksi data', en: 'File' }, unversioned),
  'documents.upload': publicEvent(documentsOf(DocumentKind), FILER, 'DocumentsUploaded', { id: 'Unggah dokumen', en: 'Upload documents' }, unversioned),
  'documents.request': publicEvent(requestOf(DocumentKind), OFFICER, 'DocumentsRequested', { id: 'Minta dokumen', en: 'Request documents' }),
  approve: publicEvent(NoPayload, OFFICER, 'CorrectionApproved', { id: 'Setujui koreksi', en: 'Approve' }),
  reject: publicEvent(z.strictObject({ code: RejectionCode }), OFFICER, 'CorrectionRejected', { id: 'Tolak koreksi', en: 'Reject' }),
  withdraw: publicEvent(z.strictObject({ reason: ReasonCode }), PARTICIPANT, 'CorrectionWithdrawn', { id: 'Tarik permohonan', en: 'Withdraw' }),
  reopen: publicEvent(NoPayload, PARTICIPANT, 'CorrectionReopened', { id: 'Buka kembali', en: 'Reopen' }),
}
/** Timers and answers of outside systems: the API refuses them whatever the machine says. */
// prettier-ignore
const internalEvents = {
  ...slaEvents,
  'noReply.remind': internalEvent(TimerPayload, 'ParticipantReminded', 'Peserta diingatkan', 'Participant reminded'),
  'noReply.expire': internalEvent(TimerPayload, 'CorrectionExpired', 'Kedaluwarsa tanpa balasan', 'Expired unanswered'),
  'correction.applied': internalEvent(NoPayload, 'DataCorrected', 'Data diperbaiki', 'Data corrected', true),
  'correction.refused': internalEvent(z.strictObject({ code: ReasonCode }), 'CorrectionRefused', 'Perbaikan ditolak sistem', 'Refused by the system', true),
}
type Event = EventOf<typeof publicEvents & typeof internalEvents>

// ---- 2. What the ticket remembers: flags, codes and ids. `Timed` is the part that clocks and deadlines use.

interface Context extends Timed {
  readonly field: string
  readonly participantRef: string
  readonly filer: string
  readonly documents: readonly string[]
  readonly requested: readonly string[]
  readonly decider: string | null
  readonly closedAt: number | null
  readonly rules: { readonly targets: Readonly<Record<string, readonly string[]>>; readonly reopenMs: number }
}

function start({ filing, policy, actor }: FilingInput): Context {
  const { route, officeId, field, participantRef, documents } = Filing.parse(filing)
  const timed = timedStart(policy, { route, officeId })
  return {
    ...timed,
    ...{ field, participantRef, filer: actor.id, decider: null, closedAt: null },
    ...{ documents: documents.map((it) => it.kind), requested: [] },
    // Numbers come from the policy, so that a new version of it changes them for new tickets.
    rules: { ...timed.rules, reopenMs: (policy.limits['reopenDays'] ?? 0) * 86_400_000 },
  }
}

// ---- 3. The statechart. No clock and no I/O in it: instants come with events, effects leave as data.

type Args = { context: Context; event: Event | ClockEvent }
/** When something is allowed; each has its sentence in `refusals`. They answer without a payload too ("what could I send?"). */
const guards = {
  currentDeadline,
  hasDocument: ({ context }: Args) => context.documents.length > 0,
  /** Whoever filed at a desk does not decide. */
  notFiler: ({ context, event }: Args) => 'actor' in event && event.actor.id !== context.filer,
  uploadsAll: ({ context, event }: Args) => {
    if (event.type !== 'documents.upload') return false
    const kinds = (event.documents as readonly { kind: string }[] | undefined)?.map((it) => it.kind)
    return kinds === undefined || context.requested.every((kind) => kinds.includes(kind))
  },
  withinReopenWindow: ({ context, event }: Args) =>
    'at' in event && context.closedAt !== null && event.at <= context.closedAt + context.rules.reopenMs,
}

const types = { context: {} as Context, events: {} as Event | ClockEvent, input: {} as FilingInput, tags: {} as Tag }
const base = setup({ types, guards, actions: effectActions })
const { set, clocks, enter, arm, waiting } = ticketSteps<Context, Event>()

const upload = set(({ context, event }) => {
  if (event.type !== 'documents.upload') return {}
  const kinds: readonly string[] = event.documents.map((it) => it.kind)
  const requested = context.requested.filter((kind) => !kinds.includes(kind))
  return { documents: [...new Set([...context.documents, ...kinds])], requested }
})
const request = set(({ event }) =>
  event.type === 'documents.request' ? { requested: event.documents.map((it) => it.kind) } : {},
)
/** A decision keeps the promise, in time or late: the clock says which. */
const decided = (template: string) => [
  set(({ event }) => ({ decider: event.actor.id })),
  clocks('clocks.decided'),
  message(template),
]
/** Another cycle of the promise: the old verdict stands in the log, a new due date is promised. */
const newCycle = set(({ context }) => ({ cycle: context.cycle + 1, late: [], decider: null, closedAt: null }))
/** Whatever closes a ticket also stops its clocks. */
const close = [set(({ event }) => ({ closedAt: event.at, pauseCauses: [] })), clocks('clocks.closed')]

const startAgain = [newCycle, clocks('clocks.start')]
const withdraw = { target: 'withdrawn', actions: [message('withdrawn')] }
const inWindow = 'withinReopenWindow' as const
const reopen = { guard: inWindow, target: 'underReview', actions: [...startAgain, message('reopened')] }

const machine = base.createMachine({
  id: 'koreksiData',
  type: 'parallel',
  context: ({ input }) => start(input),
  states: {
    /** Where the ticket is. Every state says by its tags with whom the ball is; nothing else asks for a state by name. */
    handling: {
      initial: 'draft',
      states: {
        draft: {
          tags: ['open', 'waitingOnUs'],
          on: {
            // Time starts here in either case; without a document it starts paused.
            submit: [
              { guard: 'hasDocument', target: 'underReview', actions: [clocks('clocks.start'), message('received')] },
              { target: 'documentsRequested', actions: [clocks('clocks.start'), message('documents.requested')] },
            ],
          },
        },
        underReview: {
          tags: ['open', 'waitingOnUs'],
          // The ball is with us: the clock runs, or goes on.
          entry: [enter(null)],
          on: {
            'documents.upload': { actions: [upload] },
            'documents.request': { target: 'documentsRequested', actions: [request, message('documents.requested')] },
            approve: { guard: and(['hasDocument', 'notFiler']), target: 'applying', actions: decided('approved') },
            reject: { guard: 'notFiler', target: 'rejected', actions: decided('rejected') },
            withdraw,
          },
        },
        documentsRequested: {
          // The ball is with the participant: the clock stands still, and the deadline `noReply` limits the wait.
          ...waiting('documentsRequested', 'noReply'),
          on: {
            'documents.upload': [
              { guard: 'uploadsAll', target: 'underReview', actions: [upload] },
              { actions: [upload, arm('noReply')] },
            ],
            // `onTimer`: only the timer in force is heard; one of an older wait is dropped.
            'noReply.remind': onTimer('noReply', { actions: [message('reminder')] }),
            'noReply.expire': onTimer('noReply', { target: 'expired', actions: [message('expired')] }),
            withdraw,
          },
        },
        applying: {
          tags: ['open', 'waitingOnUs'],
          // A command to an outside system: delivered once, its answer comes back as one of the two events.
          entry: {
            type: 'port.call',
            params: ({ context }) => ({
              port: 'membership',
              operation: 'correctData',
              replyEvent: 'correction.applied',
              refusalEvent: 'correction.refused',
              data: { cycle: context.cycle, participantRef: context.participantRef, field: context.field },
            }),
          },
          on: {
            'correction.applied': { target: 'corrected', actions: [message('data.corrected')] },
            'correction.refused': {
              target: 'underReview',
              actions: [...startAgain, message('correction.refused', 'staff')],
            },
          },
        },
        corrected: { tags: ['terminal'], entry: close },
        rejected: { tags: ['terminal'], entry: close, on: { reopen } },
        withdrawn: { tags: ['terminal'], entry: close, on: { reopen } },
        expired: { tags: ['terminal'], entry: close, on: { reopen } },
      },
    },
    /** One small region per promise: it hears `clocks.*` from above and sends warnings, breach and ladder by itself. */
    decision: slaRegion({
      target: 'decision',
      start: 'clocks.start',
      settle: ['clocks.decided'],
      pausable: true,
    }) as never,
  },
})

// ---- 4. Numbers: data with a source, published at the first start. Another number is another version, never an edit.

const ladder = [
  { level: 1, after: businessMinutes(60), audience: 'supervisor' },
  { level: 2, after: businessDays(1), audience: 'unitHead' },
]
const promise = (within: Amount) => ({ counting: 'deemed' as const, within, warnings: [50, 80], ladder })
const policy: Policy = {
  id: 'koreksi-data',
  version: 1,
  ticketType: 'koreksi_data',
  provenance: 'Usulan untuk contoh ini, bukan ketentuan resmi: 3 hari kerja secara digital, 1 hari kerja di cabang.',
  routes: {
    layanan_digital: { targets: { decision: promise(businessDays(3)) } },
    kantor_cabang: { targets: { decision: promise(businessDays(1)) } },
  },
  deadlines: { noReply: { standard: { remind1: wallDays(3), remind2: wallDays(7), expire: wallDays(14) } } },
  limits: { reopenDays: 30 },
}

// ---- 5. Stories: what the demonstration plays and what the check walks with. A wait in business time is served while the office is open.

const paper = (kind: string) => ({ kind, ref: 'dok_contoh-berkas', sha256: 'c0ffee'.repeat(10).padEnd(64, '0') })
const filing = (field: string, ...kinds: readonly string[]) => ({
  ...{ route: 'layanan_digital', field, participantRef: 'ps_contoh-kd', documents: kinds.map(paper) },
})
const atDesk = { ...filing('NAMA', 'KTP'), route: 'kantor_cabang', officeId: 'cabang-makassar' }
const asked = { documents: [{ kind: 'AKTA_LAHIR', reason: 'BELUM_LENGKAP' }] }
const brought = { documents: [paper('AKTA_LAHIR')] }

// prettier-ignore
const told = (id: string, en: string, ends: string, by: Role, filing: Story['filing'], ...steps: Story['steps']): Story =>
  ({ name: { id, en }, ends, by, filing, steps })
// prettier-ignore
const stories: readonly Story[] = [
  told('Alur lancar', 'Straight through', 'corrected', 'portal', filing('NAMA', 'KTP'),
    [businessMinutes(90), 'agent', 'approve']),
  told('Akta diminta, dibawa dua hari kemudian', 'A certificate is asked for', 'corrected', 'portal', filing('TANGGAL_LAHIR', 'KTP'),
    [businessMinutes(200), 'agent', 'documents.request', asked],
    [wallHours(50), 'participant', 'documents.upload', brought],
    [businessMinutes(60), 'agent', 'approve']),
  told('Tanpa dokumen dan tanpa balasan', 'No document, no reply', 'expired', 'portal', filing('TEMPAT_LAHIR')),
  told('Ditolak, dibuka kembali dengan akta', 'Rejected, reopened', 'corrected', 'portal', filing('NAMA', 'SURAT_KETERANGAN'),
    [businessMinutes(300), 'agent', 'reject', { code: 'DOKUMEN_TIDAK_MENDUKUNG' }],
    [wallDays(5), 'participant', 'reopen'],
    [wallHours(1), 'participant', 'documents.upload', brought],
    [businessMinutes(120), 'checker', 'approve']),
  told('Terlambat diputus', 'Decided too late', 'corrected', 'portal', filing('JENIS_KELAMIN', 'KTP'),
    [businessDays(5), 'supervisor', 'approve']),
  told('Di kantor cabang, diputus petugas lain', 'At a branch, decided by another', 'corrected', 'agent', atDesk,
    [businessMinutes(25), 'checker', 'approve']),
]

// ---- 6. The type itself: all of it in one object, which the loader checks at every start.

export const ticketType: TicketType = {
  type: 'koreksi_data',
  version: 1,
  label: { id: 'Koreksi data kepesertaan', en: 'Correction of membership data' },
  ...{ machine, filing: Filing, filingEvent: 'submit', publicEvents, internalEvents },
  targets: { decision: { id: 'Keputusan koreksi', en: 'Decision' } },
  deadlines: { noReply: { remind1: 'noReply.remind', remind2: 'noReply.remind', expire: 'noReply.expire' } },
  states: {
    draft: { id: 'Draf', en: 'Draft' },
    underReview: { id: 'Sedang diperiksa petugas', en: 'Under review' },
    documentsRequested: { id: 'Menunggu dokumen pendukung dari Anda', en: 'Supporting documents requested' },
    applying: { id: 'Data sedang diperbaiki', en: 'Data are being corrected' },
    corrected: { id: 'Data diperbaiki', en: 'Data corrected' },
    rejected: { id: 'Ditolak', en: 'Rejected' },
    withdrawn: { id: 'Ditarik oleh peserta', en: 'Withdrawn' },
    expired: { id: 'Kedaluwarsa', en: 'Expired' },
  },
  refusals: {
    currentDeadline: { id: 'Pengatur waktu sudah tidak berlaku.', en: 'This timer is stale.' },
    hasDocument: { id: 'Belum ada dokumen pendukung.', en: 'There is no supporting document yet.' },
    notFiler: { id: 'Pengaju tidak boleh memutuskan.', en: 'Whoever filed may not decide.' },
    uploadsAll: { id: 'Masih ada dokumen yang diminta.', en: 'Requested documents are still missing.' },
    withinReopenWindow: { id: 'Batas waktu membuka kembali sudah lewat.', en: 'The time to reopen is over.' },
  },
  // The same guards where they hold, for the table of the workflow; without them their refusals are quoted.
  conditions: {
    currentDeadline: { id: 'pengatur waktunya masih berlaku', en: 'the timer still stands' },
    hasDocument: { id: 'ada dokumen pendukung', en: 'there is a supporting document' },
    notFiler: { id: 'yang memutuskan bukan pengajunya', en: 'whoever decides did not file it' },
    uploadsAll: { id: 'semua dokumen yang diminta sudah ada', en: 'all requested documents are there' },
    withinReopenWindow: { id: 'batas waktu membuka kembali belum lewat', en: 'the time to reopen is not over' },
  },
  // Columns that worklists filter and sort by; derived from the context, never written by hand.
  columns: (context) => {
    const { route, field, officeId, participantRef, closedAt, decider } = context as Context
    const filed = { route, category: 'koreksi_data', cause: field, officeId, participantRef }
    return { ...filed, priority: 0, releasedAt: null, closedAt, makerId: decider, checkerId: null }
  },
  needsBranch: (event, payload) => event === 'submit' && payload['route'] === 'kantor_cabang',
  input: (given) => given,
  stateOf: (snapshot) => leafOf(snapshot, 'handling'),
  ...{ policies: [policy], stories, upcasts: {} },
}
