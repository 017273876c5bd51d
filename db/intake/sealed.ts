import { and, asc, eq, gt, isNotNull, notLike, or, sql, type SQL } from 'drizzle-orm'
import type { Sql } from '../sql.js'
import { indexStore, type IndexStore } from './indexStore.js'
import { sealedShapes, type SealedSource, type Shape } from './sealedShapes.js'

export { SEALED_SOURCES, type SealedSource } from './sealedShapes.js'

/** One ciphertext in a table, and the parts of the place it is bound to. */
export interface SealedCell {
  readonly source: SealedSource
  readonly table: string
  readonly column: string
  readonly row: string
  /** Whose it is when a ticket's own key sealed it. */
  readonly ticketId: string | null
  readonly sealed: string
  /** Where a walk goes on behind this cell. */
  readonly place: readonly [id: string, sub: string]
}

export interface SealedStore extends IndexStore {
  /** In a fixed order, behind `after`; `notUnder` leaves out what these keys sealed. */
  sealedCells(
    source: SealedSource,
    after: SealedCell['place'] | null,
    limit: number,
    notUnder?: readonly string[],
  ): Promise<readonly SealedCell[]>
  /** False when the cell was written or removed meanwhile. */
  resealCell(cell: SealedCell, sealed: string): Promise<boolean>
}

export function sealedStore(store: Sql): SealedStore {
  return { ...cells(store), ...indexStore(store) }
}

function cells({ t, read, write }: Sql): Pick<SealedStore, 'sealedCells' | 'resealCell'> {
  const all = sealedShapes(t)
  const behind = ({ id, sub }: Shape, after: SealedCell['place'] | null): SQL | undefined => {
    if (after === null) return undefined
    return sub === undefined ? gt(id, after[0]) : or(gt(id, after[0]), and(eq(id, after[0]), gt(sub, after[1])))
  }
  return {
    async sealedCells(source, after, limit, notUnder = []) {
      const shape = all[source]
      const none = sql<null>`null`
      const rows = await read
        .select({
          id: sql<string>`${shape.id}`,
          sub: sql<string | null>`${shape.sub ?? none}`,
          generation: sql<number | string | null>`${shape.generation ?? none}`,
          ticketId: sql<string | null>`${shape.ticketId ?? none}`,
          sealed: sql<string>`${shape.sealed}`,
        })
        .from(shape.table)
        .where(
          and(
            isNotNull(shape.sealed),
            behind(shape, after),
            ...notUnder.map((keyId) => notLike(shape.sealed, `v1.${keyId}.%`)),
          ),
        )
        .orderBy(asc(shape.id), ...(shape.sub === undefined ? [] : [asc(shape.sub)]))
        .limit(limit)
      return rows.map(({ id, sub, generation, ticketId, sealed }) => ({
        source,
        table: shape.name,
        column: shape.column,
        row: sub === null ? id : `${id}:${sub}:${Number(generation)}`,
        ticketId,
        sealed,
        place: [id, sub ?? ''] as const,
      }))
    },
    async resealCell({ source, sealed: before, place: [id, sub] }, sealed) {
      const shape = all[source]
      const done = await write
        .update(shape.table)
        .set({ [shape.field]: sealed })
        .where(
          and(eq(shape.id, id), shape.sub === undefined ? undefined : eq(shape.sub, sub), eq(shape.sealed, before)),
        )
        .returning({ id: shape.id })
      return done.length > 0
    },
  }
}
