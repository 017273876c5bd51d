import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { openStore } from '../../db/index.js'
import { digestToken, loadConfig, type Config } from '../config.js'
import {
  embeddedAccounts,
  embeddedDirectory,
  KINDS,
  seedDirectory,
  startReferenceServer,
  syntheticPeople,
  SYNTHETIC_SEED,
  SYNTHETIC_SIZE,
  type Kind,
  type SyntheticPerson,
} from '../directory/index.js'
import { PulihError, systemClock } from '../engine/index.js'
import { openVault, refuseFreshKeys } from '../services.js'
import { guarded, reportError, type CliIo } from './io.js'

interface SampleOptions {
  readonly kind?: string
  readonly count: string
  readonly json?: boolean
}
interface ServeOptions {
  readonly port: string
  readonly data?: string
}

/** Adds `directory` to the program: the synthetic participants, and the reference server over them. */
export function registerDirectory(program: Command, io: CliIo, load: typeof loadConfig = loadConfig): void {
  const directory = program
    .command('directory')
    .description('the synthetic participants that stand in for the real ones')
  directory
    .command('sample')
    .description('prints some of the synthetic participants, to file tickets as (never in production)')
    .option('--kind <kind>', `only one kind: ${KINDS.join(', ')}`)
    .option('--count <n>', 'how many, 1 to 1000', '5')
    .option('--json', 'prints one JSON document')
    .action(guarded(io, (options: SampleOptions) => sample(options, load(), io)))
  directory
    .command('serve')
    .description(
      'serves docs/contracts over synthetic participants of its own, to try adapters with (never in production)',
    )
    .option('--port <port>', 'port to listen on, 0 takes a free one', '4010')
    .option('--data <dir>', 'data folder of its own (default: directory-service in PULIH_DATA)')
    .action(guarded(io, (options: ServeOptions) => serve(options, load(undefined, { data: options.data }), io)))
}

function sample({ kind, count, json }: SampleOptions, config: Config, io: CliIo): void {
  refuseProduction(config)
  const wanted = KINDS.find((it) => it === kind)
  if (kind !== undefined && wanted === undefined)
    throw new PulihError('VALIDATION_FAILED', `--kind is one of ${KINDS.join(', ')}.`)
  const most = wholeNumber('--count', count, 1, 1_000)
  const people = syntheticPeople(SYNTHETIC_SEED, SYNTHETIC_SIZE, systemClock.now())
  const chosen = wanted === undefined ? oneOfEach(people) : people.filter((it) => it.kind === wanted)
  const shown = chosen.slice(0, most)
  if (json === true) io.out(JSON.stringify(shown, null, 2))
  else for (const line of shown.flatMap(linesOf)) io.out(line)
}

/** The first of every kind, then the others: a short list shows as many cases as it can. */
function oneOfEach(people: readonly SyntheticPerson[]): readonly SyntheticPerson[] {
  const first = new Map<Kind, SyntheticPerson>()
  for (const person of people) if (!first.has(person.kind)) first.set(person.kind, person)
  const leading = KINDS.flatMap((kind) => first.get(kind) ?? [])
  return [...leading, ...people.filter((it) => !leading.includes(it))]
}

function linesOf({ kind, region, participant: it, accounts }: SyntheticPerson): string[] {
  const account = accounts.map(({ id, state, email, phone }) => `${id} (${state}: ${email ?? '-'}, ${phone ?? '-'})`)
  return [
    `${it.nik}  ${it.name}  ${it.birthDate}  [${kind}]`,
    `  ${region}, ${it.segment}, ${it.status}, KPJ ${it.cards.map((card) => card.kpj).join(', ')}`,
    `  akun ${account.length === 0 ? '-' : account.join('; ')}`,
  ]
}

async function serve({ port, data }: ServeOptions, config: Config, io: CliIo): Promise<void> {
  const listening = wholeNumber('--port', port, 0, 65_535)
  refuseProduction(config)
  const dataDir = data === undefined ? join(config.dataDir, 'directory-service') : config.dataDir
  const store = await openStore({ dataDir, databaseUrl: null, clock: systemClock })
  try {
    await refuseFreshKeys({ keys: null, dataDir }, store)
    const vault = openVault({ keys: null, dataDir }, { store, clock: systemClock })
    const parts = { store: store.intake.directory, vault, clock: systemClock }
    await seedDirectory(parts)
    const token = rememberedToken(dataDir)
    const served = { directory: embeddedDirectory(parts), accounts: embeddedAccounts(parts) }
    const server = await startReferenceServer({ ...served, tokenSha256: digestToken(token) }, { port: listening })
    io.out(
      `Participant directory and account service with ${SYNTHETIC_SIZE} synthetic participants. For a server beside it:`,
    )
    io.out(`  DIRECTORY_URL=${server.url} DIRECTORY_TOKEN=${token} ACCOUNTS_URL=${server.url} ACCOUNTS_TOKEN=${token}`)
    stopOnce(io, async () => {
      await server.close()
      await store.close()
    })
  } catch (error) {
    await store.close()
    throw error
  }
}

function stopOnce(io: CliIo, stop: () => Promise<void>): void {
  const end = (): void => {
    stop().catch((error: unknown) => {
      reportError(error, io)
    })
  }
  process.once('SIGTERM', end)
  process.once('SIGINT', end)
}

/** The same over restarts of one data folder, readable by its owner only. */
function rememberedToken(dataDir: string): string {
  const file = join(dataDir, 'reference-token')
  try {
    writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
  return readFileSync(file, 'utf8')
}

function refuseProduction({ production }: Config): void {
  if (production) throw new PulihError('CONFIGURATION_INVALID', 'Synthetic participants have no place in production.')
}

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return value
  throw new PulihError('VALIDATION_FAILED', `${name} is a whole number from ${min} to ${max}.`)
}
