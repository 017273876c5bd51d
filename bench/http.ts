import { fork, execFile, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { compiled, SETTINGS } from './compiled.js'
import { recordChanges } from './engine.js'
import { openFloor } from './floor.js'
import type { LoadResult } from './httpLoad.js'
import { median } from './median.js'
import type { Target } from './targets.js'

const CONNECTIONS = 32
const SERVER = fileURLToPath(new URL('./httpServer.ts', import.meta.url))
const LOAD = fileURLToPath(new URL('./httpLoad.ts', import.meta.url))

export interface HttpBench {
  /** Raw driver, the same rows, one transition to a commit, SQLite FULL. */
  readonly floorPerSecond: number
  readonly requestsPerSecond: number
  readonly ratio: number
  readonly p50Ms: number
  readonly p99Ms: number
  readonly rounds: number
  readonly connections: number
  readonly targets: readonly Target[]
}

/** Server and load generator in processes of their own, floor and load in turn, medians of the rounds. Throws when a request failed. */
export async function benchHttp({
  rounds = 5,
  seconds = 3,
}: { rounds?: number; seconds?: number } = {}): Promise<HttpBench> {
  const dirs = {
    floor: mkdtempSync(join(tmpdir(), 'pulih-floor-')),
    server: mkdtempSync(join(tmpdir(), 'pulih-http-')),
  }
  const floor = openFloor(await recordChanges(200), { dataDir: dirs.floor, ticketsPerCommit: 1 })
  const { server, url } = await startServer(dirs.server)
  const results: (LoadResult & { floor: number })[] = []
  try {
    floor.run(0.5)
    await load(url, 2)
    for (let round = 0; round < rounds; round++) {
      const raw = floor.run(seconds).perSecond
      results.push({ ...(await load(url, seconds)), floor: raw })
    }
  } finally {
    floor.close()
    const gone = once(server, 'exit')
    server.kill('SIGTERM')
    await gone
    for (const dir of Object.values(dirs)) rmSync(dir, { recursive: true })
  }
  const failed = results.reduce((sum, it) => sum + it.failed, 0)
  if (failed > 0) throw new Error(`${failed} requests were not answered with 2xx`)
  const ratio = Number(median(results.map((it) => it.perSecond / it.floor)).toFixed(3))
  const p99Ms = median(results.map((it) => it.p99Ms))
  return {
    floorPerSecond: Math.round(median(results.map((it) => it.floor))),
    requestsPerSecond: Math.round(median(results.map((it) => it.perSecond))),
    ratio,
    p50Ms: median(results.map((it) => it.p50Ms)),
    p99Ms,
    rounds,
    connections: CONNECTIONS,
    targets: [
      { what: 'share of the raw one-at-a-time rate', reached: ratio, atLeast: 0.5 },
      { what: 'p99 in ms', reached: p99Ms, below: 50 },
    ],
  }
}

export async function startServer(
  dataDir: string,
  databaseUrl?: string,
): Promise<{ server: ChildProcess; url: string }> {
  // Logs are written, as in life; only nobody keeps them.
  const server = fork(await compiled(SERVER), databaseUrl === undefined ? [dataDir] : [dataDir, databaseUrl], {
    execArgv: SETTINGS,
    stdio: ['ignore', openSync('/dev/null', 'w'), 'inherit', 'ipc'],
  })
  const [message] = (await once(server, 'message')) as [{ port: number }]
  return { server, url: `http://127.0.0.1:${message.port}` }
}

export async function load(url: string, seconds: number, connections = CONNECTIONS): Promise<LoadResult> {
  const args = ['--import', 'tsx', LOAD, url, String(seconds), String(connections)]
  const { stdout } = await promisify(execFile)(process.execPath, args)
  return JSON.parse(stdout) as LoadResult
}
