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
      'Telepon baru, atau kode pemulihan hampir habis? Ganti sendiri dengan autentikator yang masih ada, atau dengan satu kode pemulihan. Bila keduanya tidak ada lagi, minta administrator mengatur ulang cara masuk Anda.',
    codesLeft: 'Kode pemulihan yang belum dipakai',
    few: (left: number) => `${left}, segera buat yang baru`,
    renew: { authenticator: 'Ganti autentikator', codes: 'Buat kode pemulihan baru' },
    proveWhy: {
      authenticator:
        'Buktikan dahulu bahwa ini Anda. Autentikator lama tetap berlaku sampai yang baru menunjukkan kode pertamanya.',
      codes: 'Buktikan dahulu bahwa ini Anda. Setelah itu kode pemulihan yang lama tidak berlaku lagi.',
    },
    codeNow: 'Kode dari autentikator sekarang',
    codeWrong: 'Kode tidak cocok, atau sudah dipakai. Tunggu kode berikutnya, lalu coba lagi.',
    phoneGone: 'Telepon lama tidak ada: gunakan kode pemulihan',
    untilThen: 'Setelah diganti, autentikator dan kode pemulihan lama tidak berlaku, dan sesi Anda yang lain berakhir.',
    newCodes: 'Simpan kode pemulihan yang baru',
    finished: 'Selesai',
    renewed: { authenticator: 'Autentikator sudah diganti.', codes: 'Kode pemulihan sudah diganti.' },
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
      'A new phone, or few recovery codes left? Renew them yourself with the authenticator that you still have, or with one recovery code. If you have neither, ask an administrator to reset your sign-in.',
    codesLeft: 'Recovery codes not used yet',
    few: (left) => `${left}, make new ones soon`,
    renew: { authenticator: 'Change the authenticator', codes: 'Make new recovery codes' },
    proveWhy: {
      authenticator:
        'First prove that it is you. The old authenticator counts until the new one has shown its first code.',
      codes: 'First prove that it is you. After that the old recovery codes open nothing any more.',
    },
    codeNow: 'Code of the authenticator now',
    codeWrong: 'The code does not match, or was used. Wait for the next one and try again.',
    phoneGone: 'The old phone is gone: use a recovery code',
    untilThen: 'Once changed, the old authenticator and recovery codes open nothing, and your other sessions end.',
    newCodes: 'Keep the new recovery codes',
    finished: 'Done',
    renewed: { authenticator: 'The authenticator was changed.', codes: 'The recovery codes were changed.' },
  },
})
