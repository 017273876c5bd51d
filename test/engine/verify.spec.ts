import { cpSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openStore, type Store } from '../../db/index.js'
import { verifyStore } from '../../src/engine/index.js'
import { agent, DAY, HOUR, keyOf, MINUTE, portal, seededRandom, World } from '../support/world.js'
import { brokenPromises, choose, take } from './walk.js'

const TICKETS = 240
const ROUNDS = 30
/** An open Monday morning after all of it, in a month without holidays. */
const LATER = Date.UTC(2026, 9, 5, 2, 0)

/** Weeks in the life of an office: everybody does something at once, timers ring late, twice, in any order, or only when a ticket is touched. */
async function live(world: World): Promise<readonly string[]> {
  const random = seededRandom(20260317)
  const nat = (max: number) => Math.floor(random() * max)
  const routes = ['layanan_digital', 'layanan_digital', 'kantor_cabang', 'aplikasi']
  const file = () =>
    world.file(
      { route: routes[nat(4)]!, cause: nat(4) === 0 ? 'DATA_LAMA' : 'HP_GANTI' },
      { actor: nat(3) === 0 ? agent : portal },
    )
  const ids = (await Promise.all(Array.from({ length: TICKETS }, file))).map((it) => it.ticketId)
  for (let round = 0; round < ROUNDS; round++) {
    world.clock.advance([1, 40 * MINUTE, 3 * HOUR, 20 * HOUR, 3 * DAY, 9 * DAY][nat(6)]!)
    if (round % 5 === 4) await world.restart()
    const timers = await world.store.pendingTimers(world.clock.now() + HOUR, 5_000, null)
    const rung = timers.filter(() => nat(3) === 0).sort(() => nat(3) - 1)
    const twice = rung.slice(0, 10)
    await Promise.all([
      ...[...rung, ...twice].map((it) => world.engine.deliverTimer(keyOf(it))),
      ...ids.map(async (id) => {
        // Drawn before anything is awaited, so that the same seed is the same walk.
        const [mood, pick] = [nat(10), nat(10_000)]
        if (mood < 2) return
        const step = choose(world, await world.row(id), pick, mood < 7 ? 'ahead' : mood < 9 ? 'anywhere' : 'wild')
        await take(world, id, step)
      }),
    ])
  }
  return ids
}

let world: World
let ids: readonly string[]
beforeAll(async () => {
  world = await World.open()
  ids = await live(world)
  world.clock.at = LATER
}, 120_000)
afterAll(() => world.close())

test('a rich population is clean', async () => {
  const { store, engine, types } = world
  const progress: number[] = []
  const report = await verifyStore({
    store,
    types,
    reference: engine.reference,
    onProgress: (tickets) => void progress.push(tickets),
  })
  expect(report.problems).toEqual([])
  expect(report.tickets).toBe(TICKETS)
  expect(report.entries).toBeGreaterThan(TICKETS * 8)
  expect(progress).toEqual([TICKETS])
  const rows = await Promise.all(ids.map((id) => world.row(id)))
  expect(new Set(rows.map((it) => it.state)).size).toBeGreaterThan(8)
  const facts = new Set((await Promise.all(ids.map((id) => world.facts(id)))).flat())
  for (const fact of ['SlaBreached', 'SlaEscalated', 'TicketExpired', 'HoldEnded', 'ContactUpdated', 'TicketReopened'])
    expect([...facts]).toContain(fact)
  for (const row of rows)
    expect(brokenPromises(row, await world.log(row.id), await world.store.timersOf(row.id))).toEqual([])
})

test('beside a running engine a commit between two reads is no problem', async () => {
  const id = await world.ticketIn('submitted')
  let meddled = 0
  const busy: Store = {
    ...world.store,
    timersOf: async (of) => {
      if (of === id && meddled++ < 2) {
        world.clock.advance(MINUTE)
        await world.send(
          id,
          agent,
          meddled === 1 ? 'verification.start' : 'branch.refer',
          meddled === 1 ? {} : { officeId: 'cabang-jakarta', reason: 'ALASAN' },
        )
      }
      return world.store.timersOf(of)
    },
  }
  const { problems } = await verifyStore({ store: busy, types: world.types, reference: world.engine.reference })
  expect(meddled).toBeGreaterThan(2)
  expect(problems).toEqual([])
})

/** Things done to the database behind the engine's back. Each is found, on that ticket, and named. */
describe('finds', () => {
  let open: string
  let closed: string
  let late: string
  let sealed: string
  let world: World
  beforeAll(async () => {
    world = await World.open({ start: LATER })
    open = await world.ticketIn('underVerification')
    late = await world.ticketIn('submitted')
    world.clock.advance(8 * DAY)
    await world.ring(late)
    closed = await world.ticketIn('contactUpdated')
    // Folded into one file, so that a copy of it is the whole database.
    sealed = await mkdtemp(join(tmpdir(), 'pulih-sealed-'))
    const db = new Database(join(world.place.dataDir, 'pulih.db'))
    db.pragma('wal_checkpoint(TRUNCATE)')
    db.close()
    cpSync(join(world.place.dataDir, 'pulih.db'), join(sealed, 'pulih.db'))
  })
  afterAll(async () => {
    await world.close()
    await rm(sealed, { recursive: true, force: true })
  })

  async function after(...statements: readonly string[]): Promise<readonly string[]> {
    const dataDir = await mkdtemp(join(tmpdir(), 'pulih-tampered-'))
    try {
      cpSync(join(sealed, 'pulih.db'), join(dataDir, 'pulih.db'))
      const db = new Database(join(dataDir, 'pulih.db'))
      db.pragma('foreign_keys = OFF')
      db.pragma('ignore_check_constraints = ON')
      const triggers = db.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").pluck().all() as string[]
      const guards = triggers.map((name) => ({
        name,
        sql: db.prepare('SELECT sql FROM sqlite_master WHERE name = ?').pluck().get(name) as string,
      }))
      for (const { name } of guards) db.exec(`DROP TRIGGER ${name}`)
      const before = db.prepare('SELECT total_changes()').pluck().get() as number
      for (const sql of statements) db.exec(sql)
      expect(db.prepare('SELECT total_changes()').pluck().get(), 'the tampering changed something').toBeGreaterThan(
        before,
      )
      // A dropped guard is a problem of its own; here only the rows are tampered with.
      for (const { sql } of guards) db.exec(sql)
      db.close()
      const store = await openStore({ dataDir, readOnly: true })
      const { problems } = await verifyStore({ store, types: world.types, reference: world.engine.reference })
      await store.close()
      return [...new Set(problems.map((it) => `${it.ticketId}: ${it.what}`))]
    } finally {
      await rm(dataDir, { recursive: true, force: true })
    }
  }
  const row = (id: string, set: string) => `UPDATE tickets SET ${set} WHERE id = '${id}'`
  const log = (id: string, set: string, where: string) =>
    `UPDATE ticket_log SET ${set} WHERE ticket_id = '${id}' AND ${where}`
  const timer = (id: string, set: string, where: string) =>
    `UPDATE timers SET ${set} WHERE ticket_id = '${id}' AND ${where}`

  test('nothing in an untouched copy', async () => {
    expect(await after('CREATE TABLE extra (x)', 'INSERT INTO extra VALUES (1)')).toEqual([])
  })

  /** `says` is what verify must say of that ticket. */
  const cases: readonly [name: string, of: 'open' | 'closed' | 'late', tamper: (id: string) => string, says: RegExp][] =
    [
      [
        'a changed snapshot field',
        'open',
        (id) => row(id, "snapshot = json_set(snapshot, '$.context.provenEmail', json('false'))"),
        /row: snapshot differs/,
      ],
      [
        'a checker put into a snapshot',
        'open',
        (id) => row(id, "snapshot = json_set(snapshot, '$.context.checker', 'mallory')"),
        /row: snapshot differs/,
      ],
      ['another state', 'open', (id) => row(id, "state = 'approvalProposed'"), /row: state differs/],
      [
        'a changed schedule',
        'open',
        (id) => row(id, "schedule = json_set(schedule, '$.clocks[1].dueAt', 1)"),
        /row: schedule differs/,
      ],
      [
        'a forgiven breach',
        'late',
        (id) => row(id, "schedule = json_set(schedule, '$.clocks[0].outcome', 'met')"),
        /row: schedule differs/,
      ],
      [
        'a changed content version',
        'open',
        (id) => row(id, 'content_version = content_version + 1'),
        /row: contentVersion differs/,
      ],
      ['a changed revision', 'open', (id) => row(id, 'revision = revision + 1'), /row: revision differs/],
      ['another participant', 'open', (id) => row(id, "participant_ref = 'ps_mallory'"), /row: participantRef differs/],
      [
        'a maker and a checker who are one person',
        'closed',
        (id) => row(id, 'checker_id = maker_id'),
        /row: checkerId differs/,
      ],
      ['another policy version', 'open', (id) => row(id, 'policy_version = 2'), /row: policyVersion differs/],
      ['another due date for the worklist', 'open', (id) => row(id, 'next_due_at = 1'), /row: nextDueAt differs/],
      [
        'a deleted ticket',
        'open',
        (id) => `DELETE FROM tickets WHERE id = '${id}'`,
        /-: a row of (ticket_log|timers|outbox) points to a missing row/,
      ],
      [
        'a deleted first entry',
        'open',
        (id) => `DELETE FROM ticket_log WHERE ticket_id = '${id}' AND seq = 1`,
        /log: entry 1 is missing/,
      ],
      [
        'a deleted entry in the middle',
        'open',
        (id) => `DELETE FROM ticket_log WHERE ticket_id = '${id}' AND seq = 4`,
        /log: entry 4 is missing/,
      ],
      [
        'a deleted last entry',
        'open',
        (id) => `DELETE FROM ticket_log WHERE ticket_id = '${id}' AND fact = 'IdentityChecked'`,
        /differs from what the log says|cannot be replayed/,
      ],
      [
        'a whole log gone',
        'open',
        (id) => `DELETE FROM ticket_log WHERE ticket_id = '${id}'`,
        /a ticket without a log/,
      ],
      [
        'a deleted entry, the rest renumbered',
        'open',
        (id) => `DELETE FROM ticket_log WHERE ticket_id = '${id}' AND seq = 4; ${log(id, 'seq = seq - 1', 'seq > 4')}`,
        /log: commit \d+ is missing|cannot be replayed|differs/,
      ],
      [
        'an entry told twice',
        'open',
        (id) =>
          `INSERT INTO ticket_log SELECT ticket_id, (SELECT max(seq) + 1 FROM ticket_log WHERE ticket_id = '${id}'), at, recorded_at, fact, actor_id, actor_role, command_id, machine_version, policy_version, calendar, state, revision, moves, event FROM ticket_log WHERE ticket_id = '${id}' ORDER BY seq DESC LIMIT 1`,
        /differs/,
      ],
      [
        'a changed fact',
        'open',
        (id) => log(id, "fact = 'IdentityMatched'", "fact = 'IdentityChecked'"),
        /log: fact of entry \d+ differs/,
      ],
      [
        'a changed verdict',
        'open',
        (id) => log(id, "event = json_set(event, '$.verdict', 'mismatched')", "fact = 'IdentityChecked'"),
        /row: snapshot differs/,
      ],
      [
        'a changed state in the log',
        'open',
        (id) => log(id, "state = 'rejected'", "fact = 'VerificationStarted'"),
        /log: state of entry \d+ differs/,
      ],
      [
        'another maker in the log',
        'closed',
        (id) => log(id, "actor_id = 'mallory'", "fact = 'ApprovalProposed'"),
        /row: (snapshot|makerId) differs/,
      ],
      [
        'a checker in the log who is the maker',
        'closed',
        (id) => log(id, "actor_id = 'agent-1'", "fact = 'TicketApproved'"),
        /\(TicketApproved\) was not possible/,
      ],
      [
        'a changed due date in the log',
        'open',
        (id) => log(id, "moves = json_set(moves, '$[0].to', 1)", 'moves IS NOT NULL'),
        /log: moves of entry \d+ differs/,
      ],
      [
        'another calendar in the log',
        'open',
        (id) => log(id, "calendar = 'wit@1'", "calendar IS NOT NULL AND fact = 'TicketSubmitted'"),
        /differs/,
      ],
      [
        'an entry moved to another time',
        'open',
        (id) => log(id, 'at = at + 1', "fact = 'VerificationStarted'"),
        /differs|cannot be replayed/,
      ],
      [
        'a timer rung at another time',
        'late',
        (id) => log(id, 'at = at - 1', "fact = 'SlaBreached'"),
        /rings a timer that was not due|happened before/,
      ],
      [
        'a breach taken out of the log',
        'late',
        (id) => log(id, "fact = 'SlaWarned', event = json_set(event, '$.type', 'sla.warn')", "fact = 'SlaBreached'"),
        /cannot be replayed/,
      ],
      [
        'a deleted timer',
        'open',
        (id) => `DELETE FROM timers WHERE ticket_id = '${id}' AND state = 'pending'`,
        /timer .* is missing/,
      ],
      [
        'a deleted closed timer',
        'late',
        (id) => `DELETE FROM timers WHERE ticket_id = '${id}' AND state = 'fired'`,
        /timer .* is missing/,
      ],
      [
        'a timer moved',
        'open',
        (id) => timer(id, 'due_at = due_at + 1', "state = 'pending'"),
        /timer .*: dueAt differs/,
      ],
      [
        'a timer silenced',
        'open',
        (id) => timer(id, "state = 'superseded', closed_at = 1", "state = 'pending'"),
        /timer .*: state differs/,
      ],
      [
        'a timer that rang once made to wait again',
        'late',
        (id) => timer(id, "state = 'pending', closed_at = NULL", "state = 'fired'"),
        /timer .*: state differs/,
      ],
      [
        'a timer nobody planned',
        'open',
        (id) => `INSERT INTO timers VALUES ('${id}', 'hold', 'end', 99, 1, 'pending', NULL)`,
        /timer hold\|end\|99 exists, the log knows none/,
      ],
      [
        'a timer that waits on a closed ticket',
        'closed',
        (id) => timer(id, "state = 'pending', closed_at = NULL", "state = 'superseded'"),
        /timer .*: state differs/,
      ],
      [
        'a deleted message',
        'closed',
        (id) => `DELETE FROM outbox WHERE ticket_id = '${id}' AND seq = 1`,
        /outbox: \d+ rows, the log tells of \d+/,
      ],
      [
        'a changed message',
        'closed',
        (id) => `UPDATE outbox SET body = json_set(body, '$.template', 'gift') WHERE ticket_id = '${id}' AND seq = 1`,
        /outbox 1: body differs/,
      ],
      [
        'a command to another participant',
        'closed',
        (id) =>
          `UPDATE outbox SET body = json_set(body, '$.data.participantRef', 'ps_mallory') WHERE ticket_id = '${id}' AND kind = 'port'`,
        /outbox \d+: body differs/,
      ],
      [
        'a message nobody wrote',
        'open',
        (id) =>
          `INSERT INTO outbox SELECT ticket_id, seq + 900, kind, body, created_at, relayed_at, delivered_at, attempts, trace FROM outbox WHERE ticket_id = '${id}' LIMIT 1`,
        /outbox: \d+ rows, the log tells of \d+/,
      ],
    ]
  test.each(cases)('%s', async (_name, of, tamper, says) => {
    const id = { open, closed, late }[of]
    const found = await after(tamper(id))
    expect(
      found.some((it) => says.test(it)),
      found.join('\n'),
    ).toBe(true)
    for (const it of found) expect(it.startsWith(id) || it.startsWith('-: ')).toBe(true)
  })
})
