import { randomFillSync } from 'node:crypto'
import type { Command } from 'commander'
import { Temporal } from 'temporal-polyfill'
import { openStore } from '../../db/index.js'
import { seedReference } from '../../db/seeds/index.js'
import { CalendarError, checkCalendar, type CalendarSpec } from '../calendar/index.js'
import { loadConfig } from '../config.js'
import { createEngine, createIds, loadTicketTypes, PulihError, systemClock, tally } from '../engine/index.js'
import type { ChangeProgress } from '../engine/types.js'
import { candidatesOf, readText, UsageError, type Candidate } from './calendarFiles.js'
import { zoneName } from './calendarTable.js'
import { directTarget, serverTarget, type CalendarTarget, type Previewed } from './calendarTargets.js'
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
        if (options.dryRun === true) await dryRun(io, target, spec, reason, options)
        else await applyOne(io, target, spec, reason, options, stop.signal)
        if (stop.signal.aborted) break
      }
    } finally {
      process.off('SIGINT', onSignal).off('SIGTERM', onSignal)
    }
  })
}

function chosen(file: string, id: string | undefined): readonly Candidate[] {
  try {
    const all = candidatesOf(file)
    const wanted = id === undefined ? all : all.filter((it) => it.id === id)
    if (wanted.length > 0) return wanted
    throw new UsageError(`${file}: holds no ${id === undefined ? 'calendar' : `calendar ${id}`}`)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    throw new PulihError('VALIDATION_FAILED', error.message)
  }
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
    if (!URL.canParse(options.server)) throw new PulihError('VALIDATION_FAILED', '--server takes the URL of a service.')
    if (options.tokenFile === undefined) throw new PulihError('VALIDATION_FAILED', '--server needs --token-file.')
    await body(serverTarget(options.server, readText(options.tokenFile).trim()))
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
  const say = reporter(io)
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
    say(progress)
  }
  tellFailed(io, progress)
  if (options.json === true) {
    io.out(
      JSON.stringify(documentOf(spec, why, progress, started, { dryRun: true, tickets: tickets.map(asJson) }), null, 2),
    )
    return
  }
  for (const line of tickets.flatMap((it) => linesOf(it, spec.zone, why.id))) io.out(line)
  for (const line of summaryOf('akan berubah / would move', spec, why, progress, started)) io.out(line)
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
  const { reason: why, progress, finished } = await target.apply(spec, reason, signal, reporter(io))
  if (options.json === true)
    io.out(
      JSON.stringify(
        documentOf(spec, why, progress, started, { dryRun: false, finished, failures: progress.failures }),
        null,
        2,
      ),
    )
  else {
    for (const it of progress.failures)
      io.out(`${it.ticketNumber}  tetap pada versi lama / keeps its old version: ${it.code}`)
    for (const line of summaryOf('diterapkan / applied', spec, why, progress, started)) io.out(line)
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

/** Progress on stderr, now and then. */
function reporter(io: CliIo): (progress: ChangeProgress) => void {
  let saidAt = performance.now()
  return ({ seen, open, concerned }) => {
    if (performance.now() - saidAt < SAY_EVERY_MS) return
    saidAt = performance.now()
    io.err(`calendar apply: ${Math.min(seen, open)} of ${open} open tickets, ${concerned} concerned …`)
  }
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString())
const asJson = ({ ticketNumber, moves, failed }: Previewed) => ({
  ticketNumber,
  moves: moves.map(({ target, from, to }) => ({ target, from: iso(from), to: iso(to) })),
  failed,
})

function documentOf(
  spec: CalendarSpec,
  reason: { readonly id: string; readonly en: string },
  { open, concerned, later, earlier, unchanged, failed }: ChangeProgress,
  started: number,
  more: Readonly<Record<string, unknown>>,
): unknown {
  const seconds = secondsSince(started)
  const totals = { open, concerned, later, earlier, unchanged, failed }
  return { calendar: `${spec.id}@${spec.version}`, reason, ...more, totals, seconds }
}
const secondsSince = (started: number): number => Math.round((performance.now() - started) / 100) / 10

function summaryOf(
  what: string,
  spec: CalendarSpec,
  why: { readonly id: string },
  { open, concerned, later, earlier, unchanged, failed }: ChangeProgress,
  started: number,
): readonly string[] {
  const seconds = secondsSince(started)
  const rate = concerned === 0 ? '' : `, ${Math.round(concerned / Math.max(seconds, 0.1))} tickets/s`
  return [
    `${spec.id}@${spec.version} ${what}: ${why.id}`,
    `  ${open} open tickets: ${concerned} concerned, ${later} later, ${earlier} earlier, ${unchanged} unchanged, ${failed} failed`,
    `  ${seconds} s${rate}`,
  ]
}

function linesOf({ ticketNumber, moves, failed }: Previewed, zone: string, why: string): readonly string[] {
  if (failed !== null) return [`${ticketNumber}  tetap pada versi lama / keeps its old version: ${failed}`]
  return moves.map(
    ({ target, from, to }) =>
      `${ticketNumber}  ${target.padEnd(16)} ${from === null ? '-' : inZone(from, zone)} → ${inZone(to, zone)}  ${why}`,
  )
}

const inZone = (at: number, zone: string): string => {
  const local = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)
  return `${local.toPlainDate().toString()} ${local.toPlainTime().toString().slice(0, 5)} ${zoneName(zone)}`
}
