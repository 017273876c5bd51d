import { z } from 'zod'

/** What people see or are told when they cannot log in (R20-R29d). */
export const SYMPTOMS = [
  'OTP_TIDAK_DITERIMA',
  'VERIFIKASI_GAGAL',
  'KPJ_TIDAK_TERDAFTAR',
  'DATA_TIDAK_SESUAI',
  'AKUN_TIDAK_SINKRON',
  'AKUN_TERKUNCI',
  'KATA_SANDI_SALAH',
  'GANGGUAN',
  'DATA_BELUM_MUNCUL',
] as const

/** What somebody may know about their own case. */
export const SIGNS = [
  'email_hilang',
  'hp_hilang',
  'menunggak',
  'baru_daftar',
  'ganti_status',
  'dibuat_hr',
  'lupa_daftar',
  'vpn',
  'versi_lama',
  'data_lama',
] as const

/** At most eight digits, so that nobody's number fits in. */
export const APP_VERSION = /^\d{1,2}(?:\.\d{1,3}){1,2}$/

const once = <T extends string>(codes: readonly [T, ...T[]]) =>
  z
    .array(z.enum(codes))
    .max(codes.length)
    .refine((list) => new Set(list).size === list.length, 'each code once')
    .default([])

/** What the triage learned before the filing (R29b): codes only. The message that somebody typed is read for its symptoms and forgotten. */
export const Diagnostics = z
  .strictObject({
    symptoms: once(SYMPTOMS).describe('What the app said or did, the most telling first'),
    signs: once(SIGNS).describe('What is true for the participant by their own word; `vpn`: a VPN is used'),
    appVersion: z.string().regex(APP_VERSION).optional().describe('The version of the JMO app, such as 2.15.0'),
  })
  .describe('What the triage learned, for whoever works on the ticket')
export type Diagnostics = z.infer<typeof Diagnostics>
