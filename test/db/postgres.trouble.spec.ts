import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { openStore, type OpenOptions, type Store } from '../../db/index.js'
import type { PulihError } from '../../src/engine/errors.js'
import { hasPostgres, onPostgres, startPostgres, type PostgresServer } from '../support/postgres.js'
import { freePort } from '../support/servers.js'
import { MONDAY, filing, idOf, step } from './rows.js'

const OK = { ok: true }
const BUSY = { code: 'STORE_BUSY' }

describe.skipIf(!hasPostgres)('a PostgreSQL in trouble', () => {
  let server: PostgresServer
  let databaseUrl: string
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server.stop())
  beforeEach(async () => {
    databaseUrl = await server.database()
  })
  async function open(options: Partial<OpenOptions> = {}): Promise<Store> {
    const store = await openStore({ dataDir: '', databaseUrl, ...options })
    onTestFinished(() => store.close())
    return store
  }
  const run = (sql: string) => onPostgres(databaseUrl, (db) => db.query(sql))
  /** A connection that holds what it does until the test lets go. */
  async function holding(sql: string): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: databaseUrl })
    client.on('error', () => undefined)
    await client.connect()
    onTestFinished(() => client.end())
    await client.query(`BEGIN; ${sql}`)
    return client
  }
  /** Until the server says that somebody waits for a lock. */
  const someoneWaits = () =>
    expect
      .poll(async () => (await run(`SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'`)).rowCount, {
        interval: 20,
      })
      .toBe(1)

  it('killed and started again: STORE_BUSY meanwhile, what was acknowledged is there, and all goes on by itself', async () => {
    const store = await open()
    const acknowledged: number[] = []
    const codes = new Set<unknown>()
    let ended = false
    const load = async (first: number) => {
      for (let n = first; !ended; n += 4)
        await store.commit([filing(n)]).then(
          ([outcome]) => outcome?.ok === true && acknowledged.push(n),
          (error: unknown) => codes.add((error as PulihError).code),
        )
    }
    const lanes = [1, 2, 3, 4].map(load)
    await expect.poll(() => acknowledged.length).toBeGreaterThan(20)
    await server.kill()
    await expect(store.ping()).rejects.toMatchObject(BUSY)
    await expect(store.findTicket(idOf(1))).rejects.toMatchObject(BUSY)
    const before = acknowledged.length
    await server.restart()
    await expect.poll(() => acknowledged.length).toBeGreaterThan(before + 20)
    ended = true
    await Promise.all(lanes)
    expect([...codes]).toEqual(['STORE_BUSY'])
    for (const n of acknowledged) expect(await store.findTicket(idOf(n))).toMatchObject({ revision: 1 })
    // What was in flight is there whole or not at all.
    const { rows } = await run('SELECT (SELECT count(*) FROM tickets) AS t, (SELECT count(*) FROM idempotency) AS i')
    expect(rows[0].t).toBe(rows[0].i)
    expect(await store.integrityProblems()).toEqual([])
  })

  it('a connection cut in the middle of a commit: STORE_BUSY, nothing stays, the next one goes through', async () => {
    const store = await open()
    const { ticket } = filing(1)
    await store.commit([filing(1)])
    const holder = await holding(`SELECT FROM tickets FOR UPDATE`)
    const cut = expect(store.commit([filing(2), step(ticket)])).rejects.toMatchObject(BUSY)
    await someoneWaits()
    await run(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'`)
    await cut
    await holder.query('ROLLBACK')
    expect(await store.findTicket(idOf(2))).toBeNull()
    expect(await store.commit([filing(2), step(ticket)])).toEqual([OK, OK])
  })

  it('a ticket that another transaction holds: STORE_BUSY after the lock timeout, nothing stays', async () => {
    const store = await open({ databaseUrl: `${databaseUrl}?lock_timeout=100` })
    const { ticket } = filing(1)
    await store.commit([filing(1)])
    const holder = await holding(`SELECT FROM tickets FOR UPDATE`)
    await expect(store.commit([step(ticket), filing(2)])).rejects.toMatchObject(BUSY)
    await holder.query('COMMIT')
    expect(await store.findTicket(idOf(2))).toBeNull()
    expect(await store.commit([step(ticket), filing(2)])).toEqual([OK, OK])
  })

  it('a commit that meets another one waits for it, and is stale when that one moved the ticket', async () => {
    const store = await open()
    const { ticket } = filing(1)
    await store.commit([filing(1)])
    const holder = await holding(`UPDATE tickets SET revision = 2`)
    const commit = store.commit([step(ticket), filing(2)])
    await someoneWaits()
    await holder.query('COMMIT')
    expect(await commit).toEqual([{ ok: false, reason: 'stale', constraint: null }, OK])
    expect(await store.readLog(ticket.id, 0, 9)).toHaveLength(1)
  })

  /** The server itself raises this, the first `times` it is to write a timer. */
  const raising = (sqlState: string, times: number) =>
    run(`CREATE SEQUENCE tries;
      CREATE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF nextval('tries') <= ${times} THEN RAISE EXCEPTION USING ERRCODE = '${sqlState}', DETAIL = 'secret-value'; END IF;
        RETURN NEW; END $$;
      CREATE TRIGGER trouble BEFORE INSERT ON timers FOR EACH ROW EXECUTE FUNCTION trouble()`)

  it.each([
    ['a full disk', '53100', 'the disk is full'],
    ['no memory', '53200', 'memory'],
    ['a disk error', '58030', 'the disk'],
    ['a statement that takes too long', '57014', 'took too long'],
    ['a shutdown', '57P01', 'shutting down'],
    ['a standby', '25006', 'takes no writes'],
  ])('%s: STORE_BUSY, nothing stays, and recovers by itself', async (_what, sqlState, says) => {
    const store = await open()
    await raising(sqlState, 1)
    const error: unknown = await store.commit([filing(1), filing(2)]).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ ...BUSY, message: expect.stringContaining(says) as string })
    expect(JSON.stringify(error) + String(error)).not.toContain('secret')
    expect(await store.countTickets({})).toBe(0)
    expect(await store.commit([filing(1), filing(2)])).toEqual([OK, OK])
  })

  it.each(['40001', '40P01'])(
    'lost races (%s) are run again after growing waits, and given up after three',
    async (code) => {
      const waits: number[] = []
      const wait = (ms: number) => Promise.resolve(void waits.push(ms))
      const store = await open({ chance: { random: () => 0.5, wait } })
      await raising(code, 6)
      await expect(store.commit([filing(1)])).rejects.toMatchObject(BUSY)
      expect(waits).toEqual([8, 16, 32])
      expect(await store.findTicket(idOf(1))).toBeNull()
      expect(await store.commit([filing(1)])).toEqual([OK])
      expect(waits).toEqual([8, 16, 32, 8, 16])
    },
  )

  it('no connection left on the server: STORE_BUSY, and recovers by itself', async () => {
    await run('CREATE ROLE app LOGIN CONNECTION LIMIT 0; GRANT ALL ON ALL TABLES IN SCHEMA public TO app')
    await run('GRANT USAGE ON SCHEMA drizzle TO app; GRANT SELECT ON ALL TABLES IN SCHEMA drizzle TO app')
    const app = databaseUrl.replace('pulih@', 'app@')
    await expect(open({ databaseUrl: app })).rejects.toMatchObject(BUSY)
    await run('ALTER ROLE app CONNECTION LIMIT 2')
    // A user who may write rows and make nothing is enough, once somebody has migrated.
    const store = await open({ databaseUrl: app })
    await run('ALTER ROLE app CONNECTION LIMIT 0')
    await expect(Promise.all([store.ping(), store.ping()])).rejects.toMatchObject(BUSY)
    await run('ALTER ROLE app CONNECTION LIMIT 2')
    expect(await store.commit([filing(1)])).toEqual([OK])
  })

  it('more work at once than connections waits its turn', async () => {
    const store = await open({ connections: 2 })
    const outcomes = await Promise.all(Array.from({ length: 40 }, (_, n) => store.commit([filing(n + 1)])))
    expect(outcomes.flat()).toEqual(Array.from({ length: 40 }, () => OK))
  })

  it('look-ups that share a round trip see all that was committed before they were asked', async () => {
    const store = await open()
    const asked = Array.from({ length: 60 }, async (_, n) => {
      // Some while others are read, some in the same turn.
      for (let turn = 0; turn < n % 5; turn++) await store.findTicketHead(idOf(900))
      await store.commit([filing(n + 1)])
      const found = await Promise.all([idOf(n + 1), idOf(n + 1), idOf(900)].map((id) => store.findTicketHead(id)))
      return found.map((it) => it?.id ?? null)
    })
    expect(await Promise.all(asked)).toEqual(asked.map((_, n) => [idOf(n + 1), idOf(n + 1), null]))
  })

  it('a question that PostgreSQL would refuse spoils nobody’s answer, nor does a connection that is cut', async () => {
    const store = await open()
    await store.commit([filing(1)])
    const head = (id: string) => store.findTicketHead(id).then((it) => it?.id ?? null)
    expect(await Promise.all([head(idOf(1)), head('a\0b'), head(idOf(2))])).toEqual([idOf(1), null, null])
    for (let cut = 0; cut < 5; cut++) {
      const asked = Array.from({ length: 20 }, () => head(idOf(1)))
      await run(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%FROM tickets WHERE id%'
        AND pid <> pg_backend_pid()`)
      asked.push(head(idOf(1)))
      expect(new Set(await Promise.all(asked))).toEqual(new Set([idOf(1)]))
    }
  })

  it('who asked before the store was closed is answered', async () => {
    const store = await openStore({ dataDir: '', databaseUrl })
    await store.commit([filing(1)])
    const asked = Array.from({ length: 40 }, async (_, n) => {
      for (let turn = 0; turn < n % 4; turn++) await Promise.resolve()
      return (await store.findTicketHead(idOf(1)))?.id
    })
    await store.close()
    expect(new Set(await Promise.all(asked))).toEqual(new Set([idOf(1)]))
    await expect(store.findTicketHead(idOf(1))).rejects.toMatchObject({ code: 'SHUTTING_DOWN' })
  })

  describe('at the opening', () => {
    const refusal = async (url: string, options: Partial<OpenOptions> = {}) => {
      const error: unknown = await openStore({ dataDir: '', databaseUrl: url, ...options }).catch((e: unknown) => e)
      expect(String(error) + JSON.stringify(error)).not.toMatch(/secret|127\.0\.0\.1/)
      return error
    }
    it('a server that does not answer', async () => {
      const error = await refusal(`postgres://user:secret@127.0.0.1:${await freePort()}/pulih`)
      expect(error).toMatchObject({ ...BUSY, message: expect.stringContaining('does not answer') as string })
    })
    it('a database or a user that is not there, a user who may not', async () => {
      const invalid = (says: string) => ({
        code: 'CONFIGURATION_INVALID',
        message: expect.stringContaining(says) as string,
      })
      expect(await refusal(server.url.replace(/postgres$/, 'secret'))).toMatchObject(invalid('no such database'))
      expect(await refusal(server.url.replace('pulih@', 'secret@'))).toMatchObject(invalid('does not let this user in'))
      await run('CREATE ROLE outsider LOGIN')
      const empty = await server.emptyDatabase()
      expect(await refusal(empty.replace('pulih@', 'outsider@'))).toMatchObject(invalid('may not do there'))
      expect(await refusal(empty, { readOnly: true })).toMatchObject(invalid('run `pulih migrate` first'))
    })
    it('a database and a URL that would forget acknowledged commits: neither has its way', async () => {
      await run(`CREATE FUNCTION durable() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
          IF current_setting('synchronous_commit') <> 'on' THEN RAISE EXCEPTION 'forgetful'; END IF; RETURN NEW; END $$;
        CREATE TRIGGER durable BEFORE INSERT ON timers FOR EACH ROW EXECUTE FUNCTION durable();
        ALTER DATABASE ${new URL(databaseUrl).pathname.slice(1)} SET synchronous_commit = off`)
      const store = await open({ databaseUrl: `${databaseUrl}?options=-c%20synchronous_commit%3Doff` })
      expect(await store.commit([filing(1)])).toEqual([OK])
    })
    it('for reading only, it refuses to write', async () => {
      const store = await open({ readOnly: true })
      const readOnly = { code: 'CONFIGURATION_INVALID', message: expect.stringContaining('reading only') as string }
      await expect(store.commit([filing(1)])).rejects.toMatchObject(readOnly)
      await expect(store.markDelivered({ ticketId: 'x', seq: 1 }, MONDAY, null)).rejects.toMatchObject(readOnly)
      expect(await store.findTicket(idOf(1))).toBeNull()
    })
  })
})
