import { afterAll, beforeAll, expect, it } from 'vitest'
import { newKey } from '../../api/harness.js'
import { REQUEST } from '../../intake/people.js'
import { HOUR, ITEMS, matched, type DecidingWorld } from './world.js'

const AT_DESK = [...ITEMS, 'KPJ_COCOK', 'ASLI_DILIHAT', 'WAJAH_COCOK']

/** A walk-in from the door to the account, over HTTP; on either database. */
export function branchFeatures(open: () => Promise<DecidingWorld>): void {
  let world: DecidingWorld
  beforeAll(async () => {
    world = await open()
  }, 120_000)
  afterAll(() => world.close())

  const body = (overrides: Readonly<Record<string, unknown>> = {}) => {
    const { noticeVersion, category, cause } = REQUEST
    return {
      identity: world.somebody().identity,
      contacts: world.contacts(),
      ...{ category, cause, noticeVersion, officeId: 'cabang-jakarta', originalsSighted: true, declaration: true },
      ...overrides,
    }
  }
  const walkIn = async (overrides: Readonly<Record<string, unknown>> = {}) => {
    const sent = await world.post('/v1/branch/tickets', body(overrides))
    expect(sent.status, sent.text).toBe(202)
    expect(sent.text).not.toMatch(/statusToken|[A-Za-z0-9_-]{43}/)
    return String(sent.body.ticketId)
  }
  const proveAtDesk = async (ticketId: string) => {
    for (const channel of ['email', 'phone'] as const) {
      const code = await world.codeFor(channel)
      const proven = await world.post(`/v1/tickets/${ticketId}/desk-codes/verification`, { channel, code })
      expect(proven.status, proven.text).toBe(200)
    }
    await world.after(60_000)
  }
  const accountOf = async (nik: string) => {
    const { directory, accounts } = world.api.deps.services
    const participant = await directory.findByNik(nik)
    return accounts.contactsOf(participant?.id ?? '')
  }

  it('R60 in one sitting: filed, proven, verified, approved by a second officer, contacts updated the same day', async () => {
    const asked = body()
    const sent = await world.post('/v1/branch/tickets', asked)
    expect(sent.status, sent.text).toBe(202)
    const ticketId = String(sent.body.ticketId)
    // The same day (D24); what the codes take at the desk moves it by as much (D17).
    expect(String(sent.body.promises[0].dueAt.at)).toMatch(/^2026-11-23/)
    expect(await world.stateOf(ticketId)).toBe('contactUnproven')
    await proveAtDesk(ticketId)
    expect(await world.stateOf(ticketId)).toBe('submitted')
    await world.sent(ticketId, 'verification.start')
    expect((await world.refused(ticketId, 'identity.verify', matched(...ITEMS, 'KPJ_COCOK'))).code).toBe(
      'CHECKLIST_INCOMPLETE',
    )
    await world.sent(ticketId, 'identity.verify', matched(...AT_DESK))
    await world.sent(ticketId, 'approval.propose')
    await world.sent(ticketId, 'approval.confirm', {}, 'checker')
    expect(await world.stateOf(ticketId)).toBe('applying')
    await world.deliver(ticketId)
    expect(await world.stateOf(ticketId)).toBe('contactUpdated')
    expect((await accountOf(asked.identity.nik))?.email).toBe(asked.contacts.email)
    const kept = await world.api.store.intake.deciding.findAssisted(ticketId)
    expect(kept).toMatchObject({
      channel: 'walk_in',
      actorId: 'agent-1',
      steps: ['ASLI_DILIHAT', 'PERNYATAAN_DIUCAPKAN'],
    })
  })

  it('A23 one person alone cannot: who filed is never the second pair of eyes, through no door', async () => {
    const ticketId = await walkIn()
    await proveAtDesk(ticketId)
    await world.sent(ticketId, 'verification.start')
    await world.sent(ticketId, 'identity.verify', matched(...AT_DESK))
    await world.sent(ticketId, 'approval.propose')
    expect((await world.refused(ticketId, 'approval.confirm')).status).toBe(403)
    // The same person under a role that decides: the machine says no.
    const { engine, store } = world.api
    const version = (await store.findTicket(ticketId))!.contentVersion
    const alone = (id: string) =>
      engine.handle({
        ...{ ticketId, event: { type: 'approval.confirm' }, actor: { id, role: 'checker' as const } },
        ...{ key: `${id}:${newKey()}`, fingerprint: 'x', expectedContentVersion: version },
      })
    await expect(alone('agent-1')).rejects.toMatchObject({ code: 'OWN_CASE' })
    expect(await world.stateOf(ticketId)).toBe('approvalProposed')
    // Past the machine, the database says no: whoever filed for somebody is in a table that is only written to.
    const row = (await store.findTicket(ticketId))!
    const forged = { ...row, revision: row.revision + 1, makerId: 'agent-2', checkerId: 'agent-1' }
    const change = {
      ticket: forged,
      expectedRevision: row.revision,
      log: [],
      timersAdded: [],
      timersClosed: [],
      outbox: [],
    }
    const [outcome] = await store.commit([{ ...change, idempotency: null }])
    expect(outcome).toMatchObject({ ok: false, reason: 'refused', constraint: 'tickets_checker_independent' })
  })

  it('D27 elevated risk at a branch: a hold of 24 hours', async () => {
    const ticketId = await walkIn()
    await proveAtDesk(ticketId)
    await world.sent(ticketId, 'risk.elevate', { reason: 'DOKUMEN_MENCURIGAKAN' })
    await world.sent(ticketId, 'verification.start')
    await world.sent(ticketId, 'identity.verify', matched(...AT_DESK, 'RISIKO_DITINJAU'))
    await world.sent(ticketId, 'approval.propose')
    await world.sent(ticketId, 'approval.confirm', {}, 'checker')
    expect(await world.stateOf(ticketId)).toBe('onHold')
    const hold = (await world.api.store.findTicket(ticketId))?.schedule.deadlines.find((it) => it.name === 'hold')
    expect((hold?.thresholds.at(-1)?.at ?? 0) - world.api.clock.now()).toBe(24 * HOUR)
  })

  it('A50 nobody files for an absent person, without originals, or at a branch that is none', async () => {
    for (const overrides of [
      { originalsSighted: false },
      { declaration: false },
      { onBehalf: true },
      { officeId: 'pusat' },
    ])
      expect((await world.post('/v1/branch/tickets', body(overrides))).status, JSON.stringify(overrides)).toBe(422)
    expect((await world.post('/v1/branch/tickets', body(), 'portal')).status).toBe(403)
    expect((await world.post('/v1/branch/tickets', body(), 'checker')).status).toBe(403)
  })

  it('A24 officers type no code for anybody else’s case, and change no contact', async () => {
    const { ticketId } = await world.submitted()
    const tried = { channel: 'email', code: '123456' }
    const foreign = await world.post(`/v1/tickets/${ticketId}/desk-codes/verification`, tried)
    expect([foreign.status, foreign.body.code]).toEqual([404, 'TICKET_NOT_FOUND'])
    expect((await world.post(`/v1/tickets/${ticketId}/desk-codes`, { channel: 'email' })).status).toBe(404)
    const mine = await walkIn()
    for (const as of ['agent', 'checker', 'supervisor'] as const)
      expect((await world.refused(mine, 'contact.change', { channel: 'email' }, as)).status).toBe(403)
    for (const type of ['contact.prove', 'submit'])
      expect((await world.refused(mine, type, type === 'submit' ? {} : { channel: 'email' }, 'portal')).code).toBe(
        'PROOF_REQUIRED',
      )
  })

  it('sent again under the same key it is the same case', async () => {
    const asked = body()
    const headers = { 'idempotency-key': newKey() }
    const first = await world.api.request('POST', '/v1/branch/tickets', { as: 'agent', body: asked, headers })
    const again = await world.api.request('POST', '/v1/branch/tickets', { as: 'agent', body: asked, headers })
    expect(again.body).toEqual(first.body)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
  })
}
