import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { restoreSqlite } from '../../db/backupRestore.sqlite.js'
import { loadConfig } from '../config.js'
import { systemClock, verifyStore } from '../engine/index.js'
import { missingKeysOf } from '../services.js'
import { TOMBSTONES, tombstoneFile } from '../privacy/index.js'
import { quoted, sayPostgres, summary, withoutPassword } from './backup.js'
import { guarded, type CliIo } from './io.js'
import { serving, viewing } from './open.js'

interface RestoreOptions {
  readonly data?: string
  readonly replace?: boolean
  readonly verify: boolean
  readonly json?: boolean
}

const SHOWN = 20
const FILES =
  '  files       evidence files are in no backup of a database: bring their folder back from its own, then run `pulih verify`'
const KEYS = 'a start is refused until they are (PULIH_KEYS, or keys.json of the folder that the data came from)'
const REMOVE = 'erasing somebody does not reach it: remove it once the restored data are found right'

export function registerRestore(program: Command, io: CliIo): void {
  program
    .command('restore')
    .description('puts a backup in place; the service is stopped, its next start arms every pending timer anew')
    .argument('<file>', 'a backup; its manifest <file>.json stands beside it')
    .option('--data <dir>', 'data folder (PULIH_DATA, default .pulih)')
    .option('--replace', 'moves what the data folder holds aside; nothing is deleted')
    .option('--no-verify', 'leaves out the proof that every ticket agrees with its log')
    .option('--json', 'prints one JSON document')
    .action(guarded(io, (file: string, options: RestoreOptions) => restore(file, options, io)))
}

async function restore(file: string, options: RestoreOptions, io: CliIo): Promise<void> {
  const config = loadConfig(undefined, { data: options.data })
  const { dataDir, databaseUrl } = config
  if (databaseUrl !== null) {
    const place = `--dbname=${quoted(withoutPassword(databaseUrl))} ${quoted(resolve(file))}`
    sayPostgres(io, `pg_restore --exit-on-error --single-transaction --no-owner ${place}`)
    return
  }
  const { replace = false, json = false } = options
  const restored = await restoreSqlite({ file: resolve(file), dataDir, replace, clock: systemClock })
  const { manifest, movedTo, olderSchema } = restored
  // Before anybody looks: what was erased after the backup was made is erased in it too (A47).
  const buried = (await tombstoneFile(join(dataDir, TOMBSTONES)).read()).size > 0
  const lacking = olderSchema ? [] : await viewing(options.data, ({ store }) => missingKeysOf(config, store))
  const again =
    olderSchema || !buried || lacking.length > 0
      ? null
      : await serving(options.data, {}, ({ services }) => services.care.erasure.complete())
  // A reader takes only the schema of this program; the next start migrates an older one.
  const report = options.verify && !olderSchema ? await verified(options.data) : null
  if (json)
    io.out(
      JSON.stringify(
        { dataDir, ...restored, erased: again?.erased ?? null, missingKeys: lacking, verify: report },
        null,
        2,
      ),
    )
  else {
    io.out(`restored to ${dataDir}`)
    for (const line of summary(manifest)) io.out(line)
    if (movedTo !== null) io.out(`  moved aside ${movedTo}; ${REMOVE}`)
    if (again !== null && again.erased > 0)
      io.out(`  erased      ${again.erased} persons again, as tombstones.jsonl says`)
    io.out(FILES)
    if (lacking.length > 0) io.out(`  keys        not here: ${lacking.join(', ')}; ${KEYS}`)
    if (report !== null) {
      for (const { ticketId, what } of report.problems.slice(0, SHOWN)) io.out(`${ticketId}  ${what}`)
      io.out(`verified ${report.tickets} tickets, ${report.entries} log entries: ${report.problems.length} problems`)
    } else if (olderSchema) io.out('  older       the next start migrates it; run `pulih verify` then')
    io.out(
      'What was accepted after the backup is not in it. At the next start everything due meanwhile happens once, in order.',
    )
  }
  if (report !== null && report.problems.length > 0) io.setExitCode(1)
}

const verified = (data: string | undefined) => viewing(data, (viewer) => verifyStore(viewer))
