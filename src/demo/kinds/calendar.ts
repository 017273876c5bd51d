import { local } from '../period.js'
import {
  onDuty,
  prove,
  proveBoth,
  review,
  after,
  approve,
  identify,
  startReview,
  agent,
  confirm,
  supervisor,
} from '../steps.js'
import { anyTime, digital, type Kind } from './kind.js'

const SUNDAYS = ['2026-03-15T02:00', '2026-03-22T02:00', '2026-03-29T02:00', '2026-03-15T02:00']
/** One second before closing and the closing itself, in ordinary weeks and in Ramadan. */
const CLOSINGS = ['2026-03-27T16:59:59', '2026-03-27T17:00:00', '2026-03-13T15:29:59', '2026-03-13T15:30:00']
const nthOf = (list: readonly string[], nth: number): number => local(list[nth % list.length] ?? '2026-03-15T02:00')

/** Tickets whose story is when they came in, and promises that the calendar or the file makes longer. */
export const calendarKinds: readonly Kind[] = [
  {
    id: 'minggu_0200',
    label: 'Masuk Minggu pukul 02:00',
    weight: 4,
    told: 1,
    live: (dice, _reference, nth) => digital(dice, nthOf(SUNDAYS, nth), [...proveBoth(dice), ...review(dice)]),
  },
  {
    id: 'hari_libur',
    label: 'Masuk saat libur dan cuti bersama',
    weight: 10,
    told: 1,
    live: (dice, _reference, nth) =>
      digital(dice, anyTime(dice, 18 + (nth % 7), 18 + (nth % 7)), [...proveBoth(dice), ...review(dice)]),
  },
  {
    id: 'jumat_tutup',
    label: 'Masuk Jumat pada detik kantor tutup',
    weight: 4,
    told: 2,
    live: (dice, _reference, nth) =>
      digital(dice, nthOf(CLOSINGS, nth), [
        prove('email', after(dice.minutes(2, 6))),
        prove('phone', after(dice.minutes(1, 6))),
        ...review(dice),
      ]),
  },
  {
    id: 'data_lama',
    label: 'Data tidak sinkron: janji 5 hari kerja',
    weight: 8,
    told: 1,
    live: (dice) =>
      digital(
        dice,
        anyTime(dice, 9, 20),
        [
          ...proveBoth(dice),
          startReview(onDuty(dice.minutes(30, 200))),
          identify(onDuty(dice.minutes(700, 1500)), true, ['KTP_COCOK', 'NIK_COCOK', 'KPJ_COCOK']),
          ...approve(dice).slice(1),
        ],
        { cause: 'DATA_LAMA' },
      ),
  },
  {
    id: 'perbedaan',
    label: 'Perbedaan identitas: janji diperpanjang',
    weight: 6,
    told: 1,
    live: (dice) =>
      digital(dice, anyTime(dice, 9, 23), [
        ...proveBoth(dice),
        startReview(onDuty(dice.minutes(30, 200))),
        agent(onDuty(dice.minutes(10, 60)), 'promise.extend', { flag: 'perbedaan_identitas' }),
        identify(onDuty(dice.minutes(600, 1300))),
        agent(onDuty(dice.minutes(5, 30)), 'approval.propose'),
        confirm(onDuty(dice.minutes(20, 200))),
      ]),
  },
  {
    id: 'pindah_kantor',
    label: 'Dipindah ke kantor zona lain',
    weight: 3,
    told: 1,
    live: (dice) => {
      const transfer = supervisor(onDuty(dice.minutes(30, 150)), 'office.transfer', 'DOMISILI_PESERTA')
      return digital(dice, anyTime(dice, 9, 24), [
        ...proveBoth(dice),
        { ...transfer, office: 'pusat', event: { ...transfer.event, officeId: 'cabang-jayapura' } },
        ...review(dice),
      ])
    },
  },
]
