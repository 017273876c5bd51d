import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { restoreSqlite, type Restored } from '../../db/backupRestore.sqlite.js'
import { loadConfig, type Config } from '../config.js'
import { PulihError, systemClock, verifyStore } from '../engine/index.js'
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
  if (!json) {
    io.out(`restored to ${dataDir}`)
    for (const line of summary(restored.manifest)) io.out(line)
    if (restored.movedTo !== null) io.out(`  moved aside ${restored.movedTo}; ${REMOVE}`)
    io.out(FILES)
  }
  const after = await lookAfter(config, options, restored).catch((error: unknown) => {
    if (!(error instanceof PulihError)) throw error
    throw new PulihError(error.code, `The backup is in place, but: ${error.message}`, error.extra, { cause: error })
  })
  if (json) io.out(JSON.stringify({ dataDir, ...restored, ...after }, null, 2))
  else for (const line of told(after, restored)) io.out(line)
  if (after.verify !== null && after.verify.problems.length > 0) io.setExitCode(1)
}

interface After {
  /** Persons erased again; null when there was nobody to erase, or the schema is older. */
  readonly erased: number | null
  readonly missingKeys: readonly string[]
  readonly verify: Awaited<ReturnType<typeof verifyStore>> | null
}

/** A reader takes only the schema of this program; the next start migrates an older one, and does all this. */
async function lookAfter(config: Config, options: RestoreOptions, { olderSchema }: Restored): Promise<After> {
  if (olderSchema) return { erased: null, missingKeys: [], verify: null }
  // Before anybody looks: what was erased after the backup was made is erased in it too (A47).
  const buried = (await tombstoneFile(join(config.dataDir, TOMBSTONES)).read()).size > 0
  const erased = buried
    ? await serving(options.data, { keyless: true }, ({ services }) => services.care.erasure.complete())
    : null
  const missingKeys = await viewing(options.data, ({ store }) => missingKeysOf(config, store))
  const verify = options.verify ? await viewing(options.data, (viewer) => verifyStore(viewer)) : null
  return { erased: erased?.erased ?? null, missingKeys, verify }
}

const told = ({ erased, missingKeys, verify }: After, { olderSchema }: Restored): readonly string[] => [
  ...(erased === null || erased === 0 ? [] : [`  erased      ${erased} persons again, as tombstones.jsonl says`]),
  ...(missingKeys.length === 0 ? [] : [`  keys        not here: ${missingKeys.join(', ')}; ${KEYS}`]),
  ...(verify === null
    ? []
    : [
        ...verify.problems.slice(0, SHOWN).map(({ ticketId, what }) => `${ticketId}  ${what}`),
        `verified ${verify.tickets} tickets, ${verify.entries} log entries: ${verify.problems.length} problems`,
      ]),
  ...(olderSchema ? ['  older       the next start migrates it; run `pulih verify` then'] : []),
  'What was accepted after the backup is not in it. At the next start everything due meanwhile happens once, in order.',
]
