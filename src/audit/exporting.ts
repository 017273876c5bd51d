import type { AuditChainStore, AuditFilter } from '../../db/audit/chain.js'
import type { Clock } from '../engine/clock.js'
import type { AuditRow, AuditWriter } from './types.js'

const PAGE = 200

/** Entries in their order, hashes included; that they were taken out, by whom and which, is an entry before the first is given. */
export async function* exportAudit(
  parts: {
    readonly store: Pick<AuditChainStore, 'filtered' | 'head'>
    readonly audit: AuditWriter
    readonly clock: Clock
  },
  by: { readonly id: string; readonly role: string },
  filter: AuditFilter,
): AsyncGenerator<AuditRow> {
  const { store, audit, clock } = parts
  const { from = null, until = null, action = null, ticketId = null } = filter
  await audit.record({
    ...{ at: clock.now(), actorId: by.id, actorRole: by.role, action: 'audit.export', ticketId },
    detail: { action, from, until },
  })
  const end = (await store.head())?.position ?? 0
  for (let after = 0; ;) {
    const rows = await store.filtered(filter, { order: 'oldest', after, limit: PAGE })
    for (const row of rows) if (row.position <= end) yield row
    const last = rows.at(-1)
    if (last === undefined || rows.length < PAGE || last.position >= end) return
    after = last.position
  }
}
