import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import {
  CalendarError,
  checkCalendar,
  compileCalendar,
  fromExchange,
  opensForGood,
  opensFrom,
  type CalendarProblem,
} from '../calendar/index.js'

/** The question is no good: a missing file, a malformed argument. Exit code 2. */
export class UsageError extends Error {}

/** Throws UsageError naming the file and the system's code. */
export function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    throw new UsageError(`${file}: cannot be read (${code})`)
  }
}

/** Throws UsageError naming `where`. */
export function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new UsageError(`${where}: is not JSON`)
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export interface Candidate {
  readonly id: string
  /** In the exchange format, which knows no versions. */
  readonly exchange: boolean
  /** Gives what claims to be a calendar; throws CalendarError when the exchange format is not met. */
  readonly read: () => unknown
}

/** The calendars a file claims to hold: a list of specs, one spec, one exchange calendar, or exchange calendars by id. */
export function candidatesOf(file: string): readonly Candidate[] {
  const json = parseJson(readText(file), file)
  const spec = (value: unknown, i: number): Candidate => ({
    id: idOf(value, i),
    exchange: false,
    read: () => withoutNotices(value),
  })
  const idOf = (value: unknown, i: number): string =>
    isObject(value) && typeof value['id'] === 'string' ? value['id'] : `#${i + 1}`
  const exchange = (id: string, value: unknown): Candidate => ({
    id,
    exchange: true,
    read: () => fromExchange(id, value),
  })
  if (Array.isArray(json)) return json.map(spec)
  if (!isObject(json)) throw new UsageError(`${file}: holds no calendar`)
  if ('id' in json || 'version' in json) return [spec(json, 0)]
  if ('weekly' in json || 'zone' in json) return [exchange(basename(file, '.json').replace(/[\s@]/g, '-'), json)]
  return Object.entries(json).map(([id, value]) => exchange(id, value))
}

/** The API adds remarks to a calendar, which are not part of it. */
function withoutNotices(value: unknown): unknown {
  if (!isObject(value)) return value
  const { notices, ...spec } = value
  return Array.isArray(notices) ? spec : value
}

/** The versions that a file holds twice: which of them is meant? */
export function heldTwice(candidates: readonly Candidate[]): readonly string[] {
  const refs = candidates.map(({ id, read }) => `${id}@${versionOf(read)}`)
  return [...new Set(refs.filter((ref, n) => refs.indexOf(ref) !== n))]
}
function versionOf(read: Candidate['read']): string {
  try {
    const value = read()
    return isObject(value) ? String(value['version']) : ''
  } catch {
    // Told by the check of the calendar itself.
    return ''
  }
}

export interface Look {
  readonly problems: readonly CalendarProblem[]
  /** From now on: what a calendar in force needs. */
  readonly opens: boolean
  /** And without an end. */
  readonly forGood: boolean
}
/** Everything wrong with a candidate, none when it is a calendar; and whether it has open time from `at` on. */
export function lookAt(candidate: Candidate, at: number): Look {
  try {
    const { spec, problems } = checkCalendar(candidate.read())
    if (spec === null) return { problems, opens: true, forGood: true }
    const calendar = compileCalendar(spec)
    return { problems, opens: opensFrom(calendar, at), forGood: opensForGood(calendar) }
  } catch (error) {
    if (error instanceof CalendarError) return { problems: error.problems, opens: true, forGood: true }
    throw error
  }
}
