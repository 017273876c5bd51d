import { inArray, lt } from 'drizzle-orm'
import type { Sql } from '../sql.js'
import type { Store } from '../types.js'

/** Pruned in slices, so that no command waits behind a long delete. */
const SLICE = 2000

export function idempotencyStore({ t, write }: Sql): Pick<Store, 'pruneIdempotency'> {
  const { idempotency } = t
  return {
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
