import { catalogue } from '../../words/index.js'

const ROLES = {
  id: { agent: 'Petugas', checker: 'Pemeriksa', supervisor: 'Penyelia', admin: 'Administrator', auditor: 'Auditor' },
  en: { agent: 'Agent', checker: 'Checker', supervisor: 'Supervisor', admin: 'Administrator', auditor: 'Auditor' },
} as const
const roleIn = (language: 'id' | 'en') => (role: string) =>
  (ROLES[language] as Readonly<Record<string, string>>)[role] ?? role

export const ownWords = catalogue({
  id: {
    title: 'Saya',
    username: 'Nama pengguna',
    roles: 'Peran',
    role: roleIn('id'),
    everyOffice: 'semua kantor',
    preferences: 'Tampilan dan bahasa',
    sessions: 'Sesi yang berjalan',
    seen: (at: string) => `terakhir dipakai ${at}`,
    thisOne: 'Sesi ini',
    end: 'Akhiri sesi',
    endOthers: 'Akhiri semua sesi lain',
    security: 'Kata sandi dan autentikator',
    change: 'Ganti kata sandi',
    current: 'Kata sandi sekarang',
    currentWrong: 'Bukan kata sandi Anda sekarang.',
    wanted: 'Kata sandi baru',
    wantedHint: '12 sampai 128 karakter. Semua sesi Anda yang lain berakhir.',
    repeat: 'Ulangi kata sandi baru',
    notSame: 'Kedua isian tidak sama.',
    changed: 'Kata sandi sudah diganti.',
    factors:
      'Ganti telepon, kehilangan autentikator, atau kode pemulihan habis? Minta administrator mengatur ulang cara masuk Anda: Anda mendapat kata sandi sekali pakai, lalu mendaftarkan autentikator baru dan menerima sepuluh kode pemulihan baru.',
  },
  en: {
    title: 'My account',
    username: 'User name',
    roles: 'Roles',
    role: roleIn('en'),
    everyOffice: 'every office',
    preferences: 'Appearance and language',
    sessions: 'Running sessions',
    seen: (at: string) => `last used ${at}`,
    thisOne: 'This session',
    end: 'End it',
    endOthers: 'End all others',
    security: 'Password and authenticator',
    change: 'Change the password',
    current: 'Password now',
    currentWrong: 'This is not your password now.',
    wanted: 'New password',
    wantedHint: '12 to 128 characters. All your other sessions end.',
    repeat: 'New password once more',
    notSame: 'The two are not the same.',
    changed: 'The password was changed.',
    factors:
      'A new phone, a lost authenticator, no recovery code left? Ask an administrator to reset your sign-in: you get a one-time password, then enrol a new authenticator and receive ten new recovery codes.',
  },
})
