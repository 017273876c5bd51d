import { statSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import type { Command } from 'commander'
import type { BackupManifest } from '../../db/backup.js'
import { backupSqlite } from '../../db/backup.sqlite.js'
import { loadConfig } from '../config.js'
import { PulihError, systemClock } from '../engine/index.js'
import { guarded, type CliIo } from './io.js'

interface BackupOptions {
  readonly data?: string
  readonly json?: boolean
}

const PROGRESS_EVERY_MS = 2_000

export function registerBackup(program: Command, io: CliIo): void {
  program
    .command('backup')
    .description('copies the database while the service runs, proves the copy sound, writes a manifest beside it')
    .argument('<target>', 'a file that does not exist yet, or a folder')
    .option('--data <dir>', 'data folder (PULIH_DATA, default .pulih)')
    .option('--json', 'prints the manifest as one JSON document')
    .action(guarded(io, (target: string, options: BackupOptions) => backup(target, options, io)))
}

async function backup(target: string, options: BackupOptions, io: CliIo): Promise<void> {
  const { dataDir, databaseUrl } = loadConfig(undefined, { data: options.data })
  if (databaseUrl !== null) {
    const file = quoted(fileOf(target, 'dump'))
    sayPostgres(
      io,
      `pg_dump --format=custom --no-owner --file=${file} --dbname=${quoted(withoutPassword(databaseUrl))}`,
    )
    return
  }
  const file = fileOf(target, 'db')
  if (`${file}${sep}`.startsWith(`${dataDir}${sep}`))
    throw new PulihError(
      'CONFIGURATION_INVALID',
      'The target lies in the data folder: what ends the one would end the other. Choose a place outside, best on another disk.',
    )
  const manifest = await backupSqlite({ dataDir, file, clock: systemClock, onProgress: progress(io) })
  if (options.json === true) io.out(JSON.stringify({ file, ...manifest }, null, 2))
  else {
    io.out(`backed up to ${file}`)
    for (const line of summary(manifest)) io.out(line)
    io.out('  not in it   the keys, and the evidence files (`files`, PULIH_FILES): copy that folder after every backup')
  }
}

/** In a folder the file is named after the instant. */
function fileOf(target: string, extension: string): string {
  const path = resolve(target)
  const stamp = new Date(systemClock.now()).toISOString().replace(/\.\d+/, '').replaceAll(/[-:]/g, '')
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
    ? join(path, `pulih-${stamp}.${extension}`)
    : path
}

function progress(io: CliIo): (share: number) => void {
  let shownAt = systemClock.now()
  return (share) => {
    if (systemClock.now() - shownAt < PROGRESS_EVERY_MS) return
    shownAt = systemClock.now()
    io.err(`backup: ${Math.floor(share * 100)} % copied …`)
  }
}

/** What a backup holds, in lines for people. */
export const summary = ({
  madeAt,
  schema,
  bytes,
  sha256,
  counts,
  newestEntryAt,
}: BackupManifest): readonly string[] => [
  `  made        ${madeAt}, schema ${schema}, ${bytes} bytes`,
  `  holds       ${counts.tickets} tickets, ${counts.logEntries} log entries, ${counts.pendingTimers} pending timers, ${counts.undeliveredOutbox} undelivered messages, ${counts.deadLetters} dead letters`,
  `  newest      ${newestEntryAt ?? 'no entry yet'}`,
  `  sha256      ${sha256}`,
]

/** PostgreSQL brings better tools of its own; exit code 2 so that no script takes this for a backup. */
export function sayPostgres(io: CliIo, command: string): void {
  io.err('pulih: DATABASE_URL names PostgreSQL, which brings its own tools (docs/operations.md, "Backup and restore"):')
  io.err(`  ${command}`)
  io.err('The password is asked for, or taken from PGPASSWORD or ~/.pgpass.')
  io.err('Evidence files (`files` in the data folder, or PULIH_FILES) need a backup of their own, made after that one.')
  io.setExitCode(2)
}

/** As one word of a shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

export function withoutPassword(url: string): string {
  const bare = new URL(url)
  bare.password = ''
  bare.searchParams.delete('password')
  return bare.href
}
