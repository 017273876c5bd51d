import { PulihError } from '../engine/errors.js'
import type { TimerKey } from '../engine/types.js'
import type { Deliverer } from './deliver.js'
import type { World } from './world.js'
import type { QueuedJob, QueueName } from './queues/index.js'
import { reasonOf } from './queues/index.js'
import { keyOf, timerJobId } from './alarms.js'

/** A timer whose job will not be tried again. Its row stays pending, so the sweeper goes on trying; the letter tells people. */
export async function letterForTimer(world: World, queue: QueueName, job: QueuedJob, error: Error) {
  const key = keyOf(job.data)
  await world.store.addDeadLetter({
    id: timerJobId(key),
    queue,
    job: { kind: 'timer', ...key },
    reason: reasonOf(error),
    failedAt: world.clock.now(),
    attempts: job.attempt + Number(job.data['tried'] ?? 0),
    replayedAt: null,
  })
}

/**
 * Does once more what a dead letter was about, now, and marks the letter when it went well. True if this call did it,
 * false if it had been replayed before. Throws NOT_FOUND, or what the work failed with: the letter then stays open.
 */
export async function replayDeadLetter(world: World, deliverer: Deliverer, id: string): Promise<boolean> {
  const letter = await world.store.findDeadLetter(id)
  if (letter === null) throw new PulihError('NOT_FOUND', 'There is no such dead letter.')
  if (letter.replayedAt !== null) return false
  const { kind, ...job } = letter.job
  if (kind === 'task') await world.store.intake.tasks.retryTask(String(job['taskId']), world.clock.now())
  else if (kind === 'timer') await world.engine.deliverTimer(job as unknown as TimerKey)
  else await deliverer.redeliver({ ticketId: String(job['ticketId']), seq: Number(job['seq']) })
  return world.store.markReplayed(id, world.clock.now())
}
