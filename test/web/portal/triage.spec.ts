import { describe, expect, it } from 'vitest'
import type { Engine } from '../../../src/engine/types.js'
import { CAUSES as TICKET_CAUSES } from '../../../src/machines/pengaduan/events.js'
import { rank, symptomsIn, waitUntil } from '../../../src/web/portal/triage/rank.js'
import { termsOf } from '../../../src/web/portal/terms.js'
import { CAUSES, PHRASES, SYMPTOMS, type Sign } from '../../../src/web/portal/triage/table.js'

const first = (text: string, signs: Sign[] = []) => rank({ text, picked: null, signs })[0]?.cause.id

describe('the table', () => {
  it.each(CAUSES.map((it) => [it.id, it] as const))('%s is reached, advises, and leads somewhere', (_id, cause) => {
    expect(cause.rule).toMatch(/^R2\d[a-d]?$/)
    expect(cause.advice.length).toBeGreaterThan(0)
    if (cause.ticket !== null) expect(TICKET_CAUSES).toContain(cause.ticket)
    const [sign] = cause.signs
    const strongest = SYMPTOMS.toSorted((a, b) => (cause.symptoms[b] ?? 0) - (cause.symptoms[a] ?? 0))[0]!
    const ranked = rank({ text: '', picked: strongest, signs: sign === undefined ? [] : [sign] })
    expect(ranked.map((it) => it.cause.id)).toContain(cause.id)
    if (sign !== undefined) expect(ranked[0]?.cause.id).toBe(cause.id)
  })
  it.each(SYMPTOMS)('%s leads to causes and is known by its words', (symptom) => {
    expect(rank({ text: '', picked: symptom, signs: [] }).length).toBeGreaterThan(0)
    expect(PHRASES.map(([it]) => it)).toContain(symptom)
  })
})

describe('messages as the app says them and people write them', () => {
  const ROWS = [
    ['R25', 'Nomor KPJ tidak terdaftar', 'KPJ_TIDAK_TERDAFTAR'],
    ['R25', '“DATA TIDAK SESUAI!!”', 'DATA_TIDAK_SESUAI'],
    ['R20', 'saya tidak menerima kode OTP', 'OTP_TIDAK_DITERIMA'],
    ['R21', 'Gagal verifikasi login', 'VERIFIKASI_GAGAL'],
    ['R22', 'akun tidak sinkron', 'AKUN_TIDAK_SINKRON'],
    ['R23', 'Akses Anda terblokir', 'AKUN_TERKUNCI'],
    ['R29c', 'akun terkunci', 'AKUN_TERKUNCI'],
    ['R26', 'kata sandi salah', 'KATA_SANDI_SALAH'],
    ['R29', 'sistem sedang maintenance', 'GANGGUAN'],
    ['R28', 'data saya belum muncul', 'DATA_BELUM_MUNCUL'],
    ['R53', 'Nomor Peserta tidak terdaftar', 'KPJ_TIDAK_TERDAFTAR'],
    ['R70', 'BPJSTKU server error', 'GANGGUAN'],
  ] as const
  it.each(ROWS)('%s %s', (_rule, text, symptom) => expect(symptomsIn(text)[0]).toBe(symptom))

  it('what somebody knows settles it', () => {
    expect(first('Nomor KPJ tidak terdaftar')).toBe('IURAN_TERTUNGGAK')
    expect(first('Nomor KPJ tidak terdaftar', ['ganti_status'])).toBe('PERUBAHAN_STATUS')
    expect(first('Nomor KPJ tidak terdaftar', ['baru_daftar'])).toBe('AKUN_BARU')
    expect(first('kode otp tidak masuk', ['hp_hilang'])).toBe('HP_GANTI')
    expect(first('kode otp tidak masuk', ['dibuat_hr'])).toBe('DIBUAT_HR')
  })
  it('what nobody understands still leads somewhere, in no time', () => {
    const begun = performance.now()
    for (const text of ['', '???', 'a'.repeat(100_000), '\u0000\ud800', '<script>'])
      expect(rank({ text, picked: null, signs: [] })).toHaveLength(3)
    expect(performance.now() - begun).toBeLessThan(20_000)
  })
})

describe('R27 R28 waiting', () => {
  const now = Date.parse('2026-11-21T03:00:00Z')
  const DAY = 86_400_000
  const cause = (id: string) => CAUSES.find((it) => it.id === id)!
  const none = { reference: { policyFor: () => ({ limits: {} }) } } as unknown as Pick<Engine, 'reference'>
  const shipped = termsOf(none)
  it('R27 arrears: some hours, as the policy has it', () => {
    expect(waitUntil(cause('IURAN_TERTUNGGAK'), now, null, shipped)).toBe(now + DAY / 4)
    expect(waitUntil(cause('IURAN_TERTUNGGAK'), now, null, { ...shipped, arrearsHours: 12 })).toBe(now + DAY / 2)
  })
  it('R28 a new account: fourteen days from registration, then no longer', () => {
    expect(waitUntil(cause('AKUN_BARU'), now, now - 10 * DAY, shipped)).toBe(now + 4 * DAY)
    expect(waitUntil(cause('AKUN_BARU'), now, now - 14 * DAY, shipped)).toBeNull()
    expect(waitUntil(cause('AKUN_BARU'), now, null, shipped)).toBe(now + 14 * DAY)
  })
  it('nothing else waits', () => expect(waitUntil(cause('HP_GANTI'), now, now, shipped)).toBeNull())
})
