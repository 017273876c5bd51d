import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore, type Store } from '../../db/index.js'
import { createIds, VirtualClock } from '../../src/engine/index.js'
import { createTasks, type TaskBoard, type TaskHandler } from '../../src/intake/tasks.js'
import { replayDeadLetter } from '../../src/workers/deadLetters.js'
import { startTasks, type TaskRunner, type TaskSettings } from '../../src/workers/tasks.js'
import { logger, MORNING } from './world.js'

const SECOND = 1_000
const TICKET = 'ticket-1'

describe('tasks', () => {
  let dataDir: string
  let clock: VirtualClock
  let store: Store
  let board: TaskBoard
  const runners: TaskRunner[] = []
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'pulih-tasks-'))
    clock = new VirtualClock(MORNING)
    store = await openStore({ dataDir, databaseUrl: null, clock })
    const ids = createIds(clock, (bytes) => crypto.getRandomValues(bytes))
    board = createTasks({ store: store.intake.tasks, clock, ids })
  })
  afterEach(async () => {
    for (const runner of runners.splice(0)) await runner.stop(5_000)
    await store.close()
    await rm(dataDir, { recursive: true })
  })
  /** Looks by itself once an hour: here tests say when. */
  function start(run: TaskHandler['run'], settings: Partial<TaskSettings> = {}, on: Store = store): TaskRunner {
    const handlers = [{ kind: 'work', run }]
    const world = { store: on, clock }
    const all = { pollMs: 3_600_000, ...settings }
    const runner = startTasks({ world, board, handlers, logger, random: () => 0, settings: all })
    runners.push(runner)
    return runner
  }

  it('are done once, though asked for twice; work of other kinds stays for whoever knows it', async () => {
    const done: string[] = []
    const runner = start((task) => Promise.resolve(void done.push(task.ref)))
    await board.ask('work', TICKET, 'one')
    await board.ask('work', TICKET, 'one')
    await board.ask('unknown', TICKET, 'two')
    await runner.runDue()
    expect(done).toEqual(['one'])
    expect([await store.intake.tasks.countTasks('done', 9), await store.intake.tasks.countTasks('pending', 9)]).toEqual(
      [1, 1],
    )
  })

  it('are all over when that is said, also what was being taken at that moment', async () => {
    const { tasks } = store.intake
    let slow = true
    const claimTasks: typeof tasks.claimTasks = async (...order) => {
      const isFirst = slow
      slow = false
      const claimed = await tasks.claimTasks(...order)
      // Theirs already, and not begun: a database that answers late.
      if (isFirst) for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve))
      return claimed
    }
    const on = { ...store, intake: { ...store.intake, tasks: { ...tasks, claimTasks } } }
    await board.ask('work', TICKET, 'one')
    const done: string[] = []
    const runner = start((task) => Promise.resolve(void done.push(task.ref)), {}, on)
    await runner.runDue()
    expect(done).toEqual(['one'])
  })

  it('wait twice as long after each failure, up to a quarter of an hour', async () => {
    let tries = 0
    const runner = start(() => {
      tries++
      return tries < 12 ? Promise.reject(new Error('not now')) : Promise.resolve()
    })
    await board.ask('work', TICKET, 'one')
    await runner.runDue()
    for (const [index, seconds] of [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900].entries()) {
      expect(tries).toBe(index + 1)
      clock.advance(seconds * SECOND - 1)
      await runner.runDue()
      expect(tries).toBe(index + 1)
      clock.advance(1)
      await runner.runDue()
    }
    expect(tries).toBe(12)
    expect(await store.intake.tasks.countTasks('done', 9)).toBe(1)
    expect(await store.listDeadLetters(9)).toEqual([])
  })

  it('that never succeed are given up with a dead letter, and hold nobody else up; replay gives them all their tries', async () => {
    let poisoned = true
    const done: string[] = []
    const runner = start(
      (task) => {
        if (task.ref === 'poison' && poisoned) return Promise.reject(new Error('broken for good'))
        done.push(task.ref)
        return Promise.resolve()
      },
      { attempts: 3 },
    )
    await board.ask('work', TICKET, 'poison')
    await board.ask('work', TICKET, 'good')
    for (let n = 0; n < 6; n++) {
      await runner.runDue()
      clock.advance(900 * SECOND)
    }
    expect(done).toEqual(['good'])
    const letters = await store.listDeadLetters(9)
    expect(letters).toHaveLength(1)
    expect(letters[0]).toMatchObject({ queue: 'tasks', attempts: 3, replayedAt: null })
    expect(letters[0]?.job).toMatchObject({ kind: 'task', task: 'work', ticketId: TICKET })
    expect(await store.intake.tasks.countTasks('failed', 9)).toBe(1)

    const replay = () => replayDeadLetter({ store, clock } as never, {} as never, letters[0]!.id)
    expect(await replay()).toBe(true)
    for (let n = 0; n < 6; n++) {
      await runner.runDue()
      clock.advance(900 * SECOND)
    }
    // Given up once more: another letter, because the first was answered.
    expect(await store.listDeadLetters(9)).toHaveLength(2)
    poisoned = false
    const second = (await store.listDeadLetters(9)).find((it) => it.replayedAt === null)
    expect(await replayDeadLetter({ store, clock } as never, {} as never, second!.id)).toBe(true)
    await runner.runDue()
    expect(done).toEqual(['good', 'poison'])
    expect(await replay()).toBe(false)
  })

  it('whose process died are taken again after their lease; one that kills each process is given up', async () => {
    await board.ask('work', TICKET, 'killer')
    const take = () => store.intake.tasks.claimTasks(['work'], clock.now(), 10 * SECOND, 5)
    for (let n = 1; n <= 3; n++) {
      expect(await take()).toHaveLength(1)
      expect(await take()).toEqual([])
      clock.advance(10 * SECOND)
    }
    let tries = 0
    const runner = start(
      () => {
        tries++
        return Promise.resolve()
      },
      { attempts: 3 },
    )
    await runner.runDue()
    expect([tries, await store.intake.tasks.countTasks('failed', 9)]).toEqual([0, 1])
    expect(await store.listDeadLetters(9)).toHaveLength(1)
  })

  it('that run are waited for when the process stops, the rest is left; past the limit it says that it was not in time', async () => {
    let begin!: () => void
    const begun = new Promise<void>((resolve) => (begin = resolve))
    let finish!: () => void
    const gate = new Promise<void>((resolve) => (finish = resolve))
    const done: string[] = []
    const runner = start(
      async (task) => {
        begin()
        await gate
        done.push(task.ref)
      },
      { concurrency: 1 },
    )
    await board.ask('work', TICKET, 'one')
    clock.advance(1)
    await board.ask('work', TICKET, 'two')
    await begun
    expect(await runner.stop(1)).toBe(false)
    const stopped = runner.stop(5_000)
    finish()
    expect(await stopped).toBe(true)
    expect(done).toEqual(['one'])
    expect(await store.intake.tasks.countTasks('pending', 9)).toBe(1)
    await board.ask('work', TICKET, 'three')
    expect(done).toEqual(['one'])
  })
})
