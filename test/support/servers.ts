import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Real servers for tests: started on a free loopback port in a folder of their own, stopped by process id. */
export interface RunningServer {
  readonly url: string
  readonly port: number
  readonly pid: number
  /** Ends it and removes its folder. */
  stop(): Promise<void>
  /** `kill -9`: nothing is saved, nothing is said. The folder stays until `stop`. */
  kill(): Promise<void>
  /** Starts it again on the same port and folder; `empty` takes away what it had written. */
  restart(how?: { readonly empty: boolean }): Promise<void>
}

/** False when the binary is missing: the suites that need it are then skipped, and say so. */
export const hasRedis = available('redis-server')

function available(binary: string): boolean {
  const found = spawnSync(binary, ['--version'], { stdio: 'ignore' }).status === 0
  if (!found) sayMissing(binary)
  return found
}

/** One loud line for whoever runs the tests; where nothing may be skipped (`.ci/run`) a failure. */
export function sayMissing(what: string): void {
  if (process.env['PULIH_TEST_NO_SKIP'] === '1') throw new Error(`${what} is not installed, and nothing may be skipped`)
  console.warn(`\n*** ${what} is not installed: the tests that need it are SKIPPED ***\n`)
}

export interface RedisSettings {
  /** Default `noeviction`, as Pulih demands. */
  readonly policy?: string
  /** Append-only file, synced at every write, or every second; default off. */
  readonly persistent?: boolean | 'everysec'
}

/** Starts redis-server and waits until it accepts connections. */
export async function startRedis({
  policy = 'noeviction',
  persistent = false,
}: RedisSettings = {}): Promise<RunningServer> {
  const folder = await mkdtemp(join(tmpdir(), 'pulih-redis-'))
  const port = await freePort()
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '']
  const appendOnly = persistent === false ? 'no' : 'yes'
  const sync = persistent === 'everysec' ? 'everysec' : 'always'
  args.push('--maxmemory-policy', policy, '--appendonly', appendOnly, '--appendfsync', sync)
  const start = () => ready(spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] }))
  let child = await start()
  // A test that was given up never reaches its `stop`.
  const atExit = () => child.kill('SIGKILL')
  process.once('exit', atExit)
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    get pid() {
      return child.pid!
    },
    async stop() {
      process.off('exit', atExit)
      await end(child, 'SIGTERM')
      await rm(folder, { recursive: true, force: true })
    },
    kill: () => end(child, 'SIGKILL'),
    async restart(how) {
      if (how?.empty === true) {
        await rm(folder, { recursive: true, force: true })
        await mkdir(folder)
      }
      child = await start()
    },
  }
}

async function ready(child: ChildProcess): Promise<ChildProcess> {
  const said: string[] = []
  for await (const line of createInterface({ input: child.stdout! })) {
    said.push(line)
    if (line.includes('Ready to accept connections')) {
      child.stdout!.resume()
      return child
    }
  }
  throw new Error(`redis-server did not start:\n${said.join('\n')}`)
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill(signal)
  await exited
}

export async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
