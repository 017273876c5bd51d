import { pino } from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/engine/clock.js'
import { openQueues, openQueuesBehind, type Queues } from '../../../src/workers/queues/index.js'
import { freePort, hasRedis, startRedis, type RunningServer } from '../../support/servers.js'
import { Inbox, queueFeatures } from './queues.features.js'

const logger = pino({ level: 'silent' })
const open = (queueUrl: string) => openQueues({ queueUrl, dataDir: '/nowhere', clock: systemClock, logger })

describe.skipIf(!hasRedis)('redis', () => {
  queueFeatures('Redis', async () => {
    const server = await startRedis()
    return { open: () => open(server.url), close: () => server.stop() }
  })

  describe('as a server that misbehaves', () => {
    let server: RunningServer | null = null
    let queues: Queues | null = null
    afterEach(async () => {
      await queues?.close(2_000)
      await server?.stop()
      server = queues = null
    })

    it('is refused with a policy that may evict timers, and the message says what to do', async () => {
      server = await startRedis({ policy: 'allkeys-lru' })
      const refusal = await open(server.url).then(
        () => null,
        (error: unknown) => error,
      )
      expect(refusal).toMatchObject({ code: 'QUEUE_MISCONFIGURED' })
      expect(String(refusal)).toContain('config set maxmemory-policy noeviction')
    })

    it('is refused when it does not answer, without repeating the URL', async () => {
      const port = await freePort()
      const refusal = await open(`redis://user:secret@127.0.0.1:${port}`).then(
        () => null,
        (error: unknown) => error,
      )
      expect(refusal).toMatchObject({ code: 'QUEUE_MISCONFIGURED' })
      expect(String(refusal)).not.toContain('secret')
    })

    it('is waited for by a service while it is away: who comes is refused at once, workers begin with it', async () => {
      server = await startRedis()
      await server.kill()
      const said: string[] = []
      const spoken = pino(
        { base: null },
        { write: (line) => void said.push((JSON.parse(line) as { msg: string }).msg) },
      )
      const place = { queueUrl: server.url, dataDir: '/nowhere', clock: systemClock, logger: spoken }
      const late = await openQueuesBehind(place)
      queues = late
      const inbox = new Inbox<string>()
      late.worker('sla-timers', (job) => inbox.take(job.id), { concurrency: 1 })
      expect(await late.health()).toMatchObject({ ok: false, detail: expect.stringContaining('redis: ') as string })
      await expect(late.add('sla-timers', 'early', {}, { jobId: 'early' })).rejects.toMatchObject({
        code: 'QUEUE_MISCONFIGURED',
      })
      await server.restart()
      await expect.poll(() => late.health(), { timeout: 45_000 }).toMatchObject({ ok: true })
      await late.add('sla-timers', 'late', {}, { jobId: 'late' })
      expect(await inbox.reaches(1)).toEqual(['late'])
      // Once, however often it was tried; a connection that never was is not lost.
      expect(said).toEqual(['the queue is away; beginning without it, trying again until it is there'])
    })

    it('degrades when it dies: adding fails fast, and all goes on by itself when it is back', async () => {
      server = await startRedis({ persistent: true })
      queues = await open(server.url)
      const inbox = new Inbox<string>()
      queues.worker('sla-timers', (job) => inbox.take(job.id), { concurrency: 1 })
      await queues.add('sla-timers', 'before', {}, { jobId: 'before' })
      await inbox.reaches(1)
      await server.kill()
      const asked = Date.now()
      await expect(queues.add('sla-timers', 'during', {}, { jobId: 'during' })).rejects.toThrow()
      expect(await queues.health()).toMatchObject({ ok: false })
      expect(Date.now() - asked).toBeLessThan(20_000)
      await server.restart()
      const back = queues
      await expect.poll(() => back.health(), { timeout: 45_000 }).toMatchObject({ ok: true })
      await queues.add('sla-timers', 'after', {}, { jobId: 'after' })
      await inbox.reaches(2)
      expect(inbox.items).toEqual(['before', 'after'])
    })
  })
})

it('an unknown QUEUE_URL is refused', async () => {
  await expect(open('amqp://127.0.0.1')).rejects.toMatchObject({ code: 'QUEUE_MISCONFIGURED' })
})
