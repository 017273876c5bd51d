import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { officer } from '../staff/identity/desk.js'
import { MINUTE, pluck, rowWith, startHarness, type Harness } from './harness.js'

let api: Harness
beforeAll(async () => {
  api = await startHarness()
})
afterAll(() => api.close())

describe('the workflow of a type', () => {
  it('is drawn with how many open tickets of the caller’s offices are where', async () => {
    const there = await officer(api, [['supervisor', 'cabang-makassar']])
    await api.file()
    await api.file({ filing: { route: 'kantor_cabang', officeId: 'cabang-makassar' } })
    await api.underVerification()
    const all = (await api.get('/v1/types/pengaduan/workflow', 'supervisor')).body
    expect(rowWith(all.states, 'state', 'contactUnproven').open).toBe(2)
    expect(rowWith(all.states, 'state', 'underVerification').open).toBe(1)
    expect(rowWith(all.states, 'state', 'rejected').open).toBeNull()
    const own = (await there.get('/v1/types/pengaduan/workflow')).body
    expect(rowWith(own.states, 'state', 'contactUnproven').open).toBe(1)
    expect(rowWith(own.states, 'state', 'underVerification').open).toBe(0)
    expect(all.transitions).toContainEqual({
      from: 'submitted',
      event: 'verification.start',
      label: { id: 'Mulai verifikasi', en: 'Start verification' },
      to: 'underVerification',
      conditions: ['released and bothProven'],
      when: [
        {
          id: 'sudah dirilis (kantor sudah buka), dan kedua kontak baru sudah terbukti',
          en: 'it is released (the office has opened), and both new contacts are proven',
        },
      ],
    })
    expect(all.groups.active).toEqual({ id: 'Dalam pemeriksaan', en: 'Being looked at' })
    const drawn = await api.get('/v1/types/pengaduan/drawing?lang=en&promises=hide', 'auditor')
    expect(drawn.headers.get('content-type')).toBe('image/svg+xml; charset=utf-8')
    expect(drawn.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(drawn.text).toMatch(/^<svg [^>]*role="img" lang="en"/)
    expect(drawn.text).toContain('Under verification: 1')
    expect(drawn.text).not.toContain('data-regions="resolution"')
  })

  it('is for whoever sees the work, and for types there are', async () => {
    for (const path of ['drawing', 'workflow']) {
      expect((await api.get(`/v1/types/pengaduan/${path}`, 'participant')).status).toBe(403)
      expect((await api.get(`/v1/types/pengaduan/${path}`, 'admin')).status).toBe(403)
      expect((await api.get(`/v1/types/lain/${path}`)).body.code).toBe('NOT_FOUND')
    }
    expect((await api.get('/v1/types/pengaduan/drawing?theme=blue')).status).toBe(422)
  })
})

describe('the workflow of a ticket', () => {
  it('tells its path, what is possible now and, of everything else, why it is not', async () => {
    const id = await api.underVerification()
    const { body } = await api.get(`/v1/tickets/${id}/workflow`, 'agent')
    expect(body).toMatchObject({ state: 'underVerification', more: false })
    expect(pluck(body.path, 'event')).toEqual(['submit', 'contact.prove', 'verification.start'])
    expect(pluck(body.path, 'to')).toEqual(['contactUnproven', 'submitted', 'underVerification'])
    const event = (type: string): { readonly reasons: readonly unknown[] } =>
      rowWith(body.events, 'type', type) as { readonly reasons: readonly unknown[] }
    expect(event('documents.request')).toMatchObject({ possible: true, why: null, reasons: [] })
    expect(event('approval.propose')).toMatchObject({ possible: false, why: 'guard' })
    expect(event('approval.propose').reasons).toContainEqual({
      code: 'identityVerified',
      text: { id: 'Identitas belum terverifikasi.', en: 'Identity is not verified yet.' },
    })
    expect(event('approval.confirm')).toMatchObject({ possible: false, why: 'state' })
    expect(event('withdraw')).toMatchObject({ possible: false, why: 'role', roles: ['participant', 'portal'] })
    expect(rowWith(body.promises, 'target', 'firstReview')).toMatchObject({ state: 'met' })
    // What it says is possible is what the ticket's own view offers.
    const offered = (await api.get(`/v1/tickets/${id}`, 'agent')).body.allowed as unknown
    const possible = (body.events as readonly { possible: boolean }[]).filter((it) => it.possible)
    expect(pluck(possible, 'type')).toEqual(pluck(offered, 'type'))
  })

  it('names what the ticket waits for', async () => {
    const id = String((await api.file()).body.ticketId)
    api.clock.advance(MINUTE)
    const { body } = await api.get(`/v1/tickets/${id}/workflow`, 'auditor')
    expect(rowWith(body.timers, 'event', 'noReply.expire')).toMatchObject({ family: 'noReply', threshold: 'expire' })
    expect(pluck(body.promises, 'state')).toEqual(['paused', 'paused', 'idle'])
  })

  it('is drawn with the way it went and where it is', async () => {
    const id = await api.underVerification()
    const { text, status } = await api.get(`/v1/tickets/${id}/drawing?theme=dark`, 'agent')
    expect(status).toBe(200)
    expect(text).toMatch(/<g class="wf-state wf-waitingOnUs wf-now wf-passed" data-state="underVerification">/)
    expect(text).toContain('Sekarang: Sedang diverifikasi petugas')
    expect(text.match(/<path class="wf-line wf-passed"/g)).toHaveLength(3)
  })

  it('A19 is not there for other offices', async () => {
    const id = await api.underVerification()
    const there = await officer(api, [['agent', 'cabang-makassar']])
    for (const path of ['drawing', 'workflow'])
      expect((await there.get(`/v1/tickets/${id}/${path}`)).body.code).toBe('TICKET_NOT_FOUND')
    expect((await api.get(`/v1/tickets/${id}/workflow`, 'portal')).status).toBe(403)
  })
})
