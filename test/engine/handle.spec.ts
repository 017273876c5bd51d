import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Store } from '../../db/index.js'
import type { Accepted, Change } from '../../src/engine/types.js'
import {
  agent,
  checker,
  codeOf,
  DAY,
  HOUR,
  MORNING,
  portal,
  refusalOf,
  supervisor,
  system,
  World,
} from '../support/world.js'

/** What the engine hands to the store, and a switch to make the store fail. */
class Tap {
  readonly batches: (readonly Change[])[] = []
  failTicketReads: (id: string) => boolean = () => false
  failCommits = false
  before: (changes: readonly Change[]) => readonly Change[] | Promise<readonly Change[]> = (changes) => changes
  readonly wrap = (store: Store): Store => ({
    ...store,
    findTicket: (id) => (this.failTicketReads(id) ? Promise.reject(new Error('disk')) : store.findTicket(id)),
    commit: async (changes) => {
      this.batches.push(changes)
      if (this.failCommits) throw new Error('disk')
      return store.commit(await this.before(changes))
    },
  })
}

let world: World
let tap: Tap
beforeEach(async () => {
  tap = new Tap()
  world = await World.open({ wrap: tap.wrap })
})
afterEach(() => world.close())

const withdraw = { reason: 'BATAL_SAJA' }
const keyed = (key: string, fingerprint = 'body-1') => ({ key, fingerprint, expectedContentVersion: undefined })
const upload = { documents: [{ kind: 'KTP', ref: 'doc_abcdef', sha256: 'a'.repeat(64) }] }

describe('a repeated command', () => {
  test('filing twice under one key makes one ticket and gives one answer', async () => {
    const first = await world.file({}, { key: 'k', fingerprint: 'f' })
    const again = await world.file({}, { key: 'k', fingerprint: 'f' })
    expect(again).toEqual({ ...first, replayed: true })
    expect(first.replayed).toBe(false)
    expect(await world.store.countTickets({})).toBe(1)
  })

  test('gets its first answer although the version has moved on, and after a restart', async () => {
    const id = await world.ticketIn('submitted')
    const first = await world.send(id, portal, 'documents.upload', upload, keyed('k'))
    await world.send(id, portal, 'withdraw', withdraw)
    await world.restart()
    const again = await world.send(id, portal, 'documents.upload', upload, keyed('k'))
    expect(again).toEqual({ ...first, replayed: true })
    expect((await world.row(id)).state).toBe('withdrawn')
  })

  test('20 at once are one change and 20 equal answers', async () => {
    const id = await world.ticketIn('submitted')
    const before = (await world.log(id)).length
    const all = await Promise.all(
      Array.from({ length: 20 }, () => world.send(id, portal, 'documents.upload', upload, keyed('k'))),
    )
    expect(all.filter((it) => !it.replayed)).toHaveLength(1)
    expect(new Set(all.map((it) => JSON.stringify({ ...it, replayed: null }))).size).toBe(1)
    expect((await world.log(id)).length - before).toBe(all[0]!.facts.length)
  })

  test('20 filings at once under one key are one ticket', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => world.file({}, { key: 'k', fingerprint: 'f' })))
    expect(new Set(all.map((it) => it.ticketId)).size).toBe(1)
    expect(await world.store.countTickets({})).toBe(1)
  })

  test('one key on two tickets at once: the second is refused as another request', async () => {
    const [a, b] = [await world.ticketIn('submitted'), await world.ticketIn('submitted')]
    const [first, second] = await Promise.allSettled([
      world.send(a, portal, 'documents.upload', upload, keyed('k', 'on a')),
      world.send(b, portal, 'documents.upload', upload, keyed('k', 'on b')),
    ])
    expect(first.status).toBe('fulfilled')
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'IDEMPOTENCY_KEY_REUSED' } })
    expect((await world.row(b)).state).toBe('submitted')
  })

  test('with another body is refused and changes nothing', async () => {
    const id = await world.ticketIn('submitted')
    await world.send(id, portal, 'documents.upload', upload, keyed('k', 'one'))
    const revision = (await world.row(id)).revision
    expect(await codeOf(world.send(id, portal, 'withdraw', withdraw, keyed('k', 'two')))).toBe('IDEMPOTENCY_KEY_REUSED')
    expect((await world.row(id)).revision).toBe(revision)
  })

  test('that was refused the first time is not remembered: it may succeed later', async () => {
    const id = await world.ticketIn('emailProven')
    const start = () => world.send(id, agent, 'verification.start', {}, { key: 'k', fingerprint: 'f' })
    expect(await codeOf(start())).toBe('EVENT_NOT_ALLOWED')
    expect(await world.store.findIdempotency('k')).toBeNull()
    await world.send(id, portal, 'contact.prove', { channel: 'phone' })
    world.clock.advance(1)
    expect((await start()).state).toBe('underVerification')
  })

  test('finds its answer when another writer took the key between the look-up and the commit', async () => {
    const id = await world.ticketIn('submitted')
    tap.before = async (changes) => {
      tap.before = (it) => it
      await world.sql(
        'INSERT INTO idempotency (key, fingerprint, ticket_id, answer, created_at) VALUES ($1, $2, $3, $4, $5)',
        ['k', 'body-1', id, JSON.stringify({ ticketId: id, state: 'told before' }), MORNING],
      )
      return changes
    }
    const answer = await world.send(id, portal, 'documents.upload', upload, keyed('k'))
    expect(answer).toMatchObject({ state: 'told before', replayed: true })
    expect((await world.row(id)).state).toBe('submitted')
  })
})

describe('versions', () => {
  test('a stale one is never applied, even where the event would still be possible', async () => {
    const id = await world.ticketIn('submitted')
    const { contentVersion } = await world.row(id)
    await world.send(id, portal, 'documents.upload', upload)
    const refusal = await refusalOf(
      world.send(id, portal, 'documents.upload', upload, { expectedContentVersion: contentVersion }),
    )
    expect(refusal.code).toBe('VERSION_STALE')
    expect(refusal.extra['contentVersion']).toBe(contentVersion + 1)
    expect((await world.row(id)).contentVersion).toBe(contentVersion + 1)
  })

  test('a version of the future is stale too', async () => {
    const id = await world.ticketIn('submitted')
    const ahead = (await world.row(id)).contentVersion + 1
    expect(await codeOf(world.send(id, portal, 'documents.upload', upload, { expectedContentVersion: ahead }))).toBe(
      'VERSION_STALE',
    )
  })

  test('a decision without one is refused', async () => {
    const id = await world.ticketIn('approvalProposed')
    const refusal = await refusalOf(
      world.send(id, checker, 'approval.confirm', {}, { expectedContentVersion: undefined }),
    )
    expect(refusal.code).toBe('VERSION_REQUIRED')
    expect(refusal.extra['allowed']).toContain('approval.confirm')
  })

  test('of 20 racing decisions on one version exactly one wins, the rest are stale', async () => {
    const id = await world.ticketIn('approvalProposed')
    const { contentVersion: expectedContentVersion } = await world.row(id)
    const checkers = Array.from({ length: 20 }, (_, n) => ({ id: `checker-${n}`, role: 'checker' as const }))
    const outcomes = await Promise.allSettled(
      checkers.map((it, n) =>
        n % 2 === 0
          ? world.send(id, it, 'approval.confirm', {}, { expectedContentVersion })
          : world.send(id, it, 'reject', { code: 'BUKAN_PEMILIK' }, { expectedContentVersion }),
      ),
    )
    expect(outcomes.filter((it) => it.status === 'fulfilled')).toHaveLength(1)
    const reasons = outcomes.flatMap((it) => (it.status === 'rejected' ? [(it.reason as { code: string }).code] : []))
    expect(new Set(reasons)).toEqual(new Set(['VERSION_STALE']))
    expect((await world.row(id)).contentVersion).toBe(expectedContentVersion + 1)
  })

  test.each([
    ['only the revision moved (a timer): the decision is made again', 0, 'accepted'],
    ['the content moved: the decision is not made again', 1, 'VERSION_STALE'],
  ])('a race with another writer, %s', async (_name, step, outcome) => {
    const id = await world.ticketIn('submitted')
    tap.before = async (changes) => {
      tap.before = (it) => it
      const move = 'UPDATE tickets SET revision = revision + 1, content_version = content_version + $1 WHERE id = $2'
      await world.sql(move, [step, id])
      return changes
    }
    const sent = world.send(id, portal, 'withdraw', withdraw)
    expect(
      await sent.then(
        () => 'accepted',
        (error: unknown) => (error as { code: string }).code,
      ),
    ).toBe(outcome)
  })

  test('a warning does not move the version that people decide on', async () => {
    const id = await world.ticketIn('submitted')
    const { contentVersion } = await world.row(id)
    world.clock.at = (await world.pending(id)).find((it) => it.threshold.startsWith('warn'))!.dueAt
    await world.ring(id)
    expect(await world.facts(id)).toContain('SlaWarned')
    expect((await world.row(id)).contentVersion).toBe(contentVersion)
  })
})

describe('every refusal says what is possible instead', () => {
  test('a state that does not know the event', async () => {
    const id = await world.ticketIn('submitted')
    const refusal = await refusalOf(world.send(id, agent, 'approval.retract'))
    expect(refusal.code).toBe('EVENT_NOT_ALLOWED')
    expect(refusal.extra).toMatchObject({ event: 'approval.retract', state: 'submitted', reasons: [] })
    expect(refusal.extra['allowed']).toEqual(
      expect.arrayContaining(['verification.start', 'documents.request', 'branch.refer']),
    )
  })

  test('a guard that says no names itself in words', async () => {
    const { ticketId } = await world.file({ route: 'kantor_cabang', officeId: 'cabang-makassar' }, { actor: agent })
    await world.send(ticketId, portal, 'contact.prove', { channel: 'email' })
    await world.send(ticketId, portal, 'contact.prove', { channel: 'phone' })
    world.clock.advance(1)
    await world.send(ticketId, agent, 'verification.start')
    const refusal = await refusalOf(world.send(ticketId, agent, 'approval.propose'))
    const reasons = refusal.extra['reasons'] as { guard: string; id: string }[]
    expect(reasons.map((it) => it.guard)).toEqual(['identityVerified'])
    expect(reasons[0]!.id).not.toBe('identityVerified')
  })

  test('a role that may not send it, and it changes nothing', async () => {
    const id = await world.ticketIn('approvalProposed')
    const refusal = await refusalOf(world.send(id, agent, 'approval.confirm'))
    expect(refusal.code).toBe('ROLE_NOT_ALLOWED')
    expect(refusal.extra['roles']).toEqual(['checker', 'supervisor'])
    expect(refusal.extra['allowed']).toEqual(expect.arrayContaining(['approval.retract']))
    expect((await world.row(id)).state).toBe('approvalProposed')
  })

  test('a stale version', async () => {
    const id = await world.ticketIn('submitted')
    const refusal = await refusalOf(world.send(id, portal, 'withdraw', withdraw, { expectedContentVersion: 99 }))
    expect(refusal.extra['allowed']).toContain('documents.upload')
  })

  test('an event nobody declared, also one that JavaScript objects have by birth', async () => {
    const id = await world.ticketIn('submitted')
    for (const type of ['nonsense', 'constructor', '__proto__', 'toString', '', '*', 'xstate.init', 'xstate.stop']) {
      const refusal = await refusalOf(world.send(id, agent, type))
      expect([type, refusal.code]).toEqual([type, 'EVENT_UNKNOWN'])
      if (type.length > 3) expect(JSON.stringify([refusal.message, refusal.extra])).not.toContain(type)
    }
  })

  test('filing by a role that may not file is refused before its payload is looked at', async () => {
    expect(await codeOf(world.file({ nonsense: 1 }, { actor: checker }))).toBe('ROLE_NOT_ALLOWED')
    expect(await world.store.countTickets({})).toBe(0)
  })
})

describe('what never comes from outside', () => {
  test('internal events where the machine would take them', async () => {
    const id = await world.ticketIn('applying')
    for (const actor of [portal, agent, checker, supervisor, system])
      expect(await codeOf(world.send(id, actor, 'contacts.applied'))).toBe('EVENT_UNKNOWN')
    expect((await world.row(id)).state).toBe('applying')
  })

  test('timers with the right generation', async () => {
    const id = await world.ticketIn('onHold')
    const hold = (await world.pending(id)).find((it) => it.family === 'hold')!
    const generation = { generation: hold.generation }
    expect(await codeOf(world.send(id, supervisor, 'hold.end', generation))).toBe('EVENT_UNKNOWN')
    expect((await world.row(id)).state).toBe('onHold')
  })

  test('raised clock events, which every region would hear', async () => {
    const id = await world.ticketIn('submitted')
    for (const type of ['clocks.start', 'clocks.pause', 'clocks.decided', 'clocks.closed', 'clocks.redate']) {
      expect(await codeOf(world.send(id, supervisor, type))).toBe('EVENT_UNKNOWN')
      expect(await codeOf(world.system(id, type))).toBe('EVENT_UNKNOWN')
    }
  })

  test('timer events through the door for system events: a timer rings at its own instant or not at all', async () => {
    const id = await world.ticketIn('onHold')
    const hold = (await world.pending(id)).find((it) => it.family === 'hold')!
    expect(await codeOf(world.system(id, 'hold.end', { generation: hold.generation }))).toBe('EVENT_UNKNOWN')
    const { ticketId } = await world.file()
    const sla = { target: 'resolution', threshold: 'due', generation: 1 }
    expect(await codeOf(world.system(ticketId, 'sla.due', sla))).toBe('EVENT_UNKNOWN')
  })

  test('instants and actors inside a payload', async () => {
    const id = await world.ticketIn('submitted')
    for (const extra of [{ at: 0 }, { actor: supervisor }, { generation: 1 }])
      expect(await codeOf(world.send(id, portal, 'withdraw', { ...withdraw, ...extra }))).toBe('VALIDATION_FAILED')
  })
})

describe('payloads are strict, and nothing of them is echoed', () => {
  const secret = '3201234567890001'
  test.each([
    ['an unknown key', { channel: 'email', note: secret }, '/note'],
    ['a wrong value', { channel: secret }, '/channel'],
    ['a wrong type', { channel: { email: secret } }, '/channel'],
    ['nothing', {}, '/channel'],
  ])('%s', async (_name, payload, pointer) => {
    const { ticketId } = await world.file()
    const refusal = await refusalOf(world.send(ticketId, portal, 'contact.prove', payload))
    expect(refusal.code).toBe('VALIDATION_FAILED')
    expect((refusal.extra['errors'] as { pointer: string }[]).map((it) => it.pointer)).toEqual([pointer])
    expect(JSON.stringify([refusal.message, refusal.extra])).not.toContain(secret)
  })

  test('a filing that is no object at all', async () => {
    for (const filing of [null, 7, 'text', [], undefined]) {
      const command = { type: 'pengaduan', filing, actor: portal, key: null, fingerprint: null }
      expect(await codeOf(world.engine.file(command))).toBe('VALIDATION_FAILED')
    }
  })

  test('an office that does not exist: at filing, referral and transfer', async () => {
    expect(await codeOf(world.file({ officeId: 'cabang-atlantis' }))).toBe('VALIDATION_FAILED')
    const id = await world.ticketIn('underVerification')
    const elsewhere = { officeId: 'cabang-atlantis', reason: 'ALASAN' }
    for (const [actor, type] of [
      [agent, 'branch.refer'],
      [supervisor, 'office.transfer'],
    ] as const) {
      const refusal = await refusalOf(world.send(id, actor, type, elsewhere))
      expect(refusal.extra).toEqual({ errors: [{ pointer: '/officeId', code: 'unknown_office' }] })
    }
    expect(await world.verify()).toEqual([])
  })

  test('a ticket or a type that does not exist', async () => {
    const missing = { expectedContentVersion: 1 }
    expect(await codeOf(world.send('no-such', portal, 'withdraw', withdraw, missing))).toBe('TICKET_NOT_FOUND')
    expect(await codeOf(world.system('no-such', 'contacts.applied'))).toBe('TICKET_NOT_FOUND')
    const timer = { ticketId: 'no-such', family: 'hold', threshold: 'end', generation: 1 }
    expect(await codeOf(world.engine.deliverTimer(timer))).toBe('TICKET_NOT_FOUND')
    expect(await codeOf(world.file({}, { type: 'nonsense' }))).toBe('NOT_FOUND')
  })
})

describe('group commit', () => {
  test('1 000 commands on 200 tickets: each accepted or refused on its own', async () => {
    const ids = await Promise.all(Array.from({ length: 200 }, async () => (await world.file()).ticketId))
    tap.batches.length = 0
    const versions = new Map(
      await Promise.all(ids.map(async (id) => [id, (await world.row(id)).contentVersion] as const)),
    )
    const sent = ids.flatMap((id) => {
      const expectedContentVersion = versions.get(id)
      const once = (channel: string) => world.send(id, portal, 'contact.prove', { channel }, { expectedContentVersion })
      return [
        once('email'),
        once('phone'),
        world.send(id, portal, 'documents.upload', upload, { expectedContentVersion: undefined }),
        world.send(id, agent, 'nonsense', {}, { expectedContentVersion }),
        world.send(id, checker, 'withdraw', withdraw, { expectedContentVersion }),
      ]
    })
    const outcomes = (await Promise.allSettled(sent)).map((it) =>
      it.status === 'fulfilled' ? 'accepted' : (it.reason as { code: string }).code,
    )
    const tally = (name: string) => outcomes.filter((it) => it === name).length
    expect(tally('accepted')).toBe(200)
    expect(tally('VERSION_STALE')).toBe(200)
    expect(tally('EVENT_NOT_ALLOWED')).toBe(200)
    expect(tally('EVENT_UNKNOWN')).toBe(200)
    expect(tally('ROLE_NOT_ALLOWED')).toBe(200)
    expect(tap.batches.length).toBeLessThan(10)
    expect(await world.verify()).toEqual([])
  })

  test('one change of a batch that breaks a constraint leaves the rest', async () => {
    const [a, b, c] = [
      await world.ticketIn('submitted'),
      await world.ticketIn('submitted'),
      await world.ticketIn('submitted'),
    ]
    tap.before = (changes) =>
      changes.map((it) => (it.ticket.id === b ? { ...it, ticket: { ...it.ticket, makerId: 'x', checkerId: 'x' } } : it))
    const send = (id: string) => world.send(id, portal, 'documents.upload', upload, keyed(`key of ${id}`))
    const [first, broken, last] = await Promise.allSettled([send(a), send(b), send(c)])
    expect([first.status, last.status]).toEqual(['fulfilled', 'fulfilled'])
    expect(broken).toMatchObject({
      reason: { code: 'OWN_CASE', extra: { reason: 'refused', constraint: 'tickets_four_eyes' } },
    })
    expect(tap.batches.at(-1)).toHaveLength(3)
    tap.before = (changes) => changes
    expect((await send(b)).replayed).toBe(false)
    expect(await world.verify()).toEqual([])
  })

  test('a ticket number that exists is drawn again; a key that exists is not', async () => {
    const taken = (await world.file()).ticketNumber
    let tries = 0
    tap.before = (changes) =>
      changes.map((it) => (tries++ === 0 ? { ...it, ticket: { ...it.ticket, ticketNumber: taken } } : it))
    const filed = await world.file({}, { key: 'k', fingerprint: 'f' })
    expect(tries).toBe(2)
    expect(filed.ticketNumber).not.toBe(taken)
    expect((await world.row(filed.ticketId)).ticketNumber).toBe(filed.ticketNumber)
  })

  test('gives up on a ticket number that exists every time', async () => {
    const taken = (await world.file()).ticketNumber
    tap.before = (changes) => changes.map((it) => ({ ...it, ticket: { ...it.ticket, ticketNumber: taken } }))
    expect(await codeOf(world.file())).toBe('CONFLICT')
  })

  test('a read that fails for one command fails for that one only', async () => {
    const [a, b] = [await world.ticketIn('submitted'), await world.ticketIn('submitted')]
    await world.restart()
    tap.failTicketReads = (id) => id === a
    const outcomes = await Promise.allSettled([
      world.engine.handle({
        ticketId: a,
        actor: portal,
        event: { type: 'documents.upload', ...upload },
        key: null,
        fingerprint: null,
      }),
      world.engine.handle({
        ticketId: b,
        actor: portal,
        event: { type: 'documents.upload', ...upload },
        key: null,
        fingerprint: null,
      }),
    ])
    expect(outcomes.map((it) => it.status)).toEqual(['rejected', 'fulfilled'])
  })

  test('a commit that fails as a whole fails each of its commands, and the engine goes on', async () => {
    tap.failCommits = true
    const outcomes = await Promise.allSettled([world.file(), world.file()])
    expect(outcomes.map((it) => it.status)).toEqual(['rejected', 'rejected'])
    tap.failCommits = false
    expect((await world.file()).state).toBe('contactUnproven')
    expect(await world.store.countTickets({})).toBe(1)
  })

  test('a listener that throws harms neither the commands nor the other listeners', async () => {
    const heard: number[] = []
    world.engine.onCommitted(() => {
      throw new Error('listener')
    })
    world.engine.onCommitted((hint) => void heard.push(hint.outbox.length))
    const all = await Promise.all([world.file(), world.file(), world.file()])
    await turn()
    expect(all).toHaveLength(3)
    expect(heard).toEqual([3])
    await world.engine.stop()
  })

  test('a queue that is full refuses the next command and forgets nothing it took', async () => {
    const small = await World.open({ maxQueue: 20, maxBatch: 8 })
    const outcomes = await Promise.allSettled(Array.from({ length: 30 }, () => small.file()))
    expect(outcomes.filter((it) => it.status === 'fulfilled')).toHaveLength(20)
    expect(outcomes.at(-1)).toMatchObject({ reason: { code: 'STORE_BUSY' } })
    expect(await small.store.countTickets({})).toBe(20)
    expect((await small.file()).state).toBe('contactUnproven')
    await small.close()
  })

  test('the first command in is the first one decided, whichever ticket is busy', async () => {
    const [busy, quiet] = [await world.ticketIn('submitted'), await world.ticketIn('submitted')]
    const order: string[] = []
    const send = (id: string, name: string) =>
      world
        .send(id, portal, 'documents.upload', upload, { expectedContentVersion: undefined })
        .then(() => order.push(name))
    const crowd = Array.from({ length: 30 }, (_, n) => send(busy, `busy ${n}`))
    await Promise.all([...crowd, send(quiet, 'quiet')])
    expect(order.indexOf('quiet')).toBeLessThan(3)
    expect(order.filter((it) => it !== 'quiet')).toEqual(crowd.map((_, n) => `busy ${n}`))
  })
})

describe('time', () => {
  const instants = async (id: string) => (await world.log(id)).map((it) => it.at)
  const forward = (all: readonly number[]) => all.every((it, n) => n === 0 || it >= all[n - 1]!)

  test('a clock set back an hour never makes event instants run backwards', async () => {
    const id = await world.ticketIn('submitted')
    const { updatedAt } = await world.row(id)
    await world.ring(id)
    world.clock.advance(-HOUR)
    await world.send(id, portal, 'documents.upload', upload)
    await world.send(id, agent, 'verification.start')
    expect(forward(await instants(id))).toBe(true)
    expect((await world.row(id)).updatedAt).toBeGreaterThanOrEqual(updatedAt)
    expect(await world.verify()).toEqual([])
  })

  test('an event happens when it arrives, not when its turn comes', async () => {
    const id = await world.ticketIn('submitted')
    const due = (await world.row(id)).schedule.clocks.find((it) => it.target === 'firstReview')!.dueAt
    world.clock.at = due - 1
    const expectedContentVersion = (await world.row(id)).contentVersion
    const command = { ticketId: id, actor: agent, event: { type: 'verification.start' }, key: null, fingerprint: null }
    const sent = world.engine.handle({ ...command, expectedContentVersion })
    world.clock.at = due + 1
    expect((await sent).facts).not.toContain('SlaBreached')
    const clock = (await world.row(id)).schedule.clocks.find((it) => it.target === 'firstReview')!
    expect(clock).toMatchObject({ outcome: 'met', settledAt: due - 1 })
  })

  test('an instant that has not come yet is refused: it would ring timers before their time', async () => {
    const { ticketId } = await world.file()
    const ahead = { expectedContentVersion: undefined, at: world.clock.now() + DAY }
    expect(await codeOf(world.send(ticketId, portal, 'documents.upload', upload, ahead))).toBe('EVENT_IN_THE_FUTURE')
    expect(await codeOf(world.file({}, { at: world.clock.now() + 1 }))).toBe('EVENT_IN_THE_FUTURE')
  })
})

describe('settling and a refusal', () => {
  test('what was due stays settled although the command is refused, and the refusal is about the state after it', async () => {
    const { ticketId } = await world.file()
    const before = await world.row(ticketId)
    world.clock.advance(20 * DAY)
    const refusal = await refusalOf(
      world.send(ticketId, portal, 'contact.prove', { channel: 'email' }, { key: 'k', fingerprint: 'f' }),
    )
    expect(refusal.extra).toMatchObject({ state: 'expired', allowed: ['reopen'] })
    const row = await world.row(ticketId)
    expect(row).toMatchObject({
      state: 'expired',
      revision: before.revision + 1,
      contentVersion: before.contentVersion,
    })
    expect(await world.store.findIdempotency('k')).toBeNull()
    expect(await world.verify()).toEqual([])
  })

  test('an accepted answer tells the settled facts first', async () => {
    const id = await world.ticketIn('submitted')
    world.clock.advance(DAY)
    const answer: Accepted = await world.send(id, agent, 'verification.start')
    expect(answer.facts.at(-1)).toBe('VerificationStarted')
    expect(answer.facts.length).toBeGreaterThan(1)
    expect(answer.revision).toBe((await world.row(id)).revision)
  })
})

describe('stopping', () => {
  test('finishes what is under way and refuses the rest', async () => {
    const inFlight = Promise.all(Array.from({ length: 50 }, () => world.file()))
    const stopped = world.engine.stop()
    expect(await codeOf(world.file())).toBe('SHUTTING_DOWN')
    expect(await codeOf(world.system('x', 'contacts.applied'))).toBe('SHUTTING_DOWN')
    await stopped
    expect(await inFlight).toHaveLength(50)
    expect(await world.store.countTickets({})).toBe(50)
  })
})
