import type { OfficeId, Part } from './cast.js'

/** What somebody did, so many operating minutes before now. */
type SampleStep = readonly [
  openMinutesAgo: number,
  who: Part,
  event: { readonly type: string; readonly [key: string]: unknown },
]

/** One sample ticket: how it was filed and what happened since. Steps are in order; 0 is now. */
export interface Sample {
  readonly openMinutesAgo: number
  readonly part: Part
  readonly office: OfficeId
  readonly filing: Readonly<Record<string, unknown>>
  readonly steps: readonly SampleStep[]
}

const proven = (openMinutesAgo: number): readonly SampleStep[] => [
  [openMinutesAgo, 'portal', { type: 'contact.prove', channel: 'email' }],
  [openMinutesAgo - 2, 'portal', { type: 'contact.prove', channel: 'phone' }],
]
const checked = (openMinutesAgo: number): SampleStep => [
  openMinutesAgo,
  'agent',
  { type: 'identity.verify', verdict: 'matched', checklist: [{ item: 'KTP_COCOK', matched: true }] },
]
const online = (cause: string, openMinutesAgo: number, steps: readonly SampleStep[]): Sample => ({
  ...{ openMinutesAgo, steps, part: 'portal', office: 'pusat' },
  filing: { route: 'layanan_digital', cause, channel: 'portal' },
})

/** A worklist worth looking at: one in almost every state, one of them late. */
export const samples: readonly Sample[] = [
  online('EMAIL_DAN_HP_HILANG', 300, [...proven(295), [200, 'agent', { type: 'verification.start' }]]),
  online('HP_GANTI', 0, []),
  online('DATA_LAMA', 90, proven(85)),
  online('DIBUAT_HR', 420, [
    ...proven(410),
    [300, 'agent', { type: 'verification.start' }],
    [280, 'agent', { type: 'documents.request', documents: [{ kind: 'SURAT_HRD', reason: 'BELUM_LENGKAP' }] }],
  ]),
  online('LUPA_PERNAH_DAFTAR', 500, [
    ...proven(490),
    [240, 'agent', { type: 'verification.start' }],
    checked(200),
    [180, 'agent', { type: 'approval.propose' }],
  ]),
  online('EMAIL_TIDAK_AKTIF', 400, [
    ...proven(390),
    [120, 'agent', { type: 'verification.start' }],
    checked(90),
    [80, 'agent', { type: 'approval.propose' }],
    [15, 'checker', { type: 'approval.confirm' }],
  ]),
  online('PERUBAHAN_STATUS', 350, [
    ...proven(340),
    [250, 'agent', { type: 'verification.start' }],
    [220, 'agent', { type: 'branch.refer', officeId: 'cabang-makassar', reason: 'PERLU_TATAP_MUKA' }],
  ]),
  // Four and a half days of operating hours: the promise of three business days is over.
  online('EMAIL_DAN_HP_HILANG', 2160, [...proven(2150), [1800, 'agent', { type: 'verification.start' }]]),
  {
    ...{ openMinutesAgo: 60, part: 'agent', office: 'cabang-makassar' },
    filing: { route: 'kantor_cabang', cause: 'EMAIL_DAN_HP_HILANG', channel: 'walk_in' },
    steps: [
      ...proven(56),
      [50, 'agent', { type: 'verification.start' }],
      checked(40),
      [35, 'agent', { type: 'approval.propose' }],
      [20, 'checker', { type: 'approval.confirm' }],
    ],
  },
]
