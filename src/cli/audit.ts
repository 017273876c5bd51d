import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { readCheckpoints, readPublicKey, verifyAudit } from '../audit/index.js'
import { exportAudit } from '../audit/exporting.js'
import { PulihError, systemClock } from '../engine/index.js'
import { guarded, type CliIo } from './io.js'
import { serving } from './open.js'

interface VerifyOptions {
  readonly data?: string
  readonly json?: boolean
  readonly checkpoints?: string
  readonly publicKey?: string
}
interface ExportOptions {
  readonly data?: string
  readonly actor: string
  readonly from?: string
  readonly until?: string
  readonly action?: string
  readonly ticket?: string
}
const PROGRESS_EVERY_MS = 2_000
const SHOWN = 50

/** Adds `audit` to the program: proof that the chain is whole, and the chain itself for those who examine it. */
export function registerAudit(program: Command, io: CliIo): void {
  const audit = program.command('audit').description('what was done, as a chain of hashes (docs/audit.md)')
  const data = ['--data <dir>', 'data folder (PULIH_DATA, default .pulih)'] as const
  audit
    .command('verify')
    .description(
      "walks the whole chain, compares it with the tickets' log and with signed checkpoints; exit code 1 when anything is not as it was written",
    )
    .option(...data)
    .option('--checkpoints <file>', 'checkpoints that were kept elsewhere: without them a cut-off end cannot be found')
    .option('--public-key <file>', 'the key they were signed with, in PEM (default: of the key that is configured)')
    .option('--json', 'prints one JSON document')
    .action(guarded(io, (options: VerifyOptions) => verify(options, io)))
  audit
    .command('export')
    .description('prints entries as JSON lines, hashes included, oldest first; the export is an entry itself')
    .requiredOption('--actor <id>', 'who takes it')
    .option('--from <instant>', 'ISO 8601, included')
    .option('--until <instant>', 'ISO 8601, not included')
    .option('--action <action>', 'of one sort, as person.reveal')
    .option('--ticket <id>', 'about one ticket')
    .option(...data)
    .action(guarded(io, (options: ExportOptions) => write(options, io)))
  audit
    .command('key')
    .description('prints the public key of the checkpoints, in PEM')
    .option(...data)
    .action(
      guarded(io, async (options: { data?: string }) => {
        const key = await serving(options.data, { readOnly: true }, ({ services }) =>
          Promise.resolve(services.audit.publicKey()),
        )
        if (key === null) throw new PulihError('CONFIGURATION_INVALID', 'No checkpoint was signed here yet.')
        io.out(key.export({ type: 'spki', format: 'pem' }).toString().trimEnd())
      }),
    )
}

async function verify({ data, json, ...given }: VerifyOptions, io: CliIo): Promise<void> {
  let shownAt = systemClock.now()
  const onProgress = (entries: number): void => {
    if (systemClock.now() - shownAt < PROGRESS_EVERY_MS) return
    shownAt = systemClock.now()
    io.err(`audit: ${entries} entries …`)
  }
  const checkpoints = given.checkpoints === undefined ? undefined : await readCheckpoints(given.checkpoints)
  const report = await serving(data, { readOnly: true }, ({ store, services }) => {
    const publicKey =
      given.publicKey === undefined ? (services.audit.publicKey() ?? undefined) : readPublicKey(textOf(given.publicKey))
    return verifyAudit({ store: store.audit, checkpoints, publicKey, onProgress })
  })
  if (json === true) io.out(JSON.stringify(report, null, 2))
  else {
    for (const { what } of report.problems.slice(0, SHOWN)) io.out(what)
    if (report.problems.length > SHOWN) io.out(`… and ${report.problems.length - SHOWN} more`)
    for (const note of report.notes) io.out(`note: ${note}`)
    const { entries, sealed, waiting } = report
    io.out(
      `verified ${entries} audit entries, ${sealed} sealed log rows (${waiting} wait for their seal), ${report.checkpoints} checkpoints: ${report.problems.length} problems`,
    )
  }
  if (report.problems.length > 0) io.setExitCode(1)
}

async function write(options: ExportOptions, io: CliIo): Promise<void> {
  const filter = {
    action: options.action,
    ticketId: options.ticket,
    from: instantOf(options.from),
    until: instantOf(options.until),
  }
  await serving(options.data, {}, async ({ store, services }) => {
    const by = { id: options.actor, role: 'operator' }
    for await (const row of exportAudit({ store: store.audit, audit: services.audit, clock: systemClock }, by, filter))
      io.out(JSON.stringify(row))
  })
}

function instantOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const at = Date.parse(text)
  if (Number.isNaN(at))
    throw new PulihError('CONFIGURATION_INVALID', 'An instant must be written as 2026-03-20T08:00:00Z.')
  return at
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new PulihError('CONFIGURATION_INVALID', 'The file of the public key cannot be read.', {}, { cause })
  }
}
