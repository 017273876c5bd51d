import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { backupSqlite } from '../../db/backup.sqlite.js'
import { registerDoctor } from '../../src/cli/doctor.js'
import { registerRestore } from '../../src/cli/restore.js'
import { registerRetention } from '../../src/cli/retention.js'
import { registerServe } from '../../src/cli/serve.js'
import { registerVerify } from '../../src/cli/verify.js'
import { command } from '../support/command.js'
import { newFolder, openPrivacyWorld, PERSON } from './world.js'

const pulih = (...args: string[]) => command([registerRestore, registerVerify], args)

describe('a backup from before an erasure', () => {
  it('A47: comes back without the person, with everybody else, and with the hold that was lifted since lifted', async () => {
    const place = { dataDir: newFolder(), databaseUrl: null }
    const world = await openPrivacyWorld(place)
    const { erasure } = world.services.care
    const [gone, stays] = [await world.file(), await world.file({ email: 'lain@contoh.example' })]
    await world.end(gone)
    await erasure.placeHold(gone, 'court', 'legal-1')
    const folder = mkdtempSync(join(tmpdir(), 'pulih-backup-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'before.db')
    await backupSqlite({ dataDir: place.dataDir, file, clock: world.clock, onProgress: () => undefined })
    world.clock.advance(1_000)
    await erasure.liftHold(gone)
    world.clock.advance(1_000)
    await erasure.erase(gone, 'asked')
    await world.close()

    const { said, code } = await pulih('restore', file, '--data', place.dataDir, '--replace')
    expect(said).toContain('erased      1 persons again')
    expect(said).toContain('verified 2 tickets')
    expect(code).toBe(0)
    expect(existsSync(join(place.dataDir, 'keys.json'))).toBe(true)
    const verified = await pulih('verify', '--data', place.dataDir)
    expect(verified.said).toMatch(/opened \d+ sealed values, looked for \d+ personal values in \d+ texts: 0 problems/)
    expect(verified.code).toBe(0)

    // Erasing takes no key: also where the keys are not here yet, nobody comes back.
    const elsewhere = join(folder, 'elsewhere')
    mkdirSync(elsewhere)
    copyFileSync(join(place.dataDir, 'tombstones.jsonl'), join(elsewhere, 'tombstones.jsonl'))
    const keyless = await pulih('restore', file, '--data', elsewhere)
    expect(keyless.said).toMatch(/erased {6}1 persons again.*\n {2}keys {8}not here: /)
    expect(existsSync(join(elsewhere, 'keys.json'))).toBe(false)

    const after = await openPrivacyWorld(place)
    await expect(after.services.people.identityOf(gone)).rejects.toMatchObject({ code: 'ERASED' })
    expect((await after.services.people.identityOf(stays))?.identity).toEqual(PERSON.identity)
  })

  it('A44: without its keys.json nothing opens, and the start says which key is missing', async () => {
    const place = { dataDir: newFolder(), databaseUrl: null }
    const world = await openPrivacyWorld(place)
    await world.file()
    await world.close()
    rmSync(join(place.dataDir, 'keys.json'))
    const after = await openPrivacyWorld(place)
    await expect(after.services.care.start()).rejects.toMatchObject({ code: 'KEY_UNKNOWN' })
    await after.close()
  })

  it('A44: restored without its keys says so, and no command makes new ones in their place', async () => {
    const place = { dataDir: newFolder(), databaseUrl: null }
    const world = await openPrivacyWorld(place)
    await world.file()
    const folder = mkdtempSync(join(tmpdir(), 'pulih-backup-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'copy.db')
    await backupSqlite({ dataDir: place.dataDir, file, clock: world.clock, onProgress: () => undefined })
    await world.close()

    const dataDir = join(folder, 'elsewhere')
    const keys = join(dataDir, 'keys.json')
    const restored = await pulih('restore', file, '--data', dataDir)
    expect(restored.said).toMatch(/ {2}keys {8}not here: k-[0-9a-f]{8}; a start is refused until they are/)
    const verified = await pulih('verify', '--data', dataDir)
    expect(verified.code).toBe(1)
    // One line a place, whatever the number of its rows.
    const lines = verified.out.filter((line) => line.includes('does not open'))
    expect(new Set(lines.map((line) => line.replace(/ \(\d+ times\)$/, ''))).size).toBe(lines.length)
    expect(lines).toContain('-  contacts.sealed does not open (KEY_UNKNOWN, key d1) (2 times)')
    for (const args of [
      ['serve', '--port', '0', '--data', dataDir],
      ['retention', '--data', dataDir],
    ]) {
      const refused = await command([registerServe, registerRetention], args)
      expect([refused.code, refused.err.join()]).toEqual([1, expect.stringContaining('(KEY_UNKNOWN)')])
    }
    expect((await command([registerDoctor], ['doctor', '--data', dataDir])).said).toMatch(
      /FAIL {2}keys +Personal data are sealed under keys that are not here: k-/,
    )
    expect(existsSync(keys)).toBe(false)
    copyFileSync(join(place.dataDir, 'keys.json'), keys)
    expect((await pulih('verify', '--data', dataDir)).code).toBe(0)
  })
})
