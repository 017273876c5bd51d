import type { Sql } from '../sql.js'
import { auditChainStore, type AuditChainStore } from './chain.js'
import { sealedLogStore, type SealedLogStore } from './sealedLog.js'

export interface AuditStore extends AuditChainStore, SealedLogStore {}

export const auditStore = (sql: Sql): AuditStore => ({ ...auditChainStore(sql), ...sealedLogStore(sql) })
