import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Sql } from '../sql.js'
import type { Store } from '../types.js'

export function deliveryStore({ t, read, atomically }: Sql): Pick<Store, 'markDelivered' | 'listDeliveries'> {
  const { outbox, deliveries } = t
  return {
    async markDelivered(key, at, delivery) {
      const undelivered = and(eq(outbox.ticketId, key.ticketId), eq(outbox.seq, key.seq), isNull(outbox.deliveredAt))
      const results = await atomically((db) => {
        const mark = db.update(outbox).set({ deliveredAt: at }).where(undelivered).returning({ seq: outbox.seq })
        if (delivery === null) return [mark]
        // Taken from the undelivered row itself and before the mark: a second delivery finds nothing to insert.
        const arrival = db
          .select({
            ticketId: outbox.ticketId,
            seq: outbox.seq,
            sink: sql`${delivery.sink}`.as('sink'),
            body: sql`${sql.param(delivery.body, deliveries.body)}`.as('body'),
            deliveredAt: sql`${delivery.deliveredAt}`.as('delivered_at'),
          })
          .from(outbox)
          .where(undelivered)
        // Two deliverers at once: the second waits here for the first, and then finds nothing to mark either.
        return [db.insert(deliveries).select(arrival).onConflictDoNothing().returning({ seq: deliveries.seq }), mark]
      })
      return (results.at(-1)?.length ?? 0) > 0
    },
    listDeliveries: async (sink, ticketId, limit) =>
      read
        .select()
        .from(deliveries)
        .where(
          and(
            sink === null ? undefined : eq(deliveries.sink, sink),
            ticketId === null ? undefined : eq(deliveries.ticketId, ticketId),
          ),
        )
        .orderBy(desc(deliveries.deliveredAt), desc(deliveries.ticketId), desc(deliveries.seq))
        .limit(limit),
  }
}
