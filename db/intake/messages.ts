import type { Sql } from '../sql.js'

// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface MessageStore {}

export function messageStore(_sql: Sql): MessageStore {
  return {}
}
