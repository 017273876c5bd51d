import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { VirtualClock } from '../../../src/engine/clock.js'
import { openQueues, type Queues } from '../../../src/workers/queues/index.js'
import { Inbox, queueFeatures } from './queues.features.js'

const logger = pino({ level: 'silent' })
const clock = new VirtualClock(Date.UTC(2026, 2, 17, 1, 2, 3))
const open = (dataDir: string) => openQueues({ dataDir, clock, logger })
const newFolder = () => mkdtemp(join(tmpdir(), 'pulih-queue-'))

queueFeatures('PGlite in the process', async () => {
  const folder = await newFolder()
  return { open: () => open(folder), close: () => rm(folder, { recursive: true, force: true }) }
})

describe('an embedded queue that does not open', () => {
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

  it('is a plain refusal when nothing can be made there', async () => {
    await writeFile(join(folder, 'file'), '')
    await expect(open(join(folder, 'file', 'data'))).rejects.toMatchObject({ code: 'QUEUE_MISCONFIGURED' })
  })
})
