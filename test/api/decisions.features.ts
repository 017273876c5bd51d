import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MINUTE, newKey, startHarness, type Harness } from './harness.js'

/** Decisions over HTTP, whatever database is under them. */
export function decisionsContract(options: () => Promise<{ databaseUrl?: string }>): void {
  let api: Harness
  beforeAll(async () => {
    api = await startHarness(await options())
  })
  afterAll(() => api.close())

  const MATCHED = { verdict: 'matched', checklist: [{ item: 'KTP_COCOK', matched: true }] }
  const rowOf = async (id: string) => {
    const row = await api.store.findTicket(id)
    if (row === null) throw new Error('no such ticket')
    return row
  }
  const newTicket = async (): Promise<string> => {
    const { body } = await api.file()
    api.clock.advance(MINUTE)
    return String(body.ticketId)
  }

  describe('the happy path over HTTP', () => {
    it('files, proves, verifies, proposes and confirms with two people, each on the version they saw', async () => {
      const id = await api.underVerification()
      const verified = await api.send(id, 'identity.verify', { as: 'agent', payload: MATCHED })
      expect(verified.status, verified.text).toBe(200)
      expect(verified.body.facts).toEqual([
        { fact: 'IdentityChecked', label: { id: 'Catat hasil verifikasi identitas', en: 'Record the identity check' } },
      ])
      expect(verified.headers.get('etag')).toBe(`"v${String(verified.body.contentVersion)}"`)
      expect((await api.send(id, 'approval.propose', { as: 'agent' })).body.state).toBe('approvalProposed')
      const confirmed = await api.send(id, 'approval.confirm', { as: 'checker' })
      expect(confirmed.body).toMatchObject({ state: 'onHold', stateLabel: { id: 'Disetujui, masa tunggu keamanan' } })
      const etag = (await api.get(`/v1/tickets/${id}`)).headers.get('etag')
      expect(etag).toBe(confirmed.headers.get('etag'))
    })

    it('refuses the maker as checker with the guard’s own sentence (D28)', async () => {
      const id = await api.underVerification()
      await api.send(id, 'identity.verify', { as: 'checker', payload: MATCHED })
      await api.send(id, 'approval.propose', { as: 'checker' })
      const own = await api.send(id, 'approval.confirm', { as: 'checker', headers: { 'accept-language': 'id' } })
      expect([own.status, own.body.code]).toEqual([403, 'OWN_CASE'])
      expect(own.body.reasons.length).toBeGreaterThan(0)
      expect(own.body.allowed).not.toContain('approval.confirm')
      expect((await api.send(id, 'approval.confirm', { as: 'checker2' })).status).toBe(200)
    })

    it('tells a late proof by the due date it moved, with the reason', async () => {
      const id = await newTicket()
      await api.send(id, 'contact.prove', { payload: { channel: 'email' } })
      const { body } = await api.send(id, 'contact.prove', { payload: { channel: 'phone' } })
      expect(body.moves).toHaveLength(2)
      expect(body.moves[0]).toMatchObject({ reason: 'paused:contactUnproven', label: { en: 'First review' } })
    })
  })

  describe('A32: If-Match on a decision', () => {
    it.each([
      ['absent', null, 428, 'VERSION_REQUIRED'],
      ['stale', '"v1"', 412, 'VERSION_STALE'],
      ['of the future', '"v999"', 412, 'VERSION_STALE'],
      ['weak, even of the right version', 'weak', 412, 'VERSION_STALE'],
      ['a foreign tag', '"abc"', 412, 'VERSION_STALE'],
      ['*', '*', 400, 'VERSION_MALFORMED'],
      ['unquoted', 'v3', 400, 'VERSION_MALFORMED'],
      ['a list', '"v1", "v2"', 400, 'VERSION_MALFORMED'],
      ['empty', '""', 412, 'VERSION_STALE'],
      ['unclosed', '"v3', 400, 'VERSION_MALFORMED'],
    ])('A32 %s', async (_name, header, status, code) => {
      const id = await api.underVerification()
      const before = await rowOf(id)
      const value = header === 'weak' ? `W/"v${before.contentVersion}"` : header
      const { status: got, body } = await api.send(id, 'identity.verify', {
        as: 'agent',
        payload: MATCHED,
        version: null,
        headers: value === null ? {} : { 'if-match': value },
      })
      expect([got, body.code]).toEqual([status, code])
      expect(await rowOf(id)).toEqual(before)
    })

    it('A32 a stale version is told the current one, and the right one then goes through', async () => {
      const id = await api.underVerification()
      const stale = await api.send(id, 'identity.verify', { as: 'agent', payload: MATCHED, version: 1 })
      const right = await api.send(id, 'identity.verify', {
        as: 'agent',
        payload: MATCHED,
        version: stale.body.contentVersion,
      })
      expect(right.status).toBe(200)
    })

    it('A32 an event that needs no version goes through without one, and is refused with a stale one', async () => {
      const id = await newTicket()
      const without = await api.send(id, 'contact.prove', { payload: { channel: 'email' }, version: null })
      expect(without.status).toBe(200)
      const stale = await api.send(id, 'contact.prove', { payload: { channel: 'phone' }, version: 1 })
      expect([stale.status, stale.body.code]).toEqual([412, 'VERSION_STALE'])
    })
  })

  describe('A33: Idempotency-Key', () => {
    it('A33 missing or malformed: 400, and nothing is written', async () => {
      const id = await newTicket()
      const before = await rowOf(id)
      for (const [key, code] of [
        [null, 'IDEMPOTENCY_KEY_REQUIRED'],
        ['  ', 'IDEMPOTENCY_KEY_REQUIRED'],
        ['"unclosed', 'IDEMPOTENCY_KEY_MALFORMED'],
        ['""', 'IDEMPOTENCY_KEY_MALFORMED'],
        ['"a b"', 'IDEMPOTENCY_KEY_MALFORMED'],
        ['"3174012345678901"', 'IDEMPOTENCY_KEY_MALFORMED'],
        ['"budi@example.com"', 'IDEMPOTENCY_KEY_MALFORMED'],
        ['"a", "b"', 'IDEMPOTENCY_KEY_MALFORMED'],
        ['"a";p=1', 'IDEMPOTENCY_KEY_MALFORMED'],
        [`"${'x'.repeat(191)}"`, 'IDEMPOTENCY_KEY_MALFORMED'],
      ] as const) {
        const sent = await api.send(id, 'contact.prove', { payload: { channel: 'email' }, key })
        expect([key, sent.status, sent.body.code]).toEqual([key, 400, code])
      }
      expect((await api.request('POST', '/v1/tickets', { body: { type: 'pengaduan' } })).status).toBeGreaterThanOrEqual(
        400,
      )
      expect(await rowOf(id)).toEqual(before)
    })

    it('A33 the same key with the same body, in any order of names, gets the first answer even when the version has moved on', async () => {
      const id = await api.underVerification()
      const { contentVersion } = await rowOf(id)
      const key = newKey()
      const first = await api.send(id, 'identity.verify', {
        as: 'agent',
        payload: MATCHED,
        key,
        version: contentVersion,
      })
      const { verdict, checklist } = MATCHED
      const again = await api.send(id, 'identity.verify', {
        as: 'agent',
        payload: { checklist, verdict },
        key,
        version: contentVersion,
      })
      expect(again.status).toBe(200)
      expect(again.text).toBe(first.text)
      expect(again.headers.get('idempotent-replayed')).toBe('true')
      expect(again.headers.get('etag')).toBe(first.headers.get('etag'))
      const facts = (await api.store.readLog(id, 0, 100)).filter((it) => it.fact === 'IdentityChecked')
      expect(facts).toHaveLength(1)
    })

    it('A33 the same key with another body or on another ticket: 422', async () => {
      const id = await newTicket()
      const other = await newTicket()
      const key = newKey()
      expect((await api.send(id, 'contact.prove', { payload: { channel: 'email' }, key })).status).toBe(200)
      for (const [ticket, channel] of [
        [id, 'phone'],
        [other, 'email'],
      ] as const) {
        const reused = await api.send(ticket, 'contact.prove', { payload: { channel }, key })
        expect([reused.status, reused.body.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED'])
      }
    })

    it('A33 the same key of another actor is a new command and never shows the first actor’s answer', async () => {
      const key = newKey()
      const first = await api.file({ key })
      const other = await api.file({ key, as: 'agent' })
      expect(other.status).toBe(202)
      expect(other.body.ticketId).not.toBe(first.body.ticketId)
      expect(other.headers.get('idempotent-replayed')).toBeNull()
    })

    it('A33 twenty times the same key at once: one ticket, one answer', async () => {
      const key = newKey()
      const answers = await Promise.all(Array.from({ length: 20 }, () => api.file({ key })))
      expect(new Set(answers.map((it) => it.status))).toEqual(new Set([202]))
      expect(new Set(answers.map((it) => it.text)).size).toBe(1)
      expect(answers.filter((it) => it.headers.get('idempotent-replayed') === null)).toHaveLength(1)
    })

    it('A33 a refusal is not remembered: the same key may try again when it has become possible', async () => {
      const id = await newTicket()
      const key = newKey()
      expect((await api.send(id, 'verification.start', { as: 'agent', key })).status).toBe(409)
      for (const channel of ['email', 'phone']) await api.send(id, 'contact.prove', { payload: { channel } })
      api.clock.advance(MINUTE)
      expect((await api.send(id, 'verification.start', { as: 'agent', key })).status).toBe(200)
    })

    it('takes a bare token as a key, which is the same key as the quoted one', async () => {
      const bare = 'bare-key-0001'
      const first = await api.file({ key: bare })
      const again = await api.file({ key: `"${bare}"` })
      expect(again.headers.get('idempotent-replayed')).toBe('true')
      expect(again.text).toBe(first.text)
    })
  })

  describe('A34: skipping steps', () => {
    it.each([
      ['a decision before verification', 'approval.confirm', 'checker', {}],
      ['a proposal before verification', 'approval.propose', 'agent', {}],
      ['verification before the contacts are proven', 'verification.start', 'agent', {}],
      ['an objection to what was not decided', 'objection.dismiss', 'supervisor', { reason: 'TIDAK_TERBUKTI' }],
      ['a reopen of an open ticket', 'reopen', 'portal', {}],
      ['submitting twice', 'submit', 'portal', {}],
    ] as const)('A34 %s: 409, state unchanged, with what is possible', async (_name, type, as, payload) => {
      const id = await newTicket()
      const before = await rowOf(id)
      const { status, body } = await api.send(id, type, { as, payload })
      expect([status, body.code]).toEqual([409, 'EVENT_NOT_ALLOWED'])
      expect(Array.isArray(body.allowed)).toBe(true)
      expect(await rowOf(id)).toEqual(before)
    })

    it('A34 timer, system and unknown events do not exist from outside', async () => {
      const id = await newTicket()
      const before = await rowOf(id)
      for (const type of [
        'hold.end',
        'sla.due',
        'contacts.applied',
        'release.open',
        'erasure.record',
        'clocks.closed',
        'ticket.file',
        'nope',
        'constructor',
        '__proto__',
        'toString',
        '',
        7,
        null,
      ]) {
        for (const as of ['portal', 'supervisor', 'admin'] as const) {
          const sent = await api.request('POST', `/v1/tickets/${id}/events`, {
            as,
            raw: JSON.stringify({ type, generation: 1 }),
            headers: { 'idempotency-key': newKey(), 'if-match': '"v2"' },
          })
          expect([type, sent.status, sent.body.code]).toEqual([type, 422, 'EVENT_UNKNOWN'])
        }
      }
      expect(await rowOf(id)).toEqual(before)
    })

    it('A34 an event of another role: 403', async () => {
      const id = await api.underVerification()
      for (const [as, type] of [
        ['portal', 'approval.propose'],
        ['agent', 'approval.confirm'],
        ['admin', 'reject'],
        ['auditor', 'withdraw'],
        ['participant', 'contact.prove'],
      ] as const) {
        const { status, body } = await api.send(id, type, { as })
        expect([type, status, body.code]).toEqual([type, 403, 'ROLE_NOT_ALLOWED'])
      }
    })

    it('an unknown ticket: 404 for every route that takes one', async () => {
      const id = '01939f2e-0000-7000-8000-000000000000'
      for (const path of [id, 'x', `${id}/history`, `${id}/clocks`]) {
        const { status, body } = await api.get(`/v1/tickets/${path}`)
        expect([status, body.code]).toEqual([404, 'TICKET_NOT_FOUND'])
      }
      expect((await api.send(id, 'reject', { as: 'agent', version: 1 })).body.code).toBe('TICKET_NOT_FOUND')
    })
  })
}
