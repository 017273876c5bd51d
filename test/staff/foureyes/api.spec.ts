import { afterAll, beforeAll, expect, it } from 'vitest'
import { actorIdOf, newKey, startHarness, type Harness, type Person } from '../../api/harness.js'

let h: Harness
beforeAll(async () => {
  h = await startHarness({ limits: 'reviewPercent=100,approvalsPerPairDay=1' })
})
afterAll(() => h.close())

const NEW = { email: 'baru@example.org', phone: '+6284011112222' }
const ITEMS = ['KTP_COCOK', 'NAMA_COCOK', 'NIK_COCOK', 'TANGGAL_LAHIR_COCOK']
const CHECKED = { verdict: 'matched', checklist: ITEMS.map((item) => ({ item, matched: true })) }
const because = { reason: 'SUDAH_DIPERIKSA' }
let persons = 0

/** A ticket under verification with a person behind it. */
async function withPerson(over: Partial<typeof NEW> = {}): Promise<string> {
  const id = await h.underVerification()
  const { people } = h.deps.services
  const nik = `32730141019000${String(++persons).padStart(2, '0')}`
  await people.add(id, {
    ...{ identity: { name: 'CONTOH', nik, birthDate: '1990-01-01', kpj: null }, ...NEW, ...over, found: [] },
    ...{ noticeVersion: '1', purpose: 'account_recovery', legalBasis: 'consent' },
  })
  for (const channel of ['email', 'phone'] as const)
    await h.store.intake.people.markProven(id, channel, 1, h.clock.now())
  const match = { outcome: 'found', participantId: `p-${persons}`, findings: {}, matchedAt: h.clock.now() } as const
  await h.store.intake.people.saveMatch({ ticketId: id, identityVersion: 1, ...match })
  await h.send(id, 'identity.verify', { as: 'agent', payload: CHECKED })
  return id
}
async function proposed(as: Person = 'agent'): Promise<string> {
  const id = await withPerson()
  expect((await h.send(id, 'approval.propose', { as })).status).toBe(200)
  return id
}
async function held(): Promise<string> {
  const id = await proposed()
  expect((await h.send(id, 'approval.confirm', { as: 'checker' })).body.state).toBe('onHold')
  return id
}
const stateOf = async (id: string) => (await h.store.findTicket(id))!.state
const notice = async (id: string) =>
  (await h.deps.services.recovery.objections.linkFor((await h.store.findTicket(id))!, 'oldEmail'))!
const object = (body: object) => h.request('POST', '/v1/objections', { as: null, body })

it.each(['checker', 'supervisor'] as const)('A23 a %s who proposed does not confirm by the API', async (as) => {
  const id = await proposed(as)
  const answer = await h.send(id, 'approval.confirm', { as })
  expect([answer.status, answer.body.code]).toEqual([403, 'OWN_CASE'])
  expect(answer.body.allowed).not.toContain('approval.confirm')
  expect((await h.send(id, 'approval.confirm', { as: 'agent' })).status).toBe(403)
  expect(await stateOf(id)).toBe('approvalProposed')
})

it('A24 a document that slipped in after the proposal: 409, the approval void, the ticket verified again', async () => {
  const id = await proposed()
  await h.store.intake.documents.addDocument({
    ...{ id: 'doc-slipped', ticketId: id, kind: 'KTP', state: 'accepted', code: null, nameSealed: null },
    ...{ media: 'image/jpeg', bytes: 9, sha256: 'b'.repeat(64), contentIndex: 'x', perceptualHash: null, pages: 1 },
    ...{ originalRef: null, uploaderId: 'peserta_budi01', receivedAt: 1, decidedAt: 1 },
  })
  const answer = await h.send(id, 'approval.confirm', { as: 'checker' })
  expect([answer.status, answer.body.code, answer.body.reasons[0].code]).toEqual([
    409,
    'APPROVAL_VOID',
    'APPROVAL_CHANGED',
  ])
  expect(await stateOf(id)).toBe('underVerification')
})

it('A25 a double click on the confirmation is answered once and the same', async () => {
  const id = await proposed()
  const version = (await h.store.findTicket(id))!.contentVersion
  const key = newKey()
  const click = () => h.send(id, 'approval.confirm', { as: 'checker', key, version })
  const both = await Promise.all([click(), click()])
  expect(both.map((it) => it.status)).toEqual([200, 200])
  expect(both[0].body).toEqual(both[1].body)
  const other = await h.send(id, 'approval.confirm', { as: 'checker2', version })
  expect([409, 412]).toContain(other.status)
})

it('A28 looking at the page does nothing, by GET, HEAD or prefetch; its address keeps the token behind the #', async () => {
  const id = await held()
  const { token } = await notice(id)
  for (const method of ['GET', 'HEAD']) {
    const page = await h.request(method, '/sanggah', { as: null, headers: { purpose: 'prefetch' } })
    expect(page.status).toBe(200)
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(page.headers.get('cache-control')).toBe('no-store')
    expect(page.text).not.toContain(token)
    expect((await h.request(method, '/v1/objections', { as: null })).status).toBe(405)
  }
  expect(await stateOf(id)).toBe('onHold')
})

it('A27 A28 one POST freezes at once and says nothing; forged, used and foreign links are told alike', async () => {
  const id = await held()
  const { token } = await notice(id)
  const done = await object({ token })
  expect([done.status, done.body]).toEqual([200, { received: true }])
  expect(await stateOf(id)).toBe('frozen')
  expect((await object({ token })).body).toEqual({ received: true })
  await h.send(id, 'objection.dismiss', { as: 'supervisor', payload: because })
  const ticketNumber = (await h.store.findTicket(id))!.ticketNumber
  const answers = [
    await object({ token }),
    await object({ token: 'x'.repeat(43) }),
    await object({ token: '' }),
    await object({ ticketNumber, code: '00000000' }),
    await object({ ticketNumber: 'PGD-0000-0000', code: '00000000' }),
  ]
  const told = answers.map(({ status, body }) => {
    const { instance, ...rest } = body as Record<string, unknown>
    expect(typeof instance).toBe('string')
    return [status, rest]
  })
  expect(told.map(([status]) => status)).toEqual([404, 404, 404, 404, 404])
  for (const it of told) expect(it).toEqual(told[0])
  expect(await stateOf(id)).toBe('onHold')
  expect(h.log.join('\n')).not.toContain(token)
})

it('A27 the one who approved does not judge the objection; another supervisor does', async () => {
  const id = await proposed('supervisor')
  await h.send(id, 'approval.confirm', { as: 'checker' })
  await object({ token: (await notice(id)).token })
  for (const type of ['objection.dismiss', 'objection.uphold'])
    expect((await h.send(id, type, { as: 'supervisor', payload: because })).body).toMatchObject({
      status: 403,
      code: 'OWN_CASE',
    })
  expect(await stateOf(id)).toBe('frozen')
})

it('without JavaScript: the form takes the number and the code of the notice', async () => {
  const id = await held()
  const { code } = await notice(id)
  const ticketNumber = (await h.store.findTicket(id))!.ticketNumber
  const form = async (fields: Record<string, string>) => {
    const answer = await fetch(`${h.url}/sanggah`, { method: 'POST', body: new URLSearchParams(fields) })
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
    return { status: answer.status, text: await answer.text() }
  }
  expect((await form({ ticketNumber, code: '00000000' })).status).toBe(404)
  expect((await form({})).status).toBe(404)
  // Whatever else goes wrong is a page too, which says what to do.
  const large = await form({ code: 'x'.repeat(3_000) })
  expect(large.status).toBe(413)
  expect(large.text).toMatch(
    /<p role="status" id="failed" class="inset warn">Belum terkirim. Coba lagi, atau hubungi 175./,
  )
  expect(await stateOf(id)).toBe('onHold')
  const done = await form({ ticketNumber: ticketNumber.toLowerCase(), code: code.toLowerCase() })
  expect(done.status).toBe(200)
  expect(done.text).toContain('Sanggahan diterima')
  expect(await stateOf(id)).toBe('frozen')
})

it('D31 competing cases side by side, without an address; merged by a supervisor; the child says "digabung" and nothing else', async () => {
  const [into, from] = [await withPerson(), await withPerson()]
  await h.store.intake.people.linkCompeting(into, from, 1)
  const beside = await h.get(`/v1/tickets/${into}/competing`, 'agent')
  expect(beside.body.cases).toMatchObject([
    { ticket: { ticketId: into } },
    { ticket: { ticketId: from }, mergeable: true, obstacle: null, contacts: [{ same: true }, { same: true }] },
  ])
  for (const secret of Object.values(NEW)) expect(beside.text).not.toContain(secret)
  const version = async (id: string) => (await h.store.findTicket(id))!.contentVersion
  const fromVersion = await version(from)
  const ask = async (as: Person, key: string, ifMatch: number | null) =>
    h.request('POST', `/v1/tickets/${into}/merges`, {
      as,
      body: { from, fromVersion },
      headers: { 'idempotency-key': key, ...(ifMatch === null ? {} : { 'if-match': `"v${ifMatch}"` }) },
    })
  expect((await ask('agent', newKey(), await version(into))).status).toBe(403)
  expect((await ask('supervisor', newKey(), null)).status).toBe(428)
  expect((await ask('supervisor', newKey(), (await version(into)) - 1)).status).toBe(412)
  const key = newKey()
  const ifMatch = await version(into)
  const { token } = await h.deps.services.sessions.issue(from)
  const done = await ask('supervisor', key, ifMatch)
  expect([done.status, done.body]).toMatchObject([200, { ticketId: into, merged: from, state: 'underVerification' }])
  const again = await ask('supervisor', key, ifMatch)
  expect([again.body, again.headers.get('idempotent-replayed')]).toEqual([done.body, 'true'])
  const seen = await h.request('GET', '/v1/pengaduan', { as: null, headers: { authorization: `Bearer ${token}` } })
  expect(seen.body).toMatchObject({
    state: 'merged',
    contacts: [],
    timeline: [],
    documents: [],
    todo: [],
    promises: [],
  })
  expect(seen.text).not.toContain(into)
})

it('D31 with other proven contacts they stay two', async () => {
  const [into, from] = [await withPerson(), await withPerson({ email: 'lain@example.org', phone: '+6284033334444' })]
  await h.store.intake.people.linkCompeting(into, from, 1)
  const [one, other] = [(await h.store.findTicket(into))!, (await h.store.findTicket(from))!]
  const answer = await h.request('POST', `/v1/tickets/${into}/merges`, {
    as: 'supervisor',
    body: { from, fromVersion: other.contentVersion },
    headers: { 'idempotency-key': newKey(), 'if-match': `"v${one.contentVersion}"` },
  })
  expect([answer.status, answer.body.code, answer.body.reasons[0].code]).toEqual([
    409,
    'MERGE_REFUSED',
    'NO_SHARED_PROVEN_CONTACT',
  ])
})

it('R-4E-5 supervisors see who approves with whom, and what was drawn to be looked at again', async () => {
  const pairs = await h.get('/v1/approval-pairs', 'supervisor')
  const pair = { makerId: actorIdOf('agent'), checkerId: actorIdOf('checker'), frequent: true }
  expect(pairs.body.items).toContainEqual(expect.objectContaining(pair))
  expect((await h.get('/v1/approval-pairs?day=2020-01-01', 'auditor')).body.items).toEqual([])
  expect((await h.get('/v1/approval-pairs', 'checker')).status).toBe(403)
  const id = await held()
  await h.deps.services.recovery.reviews.draw((await h.store.findTicket(id))!)
  expect((await h.get('/v1/approval-reviews', 'supervisor')).body.items).toMatchObject([
    { ticketId: id, ticketNumber: (await h.store.findTicket(id))!.ticketNumber, verdict: null },
  ])
  const body = { verdict: 'sound', reason: 'SESUAI' }
  const path = `/v1/tickets/${id}/approval-review`
  expect((await h.request('POST', path, { as: 'supervisor', body })).body).toMatchObject({ verdict: 'sound' })
  expect((await h.request('POST', path, { as: 'supervisor', body })).status).toBe(409)
})
