import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from '../test/support/servers.js'

const LOOK_EVERY_MS = 20
const READY_LIMIT_MS = 120_000
/** After this much quiet a start is over, whatever is made behind it. */
const SETTLE_MS = 4_000

/** All uploads come from one address: what guards against that is not what is measured. */
const NO_LIMITS = 'uploadsPerIpHour=999999999'

/** Resident memory in MB. */
export interface Measured {
  /** Ready, before the first request. */
  readonly atRest: number
  /** The server alone, then with its children at the same moment. */
  readonly peakServer: number
  readonly peak: number
}
interface MeasuredServer {
  readonly port: number
  memory(): Measured
  stop(): Promise<void>
}

/** `pulih serve` (compiled) in a process of its own, with the settings of `npm start`, looked at fifty times a second. */
export async function startServer(bin: string, dir: string, queueUrl: string | null): Promise<MeasuredServer> {
  const port = await freePort()
  const settings = { LOG_LEVEL: 'error', MALLOC_ARENA_MAX: '2', QUEUE_URL: queueUrl ?? '', PULIH_LIMITS: NO_LIMITS }
  const env = { ...process.env, ...settings }
  const server = spawn(
    process.execPath,
    ['--max-semi-space-size=32', bin, 'serve', '--port', String(port), '--data', dir],
    {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  await ready(server, port)
  await wait(SETTLE_MS)
  const measured = { atRest: residentMb(server.pid), peakServer: 0, peak: 0 }
  const timer = setInterval(() => look(server.pid, measured), LOOK_EVERY_MS)
  return {
    port,
    memory: () => measured,
    async stop() {
      clearInterval(timer)
      const gone = once(server, 'exit')
      server.kill('SIGTERM')
      await gone
    },
  }
}

async function ready(server: ChildProcess, port: number): Promise<void> {
  const giveUpAt = performance.now() + READY_LIMIT_MS
  while (performance.now() < giveUpAt && server.exitCode === null) {
    const status = await fetch(`http://127.0.0.1:${port}/readyz`).then(
      (answer) => answer.status,
      () => 0,
    )
    if (status === 200) return
    await wait(50)
  }
  server.kill('SIGKILL')
  throw new Error('pulih serve did not get ready')
}

function look(pid: number | undefined, measured: { peakServer: number; peak: number }): void {
  const server = residentMb(pid)
  const command = commandOf(pid)
  // Until it runs its own program, a child that was just begun is its parent's memory once more.
  const children = childrenOf(pid).filter((child) => commandOf(child) !== command)
  const all = children.reduce((sum, child) => sum + residentMb(child), server)
  measured.peakServer = Math.max(measured.peakServer, server)
  measured.peak = Math.max(measured.peak, all)
}

const residentMb = (pid: number | undefined): number =>
  Math.round(Number(/^VmRSS:\s+(\d+) kB/m.exec(readOrNothing(`/proc/${pid}/status`))?.[1] ?? 0) / 1_024)
const commandOf = (pid: number | undefined): string => readOrNothing(`/proc/${pid}/cmdline`)
const childrenOf = (pid: number | undefined): readonly number[] =>
  readOrNothing(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number)
function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
