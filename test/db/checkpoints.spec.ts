import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { openStore } from '../../db/index.js'
import { VirtualClock } from '../../src/engine/index.js'
import { filing } from './rows.js'

type Pages = readonly [{ readonly log: number; readonly checkpointed: number }]
const MEGABYTE = 1024 * 1024

describe('the log of the SQLite file', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'pulih-wal-'))
  afterAll(() => rmSync(dataDir, { recursive: true }))

  it(
    'is written back in another thread beside the commits, stays bounded, and is empty after closing',
    { timeout: 240_000 },
    async () => {
      const store = await openStore({ dataDir, clock: new VirtualClock(Date.UTC(2026, 2, 17)) })
      const [file, log] = [join(dataDir, 'pulih.db'), join(dataDir, 'pulih.db-wal')]
      const sizeOf = (path: string) => statSync(path).size
      let n = 0
      const commit = async () => {
        await store.commit(Array.from({ length: 50 }, () => filing(++n)))
        // What the thread has to say is heard between turns only.
        await new Promise(setImmediate)
      }
      const reader = new Database(file, { readonly: true })
      const pages = () => (reader.pragma('wal_checkpoint(NOOP)') as Pages)[0]
      // In the first log, and in one begun anew from its start in a file that stays as long as it was.
      for (let round = 0; round < 2; round++) {
        // Some sixty pages a commit, and the thread is called at every sixteenth only.
        while (pages().log < 10_000) await commit()
        // The writer itself does nothing before 16 384 pages.
        await vi.waitFor(() => expect(pages().checkpointed).toBeGreaterThan(8_000), { timeout: 60_000 })
        expect(pages().log).toBeLessThan(12_000)
        let last: number
        do {
          last = pages().log
          await commit()
        } while (pages().log >= last)
      }
      reader.close()
      expect(sizeOf(log)).toBeLessThan(72 * MEGABYTE)
      await store.close()
      expect(existsSync(log)).toBe(false)
      const db = new Database(file, { readonly: true })
      expect(db.prepare('SELECT count(*) FROM tickets').pluck().get()).toBe(n)
      expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
      db.close()
    },
  )
})
