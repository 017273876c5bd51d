import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { CalendarError, checkCalendar, fromExchange, type CalendarProblem } from '../calendar/index.js'

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
  const idOf = (value: unknown, i: number): string =>
    isObject(value) && typeof value['id'] === 'string' ? value['id'] : `#${i + 1}`
  const exchange = (id: string, value: unknown): Candidate => ({
    id,
    exchange: true,
    read: () => fromExchange(id, value),
  })
  if (Array.isArray(json))
    return json.map((value: unknown, i) => ({ id: idOf(value, i), exchange: false, read: () => value }))
  if (!isObject(json)) throw new UsageError(`${file}: holds no calendar`)
  if ('id' in json || 'version' in json) return [{ id: idOf(json, 0), exchange: false, read: () => json }]
  if ('weekly' in json || 'zone' in json) return [exchange(basename(file, '.json').replace(/[\s@]/g, '-'), json)]
  return Object.entries(json).map(([id, value]) => exchange(id, value))
}

/** Everything wrong with a candidate; empty when it is a calendar. */
export function problemsOf(candidate: Candidate): readonly CalendarProblem[] {
  try {
    return checkCalendar(candidate.read()).problems
  } catch (error) {
    if (error instanceof CalendarError) return error.problems
    throw error
  }
}
