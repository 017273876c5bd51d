import type { AuditStore } from '../../db/audit/index.js'
import type { LogEntry } from '../engine/types.js'
import { digestOf } from './link.js'
import { LOOK_BACK_MS, readSealed, SEALED, type SealedRows } from './sealed.js'
import type { AuditRow } from './types.js'

export interface LogProof {
  take(row: AuditRow): Promise<void>
  finish(): Promise<{ readonly sealed: number; readonly waiting: number }>
}
type Say = (position: number | null, what: string) => void
type Reading = Pick<AuditStore, 'entries' | 'logOf' | 'logAfter' | 'logOrder' | 'countLog'>
type Keep = (ticketId: string) => boolean

const PAGE = 5_000
/** So many keys are held at once when rows that nobody sealed are looked for. */
const HELD = 250_000

/** Compares what the chain seals with the tickets' log, row by row; then counts, because a row that was never sealed is in no entry. */
export async function createLogProof(store: Reading, say: Say): Promise<LogProof> {
  const timed = (await store.logOrder()) === 'timed'
  let sealed = 0
  let upTo = 0
  let end = 0
  /** Sealed rows by the instant at which they were recorded are not kept: the settled ones are counted at the end, by this. */
  const late: number[] = []

  async function take(row: AuditRow): Promise<void> {
    if (row.action !== SEALED) return
    end = row.position
    const said = readSealed(row.detail)
    if (said === null) {
      say(row.position, `entry ${row.position} seals nothing that can be read`)
      return
    }
    if (said.upTo > upTo) upTo = said.upTo
    const found = new Map((await store.logOf(keysOf(said))).map((it) => [nameOf(it), it]))
    for (const [ticketId, seq, digest] of said.rows) {
      const it = found.get(nameOf({ ticketId, seq }))
      const fault = faultOf(it, digest)
      if (fault !== null) say(row.position, `row ${seq} of the log of ticket ${ticketId} ${fault}`)
      if (it === undefined) continue
      sealed += 1
      if (timed) late.push(it.recordedAt)
    }
    // Only those within the look-back can turn out to be unsettled.
    if (late.length > HELD) keepLate(late, upTo - LOOK_BACK_MS)
  }

  /** Rows up to here must all be sealed; behind it some may wait. */
  const settledTo = () => (timed ? upTo - LOOK_BACK_MS : upTo)

  async function neverSealed(): Promise<void> {
    const all = await store.countLog(null)
    const parts = Math.max(1, Math.ceil(all / HELD))
    for (let part = 0; part < parts; part++) await neverSealedOf((ticketId) => partOf(ticketId, parts) === part)
  }
  async function neverSealedOf(keep: Keep): Promise<void> {
    const keys = new Set<string>()
    for (let after = 0; after < end;) {
      const page = await store.entries(after, 100)
      for (const row of page)
        for (const key of row.action === SEALED ? keysOf(readSealed(row.detail) ?? NOTHING) : [])
          if (keep(key.ticketId)) keys.add(nameOf(key))
      after = page.at(-1)?.position ?? end
    }
    let mark = { place: 0, ticketId: '', seq: 0 }
    for (;;) {
      const page = await store.logAfter(mark, PAGE)
      for (const it of page)
        if (it.place <= settledTo() && keep(it.ticketId) && !keys.has(nameOf(it)))
          say(null, `row ${it.seq} of the log of ticket ${it.ticketId} was never sealed`)
      const last = page.at(-1)
      if (last === undefined || page.length < PAGE) break
      mark = last
    }
  }

  return {
    take,
    async finish() {
      const unsettled = late.filter((at) => at > settledTo()).length
      const [settled, all] = [await store.countLog(settledTo()), await store.countLog(null)]
      if (settled !== sealed - unsettled) await neverSealed()
      return { sealed, waiting: Math.max(0, all - sealed) }
    },
  }
}

const NOTHING: SealedRows = { upTo: 0, rows: [] }
const keysOf = (it: SealedRows) => it.rows.map(([ticketId, seq]) => ({ ticketId, seq }))
const nameOf = ({ ticketId, seq }: { ticketId: string; seq: number }) => `${ticketId} ${seq}`

function faultOf(row: LogEntry | undefined, digest: string): string | null {
  if (row === undefined) return 'was sealed and is gone'
  return digestOf(row) === digest ? null : 'is not as it was sealed'
}

function keepLate(late: number[], since: number): void {
  const kept = late.filter((at) => at > since)
  late.splice(0, late.length, ...kept)
}

/** The same for every row of a ticket, and even: ids end in random digits. */
const partOf = (ticketId: string, parts: number): number => (Number.parseInt(ticketId.slice(-6), 16) || 0) % parts
