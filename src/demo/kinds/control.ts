import {
  after,
  agent,
  approve,
  confirm,
  hours,
  identify,
  onDuty,
  participant,
  pastDue,
  proveBoth,
  startReview,
  type Step,
} from '../steps.js'
import type { Dice } from '../dice.js'
import { anyTime, digital, inHours, walkIn, type Kind } from './kind.js'

const elevate = (wait: Step['wait']): Step => agent(wait, 'risk.elevate', { reason: 'SIM_BARU_DIGANTI' })

/** The maker tries to be the checker too: once as a mere agent, once holding the checker's role. Both are refused. */
const triesAlone = (dice: Dice): readonly Step[] => [
  { ...agent(onDuty(dice.minutes(1, 10)), 'approval.confirm'), refused: 'ROLE_NOT_ALLOWED' },
  {
    wait: onDuty(dice.minutes(1, 10)),
    part: 'makerAsChecker',
    event: { type: 'approval.confirm' },
    refused: 'OWN_CASE',
  },
]

/** Tickets on which a safeguard acts, and tickets on which people were too slow. */
export const control: readonly Kind[] = [
  {
    id: 'empat_mata',
    label: 'Pengusul mencoba menyetujui sendiri',
    weight: 5,
    told: 1,
    live: (dice) =>
      digital(dice, anyTime(dice, 9, 26), [
        ...proveBoth(dice),
        startReview(onDuty(dice.minutes(15, 200))),
        identify(onDuty(dice.minutes(8, 35))),
        agent(onDuty(dice.minutes(2, 15)), 'approval.propose'),
        ...triesAlone(dice),
        confirm(onDuty(dice.minutes(20, 180))),
      ]),
  },
  {
    id: 'risiko',
    label: 'Risiko tinggi: masa tunggu 72 jam (cabang 24 jam)',
    weight: 5,
    told: 1,
    live: (dice, reference, nth) =>
      nth % 3 === 2
        ? walkIn(dice, 'cabang-makassar', inHours(dice, reference, 'cabang-makassar', 9, 27), [
            ...proveBoth(dice),
            startReview(onDuty(dice.minutes(1, 6))),
            elevate(onDuty(dice.minutes(1, 6))),
            identify(onDuty(dice.minutes(2, 6))),
            agent(onDuty(dice.minutes(1, 5)), 'approval.propose'),
            confirm(onDuty(dice.minutes(2, 9))),
          ])
        : digital(dice, anyTime(dice, 9, 24), [
            ...proveBoth(dice),
            startReview(onDuty(dice.minutes(15, 200))),
            elevate(onDuty(dice.minutes(3, 20))),
            ...approve(dice),
          ]),
  },
  {
    id: 'mulai_terlambat',
    label: 'Verifikasi terlambat dimulai',
    weight: 4,
    told: 0,
    live: (dice) =>
      digital(dice, anyTime(dice, 9, 24), [
        ...proveBoth(dice),
        startReview(pastDue('firstReview', dice.minutes(20, 180))),
        ...approve(dice),
      ]),
  },
  {
    id: 'terlambat',
    label: 'Keputusan terlambat, tangga eskalasi naik',
    weight: 7,
    told: 1,
    live: (dice, _reference, nth) =>
      digital(dice, anyTime(dice, nth % 2 === 0 ? 9 : 18, nth % 2 === 0 ? 16 : 23), [
        ...proveBoth(dice),
        startReview(onDuty(dice.minutes(15, 300))),
        identify(pastDue('resolution', dice.minutes(15, nth % 3 === 0 ? 700 : 120))),
        ...approve(dice).slice(1),
      ]),
  },
  {
    id: 'tak_diputus',
    label: 'Lewat tenggat dan belum pernah diputus',
    weight: 3,
    told: 1,
    live: (dice, _reference, nth) => {
      const giveUp = participant(after(hours(dice.int(2, 20))), 'withdraw', { reason: 'TERLALU_LAMA' })
      return digital(dice, anyTime(dice, 9, 13), [
        ...proveBoth(dice),
        startReview(onDuty(dice.minutes(15, 300))),
        identify(pastDue('resolution', dice.minutes(30, 300)), false),
        ...(nth === 0 ? [] : [giveUp]),
      ])
    },
  },
]
