import { randomFillSync } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { z } from 'zod'
import { explainFolder } from '../../db/folder.js'
import { developmentTokens, type DevelopmentToken } from '../api/index.js'
import { digestToken, loadConfig, TOKEN_ROLES, type Config } from '../config.js'
import { seedSampleTickets } from '../demo/seed.js'
import { PulihError } from '../engine/index.js'
import { startPulih, type Pulih } from '../main.js'
import { guarded, reportError, type CliIo } from './io.js'

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
    .option('--seed', 'files a few sample tickets once')
    .action(guarded(io, (options: ServeOptions) => serve(options, io)))
}

async function serve(options: ServeOptions, io: CliIo): Promise<void> {
  const base = loadConfig(undefined, options)
  const tokens = base.tokens.length > 0 || base.production ? [] : rememberedTokens(base.dataDir)
  const config: Config = tokens.length === 0 ? base : { ...base, tokens: tokens.map((it) => it.entry) }
  // A turn later, so that a signal finds its handler before anything is opened.
  const starting = Promise.resolve().then(() => startPulih(config))
  stopOnSignal(starting, io)
  const pulih = await starting
  const seeded = options.seed === true ? await seed(pulih, io) : []
  for (const line of welcome(pulih, config, tokens, seeded[0]?.ticketId)) io.out(line)
}

/** Samples are a courtesy: without them the service is as good. */
async function seed(pulih: Pulih, io: CliIo): Promise<readonly { ticketId: string }[]> {
  try {
    return await seedSampleTickets({ engine: pulih.engine, store: pulih.store, clock: pulih.engine.clock })
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown error'
    io.err(`pulih: the sample tickets could not be filed: ${reason}`)
    return []
  }
}

/** First signal, also while still starting: an orderly stop, exit 0. Second: at once, exit 1 (R-OPS-2). */
function stopOnSignal(started: Promise<Pulih>, io: CliIo): void {
  let stopping = false
  const stop = (): void => {
    if (stopping) process.exit(1)
    stopping = true
    started
      .then((pulih) => pulih.stop())
      .then((clean) => {
        if (!clean) io.err('pulih: stopped; work that did not finish in time is taken up at the next start.')
        process.exit(0)
      })
      .catch((error: unknown) => {
        reportError(error, io)
        process.exit(1)
      })
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

/**
 * Development tokens stay the same over restarts of one data folder, readable by its owner only. Never in production.
 * Throws CONFIGURATION_INVALID when the folder cannot be used or the file in it holds something else.
 */
function rememberedTokens(dataDir: string): readonly DevelopmentToken[] {
  const file = join(dataDir, 'dev-tokens.json')
  try {
    if (existsSync(file)) return keptTokens(readFileSync(file, 'utf8'))
    const tokens = developmentTokens((size) => randomFillSync(new Uint8Array(size)))
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    const kept = tokens.map(({ role, token }) => ({ role, token }))
    writeFileSync(file, JSON.stringify(kept, null, 2), { mode: 0o600 })
    return tokens
  } catch (error) {
    throw explainFolder(error)
  }
}

const keptFile = z.array(z.object({ role: z.enum(TOKEN_ROLES), token: z.string().min(1) })).min(1)

function keptTokens(text: string): readonly DevelopmentToken[] {
  try {
    return keptFile
      .parse(JSON.parse(text))
      .map(({ role, token }) => ({ role, token, entry: { role, actorId: `dev-${role}`, sha256: digestToken(token) } }))
  } catch {
    // Without the cause: a parser's message may show a piece of a token.
    throw new PulihError(
      'CONFIGURATION_INVALID',
      'The file dev-tokens.json in the data folder is damaged: delete it, and the next start makes new tokens.',
    )
  }
}

/** D5: said wherever it shows. */
const onExamples = ({ engine: { reference } }: Pulih): boolean =>
  reference.offices().some((office) => reference.calendar(office.calendarId).spec.example)

function welcome(
  pulih: Pulih,
  config: Config,
  tokens: readonly DevelopmentToken[],
  sample: string | undefined,
): readonly string[] {
  const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${pulih.port}`
  const tokenOf = (role: string) => tokens.find((it) => it.role === role)?.token ?? '<token>'
  const lines = [
    '',
    `Pulih is ready at ${url}`,
    `  data     ${config.dataDir} (SQLite), queue: ${pulih.queueKind}`,
    `  health   ${url}/readyz      API description  ${url}/openapi.json`,
    ...(config.mailbox ? [`  mailbox  ${url}/mailbox  (what would be sent by mail and SMS)`] : []),
    ...(onExamples(pulih) ? ['  Operating hours are an example (contoh), not official ones.'] : []),
  ]
  if (tokens.length > 0) {
    lines.push('', 'Development tokens (kept in dev-tokens.json of the data folder; set PULIH_TOKENS to use your own):')
    for (const role of ['portal', 'agent', 'checker', 'supervisor'] as const)
      lines.push(`  ${role.padEnd(10)} ${tokenOf(role)}`)
  }
  lines.push(
    '',
    'Try it:',
    `  curl -s ${url}/v1/tickets -H 'Authorization: Bearer ${tokenOf('agent')}'`,
    ...(sample === undefined
      ? []
      : [`  curl -s ${url}/v1/tickets/${sample}/clocks -H 'Authorization: Bearer ${tokenOf('agent')}'`]),
    `  curl -s ${url}/v1/tickets -X POST -H 'Authorization: Bearer ${tokenOf('portal')}' -H 'Idempotency-Key: "first-try"' \\`,
    `    -H 'Content-Type: application/json' -d '{"type":"pengaduan","route":"layanan_digital","cause":"EMAIL_DAN_HP_HILANG","participantRef":"ps_contoh-1","declaration":true}'`,
    '',
    'Stop it with Ctrl-C.',
  )
  return lines
}
