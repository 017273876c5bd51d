import type { Policy } from '../../src/machines/policy.js'

const DAY = 1440
const days = (amount: number) => ({ unit: 'businessDays' as const, amount, minimumOpenMinutes: 60 })
const open = (amount: number) => ({ unit: 'businessMinutes' as const, amount })
const wall = (amount: number) => ({ unit: 'wallMinutes' as const, amount })

const objectionReview = {
  counting: 'deemed' as const,
  within: days(1),
  warnings: [75],
  ladder: [{ level: 1, after: open(60), audience: 'supervisor' }],
}
const noReply = { remind1: wall(3 * DAY), remind2: wall(7 * DAY), expire: wall(14 * DAY) }

/** The shipped policies. Numbers are configuration with a source, never constants in code; a new number is a new version. */
export const policies: readonly Policy[] = [
  {
    id: 'pengaduan',
    version: 1,
    ticketType: 'pengaduan',
    provenance:
      'Layanan digital 1-3 hari kerja, kantor cabang hari yang sama, aplikasi 10-30 menit: artikel publik tentang pemulihan akun JMO (R06). ' +
      'Perpanjangan 5 hari kerja, pengingat 3 dan 7 hari, kedaluwarsa 14 hari, masa tunggu 24/72 jam: usulan produk (D23, D27, R-HOLD-1), bukan ketentuan resmi.',
    routes: {
      layanan_digital: {
        targets: {
          firstReview: {
            counting: 'deemed',
            within: days(1),
            warnings: [75],
            ladder: [{ level: 1, after: open(60), audience: 'supervisor' }],
          },
          resolution: {
            counting: 'deemed',
            within: days(3),
            extended: days(5),
            warnings: [50, 80],
            ladder: [
              { level: 1, after: open(60), audience: 'supervisor' },
              { level: 2, after: days(1), audience: 'unitHead' },
            ],
          },
          objectionReview,
        },
      },
      kantor_cabang: {
        targets: {
          resolution: {
            counting: 'deemed',
            within: days(0),
            warnings: [80],
            ladder: [{ level: 1, after: open(60), audience: 'supervisor' }],
          },
          objectionReview,
        },
      },
      aplikasi: { targets: {}, estimateMinutes: [10, 30] },
    },
    deadlines: {
      draft: { standard: { expire: wall(DAY) } },
      release: { standard: { open: 'nextOpening' } },
      noReply: { standard: noReply },
      referral: { standard: noReply },
      hold: {
        'layanan_digital.normal': { end: wall(DAY) },
        'layanan_digital.elevated': { end: wall(3 * DAY) },
        'aplikasi.normal': { end: wall(DAY) },
        'aplikasi.elevated': { end: wall(3 * DAY) },
        'kantor_cabang.normal': {},
        'kantor_cabang.elevated': { end: wall(DAY) },
      },
    },
    limits: { reopenDays: 30 },
  },
]
