import {
  after,
  agent,
  approve,
  days,
  identify,
  onDuty,
  participant,
  pastDue,
  prove,
  proveBoth,
  requestDocuments,
  review,
  startReview,
  supervisor,
} from '../steps.js'
import { anyTime, digital, type Kind } from './kind.js'

const objectionAfter = (minutes: number) => participant(after(minutes), 'objection.raise')
const rejectAs = (minutes: number, code: string) => agent(onDuty(minutes), 'reject', { code })

/** Tickets that somebody stops: the participant, an officer, or silence. */
export const disputes: readonly Kind[] = [
  {
    id: 'sanggahan_ditolak',
    label: 'Sanggahan di masa tunggu, tidak terbukti',
    weight: 4,
    told: 0,
    live: (dice, _reference, nth) =>
      digital(dice, anyTime(dice, 9, 24), [
        ...proveBoth(dice),
        ...review(dice),
        objectionAfter(dice.minutes(90, 900)),
        supervisor(
          // One of them waits too long for its supervisor.
          nth === 3 ? pastDue('objectionReview', dice.minutes(70, 120)) : onDuty(dice.minutes(30, 240)),
          'objection.dismiss',
          'PEMILIK_SUDAH_DIHUBUNGI',
        ),
      ]),
  },
  {
    id: 'sanggahan_diterima',
    label: 'Sanggahan di masa tunggu, terbukti',
    weight: 3,
    told: 1,
    live: (dice) =>
      digital(dice, anyTime(dice, 9, 24), [
        ...proveBoth(dice),
        ...review(dice),
        objectionAfter(dice.minutes(60, 900)),
        supervisor(onDuty(dice.minutes(30, 240)), 'objection.uphold', 'BUKAN_PEMILIK'),
        identify(onDuty(dice.minutes(30, 200)), false),
        rejectAs(dice.minutes(5, 60), 'INDIKASI_PENIPUAN'),
      ]),
  },
  {
    id: 'sanggahan_awal',
    label: 'Sanggahan sebelum keputusan',
    weight: 4,
    told: 0,
    live: (dice, _reference, nth) => {
      const upheld = nth % 2 === 1
      return digital(dice, anyTime(dice, 9, 24), [
        ...proveBoth(dice),
        startReview(onDuty(dice.minutes(20, 120))),
        objectionAfter(dice.minutes(5, 60)),
        supervisor(
          onDuty(dice.minutes(30, 240)),
          upheld ? 'objection.uphold' : 'objection.dismiss',
          upheld ? 'BUKAN_PEMILIK' : 'PEMILIK_SUDAH_DIHUBUNGI',
        ),
        ...(upheld ? [] : approve(dice)),
      ])
    },
  },
  {
    id: 'dibuka_kembali',
    label: 'Ditolak, dibuka kembali, disetujui',
    weight: 6,
    told: 1,
    live: (dice) =>
      digital(dice, anyTime(dice, 9, 17), [
        ...proveBoth(dice),
        startReview(onDuty(dice.minutes(30, 200))),
        identify(onDuty(dice.minutes(10, 60)), false),
        rejectAs(dice.minutes(3, 20), 'IDENTITAS_TIDAK_COCOK'),
        participant(after(days(dice.int(0, 4)) + dice.minutes(200, 900)), 'reopen'),
        ...proveBoth(dice),
        ...review(dice),
      ]),
  },
  {
    id: 'ditolak',
    label: 'Ditolak',
    weight: 6,
    told: 0,
    live: (dice) =>
      digital(dice, anyTime(dice, 9, 26), [
        ...proveBoth(dice),
        startReview(onDuty(dice.minutes(30, 300))),
        identify(onDuty(dice.minutes(10, 60)), false),
        rejectAs(dice.minutes(3, 20), dice.pick(['BUKAN_PESERTA', 'DOKUMEN_TIDAK_SAH', 'DATA_TIDAK_LENGKAP'])),
      ]),
  },
  {
    id: 'ditarik',
    label: 'Ditarik peserta',
    weight: 6,
    told: 0,
    live: (dice, _reference, nth) => {
      const withdraw = participant(after(dice.minutes(60, 900)), 'withdraw', { reason: 'AKUN_PULIH_SENDIRI' })
      const before = [
        [prove('email', after(dice.minutes(2, 12)))],
        [...proveBoth(dice)],
        [...proveBoth(dice), ...review(dice)],
      ]
      return digital(dice, anyTime(dice, 9, 25), [...(before[nth % 3] ?? []), withdraw])
    },
  },
  {
    id: 'tanpa_balasan',
    label: 'Peserta tidak pernah menjawab',
    weight: 8,
    told: 1,
    live: (dice, _reference, nth) =>
      nth % 2 === 0
        ? digital(dice, anyTime(dice, 9, 16), [prove('email', after(dice.minutes(2, 30)))])
        : digital(dice, anyTime(dice, 9, 12), [
            ...proveBoth(dice),
            startReview(onDuty(dice.minutes(15, 200))),
            requestDocuments(onDuty(dice.minutes(5, 60)), 'KTP', 'KARTU_KELUARGA'),
          ]),
  },
]
