import type { Sql } from '../sql.js'

// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface DirectoryStore {}

export function directoryStore(_sql: Sql): DirectoryStore {
  return {}
}
