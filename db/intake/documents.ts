import type { Sql } from '../sql.js'

// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface DocumentStore {}

export function documentStore(_sql: Sql): DocumentStore {
  return {}
}
