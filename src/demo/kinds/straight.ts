import {
  after,
  agent,
  days,
  hours,
  identify,
  onDuty,
  participant,
  prove,
  proveBoth,
  requestDocuments,
  review,
  startReview,
  approve,
  upload,
} from '../steps.js'
import { anyTime, digital, inTurn, type Kind } from './kind.js'

/** Tickets that reach their end on the digital route, with or without a word back to the participant. */
export const straight: readonly Kind[] = [
  {
    id: 'lancar',
    label: 'Alur lancar',
    weight: 18,
    told: 0,
    live: (dice) => digital(dice, anyTime(dice, 9, 27), [...proveBoth(dice), ...review(dice)]),
  },
  {
    id: 'dokumen',
    label: 'Dokumen diminta, lalu diunggah',
    weight: 14,
    told: 1,
    live: (dice, _reference, nth) => {
      const uploads =
        nth % 3 === 0
          ? [
              upload(dice, after(hours(dice.int(2, 30))), 'KTP'),
              upload(dice, after(hours(dice.int(1, 20))), 'KARTU_BPJSTK'),
            ]
          : [upload(dice, after(hours(dice.int(2, 60))), 'KTP', 'KARTU_BPJSTK')]
      return digital(dice, anyTime(dice, 9, 24), [
        ...proveBoth(dice),
        startReview(onDuty(dice.minutes(10, 120))),
        requestDocuments(onDuty(dice.minutes(5, 40)), 'KTP', 'KARTU_BPJSTK'),
        ...uploads,
        ...review(dice),
      ])
    },
  },
  {
    id: 'perbaikan',
    label: 'Data perlu diperbaiki peserta',
    weight: 10,
    told: 0,
    live: (dice) =>
      digital(dice, anyTime(dice, 9, 25), [
        ...proveBoth(dice),
        startReview(onDuty(dice.minutes(15, 150))),
        agent(onDuty(dice.minutes(5, 30)), 'correction.request', { reason: 'TANGGAL_LAHIR_TIDAK_SESUAI' }),
        participant(after(hours(dice.int(2, 50))), 'correction.submit'),
        ...review(dice),
      ]),
  },
  {
    id: 'kontak_lama',
    label: 'Kontak baru lama belum dibuktikan',
    weight: 10,
    told: 1,
    live: (dice) =>
      digital(dice, anyTime(dice, 9, 20), [
        prove('email', after(dice.minutes(2, 30))),
        prove('phone', after(days(dice.int(3, 9)) + dice.minutes(10, 300))),
        ...review(dice),
      ]),
  },
  {
    id: 'akun_menolak',
    label: 'Layanan akun menolak, disetujui ulang',
    weight: 2,
    told: 0,
    live: (dice) => ({
      // Approved, held for a day, refused: the second round begins when somebody sees it.
      ...digital(dice, anyTime(dice, 9, 12), [
        ...proveBoth(dice),
        ...review(dice),
        identify(inTurn(after(hours(25)), onDuty(dice.minutes(20, 90)))),
        ...approve(dice).slice(1),
      ]),
      accountRefuses: 'AKUN_GANDA',
    }),
  },
  {
    id: 'aplikasi',
    label: 'Rute aplikasi (perkiraan saja, tanpa janji)',
    weight: 5,
    told: 0,
    live: (dice) =>
      digital(dice, anyTime(dice, 9, 26), [...proveBoth(dice), ...review(dice)], { route: 'aplikasi', channel: 'jmo' }),
  },
]
