import { syntheticPerson } from '../../directory/index.js'
import { createDice } from '../dice.js'
import { filerOf, type Filer } from './filers.js'
import type { Traffic } from './http.js'
import type { DayWorld } from './world.js'

const MINUTE = 60_000
export const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Monday 15 June 2026 in Jakarta; Tuesday is 1 Muharam, a holiday. */
export const MIDNIGHT = Date.parse('2026-06-15T00:00:00+07:00')
export const START = MIDNIGHT + 7 * HOUR
/** Thursday evening: day-long holds that began on Wednesday are over by then, unless risk made them longer. */
export const END = MIDNIGHT + 3 * DAY + 17 * HOUR
/** An instant of the story: so many days after that Monday, at this hour. */
export const at = (day: number, hour: number): number => MIDNIGHT + day * DAY + hour * HOUR

const WORKING = [0, 2, 3] as const
/** Minutes between two looks at the queue; sessions end after a quarter of an hour without one. */
const ROUND = 14
/** Looks at the queue fall on working days, in opening hours. */
export const rounds = (): readonly number[] =>
  WORKING.flatMap((day) => {
    const [first, last] = [at(day, 8), at(day, 16.75)]
    return Array.from({ length: Math.floor((last - first) / (ROUND * MINUTE)) }, (_, n) => first + n * ROUND * MINUTE)
  })

/** The next instant at or after `from` when a branch receives people. */
export function visitingHour(from: number): number {
  const day = WORKING.find((it) => from < at(it, 15)) ?? 4
  return Math.max(from, at(day, 9))
}

/** Of ten people six file on Monday, one on the holiday, three on Wednesday. */
function filingInstant(seed: number, index: number): number {
  const dice = createDice(seed, `files/${index}`)
  const tenth = dice.int(1, 10)
  const seconds = dice.int(0, 59)
  const within = (day: number, from: number, to: number) => at(day, from) + dice.int(0, (to - from) * 60 - 1) * MINUTE
  const instant = tenth <= 6 ? within(0, 7, 19) : tenth === 7 ? within(1, 8, 21) : within(2, 7, 15)
  return Math.max(START + MINUTE, instant + seconds * 1_000)
}

/** Everybody who files, one person each, but for the second of the competing pair. */
export function people(world: DayWorld, traffic: Traffic, seed: number, submissions: number): readonly Filer[] {
  const all = Array.from({ length: submissions }, (_, n) =>
    filerOf(world, traffic, { seed, index: n + 1, filesAt: filingInstant(seed, n + 1), start: START }),
  )
  const rival = all.length - 1
  const first = all.find((it) => it.person.kind === 'plain' && it.filesAt < at(0, 12)) ?? all[0]
  const last = all[rival]
  if (first === undefined || last === undefined || first === last) return all
  const twin = { seed, index: last.index, filesAt: first.filesAt + 40 * MINUTE, start: START }
  return [...all.slice(0, rival), filerOf(world, traffic, { ...twin, as: first.person })]
}

/** Whoever walks in is nobody who files from home. */
export function walkInNumber(seed: number, submissions: number): number {
  for (let n = submissions + 1; ; n++) if (syntheticPerson(seed, n, START).kind === 'plain') return n
}
