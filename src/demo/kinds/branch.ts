import { subtractBusinessMinutes, closingOf } from '../../calendar/index.js'
import type { OfficeId } from '../cast.js'
import type { Dice } from '../dice.js'
import { local } from '../period.js'
import { after, agent, confirm, identify, onDuty, pastDue, prove, proveBoth, startReview, type Step } from '../steps.js'
import { anyTime, digital, inHours, walkIn, type Kind } from './kind.js'

/** Two officers decide while the participant is still at the desk. */
const sameSitting = (dice: Dice): readonly Step[] => [
  identify(onDuty(dice.minutes(4, 12)), true, ['ASLI_DILIHAT', 'KTP_COCOK', 'NIK_COCOK']),
  agent(onDuty(dice.minutes(2, 6)), 'approval.propose'),
  confirm(onDuty(dice.minutes(3, 15))),
]
const atTheDesk = (dice: Dice): readonly Step[] => [
  prove('email', after(dice.minutes(2, 5))),
  prove('phone', after(dice.minutes(1, 4))),
  startReview(onDuty(dice.minutes(1, 6))),
]
const visit = (id: string, label: string, office: OfficeId, weight: number, told: number): Kind => ({
  id,
  label,
  weight,
  told,
  live: (dice, reference) =>
    walkIn(dice, office, inHours(dice, reference, office, 9, 31), [...atTheDesk(dice), ...sameSitting(dice)]),
})
const BRANCHES = ['cabang-makassar', 'cabang-jayapura'] as const
const branchOf = (nth: number): OfficeId => BRANCHES[nth % 2] ?? 'cabang-makassar'
const refer = (dice: Dice, officeId: OfficeId): Step =>
  agent(onDuty(dice.minutes(10, 60)), 'branch.refer', { officeId, reason: 'PERLU_TATAP_MUKA' })

/** Tickets that meet a desk: walk-ins with a same-day promise, and referrals that arrive or never do. */
export const branchKinds: readonly Kind[] = [
  visit('makassar', 'Datang ke kantor cabang Makassar (WITA)', 'cabang-makassar', 14, 0),
  visit('jayapura', 'Datang ke kantor cabang Jayapura (WIT)', 'cabang-jayapura', 10, 0),
  {
    id: 'cabang_mepet',
    label: 'Datang ke cabang kurang dari 60 menit sebelum tutup',
    weight: 4,
    told: 1,
    live: (dice, reference, nth) => {
      const office = branchOf(nth)
      const calendar = reference.calendar(reference.office(office).calendarId)
      const noon = local(`2026-03-${nth < 2 ? 17 : 26}T12:00`, calendar.zone)
      const closing = closingOf(calendar, noon) ?? noon
      // Too late for two officers today: the checker looks at it on the next business day.
      const [identity, propose] = sameSitting(dice)
      return walkIn(dice, office, subtractBusinessMinutes(calendar, closing, dice.int(35, 50)), [
        ...atTheDesk(dice),
        ...(identity === undefined || propose === undefined ? [] : [identity, propose]),
        confirm(onDuty(dice.minutes(60, 200))),
      ])
    },
  },
  {
    id: 'cabang_terlambat',
    label: 'Cabang: pemeriksa baru ada esok harinya',
    weight: 2,
    told: 1,
    live: (dice, reference, nth) =>
      walkIn(dice, branchOf(nth), inHours(dice, reference, branchOf(nth), 10 + (nth % 2), 12 + (nth % 2)), [
        ...atTheDesk(dice),
        ...sameSitting(dice).slice(0, 2),
        confirm(pastDue('resolution', dice.int(40, 150))),
      ]),
  },
  {
    id: 'rujukan_hadir',
    label: 'Dirujuk ke cabang, hadir',
    weight: 10,
    told: 1,
    live: (dice, _reference, nth) => {
      const office = branchOf(nth)
      const arrival = { ...agent(onDuty(dice.minutes(20, nth % 3 === 0 ? 900 : 120), office), 'branch.arrive'), office }
      return digital(dice, anyTime(dice, 9, 24), [
        ...proveBoth(dice),
        startReview(onDuty(dice.minutes(15, 120))),
        refer(dice, office),
        arrival,
        ...sameSitting(dice),
      ])
    },
  },
  {
    id: 'rujukan_absen',
    label: 'Dirujuk ke cabang, tidak pernah hadir',
    weight: 5,
    told: 0,
    live: (dice, _reference, nth) =>
      digital(dice, anyTime(dice, 9, 12), [
        ...proveBoth(dice),
        startReview(onDuty(dice.minutes(15, 200))),
        refer(dice, branchOf(nth)),
      ]),
  },
]
