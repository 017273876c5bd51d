import type Database from 'better-sqlite3'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { openWriting, sqliteBackend } from '../../db/open.sqlite.js'
import { createStore } from '../../db/store.js'
import type { Store } from '../../db/types.js'
import { VirtualClock } from '../../src/engine/clock.js'
import { startHolder } from './children.js'
import { dataFolder } from './folder.js'
import { MONDAY, filing, idOf, outboxRow, step } from './rows.js'

/** The store with its writing connection laid open. */
function openBare(dataDir: string) {
  const clock = new VirtualClock(MONDAY)
  const connections = openWriting(dataDir, clock)
  const store = createStore(sqliteBackend(connections), clock)
  onTestFinished(() => store.close())
  return { store, ...connections }
}

describe('SQL refuses by itself', () => {
  let db: Database.Database
  let store: Store
  const closed = { ticketId: idOf(1), family: 'sla:resolution', threshold: 'due', generation: 1 }
  beforeEach(async () => {
    const bare = openBare(dataFolder())
    db = bare.writer
    store = bare.store
    const one = filing(1)
    await store.commit([one, filing(2)])
    await store.closeTimer(closed, MONDAY)
    await store.commit([step(one.ticket, {}, { standing: 'terminal', closedAt: MONDAY })])
    await store.markDelivered({ ticketId: idOf(1), seq: 1 }, MONDAY, null)
    db.exec(`INSERT INTO calendars VALUES ('pusat', 1, '{}', 0); INSERT INTO policies VALUES ('pengaduan', 1, '{}', 0)`)
  })

  const pending = `'sla:x', 'due', 1, 5, 'pending', NULL`
  const attacks: [what: string, sql: string, says: string][] = [
    ['a log entry changed', `UPDATE ticket_log SET fact = 'TicketApproved'`, 'ticket_log_append_only'],
    ['a log entry deleted', `DELETE FROM ticket_log`, 'ticket_log_append_only'],
    [
      'a log entry replaced',
      `REPLACE INTO ticket_log SELECT ticket_id, seq, at, recorded_at, 'TicketApproved', actor_id, actor_role, command_id,
         machine_version, policy_version, calendar, state, revision, moves, event FROM ticket_log`,
      'ticket_log_append_only',
    ],
    ['a closed timer pending again', `UPDATE timers SET state = 'pending', closed_at = NULL`, 'timers_closed_for_good'],
    ['a closed timer moved', `UPDATE timers SET due_at = 1 WHERE state <> 'pending'`, 'timers_closed_for_good'],
    [
      'a pending timer on a terminal ticket',
      `INSERT INTO timers VALUES ('${idOf(1)}', ${pending})`,
      'timers_none_after_terminal',
    ],
    ['a second row of one timer', `INSERT INTO timers SELECT * FROM timers`, 'UNIQUE'],
    ['a timer of no ticket', `INSERT INTO timers VALUES ('nobody', ${pending})`, 'FOREIGN KEY'],
    ['a revision that goes back', `UPDATE tickets SET revision = 1`, 'tickets_forward_only'],
    ['a revision that stands still', `UPDATE tickets SET state = 'approved'`, 'tickets_forward_only'],
    ['a maker who checks', `UPDATE tickets SET revision = 9, maker_id = 'a', checker_id = 'a'`, 'tickets_four_eyes'],
    ['a ticket deleted under its log', `DELETE FROM tickets`, 'FOREIGN KEY'],
    ['a delivery forgotten', `UPDATE outbox SET delivered_at = NULL`, 'outbox_delivered_once'],
    ['a published calendar changed', `UPDATE calendars SET spec = '{"x":1}'`, 'calendars_immutable'],
    ['a published calendar deleted', `DELETE FROM calendars`, 'calendars_immutable'],
    ['a published calendar replaced', `REPLACE INTO calendars VALUES ('pusat', 1, '[]', 0)`, 'calendars_immutable'],
    ['a published policy changed', `UPDATE policies SET published_at = 1`, 'policies_immutable'],
    ['a published policy deleted', `DELETE FROM policies`, 'policies_immutable'],
  ]
  it.each(attacks)('%s', (_what, sql, says) => {
    expect(() => db.exec(sql)).toThrow(says)
  })

  it('and shows no values in what it says', async () => {
    const error: unknown = await store
      .saveOffice({
        id: 'secret-value',
        name: 'x',
        unitId: 'x',
        calendarId: 'x',
        kind: 'elsewhere' as 'pusat',
      })
      .catch((caught: unknown) => caught)
    expect(String(error)).toContain('offices_kind_known')
    expect(String(error) + JSON.stringify(error)).not.toContain('secret-value')
  })
})

describe('one commit, seen from another connection', () => {
  it('shows nothing half-done, and nothing at all when a statement in the middle throws', async () => {
    const { store, writer, reader } = openBare(dataFolder())
    const seen: unknown[] = []
    let fail = false
    writer.function('peek', () => {
      seen.push(
        reader.prepare('SELECT (SELECT count(*) FROM tickets) + (SELECT count(*) FROM ticket_log)').pluck().get(),
      )
      if (fail) throw new Error('power cut')
      return 1
    })
    writer.exec('CREATE TEMP TRIGGER middle AFTER INSERT ON main.timers BEGIN SELECT peek(); END')
    await store.commit([filing(1), filing(2)])
    expect(seen).toEqual([0, 0])
    expect(await store.countTickets({})).toBe(2)
    fail = true
    await expect(store.commit([filing(3)])).rejects.toThrow('power cut')
    fail = false
    expect(await store.findTicket(idOf(3))).toBeNull()
    expect(await store.commit([filing(3)])).toEqual([{ ok: true }])
  })
})

describe('a database that cannot write', () => {
  const busy = { code: 'STORE_BUSY' }

  it('says STORE_BUSY when the disk is full, keeps nothing of the batch, and recovers', async () => {
    const { store, writer } = openBare(dataFolder())
    await store.commit([filing(1)])
    const pages = writer.pragma('page_count', { simple: true }) as number
    writer.pragma(`max_page_count = ${pages + 8}`)
    const batch = Array.from({ length: 100 }, (_, n) => filing(n + 2))
    await expect(store.commit(batch)).rejects.toMatchObject(busy)
    expect(await store.countTickets({})).toBe(1)
    expect(await store.findTicket(idOf(1))).not.toBeNull()
    // A refused change makes the batch replay: the disk fills up in the second round as well.
    await expect(store.commit([step(filing(1).ticket, {}, { standing: 'lost' }), ...batch])).rejects.toMatchObject(busy)
    writer.pragma('max_page_count = 1000000')
    expect((await store.commit(batch)).every((outcome) => outcome.ok)).toBe(true)
    expect(await store.integrityProblems()).toEqual([])
  })

  it('says STORE_BUSY while another process holds the write lock, still reads, and recovers', async () => {
    const dataDir = dataFolder()
    const { store, writer } = openBare(dataDir)
    await store.commit([filing(1)])
    const holder = startHolder(writer.name, 'BEGIN IMMEDIATE')
    expect(await holder.line()).toBe('held')
    const key = { ticketId: idOf(1), seq: 1 }
    await expect(store.commit([filing(2)])).rejects.toMatchObject(busy)
    await expect(store.ping()).rejects.toMatchObject(busy)
    await expect(store.markDelivered(key, MONDAY, null)).rejects.toMatchObject(busy)
    expect(await store.findTicket(idOf(2))).toBeNull()
    expect(await store.findOutbox(key)).toEqual(outboxRow(idOf(1), 1))
    await holder.kill('SIGKILL')
    expect(await store.commit([filing(2)])).toEqual([{ ok: true }])
    await store.ping()
  })
})
