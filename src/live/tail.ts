/** Rows of one log, by where they stand in it. */
export interface Source<Row extends { readonly place: number }> {
  /** The highest place of a numbered log. */
  end(): Promise<number>
  /** Rows behind a place, in order, at most about `most`; `isNew` leaves out those told already. */
  behind(place: number, most: number, isNew: (key: string) => boolean): Promise<readonly Row[]>
  keyOf(row: Row): string
}
/** `numbered`: in the order of commits. `timed`: several processes write, and a row may appear behind others. */
export type Order = 'numbered' | 'timed'

/** More than this at once is told as "look again". */
export const MOST = 1_000
/** So far is looked back in a timed log. */
const LOOK_BACK_MS = 5_000
export const lookedBack = (place: number, order: Order): number => (order === 'timed' ? place - LOOK_BACK_MS : place)

/** One log from now on, each row once. */
export interface Tail<Row> {
  readonly mark: number
  /** What came since the last time; null when that is more than is told one by one. */
  next(): Promise<readonly Row[] | null>
}

/** Begins at what is newest now. `now` in epoch ms. */
export async function openTail<Row extends { readonly place: number }>(
  source: Source<Row>,
  order: Order,
  now: () => number,
): Promise<Tail<Row>> {
  const seen = new Map<string, number>()
  const newest = async () => (order === 'timed' ? now() : source.end())
  let mark = await newest()
  const remember = (rows: readonly Row[]) => {
    if (order === 'timed') for (const row of rows) seen.set(source.keyOf(row), row.place)
  }
  // What was there before is not news.
  if (order === 'timed') remember(await source.behind(lookedBack(mark, order), MOST, () => true))
  return {
    get mark() {
      return mark
    },
    async next() {
      const rows = await source.behind(lookedBack(mark, order), MOST, (key) => !seen.has(key))
      const last = rows.at(-1)
      if (last === undefined) return []
      remember(rows)
      mark = rows.length > MOST ? await newest() : Math.max(mark, last.place)
      for (const [key, place] of seen) if (place < mark - 2 * LOOK_BACK_MS) seen.delete(key)
      return rows.length > MOST ? null : rows
    },
  }
}
