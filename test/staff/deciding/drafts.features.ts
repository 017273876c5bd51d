import { afterAll, beforeAll, expect, it } from 'vitest'
import { newKey } from '../../api/harness.js'
import { REQUEST } from '../../intake/people.js'
import { HOUR, ITEMS, matched, MINUTE, type DecidingWorld } from './world.js'

const STEPS = ['NAMA_DITANYAKAN', 'PERNYATAAN_DIBACAKAN', 'PEMBERITAHUAN_PRIVASI_DISAMPAIKAN']
const DECLARED = { declaration: true, noticeVersion: REQUEST.noticeVersion }

/** What an agent types for a caller, and what only its owner can do; on either database. */
export function draftFeatures(open: () => Promise<DecidingWorld>): void {
  let world: DecidingWorld
  beforeAll(async () => {
    world = await open()
  }, 120_000)
  afterAll(() => world.close())

  const body = (overrides: Readonly<Record<string, unknown>> = {}) => {
    const { noticeVersion, category, cause } = REQUEST
    const { identity } = world.somebody()
    const shared = { category, cause, noticeVersion, declaration: true, channel: 'telepon_175', steps: STEPS }
    return { identity, contacts: world.contacts(), ...shared, ...overrides }
  }
  /** A draft, and the key that came to its owner by mail. */
  const typed = async (overrides: Readonly<Record<string, unknown>> = {}) => {
    const sent = await world.post('/v1/drafts', body(overrides))
    expect(sent.status, sent.text).toBe(202)
    await world.tasks.runDue()
    const token = /Kunci draf: ([A-Za-z0-9_-]{43})/.exec(await world.mail('email', 'code.assisted'))?.[1] ?? ''
    expect(sent.text).not.toContain(token)
    return { ticketId: String(sent.body.ticketId), token, answer: sent }
  }
  const askAndProve = async (token: string) => {
    for (const channel of ['email', 'phone'])
      expect((await world.filer(token, 'POST', '/v1/pengaduan/codes', { channel })).status).toBe(202)
    await world.proveBoth(token)
  }
  const submit = (token: string, more: Readonly<Record<string, unknown>> = {}) =>
    world.filer(token, 'POST', '/v1/pengaduan/submission', { ...DECLARED, ...more })

  it('D29 R62 the agent types, the owner proves both contacts, ticks the declaration and submits', async () => {
    const { ticketId, token, answer } = await typed()
    expect(answer.body).toMatchObject({ state: 'draft', promises: [] })
    expect(answer.body.expiresAt.at).toBe(new Date(world.api.clock.now() + 24 * HOUR).toISOString())
    expect(await world.api.store.intake.deciding.findAssisted(ticketId)).toMatchObject({
      ...{ channel: 'telepon_175', actorId: 'agent-1', steps: [...STEPS].toSorted() },
    })
    // No code goes out before its owner asks; no clock runs.
    expect(await world.mail('phone', 'code.prove')).toBe('')
    expect((await world.api.store.findTicket(ticketId))?.schedule.clocks).toEqual([])
    expect((await submit(token)).body.code).toBe('PROOF_REQUIRED')
    await askAndProve(token)
    expect((await submit(token, { declaration: false })).status).toBe(422)
    const sent = await submit(token)
    expect([sent.status, sent.body.state], sent.text).toEqual([200, 'submitted'])
    await world.after(MINUTE)
    expect((await world.api.store.intake.people.findMatch(ticketId))?.outcome).toBe('found')
    const submitted = (await world.api.store.readLog(ticketId, 0, 100)).find((it) => it.fact === 'TicketSubmitted')
    expect(submitted?.actorRole).toBe('participant')
    expect((await submit(token)).body.code).toBe('EVENT_NOT_ALLOWED')
  })

  it('A34 a draft takes no decision and no submission but its owner’s, from any officer', async () => {
    const { ticketId, token } = await typed()
    expect((await world.refused(ticketId, 'submit')).code).toBe('PROOF_REQUIRED')
    expect((await world.refused(ticketId, 'submit', {}, 'portal')).code).toBe('PROOF_REQUIRED')
    for (const [type, payload, as] of [
      ['verification.start', {}, 'agent'],
      ['identity.verify', matched(...ITEMS, 'KPJ_COCOK'), 'agent'],
      ['approval.propose', {}, 'agent'],
      ['approval.confirm', {}, 'checker'],
      ['reject', { code: 'BUKAN_PESERTA' }, 'agent'],
      ['branch.refer', { officeId: 'cabang-jakarta', reason: 'PERLU_TATAP_MUKA' }, 'agent'],
    ] as const)
      expect((await world.refused(ticketId, type, payload, as)).code, type).toBe('EVENT_NOT_ALLOWED')
    await askAndProve(token)
    expect((await world.refused(ticketId, 'submit')).code).toBe('PROOF_REQUIRED')
    expect(await world.stateOf(ticketId)).toBe('draft')
  })

  it('A24 the agent reads no code and no key, edits no contact, and proves none', async () => {
    const { ticketId } = await typed()
    expect((await world.refused(ticketId, 'contact.change', { channel: 'email' })).status).toBe(403)
    expect((await world.refused(ticketId, 'contact.prove', { channel: 'email' })).status).toBe(403)
    const tried = { channel: 'email', code: '000000' }
    expect((await world.post(`/v1/tickets/${ticketId}/desk-codes/verification`, tried)).status).toBe(404)
    expect((await world.post('/v1/pengaduan/submission', DECLARED)).status).toBe(401)
  })

  it('D28 whoever typed it is neither maker nor checker of it later', async () => {
    const { ticketId, token } = await typed()
    await askAndProve(token)
    await submit(token)
    await world.after(MINUTE)
    await world.sent(ticketId, 'verification.start', {}, 'supervisor')
    await world.sent(ticketId, 'identity.verify', matched(...ITEMS, 'KPJ_COCOK'), 'supervisor')
    expect(await world.refused(ticketId, 'approval.propose')).toMatchObject({ status: 403, code: 'OWN_CASE' })
    await world.sent(ticketId, 'approval.propose', {}, 'supervisor')
    const { engine, store } = world.api
    const expectedContentVersion = (await store.findTicket(ticketId))!.contentVersion
    const asTypist = { id: 'agent-1', role: 'checker' as const }
    const command = { ticketId, event: { type: 'approval.confirm' }, key: `agent-1:${newKey()}`, fingerprint: 'x' }
    await expect(engine.handle({ ...command, actor: asTypist, expectedContentVersion })).rejects.toMatchObject({
      code: 'OWN_CASE',
    })
    await world.sent(ticketId, 'approval.confirm', {}, 'checker')
  })

  it('what the agent mistyped is put right as it is submitted; the look into the directory is of what was submitted', async () => {
    const { identity } = world.somebody()
    const { ticketId, token } = await typed({ identity: { ...identity, name: 'Salah Ketik' } })
    await askAndProve(token)
    const sent = await submit(token, { identity: { name: identity.name } })
    expect(sent.status, sent.text).toBe(200)
    await world.tasks.runDue()
    const match = await world.api.store.intake.people.findMatch(ticketId)
    expect([match?.identityVersion, match?.findings]).toEqual([2, { codes: [] }])
  })

  it('a draft that nobody submits is gone after its time', async () => {
    const { ticketId, token } = await typed({ channel: 'email_care' })
    await world.after(24 * HOUR + MINUTE)
    await askAndProve(token).catch(() => undefined)
    const late = await submit(token)
    expect(late.status).toBe(409)
    expect(await world.stateOf(ticketId)).toBe('expired')
    expect((await world.api.store.findTicket(ticketId))?.schedule.clocks).toEqual([])
  })

  it('A50 no draft without the caller’s own declaration and the required steps', async () => {
    for (const overrides of [
      { steps: ['NAMA_DITANYAKAN'] },
      { declaration: false },
      { onBehalf: true },
      { channel: 'walk_in' },
    ])
      expect((await world.post('/v1/drafts', body(overrides))).status, JSON.stringify(overrides)).toBe(422)
    for (const as of ['portal', 'checker', 'auditor'] as const)
      expect((await world.post('/v1/drafts', body(), as)).status).toBe(403)
  })
}
