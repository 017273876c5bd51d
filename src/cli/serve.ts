import type { Command } from 'commander'
import { loadConfig, type Config } from '../config.js'
import { startPulih, type Opened, type Pulih, type Roles } from '../main.js'
import type { DemonstrationOfficer } from '../staff/identity/index.js'
import { rememberedTokens } from './devTokens.js'
import { guarded, type CliIo } from './io.js'
import { stopOnSignal } from './signals.js'
import { welcome, workerWelcome } from './welcome.js'

interface ServeOptions {
  readonly port?: string
  readonly host?: string
  readonly data?: string
  readonly seed?: boolean
}

export function registerServe(program: Command, io: CliIo): void {
  program
    .command('serve')
    .description('runs everything in one process: API, timers, verification queue, mailbox')
    .option('--port <port>', 'port to listen on (PORT, default 3000; 0 takes a free one)')
    .option('--host <host>', 'address to listen on (HOST, default 127.0.0.1)')
    .option('--data <dir>', 'folder of the embedded database and queue (PULIH_DATA, default .pulih)')
    .option('--seed', 'files a few sample tickets and fills the embedded directory with synthetic participants, once')
    .action(guarded(io, (options: ServeOptions) => serve(options, { api: true, work: true }, io)))
  program
    .command('api')
    .description('runs the API alone, as often as you like (needs DATABASE_URL=postgres://…)')
    .option('--port <port>', 'port to listen on (PORT, default 3000; 0 takes a free one)')
    .option('--host <host>', 'address to listen on (HOST, default 127.0.0.1)')
    .option('--data <dir>', 'folder of the development tokens (PULIH_DATA, default .pulih)')
    .action(guarded(io, (options: ServeOptions) => serve(options, { api: true, work: false }, io)))
  program
    .command('work')
    .description('runs timers, queues and deliveries alone, as often as you like (needs DATABASE_URL=postgres://…)')
    .action(guarded(io, () => serve({}, { api: false, work: true }, io)))
}

async function serve(options: ServeOptions, roles: Roles, io: CliIo): Promise<void> {
  const base = loadConfig(undefined, options)
  const tokens = base.tokens.length > 0 || base.production || !roles.api ? [] : rememberedTokens(base.dataDir)
  const config: Config = tokens.length === 0 ? base : { ...base, tokens: tokens.map((it) => it.entry) }
  // A turn later, so that a signal finds its handler before anything is opened.
  const starting = Promise.resolve().then(() => start(config, roles, options.seed === true, io))
  stopOnSignal(starting, io)
  const { pulih, officers, sample } = await starting
  const lines = roles.api ? welcome(pulih, config, { tokens, officers }, sample) : workerWelcome(pulih, config)
  for (const line of lines) io.out(line)
}

interface Started {
  readonly pulih: Pulih
  /** Empty where none were made up. */
  readonly officers: readonly DemonstrationOfficer[]
  /** The id of a ticket to look at. */
  readonly sample: string | undefined
}

/** Starts it, with what `--seed` promises there before the first request is answered. */
export async function start(config: Config, roles: Roles, seeding: boolean, io: Pick<CliIo, 'err'>): Promise<Started> {
  if (!seeding) return { pulih: await startPulih(config, { roles }), officers: [], sample: undefined }
  let officers: Started['officers'] = []
  let sample: Started['sample']
  const beforeListening = async (opened: Opened) => {
    sample = (await seed(opened, config, io))[0]?.ticketId
    if (roles.api) officers = await (await import('./devStaff.js')).demonstrationStaff(opened, config)
  }
  const pulih = await startPulih(config, { roles, beforeListening })
  return { pulih, officers, sample }
}

/** Samples are a courtesy: without them the service is as good. Made-up participants never get into a production directory. */
async function seed(
  { engine, store, services }: Opened,
  config: Config,
  io: Pick<CliIo, 'err'>,
): Promise<readonly { ticketId: string }[]> {
  try {
    const [{ seedSampleTickets }, { seedDirectory }] = await Promise.all([
      import('../demo/seed.js'),
      import('../directory/index.js'),
    ])
    if (!config.production && config.upstreams === null)
      await seedDirectory({ store: store.intake.directory, vault: services.vault, clock: engine.clock })
    return await seedSampleTickets({ engine, store, clock: engine.clock })
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown error'
    io.err(`pulih: the sample tickets could not be filed: ${reason}`)
    return []
  }
}
