import { z } from 'zod'
import type { LogEntry } from '../../engine/types.js'
import type { Actor, TicketType } from '../../machines/ticketType.js'
import { EVERYONE, STAFF, ok, route, type ApiDeps, type Call, type Route } from '../context.js'
import { readCursor, writeCursor } from '../cursor.js'
import { moveView, reasonOf } from '../moveViews.js'
import { HistoryPage } from '../shapes.js'
import { eventLabel, visibleTicket } from '../ticketViews.js'
import { iso, labelOf } from '../words.js'

const Query = z.strictObject({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.string().max(512).optional(),
})
type Query = z.infer<typeof Query>

export const historyRoutes = (deps: ApiDeps): readonly Route[] => [
  route<Query>({
    method: 'get',
    path: '/v1/tickets/:id/history',
    operationId: 'getHistory',
    summary: 'Riwayat tiket, oldest first: facts with labels and every due date that moved, with the reason.',
    access: EVERYONE,
    query: Query,
    reply: { status: 200, description: 'One page.', schema: HistoryPage },
    problems: ['TICKET_NOT_FOUND', 'CURSOR_MALFORMED'],
    handle: (call) => history(deps, call),
  }),
]

async function history(deps: ApiDeps, { params, actor, query }: Call<Query>) {
  const { ticket, type } = await visibleTicket(deps, params['id'] ?? '', actor)
  const scope = { list: 'history', ticket: ticket.id }
  const after = readCursor(query.cursor, scope)?.key ?? 0
  // One more than asked tells whether there is a next page.
  const entries = await deps.store.readLog(ticket.id, after, query.limit + 1)
  const shown = entries.slice(0, query.limit)
  const last = entries.length > query.limit ? shown.at(-1) : undefined
  return ok({
    items: shown.map((entry) => entryView(entry, type, actor)),
    next: writeCursor(last === undefined ? null : { key: last.seq, id: ticket.id }, scope),
  })
}

/** Participants see roles and facts; who exactly, and with which codes, is for staff. */
function entryView(entry: LogEntry, type: TicketType, reader: Actor) {
  const staff = STAFF.includes(reader.role)
  const { type: event, ...payload } = entry.event
  return {
    seq: entry.seq,
    at: iso(entry.at),
    recordedAt: iso(entry.recordedAt),
    fact: entry.fact,
    label: eventLabel(type, event),
    event,
    payload: staff ? payload : null,
    actor: { role: entry.actorRole, id: staff ? entry.actorId : null },
    state: entry.state,
    stateLabel: labelOf(type.states, entry.state),
    moves: (entry.moves ?? []).map((move) => moveView(move, type, reasonOf(entry))),
  }
}
