import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CalendarSpec } from '../../src/calendar/types.js'
import type { Change, CommitOutcome, TicketRow } from '../../src/engine/types.js'
import type { Policy } from '../../src/machines/policy.js'
import type { Store } from '../../db/types.js'
import { MONDAY, filing, idOf, idempotencyRecord, logEntry, outboxRow, step, ticketRow, timerRow } from './rows.js'

/** A store to try, and whatever must be put away after it. */
export interface Made {
  readonly store: Store
  dispose(): Promise<void>
}

const OK: CommitOutcome = { ok: true }
const refused = (constraint: string): CommitOutcome => ({ ok: false, reason: 'refused', constraint })
const keyOf = (ticketId: string) => ({ ticketId, family: 'sla:resolution', threshold: 'due', generation: 1 })
const SINK = { sink: 'mailbox', body: { template: 'ticketReceived' }, deliveredAt: MONDAY + 9 }

const CALENDAR: CalendarSpec = {
  id: 'pusat',
  version: 1,
  name: 'Kantor pusat',
  zone: 'Asia/Jakarta',
  weekly: { 1: [['08:00', '16:00']] },
  seasons: [],
  holidays: [],
  collectiveLeaveCloses: true,
  example: true,
}
const POLICY: Policy = {
  id: 'pengaduan',
  version: 1,
  ticketType: 'pengaduan',
  provenance: 'a test',
  routes: {},
  deadlines: {},
  limits: { reopenDays: 30 },
}

type Move = { who: number; kind: 'step' | 'old' | 'broken' | 'repeated' | 'closeTimer' | 'file' }

/** Four tickets are filed, then moved as planned; each change is decided on what its author believes, which may be wrong by then. */
function changesOf(base: number, moves: readonly Move[]): Change[] {
  const tickets = [0, 1, 2, 3].map((n) => ticketRow(base + n))
  const changes = tickets.map((_, n) => filing(base + n))
  for (const [n, { who, kind }] of moves.entries()) {
    const believed = tickets[who]!
    const closed = { ...keyOf(believed.id), state: 'fired' as const, closedAt: MONDAY + n }
    const plain = { idempotency: idempotencyRecord(`k-${base}-${n}`, believed.id) }
    const change =
      kind === 'file'
        ? filing(base + 4 + n)
        : kind === 'broken'
          ? step(believed, plain, { standing: 'lost' })
          : kind === 'repeated'
            ? step(believed, { idempotency: idempotencyRecord(`portal-1:file-${base}`, believed.id) })
            : kind === 'closeTimer'
              ? step(believed, { ...plain, timersClosed: [closed] })
              : kind === 'old'
                ? step(ticketRow(base + who), plain)
                : step(believed, plain)
    changes.push(change)
    if (kind === 'step') tickets[who] = change.ticket
  }
  return changes
}

/** What every store promises, whatever is under it. */
export function storeContract(name: string, makeStore: () => Promise<Made>): void {
  describe(`store on ${name}`, () => {
    let made: Made
    let store: Store
    beforeEach(async () => {
      made = await makeStore()
      store = made.store
    })
    afterEach(() => made.dispose())

    const commit = (...changes: Change[]) => store.commit(changes)
    const file = async (n: number, over: Partial<TicketRow> = {}) => {
      const change = filing(n, over)
      expect(await commit(change)).toEqual([OK])
      return change.ticket
    }

    describe('commit', () => {
      it('gives back every column exactly as it was written', async () => {
        const change = filing(1, {
          cause: 'SALAH_INPUT_AWAL',
          makerId: 'agent-1',
          checkerId: 'agent-2',
          closedAt: MONDAY,
        })
        const moves = [{ target: 'resolution', from: null, to: MONDAY, reason: 'started' }]
        await commit({ ...change, log: [logEntry(change.ticket.id, 1, { moves, commandId: null, calendar: null })] })
        const { id } = change.ticket
        expect(await store.findTicket(id)).toEqual(change.ticket)
        const { type, participantRef, officeId } = change.ticket
        expect(await store.findTicketHead(id)).toEqual({ id, type, participantRef, officeId })
        expect(await store.findTicketByNumber(change.ticket.ticketNumber)).toEqual(change.ticket)
        expect(await store.readLog(id, 0, 10)).toEqual([logEntry(id, 1, { moves, commandId: null, calendar: null })])
        expect(await store.timersOf(id)).toEqual(change.timersAdded)
        expect(await store.outboxOf(id)).toEqual(change.outbox)
        expect(await store.findIdempotency('portal-1:file-1')).toEqual(change.idempotency)
      })

      it('writes whichever column moved, when told what the row was before', async () => {
        const [one, other] = [ticketRow(1), ticketRow(2)]
        const fixed = ['id', 'ticketNumber', 'type', 'filedAt', 'revision', 'logSeq', 'updatedAt']
        const moving = (Object.keys(one) as (keyof TicketRow)[]).filter((key) => !fixed.includes(key))
        const moved = (key: keyof TicketRow) => {
          if (key === 'snapshot' || key === 'schedule') return { [key]: { ...one[key], more: [key] } }
          if (key === 'standing') return { standing: 'waitingOnParticipant' as const }
          return {
            [key]: typeof (one[key] ?? other[key]) === 'string' || /Id$|cause/.test(key) ? `other-${key}` : 77_000,
          }
        }
        let before = one
        await store.commit([filing(1)])
        for (const key of moving) {
          const change = step(before, { before }, moved(key))
          expect(await store.commit([change])).toEqual([{ ok: true }])
          expect(await store.findTicket(one.id), key).toEqual(change.ticket)
          before = change.ticket
        }
        // What was believed of an older revision is no reason to leave anything out.
        const late = step(before, { before: { ...one, cause: 'BACK' } }, { cause: 'BACK' })
        expect(await store.commit([late])).toEqual([{ ok: true }])
        expect(await store.findTicket(one.id)).toEqual(late.ticket)
      })

      it('finds nothing where nothing is', async () => {
        expect(await store.findTicket(idOf(9))).toBeNull()
        expect(await store.findTicketHead(idOf(9))).toBeNull()
        expect(await store.findTicketByNumber('PGD-0')).toBeNull()
        expect(await store.findIdempotency('x')).toBeNull()
        expect(await store.findOutbox({ ticketId: idOf(9), seq: 1 })).toBeNull()
        expect(await store.nextPendingTimer()).toBeNull()
        expect(await commit()).toEqual([])
      })

      it('keeps text that breaks careless stores', async () => {
        const text = `O'Brien "quoted" \\ \u0007 emoji 🧾 rtl \u202e تم`
        const change = filing(1, { category: text })
        const log = [logEntry(change.ticket.id, 1, { event: { type: 'note.add', text } })]
        expect(await commit({ ...change, log })).toEqual([OK])
        expect((await store.findTicket(change.ticket.id))?.category).toBe(text)
        expect((await store.readLog(change.ticket.id, 0, 1))[0]?.event.text).toBe(text)
      })

      it('keeps NUL and half characters inside JSON, and refuses NUL in a column', async () => {
        const text = 'a\0b \ud800'
        const change = filing(1)
        const log = [logEntry(change.ticket.id, 1, { event: { type: 'note.add', text } })]
        expect(await commit({ ...change, log })).toEqual([OK])
        expect((await store.readLog(change.ticket.id, 0, 1))[0]?.event.text).toBe(text)
        const nul = [filing(2, { category: 'a\0b' }), filing(3), step(change.ticket, {}, { makerId: '\0' })]
        expect(await commit(...nul)).toEqual([refused('text_without_nul'), OK, refused('text_without_nul')])
      })

      it('writes nothing of a change decided on an old revision, and the rest of its batch', async () => {
        const one = await file(1)
        const two = await file(2)
        await commit(step(one))
        const stale = step(one, { outbox: [outboxRow(one.id, 2)], idempotency: idempotencyRecord('late', one.id) })
        expect(await commit(stale, step(two))).toEqual([{ ok: false, reason: 'stale', constraint: null }, OK])
        expect((await store.findTicket(one.id))?.revision).toBe(2)
        expect(await store.readLog(one.id, 0, 10)).toHaveLength(2)
        expect(await store.outboxOf(one.id)).toHaveLength(1)
        expect(await store.findIdempotency('late')).toBeNull()
        expect((await store.findTicket(two.id))?.revision).toBe(2)
      })

      it('says stale for a ticket that does not exist', async () => {
        expect(await commit(step(ticketRow(1)))).toEqual([{ ok: false, reason: 'stale', constraint: null }])
      })

      it('takes two changes of one ticket in one batch, in order', async () => {
        const ticket = await file(1)
        const first = step(ticket)
        const second = step(first.ticket, {}, { state: 'underVerification' })
        expect(await commit(first, second)).toEqual([OK, OK])
        expect(await store.findTicket(ticket.id)).toMatchObject({ revision: 3, state: 'underVerification' })
        expect((await store.readLog(ticket.id, 0, 10)).map((entry) => entry.revision)).toEqual([1, 2, 3])
      })

      it('refuses the second change of a ticket when the first was refused', async () => {
        const ticket = await file(1)
        const bad = step(ticket, {}, { standing: 'lost' })
        expect(await commit(bad, step(bad.ticket))).toEqual([
          refused('tickets_standing_known'),
          { ok: false, reason: 'stale', constraint: null },
        ])
        expect(await store.findTicket(ticket.id)).toEqual(ticket)
      })

      it('of 100 changes with one stale, one broken and one repeated, commits 97 and refuses exactly 3', async () => {
        const tickets = []
        for (let n = 1; n <= 100; n++) tickets.push(await file(n))
        await commit(step(tickets[10]!, { idempotency: null }))
        const batch = tickets.map((ticket) => step(ticket))
        batch[20] = step(tickets[20]!, {}, { standing: 'lost' })
        batch[30] = step(tickets[30]!, { idempotency: idempotencyRecord('portal-1:file-5', tickets[30]!.id) })
        const outcomes = await store.commit(batch)
        expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(97)
        expect([outcomes[10], outcomes[20], outcomes[30]]).toEqual([
          { ok: false, reason: 'stale', constraint: null },
          refused('tickets_standing_known'),
          { ok: false, reason: 'duplicate', constraint: 'idempotency_pk' },
        ])
        const revisions = await Promise.all(tickets.map(async ({ id }) => (await store.findTicket(id))?.revision))
        expect(revisions.map((revision, n) => (revision === 2 ? null : n)).filter((n) => n !== null)).toEqual([20, 30])
        const logs = await Promise.all(tickets.map(async ({ id }) => (await store.readLog(id, 0, 10)).length))
        expect(logs.map((length, n) => (length === 2 ? null : n)).filter((n) => n !== null)).toEqual([20, 30])
      })

      it('refuses each of many broken changes on its own, and takes every other one', async () => {
        const batch = Array.from({ length: 40 }, (_, n) => filing(n + 1, n % 4 === 0 ? { standing: 'lost' } : {}))
        const outcomes = await store.commit(batch)
        expect(outcomes).toEqual(batch.map((_, n) => (n % 4 === 0 ? refused('tickets_standing_known') : OK)))
        expect(await store.countTickets({})).toBe(30)
        expect(await store.unrelayedOutbox(100)).toHaveLength(30)
        expect(await store.findIdempotency('portal-1:file-1')).toBeNull()
      })

      it('gives a batch the outcomes and rows that its changes would have had one by one', async () => {
        const other = await makeStore()
        // Ids and keys of a run never meet those of another: each starts a thousand numbers further on.
        let base = 0
        const kinds = ['step', 'step', 'old', 'broken', 'repeated', 'closeTimer', 'file'] as const
        const plan = fc.array(fc.record({ who: fc.nat(3), kind: fc.constantFrom(...kinds) }), { maxLength: 24 })
        try {
          await fc.assert(
            fc.asyncProperty(plan, async (moves) => {
              base += 1000
              const changes = changesOf(base, moves)
              const together = await store.commit(changes)
              const alone = []
              for (const change of changes) alone.push(...(await other.store.commit([change])))
              expect(together).toEqual(alone)
              const stateOf = (it: Store) =>
                Promise.all(
                  [...new Set(changes.map((change) => change.ticket.id))].map((id) =>
                    Promise.all([it.findTicket(id), it.readLog(id, 0, 99), it.timersOf(id)]),
                  ),
                )
              expect(await stateOf(store)).toEqual(await stateOf(other.store))
            }),
            { numRuns: 40 },
          )
        } finally {
          await other.dispose()
        }
      })

      it('lets the first of two changes with one idempotency key through', async () => {
        const [one, two] = [await file(1), await file(2)]
        const same = { idempotency: idempotencyRecord('agent-1:k', one.id) }
        expect(await commit(step(one, same), step(two, same))).toEqual([
          OK,
          { ok: false, reason: 'duplicate', constraint: 'idempotency_pk' },
        ])
        expect((await store.findTicket(two.id))?.revision).toBe(1)
      })

      it('says duplicate for a ticket id or number that exists', async () => {
        await file(1)
        const sameId = { ...filing(1, { ticketNumber: 'PGD-other' }), idempotency: null }
        expect(await commit(sameId)).toEqual([{ ok: false, reason: 'duplicate', constraint: 'tickets_pk' }])
        const sameNumber = filing(2, { ticketNumber: ticketRow(1).ticketNumber })
        expect(await commit(sameNumber)).toEqual([
          { ok: false, reason: 'duplicate', constraint: 'tickets_ticket_number_unique' },
        ])
        expect(await store.findTicket(idOf(2))).toBeNull()
      })

      it('leaves nothing of a change whose last row is refused', async () => {
        const change = filing(1)
        const broken = { ...change, outbox: [outboxRow(idOf(1), 1), outboxRow(idOf(1), 2, { kind: 'pigeon' })] }
        expect(await commit(broken)).toEqual([refused('outbox_kind_known')])
        expect(await store.findTicket(idOf(1))).toBeNull()
        expect(await store.readLog(idOf(1), 0, 10)).toEqual([])
        expect(await store.timersOf(idOf(1))).toEqual([])
        expect(await store.outboxOf(idOf(1))).toEqual([])
        expect(await store.findIdempotency('portal-1:file-1')).toBeNull()
      })

      it('leaves nothing of a whole batch when a change cannot be written down at all', async () => {
        const endless: Record<string, unknown> = {}
        endless.self = endless
        const broken = { ...filing(2), outbox: [outboxRow(idOf(2), 1, { body: endless })] }
        await expect(commit(filing(1), broken)).rejects.toThrow(TypeError)
        expect(await store.findTicket(idOf(1))).toBeNull()
        expect(await commit(filing(1))).toEqual([OK])
      })

      const rules: [rule: string, constraint: string, (ticket: TicketRow) => Change][] = [
        ['a maker who checks', 'tickets_four_eyes', (t) => step(t, {}, { makerId: 'agent-1', checkerId: 'agent-1' })],
        ['an unknown standing', 'tickets_standing_known', (t) => step(t, {}, { standing: 'open' })],
        ['a content version below 1', 'tickets_content_version_positive', () => filing(2, { contentVersion: 0 })],
        ['a revision below 1', 'tickets_revision_positive', () => filing(2, { revision: 0 })],
        ['a content version that goes back', 'tickets_forward_only', (t) => step({ ...t, contentVersion: 1 })],
        ['a log entry written twice', 'ticket_log_pk', (t) => step(t, { log: [logEntry(t.id, 1)] })],
        ['a log entry numbered 0', 'ticket_log_seq_positive', (t) => step(t, { log: [logEntry(t.id, 0)] })],
        ['a message written twice', 'outbox_pk', (t) => step(t, { outbox: [outboxRow(t.id, 1)] })],
        ['a timer that exists', 'timers_pk', (t) => step(t, { timersAdded: [timerRow(t.id)] })],
        [
          'a timer in an unknown state',
          'timers_state_known',
          (t) =>
            step(t, { timersAdded: [timerRow(t.id, { generation: 2, state: 'ringing' as 'fired', closedAt: 1 })] }),
        ],
        [
          'a fired timer without its instant',
          'timers_closed_at_matches',
          (t) => step(t, { timersAdded: [timerRow(t.id, { generation: 2, state: 'fired' })] }),
        ],
        ['a row of no ticket', 'foreign_key', (t) => step(t, { outbox: [outboxRow(idOf(99), 1)] })],
      ]
      it.each(rules)('refuses %s', async (_rule, constraint, breakIt) => {
        const ticket = await file(1, { contentVersion: 2 })
        expect(await commit(breakIt(ticket))).toEqual([refused(constraint)])
        expect(await store.findTicket(ticket.id)).toEqual(ticket)
      })
    })

    describe('timers', () => {
      const closing = (ticketId: string) => ({ ...keyOf(ticketId), state: 'fired' as const, closedAt: MONDAY + 5 })

      it('closes a timer once', async () => {
        const ticket = await file(1)
        const fired = step(ticket, { timersClosed: [closing(ticket.id)] })
        expect(await commit(fired)).toEqual([OK])
        expect(await store.timersOf(ticket.id)).toEqual([timerRow(ticket.id, { state: 'fired', closedAt: MONDAY + 5 })])
        expect(await commit(step(fired.ticket, { timersClosed: [closing(ticket.id)] }))).toEqual([
          refused('timer_not_pending'),
        ])
        expect((await store.findTicket(ticket.id))?.revision).toBe(2)
      })

      it('refuses to close a timer that never was, next to changes that go through', async () => {
        const [one, two] = [await file(1), await file(2)]
        const wrong = { ...closing(one.id), generation: 7 }
        expect(await commit(step(one, { timersClosed: [wrong] }), step(two))).toEqual([
          refused('timer_not_pending'),
          OK,
        ])
      })

      it('lets no timer pend on a terminal ticket', async () => {
        const ticket = await file(1)
        const end = { standing: 'terminal', state: 'rejected', closedAt: MONDAY }
        expect(await commit(step(ticket, {}, end))).toEqual([refused('timers_none_after_terminal')])
        const late = { timersClosed: [closing(ticket.id)], timersAdded: [timerRow(ticket.id, { generation: 2 })] }
        expect(await commit(step(ticket, late, end))).toEqual([refused('timers_none_after_terminal')])
        expect(await commit(step(ticket, { timersClosed: [closing(ticket.id)] }, end))).toEqual([OK])
      })

      it('takes a timer that one change adds and closes, even at the end of a ticket', async () => {
        const ticket = await file(1)
        const second = { ...closing(ticket.id), generation: 2, state: 'superseded' as const }
        const change = step(
          ticket,
          { timersAdded: [timerRow(ticket.id, { generation: 2 })], timersClosed: [closing(ticket.id), second] },
          { standing: 'terminal', closedAt: MONDAY },
        )
        expect(await commit(change)).toEqual([OK])
        expect((await store.timersOf(ticket.id)).map((timer) => timer.state)).toEqual(['fired', 'superseded'])
      })

      it('closes a dropped timer as superseded, once', async () => {
        const ticket = await file(1)
        expect(await store.closeTimer(keyOf(ticket.id), MONDAY + 5)).toBe(true)
        expect(await store.closeTimer(keyOf(ticket.id), MONDAY + 6)).toBe(false)
        expect(await store.timersOf(ticket.id)).toEqual([
          timerRow(ticket.id, { state: 'superseded', closedAt: MONDAY + 5 }),
        ])
      })

      it('walks pending timers in order of due, ticket, family and threshold, page by page', async () => {
        const timers = [
          timerRow(idOf(2), { dueAt: 50, threshold: 'warn80' }),
          timerRow(idOf(2), { dueAt: 50, threshold: 'due' }),
          timerRow(idOf(2), { dueAt: 50, family: 'hold', threshold: 'over', generation: 1 }),
          timerRow(idOf(2), { dueAt: 50, family: 'hold', threshold: 'over', generation: 2 }),
          timerRow(idOf(1), { dueAt: 50 }),
          timerRow(idOf(1), { dueAt: 20, threshold: 'warn50' }),
          timerRow(idOf(1), { dueAt: 90, threshold: 'late' }),
          timerRow(idOf(1), { dueAt: 10, threshold: 'gone', state: 'fired', closedAt: 11 }),
        ]
        for (const n of [1, 2])
          await commit({ ...filing(n), timersAdded: timers.filter((timer) => timer.ticketId === idOf(n)) })
        const seen = []
        let after: Parameters<Store['pendingTimers']>[2] = null
        for (;;) {
          const page = await store.pendingTimers(50, 2, after)
          seen.push(...page)
          const last = page.at(-1)
          if (last === undefined) break
          after = { dueAt: last.dueAt, key: last }
        }
        expect(seen).toEqual([timers[5], timers[4], timers[2], timers[3], timers[1], timers[0]])
        expect(await store.nextPendingTimer()).toEqual(timers[5])
      })
    })

    describe('outbox', () => {
      it('lists what is not relayed and what is not delivered, oldest first', async () => {
        const [one, two] = [await file(1), await file(2)]
        await commit(step(one, { outbox: [outboxRow(one.id, 2)] }))
        const [a, b, c] = [outboxRow(one.id, 1), outboxRow(two.id, 1), outboxRow(one.id, 2)]
        expect(await store.unrelayedOutbox(10)).toEqual([a, b, c])
        expect(await store.unrelayedOutbox(1)).toEqual([a])
        await store.markRelayed([a, c], MONDAY + 50)
        await store.markRelayed([a], MONDAY + 60)
        expect(await store.unrelayedOutbox(10)).toEqual([b])
        expect(await store.undeliveredOutbox(MONDAY + 2, 10)).toEqual([{ ...a, relayedAt: MONDAY + 50 }, b])
        expect(await store.undeliveredOutbox(MONDAY + 1, 10)).toEqual([])
      })

      it('gives the unrelayed oldest first, as many as asked for, and not once they are marked', async () => {
        for (const n of [3, 1, 2]) await file(n)
        const [one, two] = await store.claimUnrelayed(2, MONDAY + 60, 30)
        expect([one, two]).toEqual([outboxRow(idOf(1), 1), outboxRow(idOf(2), 1)])
        await store.markRelayed([one!, two!], MONDAY + 61)
        // Whoever took the rest and died has had its time.
        expect(await store.claimUnrelayed(9, MONDAY + 90, 30)).toEqual([outboxRow(idOf(3), 1)])
        expect(await store.claimUnrelayed(9, MONDAY + 120, 30)).toEqual([outboxRow(idOf(3), 1)])
      })

      it('walks the undelivered behind a place, and nothing younger than asked for', async () => {
        const ticket = await file(1)
        const late = outboxRow(ticket.id, 4, { createdAt: MONDAY + 99 })
        await commit(step(ticket, { outbox: [outboxRow(ticket.id, 2), outboxRow(ticket.id, 3), late] }))
        await store.markDelivered({ ticketId: ticket.id, seq: 2 }, MONDAY, null)
        const first = await store.claimUndelivered(MONDAY + 99, 1, MONDAY + 200, 10, null)
        expect(first).toEqual([outboxRow(ticket.id, 1)])
        const next = await store.claimUndelivered(MONDAY + 99, 9, MONDAY + 200, 10, first[0]!)
        expect(next).toEqual([outboxRow(ticket.id, 3)])
        expect(await store.claimUndelivered(MONDAY + 99, 9, MONDAY + 200, 10, next[0]!)).toEqual([])
      })

      it('marks a thousand and more relayed at once', async () => {
        const ticket = await file(1)
        const rows = Array.from({ length: 1203 }, (_, n) => outboxRow(ticket.id, n + 2))
        await commit(step(ticket, { outbox: rows }))
        await store.markRelayed(rows, MONDAY + 50)
        expect(await store.unrelayedOutbox(10)).toEqual([outboxRow(ticket.id, 1)])
        await store.markRelayed([], MONDAY)
      })

      it('delivers once, with its arrival', async () => {
        const ticket = await file(1)
        const key = { ticketId: ticket.id, seq: 1 }
        const arrival = { ...key, ...SINK }
        await store.recordAttempt(key)
        await store.recordAttempt(key)
        expect(await store.markDelivered(key, MONDAY + 9, arrival)).toBe(true)
        expect(await store.markDelivered(key, MONDAY + 10, { ...arrival, body: { again: true } })).toBe(false)
        expect(await store.findOutbox(key)).toEqual(outboxRow(ticket.id, 1, { attempts: 2, deliveredAt: MONDAY + 9 }))
        expect(await store.listDeliveries(null, null, 10)).toEqual([arrival])
        expect(await store.undeliveredOutbox(MONDAY * 2, 10)).toEqual([])
      })

      it('delivers to a sink outside without an arrival, and nothing that does not exist', async () => {
        const ticket = await file(1)
        expect(await store.markDelivered({ ticketId: ticket.id, seq: 1 }, MONDAY, null)).toBe(true)
        const nowhere = { ticketId: ticket.id, seq: 8 }
        expect(await store.markDelivered(nowhere, MONDAY, { ...nowhere, ...SINK })).toBe(false)
        expect(await store.listDeliveries(null, null, 10)).toEqual([])
      })

      it('lists arrivals by sink and ticket, newest first', async () => {
        for (const n of [1, 2, 3]) {
          const key = { ticketId: (await file(n)).id, seq: 1 }
          const sink = n === 3 ? 'account' : 'mailbox'
          await store.markDelivered(key, MONDAY, { ...key, ...SINK, sink, deliveredAt: MONDAY + n })
        }
        const tickets = async (sink: string | null, ticketId: string | null, limit = 10) =>
          (await store.listDeliveries(sink, ticketId, limit)).map((arrival) => arrival.ticketId)
        expect(await tickets(null, null)).toEqual([idOf(3), idOf(2), idOf(1)])
        expect(await tickets('mailbox', null, 1)).toEqual([idOf(2)])
        expect(await tickets('mailbox', idOf(3))).toEqual([])
      })
    })

    describe('tickets', () => {
      const ids = (items: readonly TicketRow[]) => items.map((ticket) => ticket.id)
      async function walk(order: 'filed' | 'due', filter = {}): Promise<string[]> {
        const seen: string[] = []
        let after: Parameters<Store['listTickets']>[3] = null
        do {
          const page = await store.listTickets(filter, order, 2, after)
          seen.push(...ids(page.items))
          after = page.next
        } while (after !== null)
        return seen
      }

      it('walks newest first, ties by id', async () => {
        for (const n of [1, 2, 3, 4, 5]) await file(n, { filedAt: MONDAY + (n === 3 ? 2 : n) })
        expect(await walk('filed')).toEqual([5, 4, 3, 2, 1].map(idOf))
      })

      it('walks the earliest deadline first, then age, tickets without one last', async () => {
        const due = [null, 30, 10, null, 30, 20, null]
        for (const [n, nextDueAt] of due.entries()) await file(n + 1, { nextDueAt })
        expect(await walk('due')).toEqual([3, 6, 2, 5, 1, 4, 7].map(idOf))
        expect(await walk('due', { dueBefore: 30 })).toEqual([3, 6].map(idOf))
      })

      it('has no next page when the last one is exactly full', async () => {
        for (const n of [1, 2]) await file(n)
        expect((await store.listTickets({}, 'due', 2, null)).next).toBeNull()
        expect((await store.listTickets({}, 'filed', 1, null)).next).toEqual({ key: MONDAY, id: idOf(2) })
      })

      it('filters by each column, and counts the same', async () => {
        await file(1)
        const other = await file(2, {
          type: 'koreksi',
          state: 'rejected',
          standing: 'waitingOnParticipant',
          officeId: 'cabang-1',
          route: 'kantor_cabang',
          cause: 'NOMOR_HILANG',
          participantRef: 'participant-x',
          releasedAt: MONDAY - 5,
          nextDueAt: MONDAY - 5,
        })
        const { type, state, standing, officeId, route, participantRef, ticketNumber } = other
        const filters = [
          ...[{ type }, { state }, { standing }, { officeId }, { route }, { participantRef }, { ticketNumber }],
          ...[{ cause: 'NOMOR_HILANG' }, { releasedBefore: MONDAY }, { dueBefore: MONDAY }, { type, state, route }],
        ]
        for (const filter of filters) {
          expect([filter, ids((await store.listTickets(filter, 'due', 5, null)).items)]).toEqual([filter, [other.id]])
          expect(await store.countTickets(filter)).toBe(1)
        }
        expect(await store.countTickets({ type, officeId: 'pusat' })).toBe(0)
        expect(await store.countTickets({})).toBe(2)
      })

      it('gives every id in order', async () => {
        for (const n of [3, 1, 2]) await file(n)
        expect(await store.ticketIds(null, 2)).toEqual([idOf(1), idOf(2)])
        expect(await store.ticketIds(idOf(2), 2)).toEqual([idOf(3)])
      })

      it('reads a log from a place on', async () => {
        let ticket = await file(1)
        for (let n = 0; n < 4; n++) {
          const change = step(ticket)
          await commit(change)
          ticket = change.ticket
        }
        expect((await store.readLog(ticket.id, 2, 2)).map((entry) => entry.seq)).toEqual([3, 4])
      })
    })

    describe('upkeep', () => {
      it('prunes old answers only', async () => {
        const [one, two] = [await file(1), await file(2)]
        const fresh = { ...idempotencyRecord('fresh', one.id), createdAt: MONDAY + 10 }
        await commit(step(one, { idempotency: fresh }), step(two, { idempotency: null }))
        expect(await store.pruneIdempotency(MONDAY)).toBe(0)
        expect(await store.pruneIdempotency(MONDAY + 10)).toBe(2)
        expect(await store.findIdempotency('portal-1:file-1')).toBeNull()
        expect(await store.findIdempotency('fresh')).toEqual(fresh)
      })

      it('keeps dead letters until they are replayed', async () => {
        const letter = {
          id: idOf(1),
          queue: 'notifications',
          job: { ticketId: idOf(1), seq: 1 },
          reason: 'sink down',
          failedAt: MONDAY,
          attempts: 5,
          replayedAt: null,
        }
        const later = { ...letter, id: idOf(2), failedAt: MONDAY + 1 }
        for (const each of [letter, later, { ...letter, reason: 'again' }]) await store.addDeadLetter(each)
        expect(await store.listDeadLetters(10)).toEqual([later, letter])
        expect(await store.findDeadLetter(letter.id)).toEqual(letter)
        expect(await store.findDeadLetter('nobody')).toBeNull()
        expect(await store.markReplayed(letter.id, MONDAY + 7)).toBe(true)
        expect(await store.markReplayed(letter.id, MONDAY + 8)).toBe(false)
        expect(await store.markReplayed('nobody', MONDAY)).toBe(false)
        expect((await store.listDeadLetters(10))[1]).toEqual({ ...letter, replayedAt: MONDAY + 7 })
        // Open ones first: a list that is cut off would hide them behind newer ones that are over.
        const older = { ...letter, id: idOf(3), failedAt: MONDAY - 1 }
        await store.addDeadLetter(older)
        expect(await store.markReplayed(later.id, MONDAY + 9)).toBe(true)
        expect(await store.listDeadLetters(1)).toEqual([older])
      })

      it('publishes a version once; the same again is fine, other content is a conflict', async () => {
        await store.publishCalendar(CALENDAR, MONDAY)
        await store.publishCalendar({ ...CALENDAR, seasons: [] }, MONDAY + 1)
        const reordered = Object.fromEntries(Object.entries(CALENDAR).reverse()) as unknown as CalendarSpec
        await store.publishCalendar(reordered, MONDAY + 1)
        await expect(store.publishCalendar({ ...CALENDAR, zone: 'Asia/Jayapura' }, MONDAY)).rejects.toMatchObject({
          code: 'CONFLICT',
        })
        await store.publishCalendar({ ...CALENDAR, version: 2, zone: 'Asia/Jayapura' }, MONDAY)
        expect(await store.calendars()).toEqual([CALENDAR, { ...CALENDAR, version: 2, zone: 'Asia/Jayapura' }])
        await store.publishPolicy(POLICY, MONDAY)
        await store.publishPolicy(POLICY, MONDAY)
        await expect(store.publishPolicy({ ...POLICY, limits: {} }, MONDAY)).rejects.toMatchObject({ code: 'CONFLICT' })
        expect(await store.policies()).toEqual([POLICY])
      })

      it('saves an office and saves it anew', async () => {
        const office = { id: 'pusat', name: 'Pusat', unitId: 'unit-1', calendarId: 'pusat', kind: 'pusat' as const }
        await store.saveOffice(office)
        await store.saveOffice({ ...office, name: 'Kantor Pusat' })
        expect(await store.offices()).toEqual([{ ...office, name: 'Kantor Pusat' }])
        await store.saveUnit({ id: 'unit-a', name: 'Unit A' })
        await store.saveUnit({ id: 'unit-a', name: 'Unit Alfa' })
        expect(await store.units()).toEqual([{ id: 'unit-a', name: 'Unit Alfa' }])
      })

      it('answers to a ping, is sound, and says so when closed', async () => {
        await file(1)
        await store.ping()
        await store.ping()
        expect(await store.integrityProblems()).toEqual([])
        await store.close()
        await store.close()
        await expect(store.ping()).rejects.toMatchObject({ code: 'SHUTTING_DOWN' })
        await expect(commit(filing(2))).rejects.toMatchObject({ code: 'SHUTTING_DOWN' })
        await expect(store.findTicket(idOf(1))).rejects.toMatchObject({ code: 'SHUTTING_DOWN' })
      })
    })
  })
}
