import { exampleCalendars } from '../../db/seeds/calendars.js'
import { policies } from '../../db/seeds/policies.js'
import type { CalendarSpec, Weekly } from '../../src/calendar/types.js'
import type { Policy } from '../../src/machines/policy.js'

const always: Weekly = Object.fromEntries(['1', '2', '3', '4', '5', '6', '7'].map((day) => [day, [['00:00', '24:00']]]))

/** Version 2 of every example calendar: open at all hours, so that a drill at night counts as much as one by day. */
export const drillCalendars: readonly CalendarSpec[] = exampleCalendars.map((spec) => ({
  ...spec,
  version: spec.version + 1,
  name: `${spec.name}, drill`,
  weekly: always,
  seasons: [],
  holidays: [],
}))

const minutes = (amount: number) => ({ unit: 'businessMinutes' as const, amount })
const wall = (amount: number) => ({ unit: 'wallMinutes' as const, amount })
const ladder = [{ level: 1, after: minutes(1), audience: 'supervisor' }]
const promised = (within: number, warnings: readonly number[]) => ({
  counting: 'deemed' as const,
  within: minutes(within),
  warnings: [...warnings],
  ladder,
})
const noReply = { remind1: wall(1), remind2: wall(2), expire: wall(3) }
const shipped = policies[0]!

/** The shipped policy with minutes instead of days: what the clients file is warned about, due, held and expired within the drill. */
export const drillPolicy: Policy = {
  ...shipped,
  version: shipped.version + 1,
  provenance: 'Drill only.',
  routes: {
    ...shipped.routes,
    layanan_digital: { targets: { firstReview: promised(1, [25, 75]), resolution: promised(2, [50, 80]) } },
    kantor_cabang: { targets: { resolution: promised(1, [50, 80]) } },
  },
  deadlines: {
    ...shipped.deadlines,
    noReply: { standard: noReply },
    referral: { standard: noReply },
    hold: {
      ...shipped.deadlines['hold'],
      'layanan_digital.normal': { end: wall(1) },
      'layanan_digital.elevated': { end: wall(2) },
    },
  },
}
