import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, type TestContext } from 'vitest'
import { pulih } from '../drills/server.js'
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

  it('that is not there is refused at the start', async (scope) => {
    const args = ['serve', '--port', String(await freePort()), '--data', join(await newFolder(scope), 'data')]
    const { code, err } = await pulih(args, { QUEUE_URL: `redis://127.0.0.1:${await freePort()}` })
    expect(code).toBe(1)
    expect(err).toContain('Redis does not answer at QUEUE_URL')
  })
})
