import type { ServerResponse } from 'node:http'
import { PulihError } from '../engine/errors.js'
import type { Holding } from './claims.js'
import { createFeed, type Feed, type FeedParts } from './feed.js'
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
  /** What it may be told now, asked again with every beat; null: nothing any more, so the stream ends. Counts as no activity. */
  readonly look: () => Promise<Scope | null>
}

/** Server-sent events: what changed, as ids, codes and versions, so that a page knows when to ask again. */
export interface Live {
  /** Takes a place and gives what answers the request with it. Throws TOO_MANY_REQUESTS when all are taken, SHUTTING_DOWN. */
  open(viewer: Viewer): (res: ServerResponse) => void
  /** Looks at every stream now: still allowed? Then a sign of life. Done by itself every quarter of a minute. */
  beat(): Promise<void>
  /** How many are open. */
  readonly size: number
  /** Ends all streams and takes no more. */
  close(): void
}

export interface LiveParts extends FeedParts {
  /** Told when this process committed something. */
  readonly onCommitted: (listener: () => void) => () => void
  readonly beatMs?: number
  readonly caps?: { readonly each: number; readonly all: number }
}

const BEAT_MS = 15_000
/** A browser opens one for each window. */
const CAPS = { each: 6, all: 1_000 }
const RETRY_SECONDS = 30

interface Connection {
  readonly viewer: Viewer
  scope: Scope | null
  stream: Stream | null
}

export function createLive(parts: LiveParts): Live {
  const { logger, onCommitted, beatMs = BEAT_MS, caps = CAPS } = parts
  const feed = createFeed(parts)
  const connections = new Set<Connection>()
  let unhook: (() => void) | null = null
  let beating: NodeJS.Timeout | null = null
  let closed = false

  function take(viewer: Viewer): Connection {
    if (closed) throw new PulihError('SHUTTING_DOWN', 'no new streams while stopping')
    const mine = [...connections].filter((it) => it.viewer.key === viewer.key).length
    if (mine >= caps.each || connections.size >= caps.all)
      throw new PulihError('TOO_MANY_REQUESTS', 'too many streams are open', { retryAfter: RETRY_SECONDS })
    const connection: Connection = { viewer, scope: null, stream: null }
    connections.add(connection)
    unhook ??= onCommitted(() => {
      feed.nudge()
    })
    beating ??= setInterval(() => void beat(), beatMs).unref()
    return connection
  }

  function release(connection: Connection): void {
    connections.delete(connection)
    if (connections.size > 0) return
    unhook?.()
    unhook = null
    if (beating !== null) clearInterval(beating)
    beating = null
  }

  async function beat(): Promise<void> {
    await Promise.all(
      [...connections].map(async (connection) => {
        const { viewer, stream } = connection
        if (stream === null) return
        try {
          connection.scope = await viewer.look()
        } catch (error) {
          // A store that is busy ends nobody's session.
          logger.warn({ err: error }, 'a stream was not looked at')
        }
        if (connection.scope === null) stream.end('end')
        else stream.beat()
      }),
    )
  }

  return {
    open(viewer) {
      const connection = take(viewer)
      return (res) => {
        res.once('close', () => {
          release(connection)
        })
        serve(feed, connection, res, () => closed).catch((error: unknown) => {
          logger.warn({ err: error }, 'a stream failed')
          res.destroy()
        })
      }
    },
    beat,
    get size() {
      return connections.size
    },
    close() {
      closed = true
      for (const { stream } of connections) stream?.end('bye')
      feed.stop()
    },
  }
}

async function serve(feed: Feed, connection: Connection, res: ServerResponse, isClosed: () => boolean): Promise<void> {
  const { viewer } = connection
  const missed = placeOf(viewer.lastEventId)
  connection.scope = await viewer.look()
  const stop = await feed.listen((news) => {
    if (news === null) connection.stream?.send('reset', {}, feed.mark() ?? 0)
    else {
      tell(connection, news.changes)
      tellHoldings(connection, news.holdings)
    }
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
