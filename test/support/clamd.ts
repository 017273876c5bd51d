import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { ClamdAddress } from '../../src/ports/scannerClamd.js'
import { freePort, sayMissing } from './servers.js'

/** A real clamd on loopback and a socket, which knows one signature: nothing is fetched from anywhere. */
export interface Clamd {
  readonly socket: ClamdAddress
  readonly tcp: ClamdAddress
  /** Ends it; `start` brings it back on the same addresses. */
  kill(): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
}

/** False when it is not installed: the suites that need it are then skipped, and say so. */
export const hasClamd = available()

function available(): boolean {
  const found = spawnSync('clamd', ['--version'], { stdio: 'ignore' }).status === 0
  if (!found) sayMissing('clamd')
  return found
}

const STREAM_MAX = 12_000_000

/** `signature` is what it finds, as `Test-Signature`. Without a `User` it stays whoever runs the tests. */
export async function startClamd(signature: string): Promise<Clamd> {
  const folder = await mkdtemp(join(tmpdir(), 'pulih-clamd-'))
  const port = await freePort()
  const path = join(folder, 'clamd.sock')
  const settings = [
    'Foreground yes',
    `DatabaseDirectory ${folder}`,
    `TemporaryDirectory ${folder}`,
    `LocalSocket ${path}`,
    'FixStaleSocket yes',
    `TCPSocket ${port}`,
    'TCPAddr 127.0.0.1',
    `StreamMaxLength ${STREAM_MAX}`,
    'MaxThreads 4',
  ]
  await writeFile(join(folder, 'test.ndb'), `Test-Signature:0:*:${Buffer.from(signature, 'ascii').toString('hex')}\n`)
  await writeFile(join(folder, 'clamd.conf'), `${settings.join('\n')}\n`)
  let child: ChildProcess
  const start = async () => {
    child = spawn('clamd', ['--config-file', join(folder, 'clamd.conf')], { stdio: 'ignore' })
    await answering(port, child)
  }
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  await start()
  // A test that was given up never reaches its `stop`.
  const atExit = () => child.kill('SIGKILL')
  process.once('exit', atExit)
  return {
    socket: { path },
    tcp: { host: '127.0.0.1', port },
    kill,
    start,
    async stop() {
      process.off('exit', atExit)
      await kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** It loads its signatures before it listens; asked every few milliseconds, for at most 30 seconds. */
async function answering(port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (child.exitCode !== null) throw new Error(`clamd ended with ${child.exitCode}`)
    const answer = await ask(port)
    if (answer.startsWith('PONG')) return
    await wait(50)
  }
  throw new Error('clamd does not answer')
}

function ask(port: number): Promise<string> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port }, () => socket.write('zPING\0'))
    socket.once('data', (bytes) => {
      socket.destroy()
      resolve(bytes.toString('latin1'))
    })
    socket.once('error', () => resolve(''))
    socket.once('close', () => resolve(''))
  })
}
