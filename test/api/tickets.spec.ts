import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HOUR, MINUTE, actorIdOf, newKey, pluck, rowWith, startHarness, type Harness } from './harness.js'

let api: Harness
beforeAll(async () => {
  api = await startHarness()
})
afterAll(() => api.close())

describe('filing', () => {
  it('answers 202 with a receipt whose dates are computed (D1, R07, D30)', async () => {
    const { status, headers, body } = await api.file()
    expect(status).toBe(202)
    expect(headers.get('location')).toBe(`/v1/tickets/${String(body.ticketId)}`)
    expect(headers.get('etag')).toBe(`"v${String(body.contentVersion)}"`)
    expect(headers.get('idempotent-replayed')).toBeNull()
    expect(body.receivedAt).toEqual({ at: '2026-11-23T02:00:00.000Z', text: 'Senin, 23 November 2026 pukul 09.00 WIB' })
    expect(rowWith(body.promises, 'target', 'firstReview').dueAt.text).toBe('Selasa, 24 November 2026 pukul 17.00 WIB')
    expect(rowWith(body.promises, 'target', 'resolution').dueAt.text).toBe('Kamis, 26 November 2026 pukul 17.00 WIB')
    expect(pluck(body.notices, 'code')).toEqual(['PAUSES', 'EXAMPLE_CALENDAR'])
  })

  it('takes a filing on Sunday at 02.00 and says when verification opens (R09)', async () => {
    const sunday = await startHarness({ at: Date.parse('2026-11-21T19:00:00Z') })
    try {
      const { status, body } = await sunday.file()
      expect(status).toBe(202)
      expect(body.receivedAt.text).toBe('Minggu, 22 November 2026 pukul 02.00 WIB')
      expect(body.verificationStartsAt.text).toBe('Senin, 23 November 2026 pukul 08.00 WIB')
    } finally {
      await sunday.close()
    }
  })

  it('gives a route without promises a receipt without dates (D24)', async () => {
    const { status, body } = await api.file({ filing: { route: 'aplikasi' } })
    expect(status).toBe(202)
    expect(body.promises).toEqual([])
  })

  it('lets a participant file only for themselves', async () => {
    expect((await api.file({ as: 'participant' })).status).toBe(202)
    const other = await api.file({ as: 'participant', filing: { participantRef: 'peserta_lain01' } })
    expect(other.status).toBe(403)
    expect(other.body.code).toBe('ROLE_NOT_ALLOWED')
  })

  it('refuses a role that files nothing, an unknown type and an office that does not exist', async () => {
    expect((await api.file({ as: 'auditor' })).body.code).toBe('ROLE_NOT_ALLOWED')
    const unknown = await api.file({ filing: { type: 'keluhan' } })
    expect(unknown.status).toBe(422)
    expect(unknown.body.errors).toMatchObject([{ in: 'body', pointer: '/type', code: 'unknown_type' }])
    const office = await api.file({ filing: { officeId: 'cabang-atlantis' } })
    expect(office.status).toBe(422)
    expect(office.body.errors).toMatchObject([{ in: 'body', pointer: '/officeId', code: 'unknown_office' }])
  })

  it('names every wrong field with a pointer, in the reader’s language, and repeats no value (R-API-1)', async () => {
    const filing = { route: 'rute-palsu-xyz', cause: 'ALASAN_PALSU', declaration: false }
    const id = await api.file({ filing, headers: { 'accept-language': 'id' } })
    expect(id.status).toBe(422)
    expect(id.headers.get('content-language')).toBe('id')
    expect(pluck(id.body.errors, 'pointer')).toEqual(['/route', '/cause', '/declaration'])
    expect(id.body.errors[0].message).toMatch(/^Harus salah satu dari: /)
    const en = await api.file({ filing, headers: { 'accept-language': 'en-GB,en;q=0.9' } })
    expect(en.headers.get('content-language')).toBe('en')
    expect(en.body.errors[0].message).toMatch(/^This must be one of: /)
    expect(en.headers.get('vary')).toContain('Accept-Language')
    for (const { text } of [id, en]) expect(text).not.toMatch(/rute-palsu|ALASAN_PALSU/)
  })
})

describe('one ticket', () => {
  it('shows state, labels, tags and what the caller could send now, with a strong ETag', async () => {
    const id = await api.underVerification()
    const { status, headers, body } = await api.get(`/v1/tickets/${id}`)
    expect(status).toBe(200)
    expect(headers.get('etag')).toMatch(/^"v\d+"$/)
    expect(body).toMatchObject({
      state: 'underVerification',
      stateLabel: { id: 'Sedang diverifikasi petugas', en: 'Under verification' },
      tags: ['open', 'waitingOnUs'],
      typeLabel: { en: 'Reset of lost contacts' },
    })
    const allowed = pluck(body.allowed, 'type')
    expect(allowed).toContain('identity.verify')
    expect(allowed).not.toContain('approval.confirm')
    const auditor = await api.get(`/v1/tickets/${id}`, 'auditor')
    expect(auditor.body.allowed).toEqual([])
  })

  it('answers 200 with a body also when If-None-Match names the same version, because warnings do not move it', async () => {
    const id = await api.underVerification()
    const first = await api.get(`/v1/tickets/${id}`)
    const again = await api.get(`/v1/tickets/${id}`, 'agent', { 'if-none-match': first.headers.get('etag') ?? '' })
    expect(again.status).toBe(200)
    expect(again.body.ticketId).toBe(id)
  })

  it('hides other participants’ tickets as if they did not exist (A19)', async () => {
    const filed = await api.file({ filing: { participantRef: 'peserta_lain02' } })
    const id = String(filed.body.ticketId)
    for (const path of ['', '/history', '/clocks']) {
      const hidden = await api.get(`/v1/tickets/${id}${path}`, 'participant')
      const missing = await api.get(`/v1/tickets/01939f2e-0000-7000-8000-000000000000${path}`, 'participant')
      expect(hidden.status).toBe(404)
      expect({ ...hidden.body, instance: '' }).toEqual({ ...missing.body, instance: '' })
    }
    const sent = await api.send(id, 'withdraw', { as: 'participant', payload: { reason: 'TIDAK_JADI' } })
    expect(sent.status).toBe(404)
    const own = String((await api.file({ as: 'participant' })).body.ticketId)
    expect((await api.get(`/v1/tickets/${own}`, 'participant')).status).toBe(200)
  })
})

describe('the list', () => {
  it('is for staff only', async () => {
    for (const person of ['portal', 'participant'] as const) {
      const { status, body } = await api.get('/v1/tickets', person)
      expect([status, body.code]).toEqual([403, 'ROLE_NOT_ALLOWED'])
    }
    for (const person of ['agent', 'checker', 'supervisor', 'admin', 'auditor'] as const)
      expect((await api.get('/v1/tickets', person)).status).toBe(200)
  })

  it('pages through everything once, newest first, with a cursor that belongs to its list', async () => {
    const lists = await startHarness()
    try {
      const filed: string[] = []
      for (let i = 0; i < 7; i++) {
        lists.clock.advance(MINUTE)
        filed.push(String((await lists.file()).body.ticketId))
      }
      const seen: unknown[] = []
      let path = '/v1/tickets?limit=3'
      for (;;) {
        const { body } = await lists.get(path)
        seen.push(...pluck(body.items, 'ticketId'))
        if (body.next === null) break
        path = `/v1/tickets?limit=3&cursor=${String(body.next)}`
      }
      expect(seen).toEqual(filed.toReversed())
      const { body } = await lists.get('/v1/tickets?limit=3')
      for (const bad of [
        `order=due&cursor=${String(body.next)}`,
        'cursor=abc',
        `cursor=${'A'.repeat(200)}`,
        'cursor=',
      ]) {
        const refused = await lists.get(`/v1/tickets?limit=3&${bad}`)
        expect([refused.status, refused.body.code]).toEqual([400, 'CURSOR_MALFORMED'])
      }
    } finally {
      await lists.close()
    }
  })

  it('filters by what queries may name, and refuses the rest', async () => {
    const lists = await startHarness()
    try {
      const app = await lists.file({ filing: { route: 'aplikasi', cause: 'HP_GANTI' } })
      const id = await lists.underVerification()
      const count = async (query: string) => (await lists.get(`/v1/tickets?${query}`)).body.items.length as number
      expect(await count('route=aplikasi')).toBe(1)
      expect(await count('cause=HP_GANTI&type=pengaduan')).toBe(1)
      expect(await count('state=underVerification&standing=waitingOnUs&office=pusat')).toBe(1)
      expect(await count(`ticketNumber=${String(app.body.ticketNumber)}`)).toBe(1)
      expect(await count('order=due&dueBefore=2026-11-28T00:00:00Z')).toBe(1)
      expect(await count('dueBefore=2026-11-26T17:00:00%2B07:00')).toBe(0)
      expect(await count('releasedBefore=2026-11-24T00:00:00Z')).toBeGreaterThanOrEqual(1)
      expect(id).not.toBe('')
      for (const query of [
        'participantRef=peserta_budi01',
        'nik=x',
        'limit=0',
        'limit=101',
        'limit=1&limit=2',
        'order=random()',
        'dueBefore=besok',
        'state=',
      ]) {
        const refused = await lists.get(`/v1/tickets?${query}`)
        expect([query, refused.status, refused.body.code]).toEqual([query, 422, 'VALIDATION_FAILED'])
        expect(refused.body.errors[0].in).toBe('query')
      }
    } finally {
      await lists.close()
    }
  })
})

describe('history and clocks', () => {
  it('tells every fact with its label, pages, and keeps names of officers from participants', async () => {
    const id = await api.underVerification()
    const { body } = await api.get(`/v1/tickets/${id}/history`)
    const facts = pluck(body.items, 'fact')
    expect(facts[0]).toBe('TicketFiled')
    expect(facts).toContain('ContactProven')
    expect(facts.at(-1)).toBe('VerificationStarted')
    expect((body.items as unknown[]).at(-1)).toMatchObject({
      label: { id: 'Mulai verifikasi' },
      actor: { role: 'agent', id: actorIdOf('agent') },
      stateLabel: { en: 'Under verification' },
    })
    const moves = pluck(body.items, 'moves').flat()
    expect(moves[0]).toMatchObject({ reason: 'promised', from: null })

    const participant = await api.get(`/v1/tickets/${id}/history`, 'participant')
    expect(participant.text).not.toContain(actorIdOf('agent'))
    expect(new Set(pluck(participant.body.items, 'payload'))).toEqual(new Set([null]))

    const paged: unknown[] = []
    let path = `/v1/tickets/${id}/history?limit=2`
    for (;;) {
      const page = await api.get(path)
      paged.push(...pluck(page.body.items, 'fact'))
      if (page.body.next === null) break
      path = `/v1/tickets/${id}/history?limit=2&cursor=${String(page.body.next)}`
    }
    expect(paged).toEqual(facts)
  })

  it('explains each promise day by day and says what is left of it', async () => {
    const clocks = await startHarness()
    try {
      const id = await clocks.underVerification()
      const { body } = await clocks.get(`/v1/tickets/${id}/clocks`, 'portal')
      const resolution = rowWith(body.clocks, 'target', 'resolution')
      expect(resolution.explanation.due).toEqual(resolution.baseDueAt)
      const { days } = resolution.explanation
      expect(pluck(days, 'date').map((date, i) => [date, pluck(days, 'reason')[i], pluck(days, 'number')[i]])).toEqual([
        ['2026-11-23', 'dayZero', null],
        ['2026-11-24', 'business', 1],
        ['2026-11-25', 'business', 2],
        ['2026-11-26', 'business', 3],
      ])
      expect(resolution).toMatchObject({ outcome: null, zone: 'Asia/Jakarta', unit: 'business', pausedAt: null })
      // From Monday 09.02: seven hours less two minutes, three days of eight hours, and the minute that waiting for proof added.
      expect(resolution.remainingMs).toBe(31 * HOUR - MINUTE)
      expect(resolution.pausedMs).toBe(MINUTE)
      const review = rowWith(body.clocks, 'target', 'firstReview')
      expect(review).toMatchObject({ outcome: 'met', remainingMs: null })
    } finally {
      await clocks.close()
    }
  })

  it('counts nothing while the clock is paused, and nothing below zero when it is late', async () => {
    const clocks = await startHarness()
    try {
      const waiting = String((await clocks.file()).body.ticketId)
      const active = await clocks.underVerification()
      const resolutionOf = async (id: string) =>
        rowWith((await clocks.get(`/v1/tickets/${id}/clocks`)).body.clocks, 'target', 'resolution') as Record<
          string,
          unknown
        >
      const before = await resolutionOf(waiting)
      expect(before.pauseCauses).toEqual(['contactUnproven'])
      clocks.clock.advance(10 * 24 * HOUR)
      expect((await resolutionOf(waiting)).remainingMs).toBe(before.remainingMs)
      expect((await resolutionOf(active)).remainingMs).toBe(0)
    } finally {
      await clocks.close()
    }
  })
})

describe('repeats', () => {
  it('give the same status, headers and body as the first answer, whatever happened since (R-IDEM-3)', async () => {
    const key = newKey()
    const first = await api.file({ key })
    const id = String(first.body.ticketId)
    api.clock.advance(MINUTE)
    await api.send(id, 'contact.prove', { payload: { channel: 'email' } })
    const again = await api.file({ key })
    expect(again.status).toBe(202)
    expect(again.text).toBe(first.text)
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'))
    expect(again.headers.get('location')).toBe(first.headers.get('location'))
    expect(again.headers.get('idempotent-replayed')).toBe('true')
  })
})
