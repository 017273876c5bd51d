import type { Logger } from 'pino'
import { withLimit } from './queues/limit.js'

export interface Loop {
  /** Runs now; while a run is going on, once more after it. Resolves when that run is over, failed or not. */
  wake(): Promise<void>
  /** No further run; resolves when the current one is over. */
  stop(): Promise<void>
  /** What the last run failed with; null when it went well. */
  readonly failure: Error | null
}

/** Runs `work` every `everyMs`, never twice at once. A failure is logged and the next run tries again. */
export function createLoop(name: string, everyMs: number, logger: Logger, work: () => Promise<void>): Loop {
  let current: Promise<void> | null = null
  let next: Promise<void> | null = null
  let timer: NodeJS.Timeout | undefined
  let stopped = false
  let failure: Error | null = null

  const once = async () => {
    clearTimeout(timer)
    try {
      await work()
      failure = null
    } catch (error) {
      if (!stopped) logger.error({ err: error, loop: name }, 'background work failed, will try again')
      failure = error instanceof Error ? error : new Error(String(error))
    } finally {
      current = null
      if (!stopped) timer = setTimeout(() => void wake(), everyMs)
    }
  }
  const wake = (): Promise<void> => {
    if (stopped) return current ?? Promise.resolve()
    if (current === null) return (current = once())
    next ??= current.then(() => {
      next = null
      return wake()
    })
    return next
  }
  timer = setTimeout(() => void wake(), everyMs)
  return {
    wake,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await current
    },
    get failure() {
      return failure
    },
  }
}

/** How long a run may go on after it was told to stop. */
export const STOP_LIMIT_MS = 20_000

/** Stops it and waits at most `limitMs`. True when its run ended in time. */
export const stopped = (loop: Loop, limitMs = STOP_LIMIT_MS): Promise<boolean> =>
  withLimit(loop.stop(), limitMs).then(
    () => true,
    () => false,
  )
