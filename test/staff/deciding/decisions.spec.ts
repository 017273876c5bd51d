import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import sharp from 'sharp'
import { ticketType } from '../../../src/machines/types/pengaduan.js'
import { newKey, type Person } from '../../api/harness.js'
import { DecidingWorld, ITEMS, matched } from './world.js'

let world: DecidingWorld
beforeAll(async () => {
  world = await DecidingWorld.open()
})
afterAll(() => world.close())

/** A payload that fits, for each event that officers decide by. */
const PAYLOADS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'documents.request': { documents: [{ kind: 'KTP', reason: 'DIPERLUKAN' }] },
  'documents.waive': { reason: 'BUKTI_CUKUP' },
  'correction.request': { reason: 'NAMA_BERBEDA' },
  'identity.verify': matched(...ITEMS, 'KPJ_COCOK'),
  'branch.refer': { officeId: 'cabang-jakarta', reason: 'PERLU_TATAP_MUKA' },
  'branch.cancel': { reason: 'TIDAK_PERLU_LAGI' },
  'office.transfer': { officeId: 'cabang-jakarta', reason: 'BEBAN_KERJA' },
  'promise.extend': { flag: 'perbedaan_identitas' },
  'risk.elevate': { reason: 'LAPORAN_PESERTA' },
  'release.override': { reason: 'KEBUTUHAN_MENDESAK' },
  'approval.return': { reason: 'BUKTI_KURANG' },
  'objection.dismiss': { reason: 'PEMILIK_TERBUKTI' },
  'objection.uphold': { reason: 'INDIKASI_PENIPUAN' },
  reject: { code: 'DATA_TIDAK_LENGKAP' },
}
const DECISIONS = Object.entries(ticketType.publicEvents).filter(([, it]) => it.needsVersion)
const personFor = (roles: readonly string[]): Person =>
  (['agent', 'checker', 'supervisor'] as const).find((it) => roles.includes(it)) ?? 'supervisor'

describe('every decision stands on a version', () => {
  it.each(DECISIONS)(
    'A32 %s: none 428, stale and weak 412, * and lists 400, and nothing changed',
    async (type, { roles }) => {
      const { ticketId } = await world.underVerification()
      const current = (await world.api.store.findTicket(ticketId))!
      const send = (ifMatch: string | null) =>
        world.api.request('POST', `/v1/tickets/${ticketId}/events`, {
          as: personFor(roles),
          body: { type, ...PAYLOADS[type] },
          headers: { 'idempotency-key': newKey(), ...(ifMatch === null ? {} : { 'if-match': ifMatch }) },
        })
      const now = current.contentVersion
      const tags = [null, `"v${now - 1}"`, `"v${now + 1}"`, `W/"v${now}"`, '*', `"v${now}", "v${now - 1}"`]
      const answers = []
      for (const tag of tags) answers.push(await send(tag))
      expect(answers.map((it) => it.status)).toEqual([428, 412, 412, 412, 400, 400])
      expect((await world.api.store.findTicket(ticketId))?.revision).toBe(current.revision)
    },
  )
})

it('A34 steps that are skipped are refused and leave nothing: a decision before its evidence, applying by hand, unknown events', async () => {
  const { ticketId } = await world.submitted()
  for (const [type, payload, as] of [
    ['identity.verify', PAYLOADS['identity.verify'], 'agent'],
    ['approval.propose', {}, 'agent'],
    ['approval.confirm', {}, 'checker'],
    ['approval.return', PAYLOADS['approval.return'], 'checker'],
    ['branch.arrive', {}, 'agent'],
    ['documents.waive', PAYLOADS['documents.waive'], 'agent'],
  ] as const)
    expect((await world.refused(ticketId, type, payload, as)).status, type).toBe(409)
  for (const type of ['contacts.applied', 'hold.end', 'draft.expire', 'kpj.trace', 'risk.record'])
    expect((await world.refused(ticketId, type)).code, type).toBe('EVENT_UNKNOWN')
  await world.sent(ticketId, 'verification.start')
  expect((await world.refused(ticketId, 'approval.propose')).code).toBe('EVENT_NOT_ALLOWED')
})

it('A24 no officer writes to a contact: no role sends the event, no route takes an address', async () => {
  const { ticketId, contacts } = await world.underVerification()
  for (const as of ['agent', 'checker', 'checker2', 'supervisor', 'admin', 'auditor'] as const)
    for (const channel of ['email', 'phone'])
      expect((await world.refused(ticketId, 'contact.change', { channel }, as)).status, as).toBe(403)
  expect((await world.refused(ticketId, 'contact.change', { channel: 'email' }, 'portal')).code).toBe('PROOF_REQUIRED')
  const typed = world.contacts()
  for (const path of ['person', 'verification', 'comparison', 'mismatch', 'kpj-trace', 'notes']) {
    const sent = await world.post(`/v1/tickets/${ticketId}/${path}`, { contacts: typed, email: typed.email, text: 'x' })
    expect([404, 405, 422], `${path} ${sent.status}`).toContain(sent.status)
  }
  const kept = await world.api.deps.services.people.contactsOf(ticketId)
  expect(kept.find((it) => it.channel === 'email')?.address).toBe(contacts.email)
})

it('A24 a document that comes after the proposal voids it: the checker decides on nothing that the maker did not see', async () => {
  const { ticketId, token } = await world.underVerification()
  await world.sent(ticketId, 'identity.verify', matched(...ITEMS, 'KPJ_COCOK'))
  await world.sent(ticketId, 'approval.propose')
  const version = (await world.api.store.findTicket(ticketId))!.contentVersion
  const background = { r: 10, g: 200, b: 90 }
  const picture = await sharp({ create: { width: 600, height: 400, channels: 3, background } })
    .jpeg()
    .toBuffer()
  const form = new FormData()
  form.append('kind', 'KTP')
  form.append('file', new Blob([new Uint8Array(picture)], { type: 'image/jpeg' }), 'lain.jpg')
  const headers = { authorization: `Bearer ${token}` }
  const sent = await fetch(`${world.api.url}/v1/pengaduan/documents`, { method: 'POST', headers, body: form })
  expect(sent.status).toBe(200)
  const late = await world.api.send(ticketId, 'approval.confirm', { as: 'checker', version })
  expect(late.status).toBe(412)
  expect(await world.stateOf(ticketId)).toBe('underVerification')
  expect((await world.api.store.findTicket(ticketId))?.makerId).toBeNull()
})

it('A25 nobody decides on what a colleague holds by another way: mismatch, trace, note; and what moved on is held no longer', async () => {
  const { ticketId } = await world.underVerification()
  const { api } = world
  const give = (staffId: string) =>
    api.request('POST', `/v1/tickets/${ticketId}/assign`, {
      as: 'supervisor',
      body: { staffId, reason: 'BEBAN_KERJA' },
      headers: { 'idempotency-key': newKey() },
    })
  const holder = async () => (await api.store.work.assignments.findAssignment(ticketId))?.agentId ?? null
  expect((await give('supervisor-1')).status).toBe(200)
  const version = (await api.store.findTicket(ticketId))!.contentVersion
  const key = newKey()
  const mismatch = (as: 'agent' | 'supervisor') =>
    api.request('POST', `/v1/tickets/${ticketId}/mismatch`, {
      as,
      body: { officeId: 'cabang-jakarta', differing: ['NAMA_COCOK'] },
      headers: { 'idempotency-key': key, 'if-match': `"v${version}"` },
    })
  const tried = [
    await mismatch('agent'),
    await api.request('POST', `/v1/tickets/${ticketId}/kpj-trace`, { as: 'agent', body: {} }),
    await api.request('POST', `/v1/tickets/${ticketId}/notes`, { as: 'agent', body: { text: 'Mohon menunggu.' } }),
    await api.send(ticketId, 'identity.verify', { as: 'agent', payload: matched(...ITEMS) }),
  ]
  for (const it of tried)
    expect([it.status, it.body.code, it.body.holder]).toEqual([409, 'TICKET_HELD', 'supervisor-1'])
  expect((await api.store.findTicket(ticketId))!.contentVersion).toBe(version)
  expect((await give('agent-1')).status).toBe(200)
  expect((await mismatch('agent')).body.state).toBe('referredToBranch')
  expect(await holder()).toBeNull()
  expect((await mismatch('agent')).body.state).toBe('referredToBranch')
})
