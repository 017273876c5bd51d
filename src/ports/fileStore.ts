import type { Dirent } from 'node:fs'
import { mkdir, open, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Keeps sealed bytes under random names. Small enough for an object store: whole objects, no folders, no renaming. */
export interface FileStore {
  /** Durable when it returns. A name is used once. */
  put(ref: string, bytes: Uint8Array): Promise<void>
  /** Null when there is none. */
  get(ref: string): Promise<Buffer | null>
  /** Whether something is kept under this name; what it holds is not looked at. */
  has(ref: string): Promise<boolean>
  /** Harmless when there is none. */
  remove(ref: string): Promise<void>
  /** Everything there is: to find what no row names any more. */
  list(): AsyncIterable<StoredFile>
}
export interface StoredFile {
  readonly ref: string
  /** Epoch ms. */
  readonly storedAt: number
}

/** 32 random hex digits: says nothing about what it names, and cannot leave the folder. */
const REF = /^[0-9a-f]{32}$/

/**
 * Files of one folder, which no web server may serve: 0600 in folders of 0700, synced before anybody is told. What was being written when
 * the process died is a file that no row names.
 */
export function folderFileStore(folder: string): FileStore {
  const pathOf = (ref: string): string => {
    if (!REF.test(ref)) throw new RangeError('a file name is 32 hex digits')
    return join(folder, ref.slice(0, 2), ref)
  }
  return {
    async put(ref, bytes) {
      const path = pathOf(ref)
      const parent = join(folder, ref.slice(0, 2))
      await mkdir(parent, { recursive: true, mode: 0o700 })
      const file = await open(path, 'wx', 0o600)
      try {
        await file.writeFile(bytes)
        await file.sync()
      } catch (error) {
        await rm(path, { force: true })
        throw error
      } finally {
        await file.close()
      }
      await syncFolder(parent)
    },
    get: (ref) => readFile(pathOf(ref)).catch(nullWhenMissing),
    async has(ref) {
      const found = await stat(pathOf(ref)).catch(nullWhenMissing)
      return found !== null && found.isFile() && found.size > 0
    },
    remove: (ref) => rm(pathOf(ref), { force: true }),
    list: () => listFolder(folder),
  }
}

async function* listFolder(folder: string): AsyncGenerator<StoredFile> {
  for (const parent of await entriesOf(folder)) {
    if (!parent.isDirectory()) continue
    for (const entry of await entriesOf(join(folder, parent.name))) {
      if (!REF.test(entry.name)) continue
      const found = await stat(join(folder, parent.name, entry.name)).catch(nullWhenMissing)
      if (found !== null) yield { ref: entry.name, storedAt: found.mtimeMs }
    }
  }
}

const entriesOf = async (folder: string): Promise<readonly Dirent[]> =>
  (await readdir(folder, { withFileTypes: true }).catch(nullWhenMissing)) ?? []

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function nullWhenMissing(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
  throw error
}
