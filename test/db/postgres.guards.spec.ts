import type pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openStore, type Store } from '../../db/index.js'
import { onPostgres } from '../support/postgres.js'
import { describeOnPostgres } from '../support/postgresSuite.js'
import { MONDAY, filing, idOf, step } from './rows.js'

describeOnPostgres('PostgreSQL refuses by itself', (server) => {
  let databaseUrl: string
  let store: Store
  const closed = { ticketId: idOf(1), family: 'sla:resolution', threshold: 'due', generation: 1 }
  beforeAll(async () => {
    databaseUrl = await server().database()
    store = await openStore({ dataDir: '', databaseUrl })
    const one = filing(1)
    await store.commit([one, filing(2)])
    await store.closeTimer(closed, MONDAY)
    await store.commit([step(one.ticket, {}, { standing: 'terminal', closedAt: MONDAY })])
    await store.markDelivered({ ticketId: idOf(1), seq: 1 }, MONDAY, null)
    await run(
      `INSERT INTO calendars VALUES ('pusat', 1, '{}', 0); INSERT INTO policies VALUES ('pengaduan', 1, '{}', 0)`,
    )
  })
  afterAll(async () => {
    await store.close()
  })
  const run = (sql: string) => onPostgres(databaseUrl, (db: pg.Client) => db.query(sql))

  const pending = `'sla:x', 'due', 1, 5, 'pending', NULL`
  const attacks: [what: string, sql: string, says: string][] = [
    ['a log entry changed', `UPDATE ticket_log SET fact = 'TicketApproved'`, 'ticket_log_append_only'],
    ['a log entry deleted', `DELETE FROM ticket_log`, 'ticket_log_append_only'],
    ['the whole log emptied', `TRUNCATE ticket_log`, 'ticket_log_append_only'],
    [
      'a log entry replaced',
      `INSERT INTO ticket_log SELECT * FROM ticket_log ON CONFLICT (ticket_id, seq) DO UPDATE SET fact = 'TicketApproved'`,
      'ticket_log_append_only',
    ],
    ['a closed timer pending again', `UPDATE timers SET state = 'pending', closed_at = NULL`, 'timers_closed_for_good'],
    ['a closed timer moved', `UPDATE timers SET due_at = 1 WHERE state <> 'pending'`, 'timers_closed_for_good'],
    [
      'a pending timer on a terminal ticket',
      `INSERT INTO timers VALUES ('${idOf(1)}', ${pending})`,
      'timers_none_after_terminal',
    ],
    [
      'a ticket that ends with a timer pending',
      `UPDATE tickets SET revision = 9, standing = 'terminal' WHERE id = '${idOf(2)}'`,
      'timers_none_after_terminal',
    ],
    ['a second row of one timer', `INSERT INTO timers SELECT * FROM timers`, 'timers_pk'],
    ['a timer of no ticket', `INSERT INTO timers VALUES ('nobody', ${pending})`, 'timers_ticket_fk'],
    ['a revision that goes back', `UPDATE tickets SET revision = 0`, 'tickets_forward_only'],
    ['a revision that stands still', `UPDATE tickets SET state = 'approved'`, 'tickets_forward_only'],
    ['a maker who checks', `UPDATE tickets SET revision = 9, maker_id = 'a', checker_id = 'a'`, 'tickets_four_eyes'],
    ['a ticket deleted under its log', `DELETE FROM tickets`, '_ticket_fk'],
    ['a delivery forgotten', `UPDATE outbox SET delivered_at = NULL`, 'outbox_delivered_once'],
    ['a published calendar changed', `UPDATE calendars SET spec = '{"x":1}'`, 'calendars_immutable'],
    ['a published calendar deleted', `DELETE FROM calendars`, 'calendars_immutable'],
    ['all published calendars emptied', `TRUNCATE calendars`, 'calendars_immutable'],
    ['a published policy changed', `UPDATE policies SET published_at = 1`, 'policies_immutable'],
    ['a published policy deleted', `DELETE FROM policies`, 'policies_immutable'],
  ]
  it.each(attacks)('%s', async (_what, sql, says) => {
    await expect(run(sql)).rejects.toThrow(says)
  })

  it('and shows no values in what it says', async () => {
    const error: unknown = await store
      .saveOffice({ id: 'secret-value', name: 'x', unitId: 'x', calendarId: 'x', kind: 'elsewhere' as 'pusat' })
      .catch((caught: unknown) => caught)
    expect(String(error)).toContain('offices_kind_known')
    expect(String(error) + JSON.stringify(error)).not.toContain('secret-value')
  })

  it('text that it cannot look for is a clear refusal', async () => {
    await expect(store.listTickets({ participantRef: 'a\0b' }, 'due', 5, null)).rejects.toMatchObject({
      code: 'VALIDATION_FAILED',
    })
  })
})
