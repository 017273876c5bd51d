import { calendarFact, createAuditWriter } from '../audit/index.js'
import type { Command } from 'commander'
import { openStore } from '../../db/index.js'
import { seedReference } from '../../db/seeds/index.js'
import { checkCalendar, compileCalendar, opensFrom, type CalendarSpec } from '../calendar/index.js'
import { loadConfig } from '../config.js'
import { loadTicketTypes, neverOpens, PulihError, systemClock } from '../engine/index.js'
import { candidatesOf, heldTwice, UsageError, type Candidate } from './calendarFiles.js'
import { guarded, type CliIo } from './io.js'

export function registerMigrate(program: Command, io: CliIo): void {
  program
    .command('migrate')
    .description('brings the database to this version and publishes the shipped reference data')
    .option('--data <dir>', 'data folder (PULIH_DATA, default .pulih)')
    .option('--calendars <file>', 'publishes calendar versions from a JSON array; versions are immutable')
    .option('--json', 'prints one JSON document')
    .action(guarded(io, (options: MigrateOptions) => migrate(options, io)))
}

interface MigrateOptions {
  readonly data?: string
  readonly calendars?: string
  readonly json?: boolean
}

async function migrate(options: MigrateOptions, io: CliIo): Promise<void> {
  const { dataDir, databaseUrl, ticketTypes } = loadConfig(undefined, { data: options.data })
  const specs = options.calendars === undefined ? [] : readCalendars(options.calendars)
  const store = await openStore({ dataDir, databaseUrl, clock: systemClock })
  try {
    await seedReference(store, systemClock.now(), await loadTicketTypes(undefined, ticketTypes))
    refuseClosed(specs, await store.calendars(), systemClock.now())
    const audit = createAuditWriter(store.audit)
    for (const spec of specs) {
      await store.publishCalendar(spec, systemClock.now())
      await audit.record(calendarFact(systemClock.now(), { id: 'operator', role: 'operator' }, spec))
    }
    const calendars = (await store.calendars()).map((it) => ({ id: it.id, version: it.version, example: it.example }))
    // The URL holds a password: not shown.
    const database = databaseUrl === null ? 'sqlite' : 'postgres'
    if (options.json === true) io.out(JSON.stringify({ database, dataDir, calendars }, null, 2))
    else {
      io.out(`migrated ${databaseUrl === null ? dataDir : 'the PostgreSQL database'}`)
      for (const it of calendars)
        io.out(`  calendar ${it.id}@${it.version}${it.example ? '  (example, not confirmed)' : ''}`)
    }
  } finally {
    await store.close()
  }
}

/** Throws CONFIGURATION_INVALID with every problem of the file: nothing is published unless all of it is valid. */
function readCalendars(file: string): readonly CalendarSpec[] {
  const candidates = candidatesIn(file)
  const [twice] = heldTwice(candidates)
  if (twice !== undefined) throw new PulihError('CONFIGURATION_INVALID', `${file} holds ${twice} twice`)
  return candidates.map((candidate, index) => {
    const { spec, problems } = checkCalendar(candidate.read())
    if (spec === null) {
      const texts = problems.map((it) => `${it.path}: ${it.message}`).join('; ')
      throw new PulihError('CONFIGURATION_INVALID', `calendar ${index + 1} of ${file}: ${texts}`)
    }
    return spec
  })
}

/** Versions are asked for, so the exchange format, which knows none, will not do. */
function candidatesIn(file: string): readonly Candidate[] {
  try {
    const candidates = candidatesOf(file)
    if (candidates.length > 0 && candidates.every((it) => !it.exchange)) return candidates
    throw new UsageError(`${file} must hold a JSON array of calendars`)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    throw new PulihError('CONFIGURATION_INVALID', error.message, {}, { cause: error })
  }
}

/** A version that would be in force has to open again; what is newer here already is not asked. Throws NO_OPEN_TIME. */
function refuseClosed(specs: readonly CalendarSpec[], known: readonly CalendarSpec[], at: number): void {
  for (const spec of specs) {
    const newer = [...specs, ...known].some((it) => it.id === spec.id && it.version > spec.version)
    if (!newer && !opensFrom(compileCalendar(spec), at)) throw neverOpens(`${spec.id}@${spec.version}`)
  }
}
