import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createEngine, createIds } from '../../src/engine/index.js'
import { describeOnPostgres } from '../support/postgresSuite.js'
import { onPostgres } from '../support/postgres.js'
import { agent, checker, portal, World } from '../support/world.js'

/** By another name than its own, under which it may have been loaded in this process before, and would declare nothing. */
async function again(suite: string): Promise<void> {
  const file = `./${suite}.spec.ts?postgres`
  await import(/* @vite-ignore */ file)
}

/** The engine's own suites once more, with every store on a real PostgreSQL. `verify` closes many of their tests. */
describeOnPostgres('on PostgreSQL', () => {
  // Each in a frame of its own: they bring hooks along.
  describe.each(['handle', 'settle', 'trust', 'doors', 'types', 'redate', 'redate.types'])('%s', (suite) =>
    again(suite),
  )

  describe('a commit that is held up', () => {
    let world: World
    beforeEach(async () => (world = await World.open()))
    afterEach(() => world.close())

    test('holds up nobody but those who want the same ticket', async () => {
      const held = await world.ticketIn('submitted')
      const free = await world.ticketIn('submitted')
      const withdraw = (id: string) => world.send(id, portal, 'withdraw', { reason: 'DONE_ELSEWHERE' })
      await onPostgres(world.place.databaseUrl!, async (db) => {
        await db.query(`BEGIN; SELECT FROM tickets WHERE id = '${held}' FOR UPDATE`)
        const waiting = withdraw(held)
        await expect
          .poll(async () => (await db.query(`SELECT FROM pg_locks WHERE NOT granted`)).rowCount, { interval: 5 })
          .toBeGreaterThan(0)
        expect((await withdraw(free)).state).toBe('withdrawn')
        expect((await world.row(held)).state).toBe('submitted')
        await db.query('COMMIT')
        expect((await waiting).state).toBe('withdrawn')
      })
    })

    test('holds up no command that its batch had no room for', async () => {
      const [held, free] = [await world.ticketIn('submitted'), await world.ticketIn('submitted')]
      const { store, types, clock } = world
      const ids = createIds(clock, (bytes) => crypto.getRandomValues(bytes))
      const engine = await createEngine({ store, types, clock, ids, maxBatch: 1 })
      const withdraw = (ticketId: string) => {
        const event = { type: 'withdraw', reason: 'DONE_ELSEWHERE' }
        return engine.handle({ ticketId, actor: portal, event, key: null, fingerprint: null })
      }
      await onPostgres(world.place.databaseUrl!, async (db) => {
        await db.query(`BEGIN; SELECT FROM tickets WHERE id = '${held}' FOR UPDATE`)
        const waiting = withdraw(held)
        // In the same turn, and nobody comes after it.
        expect((await withdraw(free)).state).toBe('withdrawn')
        await db.query('COMMIT')
        expect((await waiting).state).toBe('withdrawn')
      })
      await engine.stop()
    })
  })

  describe('verify', () => {
    let world: World
    beforeEach(async () => {
      world = await World.open()
      await world.ticketIn('onHold')
    })
    afterEach(() => world.close())
    /** With the guards off, as only the owner of the database could. */
    const tamper = (sql: string) =>
      onPostgres(world.place.databaseUrl!, (db) => db.query(`SET session_replication_role = replica; ${sql}`))

    test('finds nothing in a healthy store, also while others write', async () => {
      const others = Array.from({ length: 20 }, () => world.ticketIn('submitted'))
      expect(await world.verify()).toEqual([])
      await Promise.all(others)
      expect(await world.verify()).toEqual([])
    })

    test.each([
      ['a fact changed', `UPDATE ticket_log SET fact = 'TicketRejected' WHERE seq = 3`],
      ['the last fact gone', `DELETE FROM ticket_log WHERE seq = (SELECT max(seq) FROM ticket_log)`],
      ['another checker', `UPDATE tickets SET checker_id = '${portal.id}' WHERE checker_id = '${checker.id}'`],
      [
        'another maker in the snapshot',
        `UPDATE tickets SET snapshot = replace(snapshot::text, '${agent.id}', 'x')::json`,
      ],
      ['a timer gone', `DELETE FROM timers WHERE state = 'pending'`],
      ['a message gone', `DELETE FROM outbox WHERE seq = 1`],
      ['a guard off', `ALTER TABLE ticket_log DISABLE TRIGGER ticket_log_append_only`],
    ])('finds %s', async (_what, sql) => {
      await tamper(sql)
      expect(await world.verify()).not.toEqual([])
      // As it was, for whoever gets this database next.
      await tamper('ALTER TABLE ticket_log ENABLE TRIGGER ALL')
    })
  })
})
