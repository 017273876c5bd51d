import { readdirSync } from 'node:fs'
import { join } from 'node:path'
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
