import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Sql } from '../sql.js'
import type { Store } from '../types.js'

type DeadLetterStore = Pick<Store, 'addDeadLetter' | 'findDeadLetter' | 'listDeadLetters' | 'markReplayed'>

export function deadLetterStore({ t, write, read }: Sql): DeadLetterStore {
  const { deadLetters } = t
  return {
    // A job that fails for good twice keeps its first letter.
    async addDeadLetter(letter) {
      await write.insert(deadLetters).values(letter).onConflictDoNothing()
    },
    async findDeadLetter(id) {
      const [letter] = await read.select().from(deadLetters).where(eq(deadLetters.id, id))
      return letter ?? null
    },
    listDeadLetters: async (limit) =>
      read
        .select()
        .from(deadLetters)
        .orderBy(sql`${deadLetters.replayedAt} is not null`, desc(deadLetters.failedAt), desc(deadLetters.id))
        .limit(limit),
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
