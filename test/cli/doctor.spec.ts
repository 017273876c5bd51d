import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { expect, it, onTestFinished } from 'vitest'
import { registerDoctor } from '../../src/cli/doctor.js'
import { machineProbes, type Probes } from '../../src/doctor/index.js'
import { pulih } from '../drills/server.js'
import { freePort } from '../support/servers.js'

const probes: Probes = {
  ...machineProbes,
  clock: { now: () => Date.UTC(2026, 10, 17, 3, 0) },
  node: '20.20.2',
  platform: 'linux x64',
  availableMemory: () => 4_000_000_000,
  freeDisk: () => Promise.resolve(50_000_000_000),
  openFiles: () => 20_000,
}

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'pulih-doctor-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

it('says on a fresh folder, in words for people', async () => {
  const out: string[] = []
  const codes: number[] = []
  const program = new Command().exitOverride()
  const io = {
    out: (line: string) => out.push(line),
    err: () => undefined,
    setExitCode: (code: number) => codes.push(code),
  }
  registerDoctor(program, io, probes)
  await program.parseAsync(['doctor', '--data', join(folder(), 'data')], { from: 'user' })
  await expect(`${out.join('\n')}\n`).toMatchFileSnapshot('../fixtures/doctor/fresh.txt')
  expect(codes).toEqual([])
})

it('as a command: every fault of the configuration at once, no value of it, exit code 1, also as JSON', async () => {
  const env = { PORT: 'hush1', HOST: 'not a host', QUEUE_URL: 'ftp://hush2@x', LOG_LEVEL: 'hush3' }
  const data = join(folder(), 'data')
  const { code, out, err } = await pulih(['doctor', '--data', data, '--json'], env)
  expect({ code, err }).toEqual({ code: 1, err: '' })
  const { ok, findings } = JSON.parse(out) as { ok: boolean; findings: { check: string; level: string; is: string }[] }
  expect(ok).toBe(false)
  const faults = findings.filter((it) => it.check === 'configuration').map((it) => it.is.split(' ')[0])
  expect(faults).toEqual(['HOST', 'PORT', 'QUEUE_URL', 'LOG_LEVEL'])
  expect(out).not.toMatch(/hush|not a host/)
})

it(
  'as a command with servers that take a connection and say nothing: ends within its time',
  { timeout: 90_000 },
  async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    onTestFinished(() => {
      silent.close()
    })
    const { port } = silent.address() as AddressInfo
    const startedAt = performance.now()
    const env = { DATABASE_URL: `postgres://u@127.0.0.1:${port}/x`, QUEUE_URL: `redis://127.0.0.1:${port}` }
    const { code, out } = await pulih(['doctor', '--data', join(folder(), 'data')], env)
    expect(performance.now() - startedAt).toBeLessThan(60_000)
    expect(code).toBe(1)
    expect(out.match(/it does not answer in time/g)).toHaveLength(2)
  },
)

it('as a command with servers that are down: exit code 1', async () => {
  const port = await freePort()
  const { code, out } = await pulih(['doctor', '--data', join(folder(), 'data')], {
    QUEUE_URL: `redis://127.0.0.1:${port}`,
  })
  expect(code).toBe(1)
  expect(out).toContain('FAIL  queue')
  expect(out).toContain('→ Start it, or correct QUEUE_URL')
})
