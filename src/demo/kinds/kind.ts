import {
  addBusinessMs,
  businessTimeBetween,
  closingOf,
  isOpen,
  nextOpening,
  subtractBusinessMinutes,
  type Instant,
} from '../../calendar/index.js'
import type { Reference } from '../../engine/types.js'
import type { OfficeId } from '../cast.js'
import type { Dice } from '../dice.js'
import { local } from '../period.js'
import type { Life, Step, Wait } from '../steps.js'

/** One way a ticket may go. */
export interface Kind {
  readonly id: string
  /** What people read in the table. */
  readonly label: string
  /** How many of 200 tickets. */
  readonly weight: number
  /** How many of them are told in full. */
  readonly told: number
  /** `nth`: which one of its kind, from 0. */
  live(dice: Dice, reference: Reference, nth: number): Life
}

/** Any hour at which people are awake, on any day of the range (inclusive, March 2026). */
export const anyTime = (dice: Dice, firstDay: number, lastDay: number): Instant =>
  local(`2026-03-${two(dice.int(firstDay, lastDay))}T00:00`) + (dice.int(6, 22) * 3600 + dice.int(0, 3599)) * 1000

const two = (value: number) => String(value).padStart(2, '0')

/** Open minutes a visit needs until closing, and how much earlier somebody comes who would have less. */
const ENOUGH = 90
const EARLIER = 120

/** An instant at which the office is open and stays open for a while, each open minute as likely as any other. */
export function inHours(
  dice: Dice,
  reference: Reference,
  office: OfficeId,
  firstDay: number,
  lastDay: number,
): Instant {
  const calendar = reference.calendar(reference.office(office).calendarId)
  const from = local(`2026-03-${two(firstDay)}T00:00`, calendar.zone)
  const until = local(`2026-03-${two(lastDay)}T23:59`, calendar.zone)
  const seconds = businessTimeBetween(calendar, from, until) / 1000
  const at = addBusinessMs(calendar, from, dice.int(1, seconds - 1) * 1000)
  const closing = closingOf(calendar, at) ?? at
  if (businessTimeBetween(calendar, at, closing) < ENOUGH * 60_000)
    return subtractBusinessMinutes(calendar, at, EARLIER)
  return isOpen(calendar, at) ? at : nextOpening(calendar, at).opening
}

const CAUSES = ['EMAIL_DAN_HP_HILANG', 'HP_GANTI', 'EMAIL_TIDAK_AKTIF', 'LUPA_PERNAH_DAFTAR', 'DIBUAT_HR'] as const

/** Filed by the participant at the digital service. */
export const digital = (
  dice: Dice,
  filedAt: Instant,
  steps: readonly Step[],
  filing: Readonly<Record<string, unknown>> = {},
): Life => ({
  filedAt,
  part: 'portal',
  office: 'pusat',
  steps,
  filing: {
    route: 'layanan_digital',
    cause: dice.pick(CAUSES),
    channel: dice.pick(['portal', 'portal', 'jmo', 'chatbot']),
    declaration: true,
    claimRunning: dice.int(1, 12) === 1,
    ...filing,
  },
})

/** Filed by the desk for the person in front of it. */
export const walkIn = (dice: Dice, office: OfficeId, filedAt: Instant, steps: readonly Step[]): Life => ({
  filedAt,
  part: 'agent',
  office,
  steps,
  filing: {
    route: 'kantor_cabang',
    cause: dice.pick(CAUSES),
    channel: 'walk_in',
    officeId: office,
    declaration: true,
  },
})

/** One wait after the other. */
export const inTurn =
  (first: Wait, second: Wait): Wait =>
  (from, scene) =>
    second(first(from, scene), scene)
