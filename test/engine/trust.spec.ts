import type { AnyStateMachine } from 'xstate'
import { afterEach, describe, expect, test } from 'vitest'
import { loadTicketTypes, type TicketTypes } from '../../src/engine/index.js'
import type { TicketType } from '../../src/machines/ticketType.js'
import { agent, checker, codeOf, DAY, HOUR, keyOf, MINUTE, portal, refusalOf, system, World } from '../support/world.js'

let world: World | undefined
afterEach(async () => {
  await world?.close()
  world = undefined
})
const open = async (types?: TicketTypes) => (world = await World.open(types === undefined ? {} : { types }))

/** The pengaduan machine with guards taken out: what is left to stand in the way is the database. */
async function without(...guards: readonly string[]): Promise<TicketTypes> {
  const pengaduan = (await loadTicketTypes()).get('pengaduan')!
  const yes = Object.fromEntries(guards.map((name) => [name, () => true]))
  const machine = pengaduan.machine.provide({ guards: yes } as never) as AnyStateMachine
  const type: TicketType = { ...pengaduan, machine }
  return new Map([[type.type, type]])
}
async function tamper(world: World, id: string, field: string, value: string | null): Promise<void> {
  const { snapshot } = await world.row(id)
  const context = { ...(snapshot['context'] as object), [field]: value }
  await world.sql('UPDATE tickets SET revision = revision + 1, snapshot = $1 WHERE id = $2', [
    JSON.stringify({ ...snapshot, context }),
    id,
  ])
}

describe('four eyes', () => {
  test('the machine alone: the maker at the checker’s desk is refused, in words', async () => {
    const world = await open()
    const id = await world.ticketIn('approvalProposed')
    const refusal = await refusalOf(world.send(id, { ...agent, role: 'checker' }, 'approval.confirm'))
    expect(refusal.code).toBe('OWN_CASE')
    expect((refusal.extra['reasons'] as { guard: string }[]).map((it) => it.guard)).toContain('mayApprove')
    expect((await world.row(id)).state).toBe('approvalProposed')
  })

  test('the database alone: a machine that forgot its guard cannot commit', async () => {
    const world = await open(await without('mayApprove', 'independentChecker'))
    const id = await world.ticketIn('approvalProposed')
    const before = await world.row(id)
    const refusal = await refusalOf(world.send(id, { ...agent, role: 'checker' }, 'approval.confirm'))
    expect(refusal.code).toBe('OWN_CASE')
    expect(refusal.extra).toMatchObject({ reason: 'refused', constraint: 'tickets_four_eyes' })
    expect(await world.row(id)).toEqual(before)
    expect((await world.send(id, checker, 'approval.confirm')).state).toBe('onHold')
  })

  test('the database alone: writing it in by hand is refused', async () => {
    const world = await open()
    const id = await world.ticketIn('onHold')
    const write = (set: string) => world.sql(`UPDATE tickets SET revision = revision + 1, ${set} WHERE id = $1`, [id])
    await expect(write('checker_id = maker_id')).rejects.toThrow('tickets_four_eyes')
    await expect(write('maker_id = checker_id')).rejects.toThrow('tickets_four_eyes')
  })

  test.each([
    ['the checker made the maker', 'checker', agent.id],
    ['the maker made the checker', 'maker', checker.id],
    ['the checker taken out', 'checker', null],
  ])(
    'the machine alone, at the last moment: %s in the snapshot, and nothing is applied',
    async (_name, field, value) => {
      const world = await open()
      const id = await world.ticketIn('applying')
      await tamper(world, id, field, value)
      const refusal = await refusalOf(world.system(id, 'contacts.applied'))
      expect(refusal.code).toBe('EVENT_NOT_ALLOWED')
      expect((refusal.extra['reasons'] as { guard: string }[]).map((it) => it.guard)).toEqual(['mayApply'])
      expect((await world.row(id)).state).toBe('applying')
    },
  )

  test('the database alone, at the last moment: the same snapshot past a machine without that guard', async () => {
    const world = await open(await without('mayApply'))
    const id = await world.ticketIn('applying')
    await tamper(world, id, 'checker', agent.id)
    expect((await refusalOf(world.system(id, 'contacts.applied'))).extra['constraint']).toBe('tickets_four_eyes')
    expect((await world.row(id)).state).toBe('applying')
  })
})

describe('effects leave once, through the outbox', () => {
  test('in the commit of their event: none for a refusal, none for a repetition', async () => {
    const world = await open()
    const { ticketId: id } = await world.file({}, { key: 'k', fingerprint: 'f' })
    await world.file({}, { key: 'k', fingerprint: 'f' })
    await codeOf(world.send(id, agent, 'verification.start'))
    const outbox = await world.store.outboxOf(id)
    expect(outbox.map((it) => [it.seq, it.kind, it.body['template']])).toEqual([[1, 'message', 'received']])
    expect((await world.row(id)).outboxSeq).toBe(1)
  })

  test('one command to the account service per approval, however often its timer rings', async () => {
    const world = await open()
    const id = await world.ticketIn('onHold')
    const hold = (await world.pending(id)).find((it) => it.family === 'hold')!
    world.clock.at = hold.dueAt + HOUR
    const verdicts = await Promise.all(Array.from({ length: 10 }, () => world.engine.deliverTimer(keyOf(hold))))
    expect(verdicts.filter((it) => it === 'fired')).toHaveLength(1)
    const ports = (await world.store.outboxOf(id)).filter((it) => it.kind === 'port')
    expect(ports.map((it) => it.body)).toEqual([
      expect.objectContaining({ operation: 'replaceContacts', replyEvent: 'contacts.applied', at: hold.dueAt }),
    ])
  })

  test('its reply under the outbox id, ten times at once and again after a restart, is one ContactUpdated', async () => {
    const world = await open()
    const id = await world.ticketIn('applying')
    const port = (await world.store.outboxOf(id)).find((it) => it.kind === 'port')!
    const reply = () => world.system(id, 'contacts.applied', {}, { key: `system:${id}.${port.seq}` })
    const all = await Promise.all(Array.from({ length: 10 }, reply))
    await world.restart()
    const last = await reply()
    expect([...all, last].filter((it) => !it.replayed)).toHaveLength(1)
    expect((await world.facts(id)).filter((it) => it === 'ContactUpdated')).toHaveLength(1)
    expect(await world.verify()).toEqual([])
  })

  test('a late reply of an earlier cycle finds a ticket that no longer waits for it', async () => {
    const world = await open()
    const id = await world.ticketIn('applying')
    await world.system(id, 'contacts.refused', { code: 'PESERTA_TIDAK_DITEMUKAN' })
    expect((await world.row(id)).state).toBe('underVerification')
    expect(await codeOf(world.system(id, 'contacts.applied'))).toBe('EVENT_NOT_ALLOWED')
  })

  test('listeners hear of each committed row once, and of timers that wait only', async () => {
    const world = await open()
    const heard: string[] = []
    const stop = world.engine.onCommitted(({ timers, outbox }) => {
      heard.push(...outbox.map((it) => `${it.ticketId} ${it.seq}`))
      expect(timers.every((it) => it.state === 'pending')).toBe(true)
    })
    const ids = (await Promise.all([world.file(), world.file(), world.file()])).map((it) => it.ticketId)
    world.clock.advance(20 * DAY)
    for (const id of ids) await world.ring(id)
    const rows = (await Promise.all(ids.map((id) => world.store.outboxOf(id)))).flat()
    expect(heard.sort()).toEqual(rows.map((it) => `${it.ticketId} ${it.seq}`).sort())
    stop()
    await world.file()
    expect(heard).toHaveLength(rows.length)
  })
})

describe('time at its edges', () => {
  /** Tuesday 7 July 2026: no holiday near. */
  const TUESDAY = Date.UTC(2026, 6, 7, 2, 0)

  test('paused at the very due instant and resumed after closing: late, but no instant runs backwards', async () => {
    const world = await open()
    world.clock.at = TUESDAY
    const { ticketId: id } = await world.file()
    for (const channel of ['email', 'phone']) await world.send(id, portal, 'contact.prove', { channel })
    world.clock.advance(MINUTE)
    await world.send(id, agent, 'verification.start')
    const dueOf = async () => (await world.row(id)).schedule.clocks.find((it) => it.target === 'resolution')!.dueAt
    const due = await dueOf()
    world.clock.at = due
    await world.send(id, agent, 'documents.request', { documents: [{ kind: 'KTP', reason: 'KURANG_JELAS' }] })
    // In the evening: no business time has passed, so the promise has not moved, and it is past.
    world.clock.at = due + 3 * HOUR
    const documents = [{ kind: 'KTP', ref: 'doc_abcdef', sha256: 'a'.repeat(64) }]
    await world.send(id, portal, 'documents.upload', { documents })
    expect(await dueOf()).toBe(due)
    world.clock.advance(MINUTE)
    await world.ring(id)
    const log = await world.log(id)
    const breach = log.findIndex((it) => it.fact === 'SlaBreached' && it.event['target'] === 'resolution')
    expect(log[breach]!.at).toBe(due + 3 * HOUR)
    expect(log.every((it, n) => n === 0 || it.at >= log[n - 1]!.at)).toBe(true)
    expect(await world.verify()).toEqual([])
  })

  test('a system event carries its own earlier instant, yet never one before the last', async () => {
    const world = await open()
    const id = await world.ticketIn('applying')
    const { updatedAt } = await world.row(id)
    await world.system(id, 'contacts.applied', {}, { at: updatedAt - DAY })
    expect((await world.log(id)).at(-1)).toMatchObject({ fact: 'ContactUpdated', at: updatedAt, actorId: system.id })
  })
})
