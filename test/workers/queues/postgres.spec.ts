import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '../../../src/engine/clock.js'
import { openQueues, type Queues } from '../../../src/workers/queues/index.js'
import { hasPostgres, onPostgres, startPostgres, type PostgresServer } from '../../support/postgres.js'
import { freePort } from '../../support/servers.js'
import { sharedPostgres } from '../../support/sharedPostgres.js'
import { Inbox, queueFeatures } from './queues.features.js'

const logger = pino({ level: 'silent' })
const open = (queueUrl: string) => openQueues({ queueUrl, dataDir: '/nowhere', clock: systemClock, logger })
const refusalOf = (opening: Promise<unknown>) =>
  opening.then(
    () => null,
    (error: unknown) => error,
  )

describe.skipIf(!hasPostgres)('postgres', () => {
  // In the store's own database, as `DATABASE_URL` alone has it.
  queueFeatures('PostgreSQL', async () => {
    const url = await (await sharedPostgres()).database()
    return { open: () => open(url), close: () => Promise.resolve() }
  })

  describe('as a server that misbehaves', () => {
    let server: PostgresServer
    let queues: Queues | null = null
    beforeAll(async () => {
      server = await startPostgres()
    })
    afterEach(async () => {
      await queues?.close(2_000)
      queues = null
    })
    afterAll(() => server.stop())

    it('is refused when it does not answer, without repeating the URL', async () => {
      const refusal = await refusalOf(open(`postgres://user:secret@127.0.0.1:${await freePort()}/x`))
      expect(refusal).toMatchObject({ code: 'QUEUE_MISCONFIGURED' })
      expect(String(refusal)).not.toContain('secret')
    })

    it('is refused to a user who may make nothing in it', async () => {
      const url = await server.emptyDatabase()
      await onPostgres(url, (db) => db.query('CREATE ROLE guest LOGIN'))
      const refusal = await refusalOf(open(url.replace('pulih@', 'guest@')))
      expect(refusal).toMatchObject({ code: 'QUEUE_MISCONFIGURED' })
    })

    it('opens for several processes at once on an empty database', async () => {
      const url = await server.emptyDatabase()
      const opened = await Promise.all([open(url), open(url), open(url)])
      await Promise.all(opened.map((each) => each.close()))
    })

    it('degrades when it dies: adding fails fast, and all goes on by itself when it is back', async () => {
      queues = await open(await server.emptyDatabase())
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
