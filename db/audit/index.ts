import type { Sql } from '../sql.js'
import { alertStore, type AlertStore } from './alerts.js'
import { auditChainStore, type AuditChainStore } from './chain.js'
import { sealedClaimsStore, sealedLogStore, type SealedClaimsStore, type SealedLogStore } from './sealedLog.js'

export interface AuditStore extends AuditChainStore, SealedLogStore, SealedClaimsStore, AlertStore {}

export const auditStore = (sql: Sql): AuditStore => ({
  ...auditChainStore(sql),
  ...sealedLogStore(sql),
  ...sealedClaimsStore(sql),
  ...alertStore(sql),
})
