import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { PulihError } from '../../../src/engine/errors.js'
import type { JobSpec, QueuedJob, Queues, QueueWorker } from '../../../src/workers/queues/index.js'

/** What a place for queues must offer to run the suite: `reopen` closes nothing, it opens what the last one left. */
export interface QueuePlace {
  open(): Promise<Queues>
  close(): Promise<void>
}

/** Collects what arrives and lets a test wait for it instead of sleeping. */
export class Inbox<T> {
  readonly items: T[] = []
  #waiting: { count: number; resolve: () => void }[] = []
  add(item: T): void {
    this.items.push(item)
    this.#waiting = this.#waiting.filter(({ count, resolve }) => {
      if (this.items.length < count) return true
      resolve()
      return false
    })
  }
  /** As a processor: done as soon as it is noted. */
  take(item: T): Promise<void> {
    this.add(item)
    return Promise.resolve()
  }
  /** Resolves once `count` items have arrived in all. */
  async reaches(count: number): Promise<T[]> {
    if (this.items.length < count) await new Promise<void>((resolve) => this.#waiting.push({ count, resolve }))
    return this.items
  }
}

/** The contract of the alarm clock: real time, waits on events. Runs on every place that BullMQ may keep its jobs. */
export function queueFeatures(name: string, makePlace: () => Promise<QueuePlace>): void {
  describe(`queues on ${name}`, () => {
    let place: QueuePlace
    let queues: Queues
    const workers: QueueWorker[] = []
    const work: Queues['worker'] = (...args) => {
      const worker = queues.worker(...args)
      workers.push(worker)
      return worker
    }
    /** A worker that only notes what it got. */
    const collect = (concurrency = 1) => {
      const inbox = new Inbox<{ job: QueuedJob; at: number }>()
      work('sla-timers', (job) => inbox.take({ job, at: Date.now() }), { concurrency })
      return inbox
    }

    beforeAll(async () => {
      place = await makePlace()
      queues = await place.open()
    })
    afterEach(async () => {
      await Promise.all(workers.splice(0).map((worker) => worker.close()))
      await queues.obliterate()
    })
    afterAll(async () => {
      await queues.close()
      await place.close()
    })

    it('rings a delayed job on time, also one that was added while the worker slept', async () => {
      const inbox = collect()
      await queues.add('sla-timers', 'far', {}, { jobId: 'far', delayMs: 600_000 })
      await wait(700) // the worker goes to sleep until `far`
      const due = Date.now() + 500
      await queues.add('sla-timers', 'near', { ticketId: 't-1' }, { jobId: 'near', delayMs: 500 })
      const [rang] = await inbox.reaches(1)
      expect(rang!.job).toMatchObject({ id: 'near', name: 'near', data: { ticketId: 't-1' }, attempt: 1 })
      expect(rang!.at - due).toBeGreaterThanOrEqual(-5)
      expect(rang!.at - due).toBeLessThan(4_000)
      expect(await queues.counts('sla-timers')).toMatchObject({ delayed: 1 })
    })

    it('wakes a sleeping worker at once', async () => {
      const inbox = collect()
      await wait(700)
      const added = Date.now()
      await queues.add('sla-timers', 'now', {}, { jobId: 'now' })
      const [rang] = await inbox.reaches(1)
      expect(rang!.at - added).toBeLessThan(4_000)
    })

    it('ignores a job id while it is pending and takes it again after the job is done', async () => {
      const job: JobSpec = { name: 'once', data: {}, jobId: 'same' }
      await queues.addBulk('sla-timers', [job, job])
      await queues.add('sla-timers', 'once', {}, { jobId: 'same', delayMs: 10 })
      expect(await queues.counts('sla-timers')).toEqual({ waiting: 1, active: 0, delayed: 0 })
      const inbox = collect()
      await inbox.reaches(1)
      await workers.pop()!.close()
      await queues.add('sla-timers', 'again', {}, { jobId: 'same' })
      const second = collect()
      const [again] = await second.reaches(1)
      expect(again!.job.name).toBe('again')
      expect(inbox.items).toHaveLength(1)
    })

    it('refuses a job id with a colon', async () => {
      await expect(queues.add('sla-timers', 'x', {}, { jobId: 'a:b' })).rejects.toThrow(RangeError)
    })

    it('tries again with growing waits, then gives the last word exactly once and frees the id', async () => {
      const tries = new Inbox<{ attempt: number; at: number }>()
      const lastWords = new Inbox<{ job: QueuedJob; error: Error }>()
      const fail = (job: QueuedJob) => {
        tries.add({ attempt: job.attempt, at: Date.now() })
        return Promise.reject(new PulihError('STORE_BUSY', 'busy'))
      }
      const settings = {
        concurrency: 1,
        onFinalFailure: (job: QueuedJob, error: Error) => lastWords.take({ job, error }),
      }
      const worker = work('notifications', fail, settings)
      await queues.add('notifications', 'sick', { seq: 7 }, { jobId: 'sick', attempts: 3, backoffMs: 100 })
      const [last] = await lastWords.reaches(1)
      expect(last!.error).toMatchObject({ code: 'STORE_BUSY' })
      expect(last!.job).toMatchObject({ id: 'sick', data: { seq: 7 }, attempt: 3 })
      expect(tries.items.map((item) => item.attempt)).toEqual([1, 2, 3])
      const [first, second, third] = tries.items
      expect(second!.at - first!.at).toBeGreaterThanOrEqual(95)
      expect(third!.at - second!.at).toBeGreaterThanOrEqual(195)
      await worker.close()
      expect(await queues.counts('notifications')).toEqual({ waiting: 0, active: 0, delayed: 0 })
      await queues.add('notifications', 'sick', { seq: 8 }, { jobId: 'sick' })
      work('notifications', fail, settings)
      expect((await lastWords.reaches(2))[1]!.job.data).toEqual({ seq: 8 })
      expect(lastWords.items).toHaveLength(2)
    })

    it('lets the running job finish when it closes, and takes no other', async () => {
      const started = new Inbox<string>()
      const finished: string[] = []
      let release!: () => void
      const gate = new Promise<void>((resolve) => (release = resolve))
      const worker = queues.worker(
        'sla-timers',
        async (job) => {
          started.add(job.id)
          await gate
          finished.push(job.id)
        },
        { concurrency: 1 },
      )
      await queues.addBulk('sla-timers', [
        { name: 'a', data: {}, jobId: 'a' },
        { name: 'b', data: {}, jobId: 'b' },
      ])
      await started.reaches(1)
      const closing = worker.close(10_000)
      release()
      expect(await closing).toBe(true)
      expect(finished).toEqual(['a'])
      expect(started.items).toEqual(['a'])
      expect(await queues.counts('sla-timers')).toEqual({ waiting: 1, active: 0, delayed: 0 })
    })

    it('does not wait longer than the limit for a job that hangs', async () => {
      const started = new Inbox<string>()
      let release!: () => void
      const gate = new Promise<void>((resolve) => (release = resolve))
      const worker = queues.worker(
        'verification',
        async (job) => {
          started.add(job.id)
          await gate
        },
        { concurrency: 1 },
      )
      await queues.add('verification', 'hangs', {}, { jobId: 'hangs' })
      await started.reaches(1)
      expect(await worker.close(200)).toBe(false)
      release()
    })

    it('takes nothing while paused', async () => {
      const inbox = new Inbox<string>()
      const worker = work('sla-timers', (job) => inbox.take(job.id), { concurrency: 1 })
      await worker.pause()
      await queues.add('sla-timers', 'later', {}, { jobId: 'later' })
      expect(await queues.counts('sla-timers')).toMatchObject({ waiting: 1 })
      expect(inbox.items).toEqual([])
      await worker.resume()
      expect(await inbox.reaches(1)).toEqual(['later'])
    })

    it('rings schedules: every so often, and by a cron pattern in a time zone', async () => {
      const inbox = new Inbox<{ name: string; at: number }>()
      work('maintenance', (job) => inbox.take({ name: job.name, at: Date.now() }), { concurrency: 1 })
      await queues.schedule('maintenance', 'tick', { cron: '*/1 * * * * *', timeZone: 'Asia/Jakarta' }, 'second')
      const seconds = await inbox.reaches(2)
      expect(seconds.every(({ name }) => name === 'second')).toBe(true)
      expect(seconds[1]!.at % 1_000).toBeLessThan(300)
      await queues.schedule('maintenance', 'tick', { everyMs: 300 }, 'often')
      while (inbox.items.filter(({ name }) => name === 'often').length < 3) await inbox.reaches(inbox.items.length + 1)
    })

    it('puts a lost schedule back', async () => {
      await queues.schedule('maintenance', 'daily', { cron: '0 3 * * *', timeZone: 'Asia/Jakarta' }, 'prune')
      await queues.ensureSchedules()
      expect(await queues.ensureSchedules()).toBe(0)
      await queues.obliterate()
      expect(await queues.ensureSchedules()).toBeGreaterThan(0)
      expect(await queues.counts('maintenance')).toMatchObject({ delayed: expect.any(Number) })
      expect((await queues.counts('maintenance')).delayed).toBeGreaterThan(0)
    })

    it('delivers 200 timers of one second, each once', async () => {
      const due = Date.now() + 1_500
      const jobs = Array.from({ length: 200 }, (_, n) => ({
        name: 'timer',
        data: { n },
        jobId: `timer-${n}`,
        delayMs: due + (n % 1_000) - Date.now(),
      }))
      await queues.addBulk('sla-timers', jobs)
      const inbox = collect(10)
      const rang = await inbox.reaches(200)
      expect(new Set(rang.map(({ job }) => job.data['n'])).size).toBe(200)
      await workers.pop()!.close()
      expect(inbox.items).toHaveLength(200)
      expect(await queues.counts('sla-timers')).toEqual({ waiting: 0, active: 0, delayed: 0 })
    })

    it('is well, and says so', async () => {
      expect(await queues.health()).toEqual({ ok: true, detail: queues.kind })
    })

    it('keeps its jobs over close and open, and refuses work while closed', async () => {
      await queues.add('sla-timers', 'kept', { n: 1 }, { jobId: 'kept', delayMs: 50 })
      await queues.close()
      await queues.close()
      expect(await queues.health()).toMatchObject({ ok: false })
      await expect(queues.add('sla-timers', 'late', {}, { jobId: 'late' })).rejects.toMatchObject({
        code: 'SHUTTING_DOWN',
      })
      queues = await place.open()
      const [kept] = await collect().reaches(1)
      expect(kept!.job).toMatchObject({ id: 'kept', data: { n: 1 } })
    })
  })
}
