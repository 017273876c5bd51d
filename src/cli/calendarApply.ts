import { randomFillSync } from 'node:crypto'
import type { Command } from 'commander'
import { openStore } from '../../db/index.js'
import { seedReference } from '../../db/seeds/index.js'
import { CalendarError, checkCalendar, type CalendarSpec } from '../calendar/index.js'
import { loadConfig } from '../config.js'
import { createEngine, createIds, loadTicketTypes, PulihError, systemClock, tally } from '../engine/index.js'
import type { ChangeProgress } from '../engine/types.js'
import { candidatesOf, readText, UsageError, type Candidate } from './calendarFiles.js'
import { tellEnd, tellLost } from './calendarApplyNotes.js'
import { documentOf, keptLine, linesOf, previewJson, summaryOf } from './calendarApplyText.js'
import { serverTarget } from './calendarServer.js'
import { directTarget, type CalendarTarget, type Previewed, type Telling } from './calendarTargets.js'
import { guarded, type CliIo } from './io.js'
import { actorOf } from './ticket.js'

interface ApplyOptions {
  readonly reason?: string
  readonly calendar?: string
  readonly dryRun?: true
  readonly json?: true
  readonly data?: string
  readonly as: string
  readonly server?: string
  readonly tokenFile?: string
}

/** Adds `calendar apply` to the `calendar` command. */
export function registerCalendarApply(calendar: Command, io: CliIo): void {
  calendar
    .command('apply')
    .description(
      'publishes the next version of a calendar and moves the due dates of open tickets, each with its reason',
    )
    .argument('<file>', 'a calendar, a list of calendars, or an exchange file of calendars by id')
    .option('--dry-run', 'lists what would move and writes nothing')
    .option('--reason <text>', 'why, said wherever a due date moved (default: what differs from the version before)')
    .option('--calendar <id>', 'only this calendar of the file')
    .option('--data <dir>', 'data folder of a service that is stopped (PULIH_DATA, default .pulih)')
    .option('--as <role:actor>', 'who applies it', 'admin:cli')
    .option('--server <url>', 'a running service does it (needs --token-file with a token of a supervisor or admin)')
    .option('--token-file <file>', 'file that holds the token')
    .option('--json', 'prints one JSON document a calendar')
    .action(guarded(io, (file: string, options: ApplyOptions) => apply(io, file, options)))
}

const REASON_MAX = 200

async function apply(io: CliIo, file: string, options: ApplyOptions): Promise<void> {
  const candidates = chosen(file, options.calendar)
  const reason = options.reason?.trim() ?? null
  if (reason !== null && (reason === '' || reason.length > REASON_MAX))
    throw new PulihError('VALIDATION_FAILED', `--reason takes 1 to ${REASON_MAX} characters.`)
  await withTarget(options, async (target) => {
    const stop = new AbortController()
    const onSignal = () => stop.abort()
    process.once('SIGINT', onSignal).once('SIGTERM', onSignal)
    try {
      for (const candidate of candidates) {
        const spec = await specOf(candidate, target)
        tellEnd(io, spec)
        tellLost(io, spec, await target.newest(spec.id))
        if (options.dryRun === true) await dryRun(io, target, spec, reason, options)
        else await applyOne(io, target, spec, reason, options, stop.signal)
        if (stop.signal.aborted) break
      }
    } finally {
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
    }
  })
}

const chosen = (file: string, id: string | undefined): readonly Candidate[] =>
  usage(() => {
    const all = candidatesOf(file)
    const wanted = id === undefined ? all : all.filter((it) => it.id === id)
    refuseVersions(wanted, file)
    if (wanted.length > 0) return wanted
    throw new UsageError(`${file}: holds no ${id === undefined ? 'calendar' : `calendar ${id}`}`)
  })

/** What is wrong with the question, as this command says it. */
function usage<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    throw new PulihError('VALIDATION_FAILED', error.message)
  }
}

/** One version is measured against the one before, which a dry run never publishes. */
function refuseVersions(candidates: readonly Candidate[], file: string): void {
  const ids = candidates.map((it) => it.id)
  const twice = ids.find((id, n) => ids.indexOf(id) !== n)
  if (twice !== undefined)
    throw new UsageError(`${file}: holds two versions of ${twice}; apply them one after the other, a file each`)
}

/** An exchange file knows no versions: it is the next one, unless it says what is in force already. */
async function specOf(candidate: Candidate, target: CalendarTarget): Promise<CalendarSpec> {
  const checked = checkCalendar(candidate.read())
  if (checked.spec === null) throw CalendarError.ofProblems(candidate.id, checked.problems[0], checked.problems)
  if (!candidate.exchange) return checked.spec
  const newest = await target.newest(candidate.id)
  if (newest === null) return checked.spec
  const spec = { ...checked.spec, name: newest.name, version: newest.version }
  const same = JSON.stringify(sorted(spec)) === JSON.stringify(sorted(newest))
  return same ? spec : { ...spec, version: newest.version + 1 }
}
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, it]) => [key, sorted(it)]),
  )
}

async function withTarget(options: ApplyOptions, body: (target: CalendarTarget) => Promise<void>): Promise<void> {
  if (options.server !== undefined) {
    if (!URL.canParse(options.server) || !/^https?:$/.test(new URL(options.server).protocol))
      throw new PulihError('VALIDATION_FAILED', '--server takes the URL of a service: http://HOST:PORT.')
    if (options.tokenFile === undefined) throw new PulihError('VALIDATION_FAILED', '--server needs --token-file.')
    await body(serverTarget(options.server, tokenIn(options.tokenFile)))
    return
  }
  const { dataDir, databaseUrl, production, ticketTypes } = loadConfig(undefined, { data: options.data })
  const readOnly = options.dryRun === true
  const store = await openStore({ dataDir, databaseUrl, readOnly, clock: systemClock }).catch((error: unknown) => {
    throw sayHow(error)
  })
  try {
    const types = await loadTicketTypes(undefined, ticketTypes)
    if (!readOnly) await seedReference(store, systemClock.now(), types)
    const ids = createIds(systemClock, (bytes) => randomFillSync(bytes))
    const engine = await createEngine({ store, types, clock: systemClock, ids })
    const actor = actorOf(options.as)
    await body(directTarget({ engine, store, actor, production, shared: databaseUrl !== null }))
    await engine.stop()
  } finally {
    await store.close()
  }
}

/** Throws VALIDATION_FAILED for a file without one; what it holds is not repeated. */
function tokenIn(file: string): string {
  const token = usage(() => readText(file)).trim()
  if (/^[\x21-\x7e]+$/.test(token)) return token
  throw new PulihError('VALIDATION_FAILED', `${file}: holds no token`)
}

function sayHow(error: unknown): unknown {
  if (!(error instanceof PulihError) || error.code !== 'STORE_LOCKED') return error
  const how = 'Let the running service apply the calendar: --server http://HOST:PORT --token-file FILE.'
  return new PulihError('STORE_LOCKED', `${error.message} ${how}`, error.extra, { cause: error })
}

async function dryRun(
  io: CliIo,
  target: CalendarTarget,
  spec: CalendarSpec,
  reason: string | null,
  options: ApplyOptions,
): Promise<void> {
  const started = performance.now()
  const tell = reporter(io)
  let progress: ChangeProgress = NOTHING
  let why = { id: '', en: '' }
  const tickets: Previewed[] = []
  for await (const page of target.preview(spec, reason)) {
    why = page.reason
    progress = { ...progress, open: page.open, seen: progress.seen + page.seen }
    for (const item of page.items) {
      tickets.push(item)
      progress = item.failed === null ? tally(progress, item.moves) : { ...progress, failed: progress.failed + 1 }
    }
    tell.progress(progress)
  }
  tellFailed(io, progress)
  const outcome = { spec, reason: why, progress, workedMs: performance.now() - started }
  if (options.json === true) {
    io.out(documentOf(outcome, { dryRun: true, tickets: tickets.map(previewJson) }))
    return
  }
  for (const line of tickets.flatMap((it) => linesOf(it, spec.zone))) io.out(line)
  for (const line of summaryOf('akan berubah / would move', outcome)) io.out(line)
}

async function applyOne(
  io: CliIo,
  target: CalendarTarget,
  spec: CalendarSpec,
  reason: string | null,
  options: ApplyOptions,
  signal: AbortSignal,
): Promise<void> {
  const started = performance.now()
  const { finished, waitedMs, ...applied } = await target.apply(spec, reason, signal, reporter(io))
  if (reason !== null && applied.reason.id !== reason)
    io.err(`calendar apply: note: this change was begun before, and keeps the reason that it has: ${applied.reason.en}`)
  const { progress } = applied
  const outcome = { spec, ...applied, workedMs: performance.now() - started - waitedMs }
  if (options.json === true) io.out(documentOf(outcome, { dryRun: false, finished, failures: progress.failures }))
  else {
    for (const it of progress.failures) io.out(keptLine(it.ticketNumber, it.code))
    for (const line of summaryOf('diterapkan / applied', outcome)) io.out(line)
  }
  tellFailed(io, progress)
  if (finished) return
  const rest = options.server === undefined ? 'run the same command again to go on' : 'the service goes on with it'
  io.err(`calendar apply: stopped; what was moved stays moved, ${rest}.`)
  io.setExitCode(130)
}

/** Dates that cannot be had on the new version are a failure, so that `--dry-run F && apply F` ends at the first. */
function tellFailed(io: CliIo, { failed }: ChangeProgress): void {
  if (failed === 0) return
  io.err(`calendar apply: ${failed} open tickets find no dates on this version; they stay on the one they have.`)
  io.setExitCode(1)
}

const NOTHING: ChangeProgress = {
  open: 0,
  seen: 0,
  concerned: 0,
  later: 0,
  earlier: 0,
  unchanged: 0,
  failed: 0,
  failures: [],
}
const SAY_EVERY_MS = 500

/** Progress on stderr, now and then; what is waited for once. */
function reporter(io: CliIo): Telling {
  let saidAt = performance.now()
  let before = 0
  const waitedFor = new Set<string>()
  return {
    progress({ seen, open, concerned }) {
      if (performance.now() - saidAt < SAY_EVERY_MS) return
      saidAt = performance.now()
      const again = seen < before ? ' once more' : ''
      before = seen
      io.err(`calendar apply: ${Math.min(seen, open)} of ${open} open tickets seen${again}, ${concerned} concerned …`)
    },
    waiting(until) {
      const what = until === null ? 'all' : 'others'
      if (waitedFor.has(what)) return
      waitedFor.add(what)
      io.err(
        until === null
          ? 'calendar apply: every ticket was seen; waiting until all processes know the version, then once more …'
          : `calendar apply: another process works on it, or was killed at it: waiting, until ${new Date(until).toISOString()} at most if it is gone …`,
      )
    },
  }
}
