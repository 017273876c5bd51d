import { afterEach, describe, expect, test } from 'vitest'
import { agent, checker, codeOf, DAY, HOUR, portal, refusalOf, supervisor, World } from '../support/world.js'

/** Doors that a thief with two friends on the staff would try. */
let world: World
afterEach(() => world.close())

const second = { id: 'agent-2', role: 'agent' as const }
const matched = { verdict: 'matched', checklist: [{ item: 'KTP_COCOK', matched: true }] }
const refer = { officeId: 'cabang-jakarta', reason: 'DATA_BEDA' }
const reasonsOf = async (command: Promise<unknown>) =>
  ((await refusalOf(command)).extra['reasons'] as { guard: string }[]).map((it) => it.guard)

async function approve(id: string): Promise<string> {
  await world.send(id, agent, 'identity.verify', matched)
  await world.send(id, agent, 'approval.propose')
  return (await world.send(id, checker, 'approval.confirm')).state
}
async function prove(id: string): Promise<void> {
  for (const channel of ['email', 'phone']) await world.send(id, portal, 'contact.prove', { channel })
}

describe('shedding the hold (R-HOLD-1, D27)', () => {
  test('a branch is a branch: neither filing nor referring there takes another office', async () => {
    world = await World.open()
    const filing = { route: 'kantor_cabang', officeId: 'pusat' }
    expect((await refusalOf(world.file(filing, { actor: agent }))).extra['errors']).toEqual([
      { pointer: '/officeId', code: 'not_a_branch' },
    ])
    const id = await world.ticketIn('underVerification')
    expect(await codeOf(world.send(id, agent, 'branch.refer', { ...refer, officeId: 'pusat' }))).toBe(
      'VALIDATION_FAILED',
    )
  })
  test('whoever refers does not receive; another officer does, and then there is no hold', async () => {
    world = await World.open()
    const id = await world.ticketIn('underVerification')
    await world.send(id, agent, 'branch.refer', refer)
    expect(await reasonsOf(world.send(id, agent, 'branch.arrive'))).toContain('arrivalWitness')
    await world.send(id, second, 'branch.arrive')
    expect(await approve(id)).toBe('applying')
  })
  test.each([
    ['telephone', { channel: 'telepon_175' }, agent],
    ['the portal', { channel: 'walk_in' }, portal],
  ])('a branch ticket filed by %s holds', async (_name, filing, actor) => {
    world = await World.open()
    const { ticketId } = await world.file({ route: 'kantor_cabang', ...filing }, { actor })
    await prove(ticketId)
    world.clock.advance(1_000)
    await world.send(ticketId, agent, 'verification.start')
    expect(await approve(ticketId)).toBe('onHold')
  })
  test('a contact changed after the officer looked brings the hold back', async () => {
    world = await World.open()
    const { ticketId } = await world.file({ route: 'kantor_cabang' }, { actor: agent })
    await prove(ticketId)
    world.clock.advance(1_000)
    await world.send(ticketId, agent, 'verification.start')
    await world.send(ticketId, portal, 'contact.change', { channel: 'phone' })
    await world.send(ticketId, portal, 'contact.prove', { channel: 'phone' })
    expect(await approve(ticketId)).toBe('onHold')
  })
})

describe('making an objection go away (R-HOLD-3, D21)', () => {
  test('a frozen ticket cannot be withdrawn, and the deciders do not judge it', async () => {
    world = await World.open()
    const id = await world.ticketIn('underVerification')
    await world.send(id, agent, 'identity.verify', matched)
    await world.send(id, agent, 'approval.propose')
    await world.send(id, supervisor, 'approval.confirm')
    await world.send(id, portal, 'objection.raise')
    expect(await codeOf(world.send(id, portal, 'withdraw', { reason: 'BATAL' }))).toBe('EVENT_NOT_ALLOWED')
    expect(await reasonsOf(world.send(id, supervisor, 'objection.dismiss', { reason: 'BATAL' }))).toEqual([
      'independentResolver',
    ])
    const other = { id: 'supervisor-2', role: 'supervisor' as const }
    expect((await world.send(id, other, 'objection.dismiss', { reason: 'TIDAK_TERBUKTI' })).state).toBe('onHold')
  })
  test('one that closing left unjudged comes back as elevated risk', async () => {
    world = await World.open()
    const id = await world.ticketIn('submitted')
    await world.send(id, portal, 'objection.raise')
    await world.send(id, portal, 'withdraw', { reason: 'BATAL' })
    await world.send(id, portal, 'reopen')
    expect((await world.row(id)).snapshot.context).toMatchObject({ elevated: true, objectionOpen: false })
  })
})

test.each([
  ['an item that does not match', [{ item: 'KTP_COCOK', matched: false }]],
  [
    'an item twice',
    [
      { item: 'KTP_COCOK', matched: true },
      { item: 'KTP_COCOK', matched: true },
    ],
  ],
])('"matched" with %s is refused (R10)', async (_name, checklist) => {
  world = await World.open()
  const id = await world.ticketIn('underVerification')
  expect(await codeOf(world.send(id, agent, 'identity.verify', { verdict: 'matched', checklist }))).toBe(
    'VALIDATION_FAILED',
  )
})

test('a late promise is not extended, and nobody is told that it was (D23)', async () => {
  world = await World.open()
  const id = await world.ticketIn('underVerification')
  world.clock.advance(21 * DAY + HOUR)
  const command = world.send(id, agent, 'promise.extend', { flag: 'perbedaan_identitas' })
  expect(await reasonsOf(command)).toEqual(['not:resolutionLate'])
  const row = await world.row(id)
  expect(row.schedule.clocks.find((it) => it.target === 'resolution')?.outcome).toBe('breached')
})
