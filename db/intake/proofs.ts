import type { Sql } from '../sql.js'

// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface ProofStore {}

export function proofStore(_sql: Sql): ProofStore {
  return {}
}
