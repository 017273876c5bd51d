import type { Command } from 'commander'
import { movedAside } from '../../db/folder.js'
import { loadConfig } from '../config.js'
import { systemClock, verifyStore } from '../engine/index.js'
import { guarded, type CliIo } from './io.js'
import { serving, viewing } from './open.js'

const SHOWN = 50
const PROGRESS_EVERY_MS = 2_000

export function registerVerify(program: Command, io: CliIo): void {
  program
    .command('verify')
    .description(
      "replays every ticket's log and proves it equal to its row, its timers and its outbox; opens everything sealed and looks for it in plain text (the audit chain: `pulih audit verify`)",
    )
    .option('--data <dir>', 'data folder (PULIH_DATA, default .pulih)')
    .option('--json', 'prints one JSON document')
    .action(guarded(io, (options: { data?: string; json?: boolean }) => verify(options, io)))
}

async function verify(options: { data?: string; json?: boolean }, io: CliIo): Promise<void> {
  let shownAt = systemClock.now()
  const onProgress = (tickets: number): void => {
    if (systemClock.now() - shownAt < PROGRESS_EVERY_MS) return
    shownAt = systemClock.now()
    io.err(`verify: ${tickets} tickets …`)
  }
  const report = await viewing(options.data, (viewer) => verifyStore({ ...viewer, onProgress }))
  const privacy = await serving(options.data, { readOnly: true }, ({ services }) => services.care.prove())
  const { dataDir, databaseUrl } = loadConfig(undefined, { data: options.data })
  const aside = databaseUrl === null ? movedAside(dataDir) : []
  if (options.json === true) io.out(JSON.stringify({ ...report, privacy, movedAside: aside }, null, 2))
  else {
    for (const { ticketId, what } of report.problems.slice(0, SHOWN)) io.out(`${ticketId}  ${what}`)
    if (report.problems.length > SHOWN) io.out(`… and ${report.problems.length - SHOWN} more`)
    io.out(`verified ${report.tickets} tickets, ${report.entries} log entries: ${report.problems.length} problems`)
    for (const { ticketId, what } of privacy.problems) io.out(`${ticketId}  ${what}`)
    io.out(
      `opened ${privacy.opened} sealed values, looked for ${privacy.values} personal values in ${privacy.texts} texts: ${privacy.problems.length} problems`,
    )
    for (const path of aside)
      io.out(`not looked at: ${path}, moved aside by a restore; no erasure reaches it, remove it`)
    // Not run from here: only with checkpoints that were kept elsewhere does it prove anything about the chain's end.
    io.out(
      'not looked at: the audit chain; `pulih audit verify --checkpoints <copy kept elsewhere>` does (docs/audit.md)',
    )
  }
  if (report.problems.length + privacy.problems.length > 0) io.setExitCode(1)
}
