import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { pause } from '../random.js'
import { tokenOf } from '../server.js'
import { perform, stageOf, type DrillOptions, type Scenario } from '../scenario.js'
import { until, type Stage } from '../stage.js'

const onlySqlite = ({ store }: DrillOptions) => (store === 'sqlite' ? null : 'it is about the SQLite file')
/** Longer than the server waits for a lock. */
const HELD_MS = 3_000

/** While `/readyz` says 503: the answer is a problem that says when to come again, and reading works. */
async function whileBusy(stage: Stage): Promise<string[]> {
  const faults: string[] = []
  const ready = await stage.look('/readyz')
  if (ready.status !== 503 || ready.body['code'] !== 'STORE_BUSY' || ready.retryAfter === null)
    faults.push(`/readyz answered ${ready.status} ${String(ready.body['code'])}, Retry-After ${ready.retryAfter}`)
  const list = await stage.look('/v1/tickets?limit=1', { authorization: `Bearer ${tokenOf('agent')}` })
  if (list.status !== 200) faults.push(`reading answered ${list.status}`)
  return faults
}
const turnedAway = (stage: Stage): number => stage.notebook.unavailable.get('STORE_BUSY') ?? 0
/** A server that does not answer in time is not ready either. */
const isReady = (stage: Stage): Promise<boolean> =>
  stage.look('/readyz').then(
    ({ status }) => status === 200,
    () => false,
  )

export const databaseBusy: Scenario = {
  name: 'database-busy',
  summary:
    'another connection holds the write lock of the SQLite file for longer than anyone waits: 503, then by itself again',
  rounds: 5,
  cannot: onlySqlite,
  run: (options, say) =>
    perform('database-busy', stageOf(options, { horizonMs: options.rounds * 5_000 }), say, async (stage) => {
      const service = stage.next()
      await service.ready()
      stage.startLoad()
      const faults: string[] = []
      for (let round = 0; round < options.rounds; round++) {
        await stage.acknowledged(20)
        const before = turnedAway(stage)
        const other = new Database(join(stage.place.dataDir, 'pulih.db'), { timeout: 10_000 })
        try {
          other.exec('BEGIN EXCLUSIVE')
          const freeAt = Date.now() + HELD_MS
          faults.push(...(await whileBusy(stage)))
          await pause(Math.max(0, freeAt - Date.now()))
        } finally {
          other.close()
        }
        await until(() => isReady(stage), 'the server to recover')
        if (turnedAway(stage) === before) faults.push('nobody was turned away with STORE_BUSY')
        say(`lock ${round + 1}/${options.rounds}: ${turnedAway(stage) - before} answers of 503`)
      }
      await stage.acknowledged(20)
      return { service, did: `locks ${options.rounds}`, faults }
    }),
}

/** Enough for what is there before; the embedded queue alone takes over a hundred megabytes. */
const DISK = '512m'
const mountable = (): boolean => process.getuid?.() === 0 && spawnSync('mount', ['--version']).status === 0

/** A real, small file system; what it gives unmounts it. */
function mountSmall(dataDir: string): Promise<() => Promise<void>> {
  mkdirSync(dataDir, { recursive: true })
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK}`, 'tmpfs', dataDir])
  if (status !== 0) throw new Error(`cannot mount a small disk: ${stderr.toString()}`)
  return Promise.resolve(() => {
    spawnSync('umount', ['-l', dataDir])
    return Promise.resolve()
  })
}

/** Takes every last byte; gives how many. */
function fill(file: string): number {
  const fd = openSync(file, 'a')
  let written = 0
  try {
    for (let size = 1 << 20; size >= 512; size /= 2)
      for (;;) {
        try {
          const wrote = writeSync(fd, Buffer.alloc(size, 1))
          written += wrote
          if (wrote < size) break
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
          break
        }
      }
  } finally {
    closeSync(fd)
  }
  return written
}

export const diskFull: Scenario = {
  name: 'disk-full',
  summary:
    'the disk under the data folder is full (a small tmpfs; needs root): 503, reading works, then by itself again',
  rounds: 3,
  cannot: (options) => onlySqlite(options) ?? (mountable() ? null : 'only root can mount a small disk'),
  run: (options, say) => {
    const stage = { ...stageOf(options, { horizonMs: options.rounds * 8_000 }), prepare: mountSmall }
    return perform('disk-full', stage, say, async (it) => {
      const service = it.next()
      await service.ready()
      it.startLoad()
      const faults: string[] = []
      const ballast = join(it.place.dataDir, 'ballast')
      for (let round = 0; round < options.rounds; round++) {
        await it.acknowledged(20)
        const before = turnedAway(it)
        try {
          // What a checkpoint frees is taken as well, until not even a heartbeat can be written.
          await until(async () => {
            fill(ballast)
            return turnedAway(it) > before && !(await isReady(it))
          }, 'the disk to be full')
          faults.push(...(await whileBusy(it)))
          await pause(HELD_MS)
        } finally {
          rmSync(ballast, { force: true })
        }
        await until(() => isReady(it), 'the server to recover')
        say(`full ${round + 1}/${options.rounds}: ${turnedAway(it) - before} answers of 503`)
      }
      await it.acknowledged(20)
      return { service, did: `full ${options.rounds} times`, faults }
    })
  },
}
