import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A data folder of its own, gone when the test is over. */
export function dataFolder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'pulih-db-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}
