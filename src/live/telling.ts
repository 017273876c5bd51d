import type { ServerResponse } from 'node:http'
import type { Clock } from '../engine/clock.js'
import type { Logger } from '../logging.js'
import type { Holding } from './claims.js'
import type { Feed, News } from './feed.js'
import type { Change } from './log.js'
import { openStream, type Stream } from './stream.js'

/** What a stream may tell: tickets of some offices (null: of all), or that the one ticket changed. */
export type Scope =
  | { readonly kind: 'offices'; readonly offices: readonly string[] | null }
  | { readonly kind: 'ticket'; readonly ticketId: string }

export interface Viewer {
  /** Streams with the same key are counted together. */
  readonly key: string
  /** `Last-Event-ID` of whoever comes back. */
  readonly lastEventId: string | null
  /** What it may be told now, asked again with every beat and before news when the answer is a second old; null: nothing any more, so the stream ends. Counts as no activity. */
  readonly look: () => Promise<Scope | null>
}

/** Whoever was disabled is told nothing after so long (A41). */
const FRESH_MS = 1_000
/** One who watches. */
export interface Connection {
  readonly viewer: Viewer
  scope: Scope | null
  /** When it was last asked what it may be told. */
  lookedAt: number
  stream: Stream | null
  /** News in their order, though each may wait for a look. */
  telling: Promise<void>
}

export const connectionOf = (viewer: Viewer): Connection => ({
  viewer,
  scope: null,
  lookedAt: 0,
  stream: null,
  telling: Promise.resolve(),
})

/** What goes out over one connection, and only while it may. */
export interface Telling {
  /** Answers with the stream; what was missed is told first. */
  serve(connection: Connection, res: ServerResponse): Promise<void>
  /** Still allowed? Then a sign of life. */
  beat(connection: Connection): Promise<void>
}

export function createTelling(
  feed: Feed,
  { clock, logger, isClosed }: { readonly clock: Clock; readonly logger: Logger; readonly isClosed: () => boolean },
): Telling {
  async function look(connection: Connection): Promise<void> {
    connection.lookedAt = clock.now()
    connection.scope = await connection.viewer.look()
  }

  /** False when it may be told nothing any more, and is over. */
  async function isAllowed(connection: Connection): Promise<boolean> {
    try {
      await look(connection)
    } catch (error) {
      // A store that is busy ends nobody's session.
      logger.warn({ err: error }, 'a stream was not looked at')
    }
    if (connection.scope === null) connection.stream?.end('end')
    return connection.scope !== null
  }

  async function tellNews(connection: Connection, news: News | null): Promise<void> {
    const isFresh = clock.now() - connection.lookedAt < FRESH_MS
    if (connection.stream === null || !(isFresh || (await isAllowed(connection)))) return
    if (news === null) connection.stream.send('reset', {}, feed.mark() ?? 0)
    else {
      tell(connection, news.changes)
      tellHoldings(connection, news.holdings)
    }
  }

  async function serve(connection: Connection, res: ServerResponse): Promise<void> {
    const missed = placeOf(connection.viewer.lastEventId)
    await look(connection)
    const stop = await feed.listen((news) => {
      connection.telling = connection.telling.then(() => tellNews(connection, news))
    })
    // Gone meanwhile: nobody would tell of it any more.
    if (res.destroyed || res.writableEnded || isClosed()) {
      stop()
      return
    }
    res.once('close', stop)
    connection.stream = openStream(res)
    if (connection.scope === null) connection.stream.end('end')
    else if (missed === null) connection.stream.send('ready', {}, feed.mark() ?? 0)
    else await catchUp(feed, connection, missed)
  }

  return {
    serve,
    async beat(connection) {
      if (connection.stream !== null && (await isAllowed(connection))) connection.stream.beat()
    },
  }
}

async function catchUp(feed: Feed, connection: Connection, missed: number): Promise<void> {
  const changes = await feed.since(missed)
  if (changes === null) connection.stream?.send('reset', {}, feed.mark() ?? 0)
  else {
    connection.stream?.send('ready', {}, feed.mark() ?? 0)
    tell(connection, changes)
  }
}

function tell({ scope, stream }: Connection, changes: readonly Change[]): void {
  if (scope === null || stream === null) return
  if (scope.kind === 'ticket') {
    const last = changes.findLast((it) => it.ticketId === scope.ticketId)
    if (last !== undefined) stream.send('changed', {}, last.place)
    return
  }
  const { offices } = scope
  for (const { officeId, place, moved, ...change } of changes) {
    const isMine = offices === null || offices.includes(officeId)
    if (isMine) stream.send('ticket', change, place)
    // It may have been here until now; which one it was is not theirs to know any more.
    else if (moved) stream.send('worklist', {}, place)
  }
}

/** Without a place: whoever was away asks who holds what anyway. Whose work a case is, is no news for its participant. */
function tellHoldings({ scope, stream }: Connection, holdings: readonly Holding[]): void {
  if (scope?.kind !== 'offices') return
  const { offices } = scope
  for (const { officeId, ticketId } of holdings)
    if (offices === null || offices.includes(officeId)) stream?.send('claim', { ticketId })
}

/** -1 for what is no place of ours, which is too old by any measure. */
function placeOf(lastEventId: string | null): number | null {
  if (lastEventId === null || lastEventId === '') return null
  return /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : -1
}
