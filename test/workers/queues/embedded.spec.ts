import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync } from 'node:zlib'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { VirtualClock } from '../../../src/engine/clock.js'
import { EmbeddedThread } from '../../../src/workers/queues/embeddedThread.js'
import { openQueues, openQueuesBehind, type Queues } from '../../../src/workers/queues/index.js'
import { LateQueues } from '../../../src/workers/queues/lateQueues.js'
import './compiled.js'
import { Inbox, queueFeatures } from './queues.features.js'

const logger = pino({ level: 'silent' })
const clock = new VirtualClock(Date.UTC(2026, 2, 17, 1, 2, 3))
const open = (dataDir: string) => openQueues({ dataDir, clock, logger })
const newFolder = () => mkdtemp(join(tmpdir(), 'pulih-queue-'))

queueFeatures('PGlite in the process', async () => {
  const folder = await newFolder()
  return { open: () => open(folder), close: () => rm(folder, { recursive: true, force: true }) }
})

/** From the sources a new folder is made from nothing, which is five seconds of processor time on a machine that may be busy. */
const PATIENCE = { timeout: 180_000 }

describe('an embedded queue that does not open', PATIENCE, () => {
  let folder: string
  let queues: Queues | null = null
  beforeEach(async () => {
    folder = await newFolder()
  })
  afterEach(async () => {
    await queues?.close()
    queues = null
    await rm(folder, { recursive: true, force: true })
  })

  it('is moved aside, named after the moment, and rebuilt', async () => {
    await (await open(folder)).close()
    await writeFile(join(folder, 'queue', 'global', 'pg_control'), 'not what it was')
    queues = await open(folder)
    expect((await readdir(folder)).sort()).toEqual(['queue', 'queue.unreadable-2026-03-17T01-02-03.000Z'])
    const inbox = new Inbox<string>()
    queues.worker('sla-timers', (job) => inbox.take(job.id), { concurrency: 1 })
    await queues.add('sla-timers', 'new', {}, { jobId: 'new' })
    expect(await inbox.reaches(1)).toEqual(['new'])
  })

  it('is refused where what the build packed is not whole', async () => {
    const head = Buffer.alloc(512)
    head.write('/PG_VERSION', 0, 'latin1')
    head.write('00000000003', 124, 'latin1')
    head.write('0', 156, 'latin1')
    const template = join(folder, 'packed')
    await writeFile(template, brotliCompressSync(head))
    await expect(EmbeddedThread.open({ folder, template })).rejects.toThrow('not whole')
    await writeFile(template, brotliCompressSync(Buffer.alloc(4096, head)).subarray(0, 20))
    await expect(EmbeddedThread.open({ folder, template })).rejects.toThrow('unexpected end of file')
  })

  it('is a plain refusal when nothing can be made there', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(open(join(folder, 'file', 'data'))).rejects.toMatchObject({ code: 'QUEUE_MISCONFIGURED' })
  })
})

describe('an embedded queue that opens behind a service', PATIENCE, () => {
  let folder: string
  let queues: Queues | null = null
  beforeEach(async () => {
    folder = await newFolder()
  })
  afterEach(async () => {
    await queues?.close()
    queues = null
    await rm(folder, { recursive: true, force: true })
  })
  const openBehind = async () => (queues = await openQueuesBehind({ dataDir: folder, clock, logger }))
  const up = (it: Queues) => expect.poll(async () => (await it.health()).ok, { timeout: 150_000 }).toBe(true)

  it('takes jobs, workers and schedules at once and begins with them', async () => {
    const late = await openBehind()
    expect(await late.health()).toMatchObject({ ok: false, starting: true })
    const inbox = new Inbox<string>()
    late.worker('sla-timers', (job) => inbox.take(job.id), { concurrency: 1 })
    const closed = late.worker('sla-timers', (job) => inbox.take(`closed ${job.id}`), { concurrency: 1 })
    await closed.close()
    const added = late.add('sla-timers', 'early', {}, { jobId: 'early' })
    const scheduled = late.schedule(
      'maintenance',
      'nightly',
      { cron: '0 3 * * *', timeZone: 'Asia/Jakarta' },
      'nightly',
    )
    await Promise.all([added, scheduled])
    expect(await inbox.reaches(1)).toEqual(['early'])
    await up(late)
    expect(await late.ensureSchedules()).toBe(0)
    expect((await late.counts('maintenance')).delayed).toBe(1)
  })

  it('is closed while it opens: who waits is refused, and nothing half made is left', async () => {
    const late = await openBehind()
    const refused = expect(late.add('sla-timers', 'early', {}, { jobId: 'early' })).rejects.toMatchObject({
      code: 'SHUTTING_DOWN',
    })
    // The thread is at work: it has begun to make the folder.
    await expect
      .poll(async () => (await readdir(join(folder, 'queue'))).length, { timeout: 150_000 })
      .toBeGreaterThan(0)
    await late.close()
    await refused
    expect(existsSync(join(folder, 'queue'))).toBe(false)
    await expect(late.counts('sla-timers')).rejects.toMatchObject({ code: 'SHUTTING_DOWN' })
    await up(await openBehind())
    expect(await readdir(folder)).toEqual(['queue'])
  })

  it('refuses at once what can be told at once', async () => {
    await writeFile(join(folder, 'queue'), 'a file where the folder belongs')
    await expect(openBehind()).rejects.toMatchObject({ code: 'QUEUE_MISCONFIGURED' })
  })

  it('is down while it does not open, and comes up when it does', async () => {
    let works = false
    const late = new LateQueues(
      (signal) => (works ? openQueues({ dataDir: folder, clock, logger, signal }) : Promise.reject(new Error('no'))),
      { kind: 'embedded', logger, retryMs: 10 },
    )
    queues = late
    const inbox = new Inbox<string>()
    late.worker('sla-timers', (job) => inbox.take(job.id), { concurrency: 1 })
    await expect(late.add('sla-timers', 'early', {}, { jobId: 'early' })).rejects.toThrow('no')
    await expect(
      late.schedule('maintenance', 'nightly', { cron: '0 3 * * *', timeZone: 'Asia/Jakarta' }, 'nightly'),
    ).rejects.toThrow('no')
    expect(await late.health()).toEqual({ ok: false, detail: 'embedded: no' })
    works = true
    await up(late)
    await late.add('sla-timers', 'late', {}, { jobId: 'late' })
    expect(await inbox.reaches(1)).toEqual(['late'])
    expect((await late.counts('maintenance')).delayed).toBe(1)
  })
})
