import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { ticketType } from '../../examples/koreksi-data.js'
import { loadConfig } from '../../src/config.js'
import { loadTicketTypes } from '../../src/engine/index.js'
import type { TicketType } from '../../src/machines/ticketType.js'
import { pulih } from '../drills/server.js'
import { codeOf, DAY, portal, refusalOf, World } from '../support/world.js'

const folder = mkdtempSync(join(tmpdir(), 'pulih-loading-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const EXAMPLE = resolve('examples/koreksi-data.ts')
const file = (name: string, source: string): string => {
  writeFileSync(join(folder, name), source)
  return join(folder, name)
}
const changed = (change: string) =>
  `import { ticketType } from ${JSON.stringify(EXAMPLE)}\nexport const changed = { ...ticketType, ${change} }\nexport default changed\n`
const document = { kind: 'KTP', ref: 'dok_berkas-ktp', sha256: 'a'.repeat(64) }
const FILING = { route: 'layanan_digital', field: 'NAMA', participantRef: 'ps_contoh-1', documents: [document] }

describe('PULIH_TICKET_TYPES', () => {
  test('names files, relative to where the program was started', () => {
    const { ticketTypes } = loadConfig({ PULIH_TICKET_TYPES: ' examples/koreksi-data.ts,, /srv/type.js ' })
    expect(ticketTypes).toEqual([EXAMPLE, '/srv/type.js'])
    expect(loadConfig({}).ticketTypes).toEqual([])
  })

  test.each([
    ['a file that is not there', () => join(folder, 'nowhere.js'), 'is not there'],
    ['a file that is not JavaScript', () => file('bad.mjs', 'export const = 1'), 'cannot be loaded: '],
    ['a file without a type', () => file('none.mjs', 'export const other = 1'), 'exports no ticketType'],
    [
      'a name that is taken',
      () => file('taken.mjs', changed("type: 'pengaduan', policies: []")),
      'two ticket types are called pengaduan',
    ],
    [
      'an event without a label',
      () =>
        file(
          'label.mjs',
          changed(
            "publicEvents: { ...ticketType.publicEvents, approve: { ...ticketType.publicEvents.approve, label: { id: 'Setujui' } } }",
          ),
        ),
      'the event approve has no label in both languages',
    ],
    [
      'a role that may not send',
      () =>
        file(
          'role.mjs',
          changed(
            "publicEvents: { ...ticketType.publicEvents, approve: { ...ticketType.publicEvents.approve, roles: ['system'] } }",
          ),
        ),
      'the event approve has no roles, or one that may not',
    ],
    [
      'a policy that does not fit',
      () => file('policy.mjs', changed('deadlines: {}')),
      'sets the deadline noReply remind1, which koreksi_data does not declare',
    ],
    ['a type without a machine', () => file('machine.mjs', changed('machine: {}')), 'its machine is no statechart'],
  ])('with %s is refused by one sentence that names it', async (_name, path, sentence) => {
    const name = path()
    const refusal = await refusalOf(loadTicketTypes(undefined, [name]))
    expect(refusal.code).toBe('CONFIGURATION_INVALID')
    expect(refusal.message).toContain(sentence)
    expect(refusal.message).toContain(name)
  })

  test('with TypeScript is refused by a plain Node, in words', async () => {
    const { code, err } = await pulih(['machine', 'check', 'examples/koreksi-data.ts'])
    expect([code, err]).toEqual([1, expect.stringContaining('is TypeScript, which this Node does not run: compile it')])
    const compiled = await pulih(['machine', 'check', 'dist/examples/koreksi-data.js'])
    expect(compiled).toMatchObject({ code: 0, out: expect.stringContaining('0 faults') as string })
  })
})

test('no line of the program knows the example', () => {
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  expect(sources.length).toBeGreaterThan(100)
  expect(sources.filter((name) => /koreksi/i.test(readFileSync(join('src', name), 'utf8')))).toEqual([])
})

describe('a type that is loaded', () => {
  const both = () => loadTicketTypes(undefined, [EXAMPLE])
  const open = async () => {
    const types = await both()
    return World.open({ types, policies: types.get('koreksi_data')?.policies ?? [] })
  }
  const file = async (world: World) => (await world.file(FILING, { type: 'koreksi_data' })).ticketId

  test('is promised by its own policy', async () => {
    const world = await open()
    const id = await file(world)
    expect(await world.row(id)).toMatchObject({ policyId: 'koreksi-data', state: 'underReview' })
    expect(await world.row(await world.ticketIn('submitted'))).toMatchObject({ policyId: 'pengaduan' })
    expect(await world.verify()).toEqual([])
    await world.close()
  })

  test('keeps its timers while it is away, says so once, and rings them when it is back', async () => {
    const world = await open()
    const id = await file(world)
    const warnings: string[] = []
    const hear = (warning: Error) => void warnings.push(warning.message)
    process.on('warning', hear)
    await world.restart(await loadTicketTypes())
    const [first] = await world.pending(id)
    world.clock.at = first!.dueAt + DAY
    expect(await world.engine.deliverTimer(first!)).toBe('kept')
    expect(await world.engine.deliverTimer(first!)).toBe('kept')
    expect(await codeOf(world.send(id, portal, 'withdraw', { reason: 'SELESAI' }))).toBe('TICKET_TYPE_MISSING')
    expect((await world.verify())[0]).toContain('The ticket type koreksi_data is not loaded here')
    expect((await world.pending(id)).map((it) => it.threshold)).toContain(first!.threshold)
    await world.restart(await both())
    expect(await world.engine.deliverTimer(first!)).toBe('fired')
    expect(await world.facts(id)).toContain('SlaWarned')
    expect(await world.verify()).toEqual([])
    await world.close()
    process.off('warning', hear)
    expect(warnings.filter((it) => it.includes('koreksi_data'))).toHaveLength(1)
  })

  test('cannot change a policy that was published', async () => {
    const world = await open()
    const [policy] = ticketType.policies!
    const { seedReference } = await import('../../db/seeds/index.js')
    const edited = { ...ticketType, policies: [{ ...policy!, limits: { reopenDays: 90 } }] } as TicketType
    const refusal = await refusalOf(seedReference(world.store, 0, new Map([['koreksi_data', edited]])))
    expect(refusal).toMatchObject({
      code: 'CONFIGURATION_INVALID',
      message: expect.stringContaining('koreksi-data@1') as string,
    })
    await world.close()
  })
})
