import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { openStore } from '../../db/index.js'
import { VirtualClock } from '../../src/engine/index.js'
import { filing } from './rows.js'

const MEGABYTE = 1024 * 1024

describe('the log of the SQLite file', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'pulih-wal-'))
  afterAll(() => rmSync(dataDir, { recursive: true }))

  it('is written back in another thread beside the commits, stays bounded, and is empty after closing', async () => {
    const store = await openStore({ dataDir, clock: new VirtualClock(Date.UTC(2026, 2, 17)) })
    const [file, log] = [join(dataDir, 'pulih.db'), join(dataDir, 'pulih.db-wal')]
    const sizeOf = (path: string) => statSync(path).size
    let n = 0
    const commit = () => store.commit(Array.from({ length: 50 }, () => filing(++n)))
    const small = sizeOf(file)
    while (sizeOf(log) < 12 * MEGABYTE) await commit()
    // The writer itself does nothing before 32 MiB.
    await vi.waitFor(() => expect(sizeOf(file)).toBeGreaterThan(small + 2 * MEGABYTE), { timeout: 20_000 })

    let longest = 0
    for (let commits = 0; commits < 400; commits++) {
      await commit()
      longest = Math.max(longest, sizeOf(log))
    }
    expect(longest).toBeLessThan(36 * MEGABYTE)
    await store.close()
    expect(existsSync(log)).toBe(false)
    const db = new Database(file, { readonly: true })
    expect(db.prepare('SELECT count(*) FROM tickets').pluck().get()).toBe(n)
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok')
    db.close()
  })
})
