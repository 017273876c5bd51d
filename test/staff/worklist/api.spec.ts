import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newKey, pluck, startHarness, type Harness } from '../../api/harness.js'
import { filed, PERSON } from '../../intake/people.js'

describe('the worklist over HTTP', () => {
  let api: Harness
  beforeAll(async () => {
    api = await startHarness()
  })
  afterAll(() => api.close())

  const post = (
    path: string,
    as: 'agent' | 'checker' | 'supervisor' | 'admin' | 'auditor',
    body: unknown = {},
    key = newKey(),
  ) => api.request('POST', path, { as, body, headers: { 'idempotency-key': key } })
  const released = async () => {
    const answer = await api.file()
    const id = String(answer.body.ticketId)
    for (const channel of ['email', 'phone']) await api.send(id, 'contact.prove', { payload: { channel } })
    for (const timer of await api.store.timersOf(id))
      if (timer.family === 'release') await api.engine.deliverTimer(timer)
    return id
  }

  it('A25 claims the next ticket once per key, and keeps colleagues from deciding on it', async () => {
    const id = await released()
    const key = newKey()
    const claimed = await post('/v1/worklist/claim-next', 'agent', {}, key)
    expect(claimed.body.assignment).toMatchObject({ ticketId: id, how: 'next', staffId: 'agent-1' })
    expect((await post('/v1/worklist/claim-next', 'agent', {}, key)).body).toEqual(claimed.body)
    const held = await api.send(id, 'verification.start', { as: 'checker' })
    expect([held.status, held.body.code, held.body.holder]).toEqual([409, 'TICKET_HELD', 'agent-1'])
    expect((await post(`/v1/tickets/${id}/heartbeat`, 'agent')).status).toBe(200)
    expect((await post(`/v1/tickets/${id}/heartbeat`, 'supervisor')).body.code).toBe('LEASE_LOST')
    const again = newKey()
    expect((await api.send(id, 'verification.start', { as: 'agent', key: again })).status).toBe(200)
    const asked = { documents: [{ kind: 'KTP', reason: 'BURAM' }] }
    expect((await api.send(id, 'documents.request', { as: 'agent', payload: asked })).status).toBe(200)
    const list = await api.get('/v1/worklist?mine=true')
    expect(list.body.items).toEqual([])
    const history = await api.get(`/v1/tickets/${id}/assignments`, 'auditor')
    expect(pluck(history.body.items, 'how')).toEqual(['next', 'moved'])
  })

  it('claims by choice only with a reason, releases, and refuses what is not theirs to take', async () => {
    const id = await released()
    expect((await post(`/v1/tickets/${id}/claim`, 'agent', {})).body.code).toBe('VALIDATION_FAILED')
    expect((await post(`/v1/tickets/${id}/claim`, 'checker', { reason: 'MENDESAK' })).body).toMatchObject({
      code: 'NOT_CLAIMABLE',
      reasons: [{ code: 'ROLE' }],
    })
    expect((await post(`/v1/tickets/${id}/claim`, 'agent', { reason: 'MENDESAK' })).status).toBe(200)
    expect((await post(`/v1/tickets/${id}/release`, 'agent', { reason: 'BUKAN_BIDANG' })).status).toBe(200)
    expect((await post('/v1/worklist/claim-next', 'auditor')).status).toBe(403)
    const rows = (await api.get('/v1/worklist?limit=1')).body
    expect(rows.items[0]).toMatchObject({ ticketId: id, holder: null, blocked: null, group: 'notYet' })
    expect((await api.get('/v1/worklist?cursor=x')).body.code).toBe('CURSOR_MALFORMED')
  })

  it('A42 finds a person’s tickets by NIK in a body, never in an address, and the record names nobody', async () => {
    const { ticketId } = await filed(api)
    const found = await post('/v1/worklist/search', 'agent', { by: 'nik', value: PERSON.identity.nik })
    expect(pluck(found.body.items, 'ticketId')).toEqual([ticketId])
    const byPhone = await post('/v1/worklist/search', 'agent', { by: 'phone', value: PERSON.contacts.phone })
    expect(byPhone.body.items).toHaveLength(1)
    expect((await post('/v1/worklist/search', 'agent', { by: 'nik', value: '123' })).body.code).toBe(
      'VALIDATION_FAILED',
    )
    expect(api.log.join('\n')).not.toContain(PERSON.identity.nik)
    const note = await post(`/v1/tickets/${ticketId}/note-draft`, 'agent', {
      text: 'Bp. Budi 081234567890',
      version: 0,
    })
    expect(note.body).toEqual({ version: 1 })
    expect((await api.get(`/v1/tickets/${ticketId}/note-draft`)).body.text).toBe('Bp. Budi 081234567890')
    expect((await api.get(`/v1/tickets/${ticketId}/note-draft`, 'supervisor')).body.version).toBe(0)
  })

  it('lets supervisors open a window and administrators set profiles and numbers', async () => {
    const window = { officeId: 'pusat', minutes: 30, reason: 'LONJAKAN' }
    expect((await post('/v1/worklist/windows', 'supervisor', window)).status).toBe(201)
    expect((await post('/v1/worklist/windows', 'agent', window)).status).toBe(403)
    const profile = { skills: ['integritas'], offices: ['pusat'], wipLimit: 3 }
    expect((await post('/v1/worklist/profiles/agent-9', 'admin', profile)).status).toBe(200)
    expect((await api.get('/v1/worklist/profiles/agent-9', 'supervisor')).body).toEqual({
      staffId: 'agent-9',
      ...profile,
    })
    const { policy } = (await api.get('/v1/worklist/policy')).body
    expect((await post('/v1/worklist/policy', 'admin', { ...policy, wipLimit: 7 })).body).toMatchObject({ version: 1 })
    expect((await post('/v1/worklist/policy', 'supervisor', policy)).status).toBe(403)
  })

  it('A25 runs bulk work as a job; a repeat starts none, and its verdicts are a CSV', async () => {
    const id = await released()
    const order = {
      action: 'documents.request',
      payload: { documents: [{ kind: 'KTP', reason: 'BURAM' }] },
      selection: { ids: [id] },
      dryRun: true,
    }
    const key = newKey()
    const started = await post('/v1/bulk', 'supervisor', order, key)
    expect([started.status, started.body.total]).toEqual([202, 1])
    expect((await post('/v1/bulk', 'supervisor', order, key)).body.id).toBe(started.body.id)
    expect((await post('/v1/bulk', 'agent', order)).status).toBe(403)
    const approve = { ...order, action: 'approval.confirm', payload: {} }
    expect((await post('/v1/bulk', 'supervisor', approve)).body.code).toBe('VALIDATION_FAILED')
    await api.deps.services.bulk.run(new AbortController().signal)
    const at = `/v1/bulk/${started.body.id}`
    expect((await api.get(at, 'supervisor')).body).toMatchObject({ state: 'done', pending: 0 })
    expect((await api.get(`${at}/items`, 'supervisor')).body.items).toHaveLength(1)
    const sheet = await api.get(`${at}/verdicts.csv`, 'supervisor')
    expect(sheet.text).toMatch(/^seq,ticketNumber,ticketId,verdict,code,at\r\n1,PGD-/)
    expect((await post(`${at}/cancel`, 'supervisor')).body.state).toBe('done')
  })
})
