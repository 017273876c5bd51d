import { afterEach, beforeEach, expect, it } from 'vitest'
import { openStore, type Store } from '../../db/index.js'
import type { Change, CommitOutcome } from '../../src/engine/types.js'
import { onPostgres } from '../support/postgres.js'
import { describeOnPostgres } from '../support/postgresSuite.js'
import { startWriter } from './children.js'
import { MONDAY, filing, idOf, idempotencyRecord, outboxRow, step, ticketRow, timerRow } from './rows.js'

const OK: CommitOutcome = { ok: true }
const STALE: CommitOutcome = { ok: false, reason: 'stale', constraint: null }

/** Each store has a pool of its own, as a process has; one test uses real processes. */
describeOnPostgres('several processes on one PostgreSQL', (server) => {
  let databaseUrl: string
  let stores: Store[] = []
  beforeEach(async () => {
    databaseUrl = await server().database()
    stores = await Promise.all([1, 2, 3].map(() => openStore({ dataDir: '', databaseUrl })))
  })
  afterEach(async () => {
    await Promise.all(stores.map((store) => store.close()))
    await server().giveBack(databaseUrl)
  })
  const at = (n: number) => stores[n % stores.length]!
  const count = async (what: string) => {
    const { rows } = await onPostgres(databaseUrl, (db) => db.query<{ n: string }>(`SELECT count(*) AS n FROM ${what}`))
    return Number(rows[0]!.n)
  }

  it('20 writers race for one ticket: one wins, the others are stale and leave nothing', async () => {
    const { ticket } = filing(1)
    await at(0).commit([filing(1)])
    const racing = Array.from({ length: 20 }, (_, n) =>
      step(ticket, { outbox: [outboxRow(ticket.id, 2)], idempotency: idempotencyRecord(`racer-${n}`, ticket.id) }),
    )
    const outcomes = (await Promise.all(racing.map((change, n) => at(n).commit([change])))).flat()
    expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(1)
    expect(outcomes.filter((outcome) => !outcome.ok)).toEqual(Array.from({ length: 19 }, () => STALE))
    expect(await count('ticket_log')).toBe(2)
    expect(await count('outbox')).toBe(2)
    expect(await count('idempotency')).toBe(2)
  })

  it('10 filings race with one idempotency key: one is filed, the others are duplicates', async () => {
    const racing = Array.from({ length: 10 }, (_, n) => ({
      ...filing(n + 1),
      idempotency: idempotencyRecord('portal-1:same', idOf(n + 1)),
    }))
    const outcomes = (await Promise.all(racing.map((change, n) => at(n).commit([change])))).flat()
    expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(1)
    const duplicate = { ok: false, reason: 'duplicate', constraint: 'idempotency_pk' }
    expect(outcomes.filter((outcome) => !outcome.ok)).toEqual(Array.from({ length: 9 }, () => duplicate))
    expect([await count('tickets'), await count('timers'), await count('outbox')]).toEqual([1, 1, 1])
  })

  it('two approvals of one ticket, in whichever order: one stands, and never one by the maker', async () => {
    for (let n = 1; n <= 12; n++) {
      const proposed = filing(n, { makerId: 'agent-1' })
      await at(0).commit([proposed])
      const by = (checkerId: string) => step(proposed.ticket, {}, { checkerId, state: 'approved' })
      const [one, two] = n % 2 === 0 ? [by('checker-1'), by('checker-2')] : [by('checker-2'), by('agent-1')]
      const outcomes = (await Promise.all([at(n).commit([one]), at(n + 1).commit([two])])).flat()
      expect(outcomes.filter((outcome) => outcome.ok)).toHaveLength(1)
      const ticket = await at(2).findTicket(idOf(n))
      expect(ticket).toMatchObject({ revision: 2, state: 'approved' })
      expect(ticket?.checkerId).not.toBe('agent-1')
    }
  })

  it('batches that meet on the same tickets in opposite order: every ticket moves once a round, and nobody waits in a circle', async () => {
    let tickets = Array.from({ length: 40 }, (_, n) => ticketRow(n + 1))
    await at(0).commit(tickets.map((_, n) => filing(n + 1)))
    for (let round = 0; round < 8; round++) {
      const changes = tickets.map((ticket) => step(ticket, { idempotency: null }))
      const batches: Change[][] = [changes, changes.toReversed(), [...changes.slice(20), ...changes.slice(0, 20)]]
      const outcomes = await Promise.all(batches.map((batch, n) => at(n).commit(batch)))
      expect(outcomes.flat().filter((outcome) => outcome.ok)).toHaveLength(40)
      tickets = changes.map((change) => change.ticket)
    }
    const { rows } = await onPostgres(databaseUrl, (db) =>
      db.query('SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()'),
    )
    expect(rows).toEqual([{ deadlocks: '0' }])
  })

  it('a timer is closed once, by whoever comes first', async () => {
    await at(0).commit(Array.from({ length: 12 }, (_, n) => filing(n + 1)))
    for (let n = 1; n <= 12; n++) {
      const key = timerRow(idOf(n))
      const closed = await Promise.all([0, 1, 2].map((k) => at(k).closeTimer(key, MONDAY + k)))
      expect(closed.filter(Boolean)).toHaveLength(1)
    }
  })

  it('a message is delivered once, with one arrival', async () => {
    await at(0).commit(Array.from({ length: 12 }, (_, n) => filing(n + 1)))
    for (let n = 1; n <= 12; n++) {
      const key = { ticketId: idOf(n), seq: 1 }
      const arrival = (k: number) => ({ ...key, sink: 'mailbox', body: { by: k }, deliveredAt: MONDAY + k })
      const marked = await Promise.all([0, 1, 2].map((k) => at(k).markDelivered(key, MONDAY + k, arrival(k))))
      expect(marked.filter(Boolean)).toHaveLength(1)
      const [arrived] = await at(0).listDeliveries(null, idOf(n), 5)
      expect(arrived?.body).toEqual({ by: marked.indexOf(true) })
    }
  })

  it.each(['claimUnrelayed', 'claimUndelivered'] as const)(
    'three takers share rows without overlap (%s)',
    async (how) => {
      await at(0).commit(Array.from({ length: 300 }, (_, n) => filing(n + 1)))
      const now = MONDAY + 1000
      const taken: string[] = []
      const take = async (k: number) => {
        for (;;) {
          const rows =
            how === 'claimUnrelayed'
              ? await at(k).claimUnrelayed(7, now, 100)
              : await at(k).claimUndelivered(now, 7, now, 100, null)
          if (rows.length === 0) return
          taken.push(...rows.map((row) => row.ticketId))
        }
      }
      await Promise.all([0, 1, 2].map(take))
      expect(taken.toSorted()).toEqual(Array.from({ length: 300 }, (_, n) => idOf(n + 1)))
      // Nobody marked them: they are free again when the lease ends, not before.
      expect(await at(1).claimUnrelayed(9, now + 99, 100)).toEqual([])
      expect(await at(1).claimUnrelayed(9, now + 100, 100)).toHaveLength(9)
    },
  )

  it('publishes one version once, and the other content is a conflict', async () => {
    const policy = (n: number) => ({
      id: 'pengaduan',
      version: 1,
      ticketType: 'pengaduan',
      provenance: `process ${n}`,
      routes: {},
      deadlines: {},
      limits: {},
    })
    const published = await Promise.allSettled([0, 1, 2].map((n) => at(n).publishPolicy(policy(n), MONDAY)))
    expect(published.filter((it) => it.status === 'fulfilled')).toHaveLength(1)
  })

  it('a commit planned while the tables were small finds its rows by key for ever', async () => {
    const { ticket } = filing(1)
    // A new one: what emptied a used one may be counted late.
    const databaseUrl = await server().emptyDatabase()
    const first = await openStore({ dataDir: '', databaseUrl })
    stores.push(first)
    await first.commit([filing(1)])
    await onPostgres(databaseUrl, (db) => db.query('VACUUM ANALYZE'))
    const scans = async () => {
      const { rows } = await onPostgres(databaseUrl, (db) =>
        db.query<{
          whole: string
          byKey: string
          pending: string
        }>(`SELECT sum(seq_scan) AS whole, sum(idx_scan) AS "byKey",
          (SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'timers_pending') AS pending
          FROM pg_stat_user_tables WHERE relname IN ('tickets', 'timers', 'ticket_log', 'outbox', 'idempotency')`),
      )
      const { whole, byKey, pending } = rows[0]!
      return { whole: Number(whole), byKey: Number(byKey), pending: Number(pending) }
    }
    const store = await openStore({ dataDir: '', databaseUrl })
    const before = await scans()
    let last = ticket
    for (let n = 2; n < 22; n++) {
      const closed = { ...timerRow(idOf(n)), state: 'fired' as const, closedAt: MONDAY }
      const change = step(last)
      expect(await store.commit([change, filing(n)])).toEqual([OK, OK])
      expect(await store.commit([step(ticketRow(n), { timersClosed: [closed] }, { standing: 'terminal' })])).toEqual([
        OK,
      ])
      expect(await store.findTicket(idOf(n))).toMatchObject({ standing: 'terminal' })
      expect(await store.findIdempotency(`portal-1:file-${n}`)).not.toBeNull()
      last = change.ticket
    }
    await store.close()
    // The server counts when a connection ends.
    await expect.poll(async () => (await scans()).byKey).toBeGreaterThan(before.byKey + 100)
    expect((await scans()).whole).toBe(before.whole)
    // Made for the order in which timers fall due: to find one of them there is to walk through all.
    expect((await scans()).pending).toBe(before.pending)
  })

  it('reads see whole commits only, while others write', async () => {
    let ticket = filing(1).ticket
    await at(0).commit([filing(1)])
    let writing = true
    const write = async () => {
      for (let n = 0; n < 150; n++) {
        const change = step(ticket, { idempotency: null })
        expect(await at(0).commit([change])).toEqual([OK])
        ticket = change.ticket
      }
      writing = false
    }
    const read = async () => {
      let last = 0
      while (writing) {
        const row = await at(1).findTicket(idOf(1))
        // Asked for after the row, so it holds at least what the row counts.
        const log = await at(2).readLog(idOf(1), 0, 999)
        expect(row!.logSeq).toBe(row!.revision)
        expect(row!.revision).toBeGreaterThanOrEqual(last)
        expect(log.length).toBeGreaterThanOrEqual(row!.logSeq)
        last = row!.revision
      }
    }
    await Promise.all([write(), read()])
    expect(await at(1).ticketIds(null, 5)).toEqual([idOf(1)])
  })

  it('four processes that start at once on an empty database all come up, and what each was told is there', async () => {
    const empty = await server().emptyDatabase()
    const processes = [1, 2, 3, 4].map((n) => startWriter('', empty, n * 10_000))
    for (const each of processes) expect(await each.line()).toBe('open')
    const acknowledged: number[] = []
    for (const each of processes) for (let n = 0; n < 25; n++) acknowledged.push(Number(await each.line()))
    await Promise.all(processes.map((each) => each.kill('SIGKILL')))
    const store = await openStore({ dataDir: '', databaseUrl: empty })
    stores.push(store)
    for (const n of acknowledged) expect(await store.findTicket(idOf(n))).toMatchObject({ revision: 1 })
    expect(await store.integrityProblems()).toEqual([])
  })
})
