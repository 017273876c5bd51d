import type { Command } from 'commander'
import { movedAside } from '../../db/folder.js'
import { loadConfig } from '../config.js'
import type { FilesProof } from '../documents/index.js'
import { systemClock, verifyStore } from '../engine/index.js'
import { filesElsewhere } from '../services.js'
import { guarded, type CliIo } from './io.js'
import { serving, viewing } from './open.js'

const SHOWN = 50
const PROGRESS_EVERY_MS = 2_000

export function registerVerify(program: Command, io: CliIo): void {
  program
    .command('verify')
    .description(
      "replays every ticket's log and proves it equal to its row, its timers and its outbox; opens everything sealed, evidence files too, and looks for personal data in plain text (the audit chain: `pulih audit verify`)",
    )
    .option('--data <dir>', 'data folder (PULIH_DATA, default .pulih)')
    .option('--json', 'prints one JSON document')
    .action(guarded(io, (options: { data?: string; json?: boolean }) => verify(options, io)))
}

async function verify(options: { data?: string; json?: boolean }, io: CliIo): Promise<void> {
  let shownAt = systemClock.now()
  const onProgress = (count: number, what = 'tickets'): void => {
    if (systemClock.now() - shownAt < PROGRESS_EVERY_MS) return
    shownAt = systemClock.now()
    io.err(`verify: ${count} ${what} …`)
  }
  const config = loadConfig(undefined, { data: options.data })
  const report = await viewing(options.data, (viewer) => verifyStore({ ...viewer, onProgress }))
  const { privacy, evidence } = await serving(options.data, { readOnly: true }, async ({ store, services }) => {
    const privacy = await services.care.prove((what, rows) => {
      onProgress(rows, what === 'opened' ? 'values opened' : 'texts read')
    })
    const away = filesElsewhere(config) && (await store.intake.documents.newestRefs(1)).length > 0
    const evidence = away ? null : await services.documents.prove((files) => onProgress(files, 'evidence files'))
    return { privacy, evidence }
  })
  const aside = config.databaseUrl === null ? movedAside(config.dataDir) : []
  if (options.json === true) io.out(JSON.stringify({ ...report, privacy, evidence, movedAside: aside }, null, 2))
  else {
    tell(io, report.problems, report.problems.length)
    io.out(`verified ${report.tickets} tickets, ${report.entries} log entries: ${report.problems.length} problems`)
    for (const { ticketId, what } of privacy.problems) io.out(`${ticketId}  ${what}`)
    io.out(
      `opened ${privacy.opened} sealed values, looked for ${privacy.values} personal values in ${privacy.texts} texts: ${privacy.problems.length} problems`,
    )
    sayEvidence(io, evidence)
    for (const path of aside)
      io.out(`not looked at: ${path}, moved aside by a restore; no erasure reaches it, remove it`)
    // Not run from here: only with checkpoints that were kept elsewhere does it prove anything about the chain's end.
    io.out(
      'not looked at: the audit chain; `pulih audit verify --checkpoints <copy kept elsewhere>` does (docs/audit.md)',
    )
  }
  if (report.problems.length + privacy.problems.length + (evidence?.faults ?? 0) > 0) io.setExitCode(1)
}

type Problems = readonly { readonly ticketId: string; readonly what: string }[]

function tell(io: CliIo, problems: Problems, found: number): void {
  const shown = problems.slice(0, SHOWN)
  for (const { ticketId, what } of shown) io.out(`${ticketId}  ${what}`)
  if (found > shown.length) io.out(`… and ${found - shown.length} more`)
}

function sayEvidence(io: CliIo, evidence: FilesProof | null): void {
  if (evidence === null) {
    io.out(
      'not looked at: evidence files; they lie with the servers: run this there, or name their folder (PULIH_FILES)',
    )
    return
  }
  const { problems, faults, gone, files, documents, orphans } = evidence
  if (gone) io.out(`-  not one of ${files} evidence files is there: was the file store restored with the database?`)
  tell(io, problems, faults)
  io.out(`looked at ${files} evidence files of ${documents} documents: ${faults} problems`)
  if (orphans !== null && orphans > 0)
    io.out(`note: ${orphans} evidence files that no row names; a server removes them, unless they are many`)
}
