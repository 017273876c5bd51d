import { and, desc, eq, isNull } from 'drizzle-orm'
import type { Sql } from '../sql.js'
import type { Store } from '../types.js'

type DeadLetterStore = Pick<Store, 'addDeadLetter' | 'listDeadLetters' | 'markReplayed'>

export function deadLetterStore({ t, write, read }: Sql): DeadLetterStore {
  const { deadLetters } = t
  return {
    // A job that fails for good twice keeps its first letter.
    async addDeadLetter(letter) {
      await write.insert(deadLetters).values(letter).onConflictDoNothing()
    },
    listDeadLetters: async (limit) =>
      read.select().from(deadLetters).orderBy(desc(deadLetters.failedAt), desc(deadLetters.id)).limit(limit),
    async markReplayed(id, at) {
      const marked = await write
        .update(deadLetters)
        .set({ replayedAt: at })
        .where(and(eq(deadLetters.id, id), isNull(deadLetters.replayedAt)))
        .returning({ id: deadLetters.id })
      return marked.length > 0
    },
  }
}
