import { and, asc, eq, gt, sql } from 'drizzle-orm'
import type { Sql } from '../sql.js'
import type { Store } from '../types.js'

export function logStore({ t, read }: Sql): Pick<Store, 'readLog'> {
  const { ticketLog } = t
  const after = read
    .select()
    .from(ticketLog)
    .where(and(eq(ticketLog.ticketId, sql.placeholder('ticketId')), gt(ticketLog.seq, sql.placeholder('after'))))
    .orderBy(asc(ticketLog.seq))
    .limit(sql.placeholder('limit'))
    .prepare('log_after')
  return {
    readLog: (ticketId, afterSeq, limit) => after.execute({ ticketId, after: afterSeq, limit }),
  }
}
