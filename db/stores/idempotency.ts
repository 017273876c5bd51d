import { eq, inArray, lt, sql } from 'drizzle-orm'
import type { Sql } from '../sql.js'
import type { Store } from '../types.js'

/** Pruned in slices, so that no command waits behind a long delete. */
const SLICE = 2000

export function idempotencyStore({ t, write }: Sql): Pick<Store, 'findIdempotency' | 'pruneIdempotency'> {
  const { idempotency } = t
  const byKey = write
    .select()
    .from(idempotency)
    .where(eq(idempotency.key, sql.placeholder('key')))
    .prepare('idempotency_by_key')
  return {
    findIdempotency: async (key) => (await byKey.execute({ key }))[0] ?? null,
    async pruneIdempotency(before) {
      let pruned = 0
      for (;;) {
        const old = write
          .select({ key: idempotency.key })
          .from(idempotency)
          .where(lt(idempotency.createdAt, before))
          .limit(SLICE)
        const gone = await write
          .delete(idempotency)
          .where(inArray(idempotency.key, old))
          .returning({ key: idempotency.key })
        pruned += gone.length
        if (gone.length < SLICE) return pruned
        // A turn of the event loop between slices: commits that wait get theirs.
        await new Promise((resume) => setImmediate(resume))
      }
    },
  }
}
