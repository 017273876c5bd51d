import { SIGNS, SYMPTOMS } from '../../../machines/pengaduan/diagnostics.js'
import type { Label } from '../../../machines/ticketType.js'
import { advice } from './advice.js'

export { SIGNS, SYMPTOMS }
export type Symptom = (typeof SYMPTOMS)[number]
export type Sign = (typeof SIGNS)[number]

/** `self`: the app's own reset; `wait`: a date; `branch`: data that only a branch puts right; `ticket`: a complaint; `retry`: try again first. */
export type Way = 'self' | 'wait' | 'branch' | 'ticket' | 'retry'

export interface Cause {
  readonly id: string
  /** The requirement it stands for. */
  readonly rule: string
  readonly title: Label
  readonly advice: readonly Label[]
  readonly way: Way
  /** The ticket's cause, where it may come to one (events.ts). */
  readonly ticket: string | null
  /** How strongly each symptom points to it, 1 to 5. */
  readonly symptoms: Readonly<Partial<Record<Symptom, number>>>
  /** Signs that settle it. */
  readonly signs: readonly Sign[]
}

/** Words by which a message is known, as the app or people write it; all of a group, in any order. Older names of the app mean the same (R70). */
export const PHRASES: readonly (readonly [symptom: Symptom, ...words: string[]])[] = [
  ['KPJ_TIDAK_TERDAFTAR', 'kpj', 'tidak terdaftar'],
  ['KPJ_TIDAK_TERDAFTAR', 'peserta', 'tidak terdaftar'],
  ['KPJ_TIDAK_TERDAFTAR', 'kpj', 'tidak ditemukan'],
  ['KPJ_TIDAK_TERDAFTAR', 'not registered'],
  ['DATA_BELUM_MUNCUL', 'belum', 'muncul'],
  ['DATA_BELUM_MUNCUL', 'saldo', 'kosong'],
  ['DATA_TIDAK_SESUAI', 'tidak sesuai'],
  ['DATA_TIDAK_SESUAI', 'tidak cocok'],
  ['DATA_TIDAK_SESUAI', 'does not match'],
  ['AKUN_TIDAK_SINKRON', 'sinkron'],
  ['AKUN_TERKUNCI', 'terblokir'],
  ['AKUN_TERKUNCI', 'diblokir'],
  ['AKUN_TERKUNCI', 'terkunci'],
  ['AKUN_TERKUNCI', 'locked'],
  ['OTP_TIDAK_DITERIMA', 'otp'],
  ['OTP_TIDAK_DITERIMA', 'kode', 'tidak'],
  ['OTP_TIDAK_DITERIMA', 'kode', 'belum'],
  ['VERIFIKASI_GAGAL', 'gagal', 'verifikasi'],
  ['VERIFIKASI_GAGAL', 'verifikasi', 'email'],
  ['KATA_SANDI_SALAH', 'sandi'],
  ['KATA_SANDI_SALAH', 'password'],
  ['GANGGUAN', 'gangguan'],
  ['GANGGUAN', 'maintenance'],
  ['GANGGUAN', 'pemeliharaan'],
  ['GANGGUAN', 'server'],
  ['GANGGUAN', 'error'],
  ['GANGGUAN', 'tidak bisa dibuka'],
]

/** Every cause with what points to it and what to do: one row a cause, tested row by row. */
export const CAUSES: readonly Cause[] = [
  {
    ...{ id: 'SALAH_KETIK', rule: 'R26', way: 'retry', ticket: null, signs: [], ...advice.SALAH_KETIK },
    symptoms: { KATA_SANDI_SALAH: 5, KPJ_TIDAK_TERDAFTAR: 3, DATA_TIDAK_SESUAI: 3 },
  },
  {
    ...{ id: 'EMAIL_TIDAK_AKTIF', rule: 'R20', way: 'self', ticket: 'EMAIL_TIDAK_AKTIF', ...advice.EMAIL_TIDAK_AKTIF },
    symptoms: { OTP_TIDAK_DITERIMA: 4, VERIFIKASI_GAGAL: 2 },
    signs: ['email_hilang'],
  },
  {
    ...{ id: 'HP_GANTI', rule: 'R21', way: 'self', ticket: 'HP_GANTI', ...advice.HP_GANTI },
    symptoms: { VERIFIKASI_GAGAL: 4, OTP_TIDAK_DITERIMA: 3 },
    signs: ['hp_hilang'],
  },
  {
    ...{ id: 'DATA_LAMA', rule: 'R22', way: 'branch', ticket: 'DATA_LAMA', ...advice.DATA_LAMA },
    symptoms: { AKUN_TIDAK_SINKRON: 5, DATA_TIDAK_SESUAI: 4, KPJ_TIDAK_TERDAFTAR: 1 },
    signs: ['data_lama'],
  },
  {
    ...{
      id: 'SALAH_INPUT_AWAL',
      rule: 'R23',
      way: 'ticket',
      ticket: 'SALAH_INPUT_AWAL',
      signs: [],
      ...advice.SALAH_INPUT_AWAL,
    },
    symptoms: { AKUN_TERKUNCI: 3, DATA_TIDAK_SESUAI: 1 },
  },
  {
    ...{ id: 'DIBUAT_HR', rule: 'R24', way: 'ticket', ticket: 'DIBUAT_HR', ...advice.DIBUAT_HR },
    symptoms: { OTP_TIDAK_DITERIMA: 1, VERIFIKASI_GAGAL: 1 },
    signs: ['dibuat_hr'],
  },
  {
    ...{
      id: 'LUPA_PERNAH_DAFTAR',
      rule: 'R24',
      way: 'self',
      ticket: 'LUPA_PERNAH_DAFTAR',
      ...advice.LUPA_PERNAH_DAFTAR,
    },
    symptoms: { KATA_SANDI_SALAH: 2 },
    signs: ['lupa_daftar'],
  },
  {
    ...{ id: 'AKUN_TERKUNCI', rule: 'R29c', way: 'self', ticket: 'AKUN_TERKUNCI', signs: [], ...advice.AKUN_TERKUNCI },
    symptoms: { AKUN_TERKUNCI: 5, KATA_SANDI_SALAH: 3, VERIFIKASI_GAGAL: 1 },
  },
  {
    ...{ id: 'IURAN_TERTUNGGAK', rule: 'R27', way: 'wait', ticket: null, ...advice.IURAN_TERTUNGGAK },
    symptoms: { KPJ_TIDAK_TERDAFTAR: 4 },
    signs: ['menunggak'],
  },
  {
    ...{ id: 'AKUN_BARU', rule: 'R28', way: 'wait', ticket: null, ...advice.AKUN_BARU },
    symptoms: { DATA_BELUM_MUNCUL: 5, KPJ_TIDAK_TERDAFTAR: 2 },
    signs: ['baru_daftar'],
  },
  {
    ...{ id: 'GANGGUAN_SISTEM', rule: 'R29', way: 'retry', ticket: null, ...advice.GANGGUAN_SISTEM },
    symptoms: { GANGGUAN: 5, VERIFIKASI_GAGAL: 1, OTP_TIDAK_DITERIMA: 1 },
    signs: ['vpn', 'versi_lama'],
  },
  {
    ...{ id: 'PERUBAHAN_STATUS', rule: 'R29', way: 'branch', ticket: 'PERUBAHAN_STATUS', ...advice.PERUBAHAN_STATUS },
    symptoms: { KPJ_TIDAK_TERDAFTAR: 2, AKUN_TIDAK_SINKRON: 1 },
    signs: ['ganti_status'],
  },
]
