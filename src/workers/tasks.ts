import type { DeadLetter } from '../../db/types.js'
import type { TaskRow } from '../../db/intake/tasks.js'
import { letterOf, type TaskBoard, type TaskHandler } from '../intake/tasks.js'
import type { Logger } from '../logging.js'
import { SendRefused } from '../ports/sending.js'
import { createLoop, STOP_LIMIT_MS } from './loop.js'
import { nobody } from './observer.js'
import { reasonOf } from './queues/index.js'
import { withLimit } from './queues/limit.js'
import type { World } from './world.js'

export interface TaskSettings {
  /** At once, in this process. */
  readonly concurrency: number
  readonly pollMs: number
  /** Longer than any task takes: after it another process does the work again. */
  readonly leaseMs: number
  /** In all; with the default waits the last one comes after about an hour. */
  readonly attempts: number
  readonly backoffMs: number
  readonly backoffMaxMs: number
}
const SECOND = 1_000
const DEFAULTS: TaskSettings = {
  concurrency: 8,
  pollMs: SECOND,
  leaseMs: 120 * SECOND,
  attempts: 12,
  backoffMs: 2 * SECOND,
  backoffMaxMs: 900 * SECOND,
}

export interface TaskRunner {
  /** Runs all that is due now, and what that asks for; resolves when it is over, with how many runs there were. For clocks that stand still. */
  runDue(): Promise<number>
  /** Takes no more; waits for what runs, at most `limitMs`. True if all of it finished: what did not is done again after its lease. */
  stop(limitMs?: number): Promise<boolean>
}

interface Parts {
  readonly world: Pick<World, 'store' | 'clock' | 'observer'>
  readonly board: TaskBoard
  readonly handlers: readonly TaskHandler[]
  readonly logger: Logger
  /** 0 to 1: spreads the tries of tasks that failed together. */
  readonly random: () => number
  readonly settings?: Partial<TaskSettings>
}

/** Runs tasks of the handlers' kinds: woken by this process's own askings, else each second. */
export function startTasks(parts: Parts): TaskRunner {
  const { world, board, handlers, logger } = parts
  const { store, clock } = world
  const settings = { ...DEFAULTS, ...parts.settings }
  const kinds = handlers.map((it) => it.kind)
  const run = taskRun(parts, settings)
  const running = new Set<Promise<void>>()
  const claiming = new Set<Promise<readonly TaskRow[]>>()
  let stopping = false

  const begin = (task: TaskRow): void => {
    const work = run(task)
      .catch((error: unknown) => logger.error({ err: error, taskId: task.id }, 'task not settled, its lease will end'))
      .finally(() => running.delete(work))
    running.add(work)
  }
  const claim = async (free: number): Promise<readonly TaskRow[]> => {
    const claimed = store.intake.tasks.claimTasks(kinds, clock.now(), settings.leaseMs, free)
    claiming.add(claimed)
    try {
      return await claimed
    } finally {
      claiming.delete(claimed)
    }
  }
  /** Starts what is due; waits only while every place is taken. */
  const take = async (): Promise<number> => {
    let taken = 0
    while (!stopping) {
      const free = settings.concurrency - running.size
      // Two takings at once may fill more than there was room for.
      if (free <= 0) {
        await Promise.race(running)
        continue
      }
      const tasks = await claim(free)
      for (const task of tasks) begin(task)
      taken += tasks.length
      if (tasks.length < free) break
    }
    return taken
  }
  const loop = createLoop('tasks', settings.pollMs, logger, async () => {
    await take()
  })
  const unsubscribe = board.onAsked(() => void loop.wake())
  void loop.wake()
  return {
    async runDue() {
      for (let total = 0; ;) {
        const taken = await take()
        // What the loop claims at this moment is due as well, and not begun yet.
        if (taken + running.size + claiming.size === 0) return total
        total += taken
        await Promise.allSettled([...claiming, ...running])
      }
    },
    stop(limitMs = STOP_LIMIT_MS) {
      stopping = true
      unsubscribe()
      // What it was taking when it was told to stop is begun all the same.
      return withLimit(
        loop.stop().then(() => Promise.all(running)),
        limitMs,
      ).then(
        () => true,
        () => false,
      )
    },
  }
}

/** One taking of a task, from the handler to what becomes of its row. */
function taskRun({ world, handlers, logger, random }: Parts, settings: TaskSettings) {
  const { store, clock, observer = nobody } = world
  const byKind = new Map(handlers.map((it) => [it.kind, it]))

  const failed = async (task: TaskRow, error: unknown): Promise<void> => {
    const reason = reasonOf(error instanceof Error ? error : new Error(String(error)))
    // A final no is not asked for again.
    const last = error instanceof SendRefused || task.attempts >= settings.attempts
    const at = clock.now()
    logger[last ? 'error' : 'warn'](
      { err: error, taskId: task.id, kind: task.kind, attempt: task.attempts },
      'task failed',
    )
    observer.task(task.kind, last ? 'givenUp' : 'failed')
    // The letter first: a crash in between costs a try, not the letter.
    if (last) await store.addDeadLetter(letterFor(task, reason, at))
    await store.intake.tasks.deferTask(task, last ? null : at + waitAfter(task.attempts, settings, random), reason, at)
  }
  return async (task: TaskRow): Promise<void> => {
    try {
      // Taken more often than tried: whoever took it last died of it.
      if (task.attempts > settings.attempts) throw new Error('The process ended during its last try.')
      await byKind.get(task.kind)?.run(task)
    } catch (error) {
      await failed(task, error)
      return
    }
    await store.intake.tasks.finishTask(task.id, clock.now())
    observer.task(task.kind, 'done')
  }
}

/** Doubling from the first wait to the longest, each shortened by up to a half. */
const waitAfter = (attempts: number, { backoffMs, backoffMaxMs }: TaskSettings, random: () => number): number =>
  Math.round(Math.min(backoffMaxMs, backoffMs * 2 ** (attempts - 1)) * (1 - random() / 2))

/** One letter each time it is given up: one that was replayed says nothing about the next. */
const letterFor = (task: TaskRow, reason: string, at: number): DeadLetter => ({
  id: letterOf(task, at),
  queue: 'tasks',
  job: { kind: 'task', taskId: task.id, task: task.kind, ticketId: task.ticketId },
  reason,
  failedAt: at,
  attempts: task.attempts,
  replayedAt: null,
})
