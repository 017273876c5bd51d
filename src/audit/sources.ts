import type { AuditStore } from '../../db/audit/index.js'
import { SEALED, SEALED_CLAIMS } from './sealed.js'

/** A row of a log that is sealed: whose it is, and which of that one's rows, counted from 1. */
export interface RowKey {
  readonly id: string
  readonly seq: number
}
export interface RowMark extends RowKey {
  readonly place: number
}
/** A log that only grows, whose rows the chain vouches for. Of one id the rows become visible in their order. */
export interface SealedSource {
  /** Of the entries that seal it. */
  readonly action: string
  order(): Promise<'numbered' | 'timed'>
  after(mark: RowMark, limit: number): Promise<readonly RowMark[]>
  /** The whole rows with their keys, in no order. */
  rowsOf(
    keys: readonly RowKey[],
  ): Promise<readonly { readonly key: RowKey; readonly recordedAt: number; readonly row: object }[]>
  count(upTo: number | null): Promise<number>
  /** How a row is called where something is wrong with it. */
  name(key: RowKey): string
}
export type SourceStore = Pick<
  AuditStore,
  'logOrder' | 'logAfter' | 'logOf' | 'countLog' | 'claimsAfter' | 'claimsOf' | 'countClaims'
>

/** What the tickets went through, and who held which when. */
export const sourcesOf = (store: SourceStore): readonly SealedSource[] => [ticketsOf(store), claimsOf(store)]

const ticketsOf = (store: SourceStore): SealedSource => ({
  action: SEALED,
  order: () => store.logOrder(),
  after: async ({ id, seq, place }, limit) =>
    (await store.logAfter({ ticketId: id, seq, place }, limit)).map((it) => ({ ...it, id: it.ticketId })),
  rowsOf: async (keys) =>
    (await store.logOf(keys.map(({ id, seq }) => ({ ticketId: id, seq })))).map((row) => ({
      ...{ key: { id: row.ticketId, seq: row.seq }, recordedAt: row.recordedAt, row },
    })),
  count: (upTo) => store.countLog(upTo),
  name: ({ id, seq }) => `row ${seq} of the log of ticket ${id}`,
})

const claimsOf = (store: SourceStore): SealedSource => ({
  action: SEALED_CLAIMS,
  order: () => store.logOrder(),
  after: async ({ id, seq, place }, limit) =>
    (await store.claimsAfter({ claimId: id, seq, place }, limit)).map((it) => ({ ...it, id: it.claimId })),
  rowsOf: async (keys) =>
    (await store.claimsOf(keys.map(({ id, seq }) => ({ claimId: id, seq })))).map((row) => ({
      ...{ key: { id: row.claimId, seq: row.fact === 'claimed' ? 1 : 2 }, recordedAt: row.recordedAt, row },
    })),
  count: (upTo) => store.countClaims(upTo),
  name: ({ id, seq }) => `the ${seq === 1 ? 'beginning' : 'end'} of claim ${id}`,
})
