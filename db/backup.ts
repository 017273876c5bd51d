import { createHash } from 'node:crypto'
import { closeSync, createReadStream, fsyncSync, openSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { PulihError } from '../src/engine/errors.js'

/** What stands beside a backup: it is written last, so a file without it was never finished. */
export interface BackupManifest {
  readonly format: typeof FORMAT
  /** ISO 8601 in UTC. */
  readonly madeAt: string
  /** The last migration that the database had seen. */
  readonly schema: string
  readonly bytes: number
  readonly sha256: string
  readonly counts: Readonly<Record<(typeof COUNTED)[number], number>>
  /** When the newest entry of any ticket's log was written; null without tickets. */
  readonly newestEntryAt: string | null
}
export const FORMAT = 'pulih-backup-1'
export const COUNTED = ['tickets', 'logEntries', 'pendingTimers', 'undeliveredOutbox', 'deadLetters'] as const

export const manifestPath = (file: string): string => `${file}.json`

/** Throws CONFIGURATION_INVALID when there is no manifest beside `file`, or something else. */
export function readManifest(file: string): BackupManifest {
  let text: string
  try {
    text = readFileSync(manifestPath(file), 'utf8')
  } catch (cause) {
    throw refused(
      'There is no manifest beside this backup: it was not finished, or the file <backup>.json was left behind. Both belong together.',
      cause,
    )
  }
  const manifest = asManifest(text)
  if (manifest === null) throw refused('The manifest beside this backup is damaged or of another program.')
  return manifest
}

function asManifest(text: string): BackupManifest | null {
  try {
    const it = JSON.parse(text) as Partial<BackupManifest> | null
    const whole =
      it?.format === FORMAT &&
      typeof it.madeAt === 'string' &&
      typeof it.schema === 'string' &&
      Number.isSafeInteger(it.bytes) &&
      /^[0-9a-f]{64}$/.test(it.sha256 ?? '') &&
      COUNTED.every((name) => Number.isSafeInteger(it.counts?.[name])) &&
      (it.newestEntryAt === null || typeof it.newestEntryAt === 'string')
    return whole ? (it as BackupManifest) : null
  } catch {
    return null
  }
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

/** On disk for good, not only in the system's memory. Works for folders too: their entries are what a rename changes. */
export function flush(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}
export const flushFolderOf = (path: string): void => flush(dirname(path))

export const refused = (message: string, cause?: unknown): PulihError =>
  new PulihError('CONFIGURATION_INVALID', message, {}, cause === undefined ? undefined : { cause })

const WHY: Readonly<Record<string, string>> = {
  ENOSPC: 'its disk is full',
  SQLITE_FULL: 'its disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'files there may not grow that large',
  EACCES: 'this user has no permission there',
  EPERM: 'this user has no permission there',
  EROFS: 'the file system is read-only',
  ENOENT: 'the folder does not exist',
  ENOTDIR: 'the path leads through a file',
  SQLITE_IOERR: 'it takes no more, its disk is full or reports an error',
}

/** CONFIGURATION_INVALID for what the system says of the place written to; every other error as it is. */
export function explainTarget(error: unknown): unknown {
  if (error instanceof PulihError || !(error instanceof Error)) return error
  const code = (error as NodeJS.ErrnoException).code ?? ''
  // SQLite tells reading, writing and flushing apart: SQLITE_IOERR_WRITE and so on.
  const why = WHY[code.replace(/^(SQLITE_IOERR)_\w+$/, '$1')]
  return why === undefined ? error : refused(`Nothing was written to the target: ${why}.`, error)
}
