import { readdirSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { PulihError } from '../src/engine/errors.js'

const WHY: Readonly<Record<string, string>> = {
  EACCES: 'this user has no permission there',
  EPERM: 'this user has no permission there',
  EROFS: 'the file system is read-only',
  EEXIST: 'the path names a file',
  ENOTDIR: 'the path names a file',
  EISDIR: 'a folder stands where a file belongs',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'the path is too long',
  ENOENT: 'it cannot be made',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
}

/** CONFIGURATION_INVALID for what the file system says of a data folder that cannot be used; every other error as it is. */
export function explainFolder(error: unknown): unknown {
  if (!(error instanceof Error) || !('syscall' in error)) return error
  const why = WHY[(error as NodeJS.ErrnoException).code ?? '']
  return why === undefined ? error : folderUnusable(why, error)
}

export function folderUnusable(why: string, cause?: Error): PulihError {
  return new PulihError(
    'CONFIGURATION_INVALID',
    `The data folder cannot be opened (${why}): make it readable and writable for this user, or choose another folder.`,
    {},
    { cause },
  )
}

/** What lies in a data folder only once a database was made: keys and the like may be put there before one. */
const TRACES = ['audit-checkpoints.jsonl', 'tombstones.jsonl', 'files', 'queue', 'pulih.db-wal'] as const

/**
 * Throws CONFIGURATION_INVALID where a database was and is not any more, or is an empty file: a start would make a new one beside what the
 * former one knew, and nobody would notice.
 */
export function refuseLost(dataDir: string): void {
  if (sizeOf(join(dataDir, 'pulih.db')) > 0) return
  const left = [
    ...TRACES.filter((name) => sizeOf(join(dataDir, name)) > 0),
    ...movedAside(dataDir).map((it) => basename(it)),
  ]
  if (left.length === 0) return
  throw new PulihError(
    'CONFIGURATION_INVALID',
    `This data folder was in use (${left.join(', ')}), but its database is not there, or is an empty file. ` +
      'Restore a backup (`pulih restore`), or name the database that is meant (DATABASE_URL, PULIH_DATA). To begin anew, choose an empty folder.',
  )
}

/** Bytes of a file, entries of a folder that somebody put there; 0 where there is neither, or it cannot be told. */
function sizeOf(path: string): number {
  try {
    const it = statSync(path, { throwIfNoEntry: false })
    if (it === undefined) return 0
    return it.isDirectory() ? readdirSync(path).filter((name) => !OF_THE_SYSTEM.test(name)).length : it.size
  } catch {
    // What cannot be looked at is for whoever opens it to explain.
    return 0
  }
}
/** A volume brings them along. */
const OF_THE_SYSTEM = /^(lost\+found|\..*)$/

/** How the folders begin that a restore moves former data into. */
export const ASIDE = 'before-restore-'

/** What restores moved aside under `dataDir`, the oldest first: erasure does not reach it. Empty where the folder cannot be read. */
export function movedAside(dataDir: string): readonly string[] {
  try {
    const names = readdirSync(dataDir).filter((name) => name.startsWith(ASIDE))
    return names.toSorted().map((name) => join(dataDir, name))
  } catch {
    return []
  }
}
