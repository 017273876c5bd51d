/** Rows of one log, by where they stand in it. */
export interface Source<Row extends { readonly place: number }> {
  /** The highest place of a numbered log. */
  end(): Promise<number>
  /** Stands before every row of its place. */
  first(place: number): Row
  /** The next rows behind one, in order, at most `most`. */
  after(row: Row, most: number): Promise<readonly Row[]>
  keyOf(row: Row): string
}
/** `numbered`: in the order of commits. `timed`: several processes write, and a row may appear behind others. */
export type Order = 'numbered' | 'timed'

/** More than this at once is told as "look again". */
const MOST = 1_000
/** So far is looked back in a timed log. */
const LOOK_BACK_MS = 5_000
const lookedBack = (place: number, order: Order): number => (order === 'timed' ? place - LOOK_BACK_MS : place)

const PAGE = 500

/** The rows behind a place, in order; null when that is more than is told one by one. */
export async function rowsSince<Row extends { readonly place: number }>(
  source: Source<Row>,
  order: Order,
  place: number,
): Promise<readonly Row[] | null> {
  const rows = await behind(source, order, place, () => true)
  return rows.length > MOST ? null : rows
}

/** The new rows behind a place, in order; once they are more than MOST, no further. */
async function behind<Row extends { readonly place: number }>(
  source: Source<Row>,
  order: Order,
  place: number,
  isNew: (row: Row) => boolean,
): Promise<readonly Row[]> {
  const found: Row[] = []
  let last = source.first(lookedBack(place, order))
  while (found.length <= MOST) {
    const page = await source.after(last, PAGE)
    found.push(...page.filter(isNew))
    const next = page.at(-1)
    if (next === undefined || page.length < PAGE) break
    last = next
  }
  return found
}

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
  if (order === 'timed') remember(await behind(source, order, mark, () => true))
  return {
    get mark() {
      return mark
    },
    async next() {
      const rows = await behind(source, order, mark, (row) => !seen.has(source.keyOf(row)))
      const last = rows.at(-1)
      if (last === undefined) return []
      remember(rows)
      mark = rows.length > MOST ? await newest() : Math.max(mark, last.place)
      for (const [key, place] of seen) if (place < mark - 2 * LOOK_BACK_MS) seen.delete(key)
      return rows.length > MOST ? null : rows
    },
  }
}
