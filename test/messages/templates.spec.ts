import { describe, expect, it } from 'vitest'
import { gsm7Length } from '../../src/messages/gsm7.js'
import { afterQuietHours, spokenIn } from '../../src/messages/dates.js'
import { renderMail, renderSms } from '../../src/messages/render.js'
import { templateOf, templates, type Facts } from '../../src/messages/templates/index.js'
import { namedActions } from '../../src/machines/chart.js'
import { ticketType } from '../../src/machines/types/pengaduan.js'

const LONG = { id: 'Kamis, 24 September 2026, 23.59 WITA', en: 'Thursday, 24 September 2026, 23:59 WITA' }
/** The longest that each fact can be. */
const facts = (over: Partial<Facts> = {}): Facts => ({
  ticketNumber: 'PGD-7K3M-9QXR',
  receivedAt: LONG,
  startsAt: LONG,
  firstReviewBy: LONG,
  resolutionBy: LONG,
  paused: true,
  holdUntil: LONG,
  expiresAt: LONG,
  documents: [{ id: 'Kartu Tanda Penduduk (KTP)', en: 'Identity card (KTP)' }],
  reason: { id: 'Data tidak lengkap', en: 'Data incomplete' },
  reopenDays: 30,
  office: 'Kantor Cabang Jakarta Menara Jamsostek',
  newEmail: 's***@contoh.example',
  newPhone: '+62*********890',
  notMe: {
    page: 'https://pulih.bpjsketenagakerjaan.go.id/sanggah',
    link: `https://pulih.bpjsketenagakerjaan.go.id/sanggah#${'x'.repeat(43)}`,
    code: '7K3M9QXR',
  },
  code: '048213',
  ...over,
})

describe('templates', () => {
  it('how long an ended case may be opened again is the policy’s to say', () => {
    for (const name of ['rejected', 'expired']) {
      const template = templates.find((it) => it.name === name)!
      const said = (reopenDays: number) => JSON.stringify(renderMail(template, facts({ reopenDays })))
      expect(said(14), name).toMatch(/14 hari.*14 days/)
      expect(said(0), name).not.toMatch(/\d+ (hari|days)|membukanya kembali/)
    }
    const sms = (reopenDays: number) => renderSms(templateOf('rejected')!, facts({ reopenDays })) ?? ''
    expect(sms(30)).toContain('halaman status')
    expect(sms(0)).toContain('kantor cabang dengan KTP asli')
    expect(sms(0)).not.toContain('halaman status')
    expect(gsm7Length(sms(0))).toBeLessThanOrEqual(160)
  })

  it.each(templates.map((it) => [it.name, it] as const))(
    '%s: an SMS fits into one, in the GSM alphabet',
    (_, template) => {
      const sms = renderSms(template, facts())
      if (sms === null) return
      const length = gsm7Length(sms)
      expect(length).not.toBeNull()
      expect(length).toBeLessThanOrEqual(160)
      expect(sms.toLowerCase()).toContain('jangan berikan kode')
    },
  )

  it.each(templates.map((it) => [it.name, it] as const))(
    '%s: the mail has both languages, the footer, and no gaps',
    (_, template) => {
      for (const given of [
        facts(),
        facts({
          startsAt: null,
          firstReviewBy: null,
          resolutionBy: null,
          holdUntil: null,
          expiresAt: null,
          reason: null,
          office: null,
          newEmail: null,
          newPhone: null,
          documents: [],
        }),
      ]) {
        const { subject, text, html } = renderMail(template, given)
        expect(subject).toMatch(/\(PGD-7K3M-9QXR\)$/)
        expect(subject).not.toMatch(/[\r\n]/)
        for (const part of [text, html]) {
          expect(part).toContain('Layanan ini gratis. Jangan berikan kode kepada siapa pun')
          expect(part).toContain('This service is free.')
          expect(part).toContain('care@bpjsketenagakerjaan.go.id')
          expect(part).not.toMatch(/undefined|null|\[object|NaN|\$\{|\{\{/)
        }
        // One address, and only where somebody may object: never a link that a reader could not read.
        const ours = template.name === 'hold.started' ? /https:\/\/pulih\.[a-z.]+\/sanggah(#x{43})?/g : /$^/g
        expect(html.replaceAll(ours, '')).not.toMatch(/<script|<img|<a |https?:/i)
      }
    },
  )

  it('every message that the machine sends to participants has one', () => {
    const sent = namedActions(ticketType.machine.root).flatMap(({ type, params }) =>
      type === 'message.send' && typeof params === 'object' ? [params as { template: string; audience: string }] : [],
    )
    const named = new Set(sent.filter((it) => it.audience !== 'staff').map((it) => it.template))
    expect(named.size).toBeGreaterThan(10)
    expect([...named].filter((name) => templateOf(name) === undefined)).toEqual([])
  })

  it('A36 A52: whatever a label holds is text', () => {
    const hostile = '<img src=x onerror=alert(1)>{{constructor}}${1+1}'
    const { html, text } = renderMail(templateOf('rejected')!, facts({ reason: { id: hostile, en: hostile } }))
    expect(html).not.toContain('<img')
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;{{constructor}}${1+1}')
    expect(text).toContain(hostile)
  })
})

describe('the GSM alphabet', () => {
  it.each([
    ['abc', 3],
    ['a€b', 4],
    ['[x]', 5],
    ['Ünï', null],
    ['', 0],
    ['emoji 😀', null],
  ])('%j takes %s places', (text, length) => expect(gsm7Length(text)).toBe(length))
})

describe('dates', () => {
  it('are said in the zone of the office, in both languages', () => {
    const at = Date.parse('2025-08-18T10:00:00Z')
    expect(spokenIn(at, 'Asia/Jakarta')).toEqual({
      id: 'Senin, 18 Agustus 2025, 17.00 WIB',
      en: 'Monday, 18 August 2025, 17:00 WIB',
    })
    expect(spokenIn(at, 'Asia/Makassar').id).toBe('Senin, 18 Agustus 2025, 18.00 WITA')
    expect(spokenIn(at, 'Asia/Jayapura').id).toBe('Senin, 18 Agustus 2025, 19.00 WIT')
  })

  it.each([
    ['2026-11-23T13:59:59Z', null],
    ['2026-11-23T14:00:00Z', '2026-11-24T00:00:00Z'],
    ['2026-11-23T17:30:10Z', '2026-11-24T00:00:00Z'],
    ['2026-11-23T23:59:59Z', '2026-11-24T00:00:00Z'],
    ['2026-11-24T00:00:00Z', null],
  ])('an SMS at %s in Jakarta waits until %s', (at, until) => {
    expect(afterQuietHours(Date.parse(at), 'Asia/Jakarta')).toBe(until === null ? null : Date.parse(until))
  })
})
