import type { Command } from 'commander'
import { Temporal } from 'temporal-polyfill'
import { exampleCalendars } from '../../db/seeds/calendars.js'
import {
  answerMatches,
  answerVector,
  CalendarError,
  checkCalendar,
  compileCalendar,
  explain,
  fromExchange,
  vectorSchema,
  type BusinessCalendar,
  type CalendarSpec,
  type Instant,
  type Vector,
} from '../calendar/index.js'
import { registerCalendarApply } from './calendarApply.js'
import {
  UsageError,
  candidatesOf,
  heldTwice,
  isObject,
  lookAt,
  parseJson,
  readText,
  type Candidate,
} from './calendarFiles.js'
import { asJson, asTable } from './calendarTable.js'

/** What a command may do to the terminal; exit codes: 0 fine, 1 the answer is bad news, 2 the question is no good. */
export interface CalendarIo {
  out(line: string): void
  err(line: string): void
  setExitCode(code: number): void
}

interface ExplainOptions {
  calendar?: string
  file?: string
  at: string
  days: string
  counting: string
  json?: true
}

/** Adds `calendar vectors`, `calendar explain`, `calendar check` and `calendar apply` to the program. */
export function registerCalendar(program: Command, io: CalendarIo): void {
  const calendar = program
    .command('calendar')
    .description('business time: check calendars, explain due dates, run vectors')
  calendar
    .command('vectors')
    .description('run business-time vectors (exchange format) and print what differs')
    .requiredOption('--calendars <file>', 'JSON object of calendars by id')
    .requiredOption('--vectors <file>', 'one JSON vector a line')
    .option('--json', 'print one JSON document')
    .action((options: { calendars: string; vectors: string; json?: true }) => {
      guarded(io, () => runVectors(io, options.calendars, options.vectors, options.json === true))
    })
  calendar
    .command('explain')
    .description('day by day, why a due date is what it is')
    .option('--calendar <id>', 'a seeded calendar, or one of those in --file')
    .option('--file <file>', 'a calendar file instead of the seeded ones')
    .requiredOption('--at <instant>', 'submission, ISO 8601 with an offset: 2026-03-17T14:00+07:00')
    .requiredOption('--days <n>', 'business days; 0 means the same day')
    .option('--counting <rule>', 'deemed or calendar', 'deemed')
    .option('--json', 'print one JSON document')
    .action((options: ExplainOptions) => {
      guarded(io, () => runExplain(io, options))
    })
  registerCalendarApply(calendar, io)
  calendar
    .command('check')
    .description('check the calendars of a file and print every problem')
    .argument('<file>', 'a calendar, a list of calendars, or an exchange file of calendars by id')
    .option('--json', 'print one JSON document')
    .action((file: string, options: { json?: true }) => {
      guarded(io, () => runCheck(io, file, options.json === true))
    })
}

function guarded(io: CalendarIo, run: () => void): void {
  try {
    run()
  } catch (error) {
    if (!(error instanceof UsageError) && !(error instanceof CalendarError)) throw error
    io.err(error instanceof CalendarError ? `${error.code}: ${error.message}` : error.message)
    io.setExitCode(error instanceof CalendarError ? 1 : 2)
  }
}

// ---- calendar check

function runCheck(io: CalendarIo, file: string, json: boolean): void {
  const candidates = candidatesOf(file)
  if (candidates.length === 0) throw new UsageError(`${file}: holds no calendar`)
  const now = Temporal.Now.instant().epochMilliseconds
  const checked = candidates.map((candidate) => ({ id: candidate.id, ...lookAt(candidate, now) }))
  const twice = heldTwice(candidates)
  const count = checked.reduce((sum, { problems }) => sum + problems.length, twice.length)
  if (json) io.out(JSON.stringify({ calendars: checked, twice, problems: count }, null, 2))
  else {
    for (const { id, problems, opens, forGood } of checked) {
      for (const { code, path, message } of problems) io.out(`${id}: ${path}: ${message} [${code}]`)
      if (!opens) io.out(`${id}: note: no hours at all from now on; as a version in force it is refused [NO_OPEN_TIME]`)
      else if (!forGood)
        io.out(`${id}: note: its plain week has no hours; after its last season it never opens [NO_OPEN_TIME]`)
    }
    for (const ref of twice) io.out(`${ref}: is in the file twice: which is meant? [VERSION_TWICE]`)
    io.out(`${checked.length} calendar(s), ${count} problem(s)`)
  }
  if (count > 0) io.setExitCode(1)
}

// ---- calendar vectors

interface Failure {
  readonly id: string
  readonly expected: unknown
  readonly got: unknown
}

function runVectors(io: CalendarIo, calendarsFile: string, vectorsFile: string, json: boolean): void {
  const source = parseJson(readText(calendarsFile), calendarsFile)
  if (!isObject(source)) throw new UsageError(`${calendarsFile}: is not a JSON object of calendars by id`)
  const vectors = readVectors(vectorsFile)
  const compiled = new Map<string, BusinessCalendar | CalendarError>()
  const failures: Failure[] = []
  for (const vector of vectors) {
    const calendar = compiled.get(vector.calendar) ?? compileExchange(vector.calendar, source)
    compiled.set(vector.calendar, calendar)
    const got =
      calendar instanceof CalendarError
        ? { error: calendar.code, message: calendar.message }
        : answerVector(calendar, vector)
    if (!answerMatches(vector.expect, got)) failures.push({ id: vector.id, expected: vector.expect, got })
  }
  const passed = vectors.length - failures.length
  if (json) io.out(JSON.stringify({ passed, failed: failures.length, failures }, null, 2))
  else {
    for (const { id, expected, got } of failures)
      io.out(`${id}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`)
    io.out(`${passed} passed, ${failures.length} failed`)
  }
  if (failures.length > 0) io.setExitCode(1)
}

function readVectors(file: string): readonly Vector[] {
  const lines = readText(file).split('\n')
  const vectors = lines.flatMap((line, i): Vector[] => {
    if (line.trim() === '') return []
    const parsed = vectorSchema.safeParse(parseJson(line, `${file} line ${i + 1}`))
    if (parsed.success) return [parsed.data]
    const [issue] = parsed.error.issues
    throw new UsageError(
      `${file} line ${i + 1}: is not a vector (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''})`,
    )
  })
  if (vectors.length === 0) throw new UsageError(`${file}: holds no vectors`)
  return vectors
}

/** A calendar that does not compile is an answer too: every vector on it fails with the reason. */
function compileExchange(id: string, source: Record<string, unknown>): BusinessCalendar | CalendarError {
  if (!Object.hasOwn(source, id)) return new CalendarError('INPUT_INVALID', `no calendar ${id} in the calendars file`)
  try {
    return compileCalendar(fromExchange(id, source[id]))
  } catch (error) {
    if (error instanceof CalendarError) return error
    throw error
  }
}

// ---- calendar explain

function runExplain(io: CalendarIo, options: ExplainOptions): void {
  const at = parseInstant(options.at)
  if (!/^\d{1,6}$/.test(options.days)) throw new UsageError('--days is a whole number from 0')
  if (options.counting !== 'deemed' && options.counting !== 'calendar')
    throw new UsageError('--counting is deemed or calendar')
  const days = Number(options.days)
  const calendar = compileCalendar(chooseCalendar(options))
  const explanation = explain(calendar, at, days, options.counting)
  if (options.json === true) io.out(JSON.stringify(asJson(calendar, at, days, options.counting, explanation), null, 2))
  else for (const line of asTable(calendar, at, days, explanation)) io.out(line)
}

function parseInstant(text: string): Instant {
  try {
    return Temporal.Instant.from(text).epochMilliseconds
  } catch {
    throw new UsageError(
      '--at is an ISO 8601 instant with an offset, such as 2026-03-17T14:00+07:00 or 2026-03-17T07:00Z',
    )
  }
}

function chooseCalendar({ calendar: id, file }: ExplainOptions): CalendarSpec {
  const candidates: readonly Candidate[] =
    file === undefined
      ? exampleCalendars.map((spec) => ({ id: spec.id, exchange: false, read: () => spec }))
      : candidatesOf(file)
  const wanted = id ?? (file === undefined || candidates.length === 1 ? candidates[0]?.id : undefined)
  const chosen = candidates.find((candidate) => candidate.id === wanted)
  if (chosen === undefined) {
    const known = candidates.map((candidate) => candidate.id).join(', ')
    throw new UsageError(`--calendar names one of: ${known}`)
  }
  const checked = checkCalendar(chosen.read())
  if (checked.spec === null) throw CalendarError.ofProblems(chosen.id, checked.problems[0], checked.problems)
  return checked.spec
}
