import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import type { Clock } from '../src/engine/clock.js'
import { explainTarget, flush, readManifest, refused, sha256Of, type BackupManifest } from './backup.js'
import { explainOpening } from './errors.sqlite.js'
import { ASIDE, explainFolder } from './folder.js'
import { takeLock } from './lock.js'
import { pendingMigrations } from './migrate.js'

export interface RestoreOptions {
  readonly file: string
  readonly dataDir: string
  /** Moves what the data folder holds aside instead of refusing. */
  readonly replace: boolean
  readonly clock: Clock
}
export interface Restored {
  readonly manifest: BackupManifest
  /** Where the former content of the data folder is now; null when it was empty. */
  readonly movedTo: string | null
  /** The schema is of an earlier version: the next start migrates it. */
  readonly olderSchema: boolean
}

/**
 * Not part of the data: the lock that this very command holds, former data, the file system's own, tokens of development. Keys, sealed files
 * and the list of erasures are in no backup and belong to whatever database stands here.
 */
const STAYS =
  /^(lock\.(db|json)|lock\.db-journal|before-restore-.*|lost\+found|dev-tokens\.json|restoring\.db|keys\.json|audit-key|audit-checkpoints\.jsonl|tombstones\.jsonl|files|quarantine)$/
/** Tokens are no data, but a folder that holds them has been used. Keys are put in place before a backup is. */
const HARMLESS =
  /^(lock\.(db|json)|before-restore-.*|lost\+found|restoring\.db|keys\.json|audit-key|audit-checkpoints\.jsonl|tombstones\.jsonl|files)$/

/**
 * Puts a backup in place as the database under `dataDir`. The embedded queue is left out: the next start makes it anew from SQL,
 * which arms every pending timer. Throws STORE_LOCKED while a service runs there; CONFIGURATION_INVALID for a backup that is not
 * whole, or newer than this program, and for a data folder in use without `replace`. Until the last step nothing is changed.
 */
export async function restoreSqlite({ file, dataDir, replace, clock }: RestoreOptions): Promise<Restored> {
  const manifest = readManifest(file)
  await assertWhole(file, manifest)
  const olderSchema = assertNotNewer(file)
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    refuseUsed(dataDir, replace)
  } catch (error) {
    throw explainFolder(error)
  }
  const lock = takeLock(dataDir, clock)
  try {
    const fresh = join(dataDir, 'restoring.db')
    try {
      rmSync(fresh, { force: true })
      copyFileSync(file, fresh, constants.COPYFILE_FICLONE)
      chmodSync(fresh, 0o600)
      // Between the first reading and the copy the file may have changed, and a disk may not give back what it took.
      await assertWhole(fresh, manifest)
      flush(fresh)
      const movedTo = moveAside(dataDir, clock)
      renameSync(fresh, join(dataDir, 'pulih.db'))
      flush(dataDir)
      return { manifest, movedTo, olderSchema }
    } catch (error) {
      rmSync(fresh, { force: true })
      throw explainTarget(error)
    }
  } finally {
    lock.release()
  }
}

async function assertWhole(file: string, manifest: BackupManifest): Promise<void> {
  if (!existsSync(file)) throw refused('There is no such backup file.')
  if (statSync(file).size !== manifest.bytes || (await sha256Of(file)) !== manifest.sha256)
    throw refused('This backup is not what its manifest says (size or SHA-256 differ): take another one.')
}

function assertNotNewer(file: string): boolean {
  let db: Database.Database | undefined
  try {
    db = new Database(file, { readonly: true, fileMustExist: true })
    return pendingMigrations(db) > 0
  } catch (error) {
    throw explainOpening(error)
  } finally {
    db?.close()
  }
}

function refuseUsed(dataDir: string, replace: boolean): void {
  if (replace || readdirSync(dataDir).every((name) => HARMLESS.test(name))) return
  throw refused(
    'The data folder is not empty. With --replace what it holds is moved into a folder `before-restore-…` in it, never deleted.',
  )
}

/** Into a folder inside, because the data folder itself may be a mount point. The database goes last: until then nothing is lost. */
function moveAside(dataDir: string, clock: Clock): string | null {
  const names = readdirSync(dataDir).filter((name) => !STAYS.test(name))
  if (names.length === 0) return null
  foldJournal(dataDir)
  const aside = join(dataDir, `${ASIDE}${new Date(clock.now()).toISOString().replaceAll(':', '-')}`)
  mkdirSync(aside, { mode: 0o700 })
  const left = readdirSync(dataDir).filter((name) => !STAYS.test(name) && name !== 'pulih.db')
  for (const name of [...left, 'pulih.db'])
    if (existsSync(join(dataDir, name))) {
      renameSync(join(dataDir, name), join(aside, name))
      keepToOwner(join(aside, name))
    }
  flush(aside)
  return aside
}

/** Keys of people who are erased later lie in it, and it may have been made where everybody could read it. Links are left as they are. */
function keepToOwner(path: string): void {
  const it = lstatSync(path)
  if (it.isDirectory()) {
    chmodSync(path, 0o700)
    for (const name of readdirSync(path)) keepToOwner(join(path, name))
  } else if (it.isFile()) chmodSync(path, 0o600)
}

/** A write-ahead log that stayed behind would be read into the restored database; closing folds it in. A damaged one is moved as it is. */
function foldJournal(dataDir: string): void {
  const path = join(dataDir, 'pulih.db')
  // Beside an empty file SQLite would throw the journal away, and it may be all that is left.
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0) return
  let db: Database.Database | undefined
  try {
    db = new Database(path)
    db.pragma('wal_checkpoint(TRUNCATE)')
  } catch {
    // Whatever is wrong with it is wrong with what is being replaced.
  } finally {
    db?.close()
  }
}
