import type { AuditStore } from '../../db/audit/index.js'
import { digestOf } from './link.js'
import { LOOK_BACK_MS, readSealed, type SealedRows } from './sealed.js'
import type { RowKey, SealedSource } from './sources.js'
import type { AuditRow } from './types.js'

export interface LogProof {
  take(row: AuditRow): Promise<void>
  finish(): Promise<{ readonly sealed: number; readonly waiting: number }>
}
type Say = (position: number | null, what: string) => void
type Reading = Pick<AuditStore, 'entries'>
type Keep = (id: string) => boolean

const PAGE = 5_000
/** So many keys are held at once when rows that nobody sealed are looked for. */
const HELD = 250_000

/** Compares what the chain seals with a log, row by row; then counts, because a row that was never sealed is in no entry. */
export async function createLogProof(store: Reading, source: SealedSource, say: Say): Promise<LogProof> {
  const timed = (await source.order()) === 'timed'
  let sealed = 0
  let upTo = 0
  let end = 0
  /** Sealed rows by the instant at which they were recorded are not kept: the settled ones are counted at the end, by this. */
  const late: number[] = []

  async function take(row: AuditRow): Promise<void> {
    if (row.action !== source.action) return
    end = row.position
    const said = readSealed(row.detail)
    if (said === null) {
      say(row.position, `entry ${row.position} seals nothing that can be read`)
      return
    }
    if (said.upTo > upTo) upTo = said.upTo
    const found = new Map((await source.rowsOf(keysOf(said))).map((it) => [nameOf(it.key), it]))
    for (const [id, seq, digest] of said.rows) {
      const it = found.get(nameOf({ id, seq }))
      const fault = faultOf(it?.row, digest)
      if (fault !== null) say(row.position, `${source.name({ id, seq })} ${fault}`)
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
    const all = await source.count(null)
    const parts = Math.max(1, Math.ceil(all / HELD))
    for (let part = 0; part < parts; part++) await neverSealedOf((id) => partOf(id, parts) === part)
  }
  async function neverSealedOf(keep: Keep): Promise<void> {
    const keys = new Set<string>()
    for (let after = 0; after < end;) {
      const page = await store.entries(after, 100)
      for (const row of page)
        for (const key of row.action === source.action ? keysOf(readSealed(row.detail) ?? NOTHING) : [])
          if (keep(key.id)) keys.add(nameOf(key))
      after = page.at(-1)?.position ?? end
    }
    let mark = { place: 0, id: '', seq: 0 }
    for (;;) {
      const page = await source.after(mark, PAGE)
      for (const it of page)
        if (it.place <= settledTo() && keep(it.id) && !keys.has(nameOf(it)))
          say(null, `${source.name(it)} was never sealed`)
      const last = page.at(-1)
      if (last === undefined || page.length < PAGE) break
      mark = last
    }
  }

  return {
    take,
    async finish() {
      const unsettled = late.filter((at) => at > settledTo()).length
      const [settled, all] = [await source.count(settledTo()), await source.count(null)]
      if (settled !== sealed - unsettled) await neverSealed()
      return { sealed, waiting: Math.max(0, all - sealed) }
    },
  }
}

const NOTHING: SealedRows = { upTo: 0, rows: [] }
const keysOf = (it: SealedRows) => it.rows.map(([id, seq]) => ({ id, seq }))
const nameOf = ({ id, seq }: RowKey) => `${id} ${seq}`

function faultOf(row: object | undefined, digest: string): string | null {
  if (row === undefined) return 'was sealed and is gone'
  return digestOf(row) === digest ? null : 'is not as it was sealed'
}

function keepLate(late: number[], since: number): void {
  const kept = late.filter((at) => at > since)
  late.splice(0, late.length, ...kept)
}

/** The same for every row of an id, and even: ids end in random digits. */
const partOf = (id: string, parts: number): number => (Number.parseInt(id.slice(-6), 16) || 0) % parts
