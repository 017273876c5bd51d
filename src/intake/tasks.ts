import type { TaskRow, TaskStore } from '../../db/intake/tasks.js'
import type { Store } from '../../db/types.js'
import type { Clock } from '../engine/clock.js'
import type { Ids } from '../engine/ids.js'

/** Does one kind of work that follows from a request. It may run twice, also at once: whoever does it makes that harmless. */
export interface TaskHandler {
  readonly kind: string
  /** Throws what is worth trying again: with growing waits, at most twelve times; or SendRefused, which is a dead letter at once. */
  run(task: TaskRow): Promise<void>
}

/** Work behind a request. Ids and codes only: a task is a row, and rows are read by people. */
export interface Tasks {
  /** Written down when this resolves; asked for twice under one ref it is done once. Runs here at once where tasks are run, elsewhere within a second. */
  ask(kind: string, ticketId: string, ref: string): Promise<void>
}

/** The tasks of this process, and who wants to hear of new ones. */
export interface TaskBoard extends Tasks {
  /** For work that was written down along with something else. */
  wake(): void
  /** Called after each asking; gives what ends it. */
  onAsked(listener: () => void): () => void
}

interface Parts {
  readonly store: TaskStore
  readonly clock: Clock
  readonly ids: Pick<Ids, 'id'>
}

export function createTasks({ store, clock, ids }: Parts): TaskBoard {
  const listeners = new Set<() => void>()
  const wake = () => {
    for (const listener of listeners) listener()
  }
  return {
    async ask(kind, ticketId, ref) {
      const at = clock.now()
      const added = await store.addTask({ id: ids.id(), kind, ticketId, ref, dueAt: at, createdAt: at })
      if (added) wake()
    },
    wake,
    onAsked(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The dead letter of a task that was given up at this instant. */
export const letterOf = ({ id }: Pick<TaskRow, 'id'>, failedAt: number): string => `task-${id}-${failedAt.toString(36)}`

interface AgainParts {
  readonly store: Pick<Store, 'markReplayed'> & { readonly intake: { readonly tasks: TaskStore } }
  readonly tasks: TaskBoard
  readonly clock: Clock
}
/** Somebody who looks again and again asks no more often. */
const GIVEN_UP_MS = 60_000

/** Asks; what was given up under this ref a minute ago or longer gets all its tries again, as if its dead letter was replayed. */
export async function askAgain(
  { store, tasks, clock }: AgainParts,
  kind: string,
  ticketId: string,
  ref: string,
): Promise<void> {
  await tasks.ask(kind, ticketId, ref)
  const task = await store.intake.tasks.taskAsked(kind, ticketId, ref)
  const now = clock.now()
  if (task?.state !== 'failed' || task.finishedAt === null || task.finishedAt > now - GIVEN_UP_MS) return
  if (!(await store.intake.tasks.retryTask(task.id, now))) return
  tasks.wake()
  await store.markReplayed(letterOf(task, task.finishedAt), now)
}
