import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, type TestContext } from 'vitest'
import { ask } from '../drills/ask.js'
import { pulih, Server } from '../drills/server.js'
import { Caller } from './http.js'
import { freePort, hasRedis, startRedis, type RunningServer } from '../support/servers.js'

type Scope = Pick<TestContext, 'onTestFinished'>

async function newFolder({ onTestFinished }: Scope): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'pulih-e2e-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}
async function startOwn(
  { onTestFinished }: Scope,
  settings?: Parameters<typeof startRedis>[0],
): Promise<RunningServer> {
  const redis = await startRedis(settings)
  onTestFinished(() => redis.stop())
  return redis
}

/** What Redis does under load is drilled in drill.spec.ts. */
describe.skipIf(!hasRedis).concurrent('Redis', () => {
  it('that may evict jobs is refused at the start, with how to put it right', async (scope) => {
    const redis = await startOwn(scope, { policy: 'allkeys-lru' })
    const args = ['serve', '--port', String(await freePort()), '--data', join(await newFolder(scope), 'data')]
    const { code, out, err } = await pulih(args, { QUEUE_URL: redis.url })
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toContain('Redis runs with maxmemory-policy allkeys-lru')
    expect(err).toContain('redis-cli config set maxmemory-policy noeviction (QUEUE_MISCONFIGURED)')
  })

  it('that is away is waited for: what is replaced during an outage takes filings, and timers ring once it is back', async (scope) => {
    const redis = await startOwn(scope)
    await redis.kill()
    const dataDir = join(await newFolder(scope), 'data')
    const server = new Server({ dataDir, port: await freePort(), env: { QUEUE_URL: redis.url } })
    scope.onTestFinished(async () => {
      await server.kill()
    })
    await server.ready()
    expect((await ask(`${server.url}/readyz`)).body).toEqual({
      status: 'degraded',
      checks: { store: 'up', queue: 'down' },
    })
    const caller = new Caller(server.url)
    await caller.file('layanan_digital')
    await redis.restart()
    await scope.expect
      .poll(async () => (await ask(`${server.url}/readyz`)).body, { timeout: 60_000 })
      .toEqual({ status: 'ready', checks: { store: 'up', queue: 'up' } })
    await caller.file('layanan_digital')
    expect(await server.stop()).toEqual({ code: 0, signal: null })
    expect(await pulih(['verify', '--data', dataDir])).toMatchObject({ code: 0 })
  })

  it('whose name nobody knows is refused at the start', async (scope) => {
    const args = ['serve', '--port', String(await freePort()), '--data', join(await newFolder(scope), 'data')]
    const { code, err } = await pulih(args, { QUEUE_URL: 'redis://nowhere.invalid:6379' })
    expect(code).toBe(1)
    expect(err).toContain('Redis does not answer at QUEUE_URL')
  })
})
