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
  },
})
