import type { Store } from '../../db/types.js'
import type { LogEntry } from '../engine/types.js'
import type { Source } from './tail.js'

/** What happened to a ticket: ids, codes and versions only. */
export interface Change {
  /** Where in the log it stands; what a client that was away names. */
  readonly place: number
  readonly ticketId: string
  readonly type: string
  readonly state: string
  readonly standing: string
  readonly contentVersion: number
  readonly officeId: string
  readonly facts: readonly string[]
  /** It may have left an office: lists elsewhere are stale too. */
  readonly moved: boolean
}
export interface LogRow {
  readonly ticketId: string
  readonly seq: number
  readonly place: number
}
const keyOf = ({ ticketId, seq }: Pick<LogRow, 'ticketId' | 'seq'>): string => `${ticketId} ${seq}`

const PAGE = 500

/** The tickets' log. */
export const ticketSource = ({ audit }: Pick<Store, 'audit'>): Source<LogRow> => ({
  end: () => audit.logEnd(),
  first: (place) => ({ place, ticketId: '', seq: 0 }),
  after: (row, most) => audit.logAfter(row, most),
  keyOf,
})

/** What these rows mean: one change a ticket, as it stands now, in the order of the log. */
export async function changesOf(
  { audit, work }: Pick<Store, 'audit' | 'work'>,
  rows: readonly LogRow[],
): Promise<readonly Change[]> {
  const changes: Change[] = []
  for (let at = 0; at < rows.length; at += PAGE) changes.push(...(await some(rows.slice(at, at + PAGE))))
  return changes

  async function some(page: readonly LogRow[]): Promise<readonly Change[]> {
    const ids = [...new Set(page.map((it) => it.ticketId))]
    const [entries, heads] = await Promise.all([audit.logOf(page), work.worklist.workRows(ids)])
    const told = new Map(entries.map((it) => [keyOf(it), it]))
    return heads
      .map((head): Change => {
        const mine = page.filter((it) => it.ticketId === head.id)
        const log = mine.flatMap((it) => told.get(keyOf(it)) ?? [])
        const { type, state, standing, contentVersion, officeId } = head
        return {
          ...{ ticketId: head.id, type, state, standing, contentVersion, officeId },
          place: Math.max(...mine.map((it) => it.place)),
          facts: [...new Set(log.map((it) => it.fact))],
          moved: log.some(isMove),
        }
      })
      .sort((a, b) => a.place - b.place)
  }
}

/** Whatever names an office may have moved the ticket there. */
const isMove = ({ seq, event }: LogEntry): boolean =>
  seq > 1 && (event['officeId'] !== undefined || event.type === 'branch.arrive')
