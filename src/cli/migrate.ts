import { calendarFact, createAuditWriter } from '../audit/index.js'
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { openStore } from '../../db/index.js'
import { seedReference } from '../../db/seeds/index.js'
import { checkCalendar, compileCalendar, opensFrom, type CalendarSpec } from '../calendar/index.js'
import { loadConfig } from '../config.js'
import { loadTicketTypes, neverOpens, PulihError, systemClock } from '../engine/index.js'
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
  let parsed: unknown
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new PulihError('CONFIGURATION_INVALID', `cannot read calendars from ${file}`, {}, { cause: error })
  }
  if (!Array.isArray(parsed))
    throw new PulihError('CONFIGURATION_INVALID', `${file} must hold a JSON array of calendars`)
  const specs = parsed.map((candidate, index) => {
    const { spec, problems } = checkCalendar(candidate)
    if (spec === null) {
      const texts = problems.map((it) => `${it.path}: ${it.message}`).join('; ')
      throw new PulihError('CONFIGURATION_INVALID', `calendar ${index + 1} of ${file}: ${texts}`)
    }
    return spec
  })
  const newest = new Map<string, CalendarSpec>()
  for (const spec of specs.toSorted((a, b) => a.version - b.version)) {
    if (newest.get(spec.id)?.version === spec.version)
      throw new PulihError('CONFIGURATION_INVALID', `${file} holds ${spec.id}@${spec.version} twice`)
    newest.set(spec.id, spec)
  }
  for (const spec of newest.values())
    if (!opensFrom(compileCalendar(spec), systemClock.now())) throw neverOpens(`${spec.id}@${spec.version}`)
  return specs
}
