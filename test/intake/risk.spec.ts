import { afterAll, beforeAll, expect, it } from 'vitest'
import { createLogger } from '../../src/logging.js'
import { startTasks, type TaskRunner } from '../../src/workers/tasks.js'
import { pluck, startHarness, type Harness } from '../api/harness.js'
import { filePerson } from './people.js'

let api: Harness
let tasks: TaskRunner
beforeAll(async () => {
  api = await startHarness()
  const { store, clock, services } = api.deps
  const { tasks: board, handlers } = services
  const logger = createLogger({ level: 'silent' })
  tasks = startTasks({ world: { store, clock }, board, handlers, logger, random: () => 0.5 })
})
afterAll(async () => {
  await tasks.stop()
  await api.close()
})
const DEVICE = { 'x-device-id': 'device0123456789abcdef' }
const file = async (nik: string, email: string, phone: string, headers = {}) => {
  const { status, body } = await filePerson(api, { identity: { nik, kpj: null }, contacts: { email, phone } }, headers)
  expect(status).toBe(202)
  return String(body.ticketId)
}
const riskOf = async (id: string) => (await api.get(`/v1/tickets/${id}/risk`)).body
const elevated = async (id: string) => (await api.store.findTicket(id))?.snapshot.context['elevated']

it('A29 two open cases for one NIK: both accepted, linked and elevated', async () => {
  const one = await file('3204114609970001', 'a1@surat.example.org', '0812-1111-0001')
  const two = await file('3204114609970001', 'a2@surat.example.org', '0812-1111-0002')
  await tasks.runDue()
  for (const [id, other] of [
    [one, two],
    [two, one],
  ] as const) {
    const risk = await riskOf(id)
    expect(pluck(risk.flags, 'code')).toContain('competing_case')
    expect(risk.competing).toEqual([other])
    expect(await elevated(id)).toBe(true)
  }
})

it('A30 A49 one phone and one device for many people: flagged on all, past the cap a branch is advised', async () => {
  const ids: string[] = []
  for (let n = 1; n <= 5; n++)
    ids.push(await file(`320411460997100${n}`, `b${n}@surat.example.org`, '0812-2222-0001', DEVICE))
  await tasks.runDue()
  for (const id of ids) {
    const { flags } = await riskOf(id)
    expect(pluck(flags, 'code')).toEqual(expect.arrayContaining(['phone_shared', 'device_shared']))
    expect(await elevated(id)).toBe(true)
  }
  const { flags } = await riskOf(ids[4]!)
  const cap = (flags as { code: string; branch: boolean; reason: { id: string } }[]).find(
    (it) => it.code === 'device_cap',
  )
  expect([cap?.branch, cap?.reason.id.includes('gratis')]).toEqual([true, true])
})
