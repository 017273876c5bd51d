import { catalogue } from './index.js'

/** Words for codes that the API gives bare. What is not here is shown as it came. */
export const codes = catalogue({
  id: {
    cause: {
      EMAIL_TIDAK_AKTIF: 'E-mail tidak aktif',
      HP_GANTI: 'Nomor HP berganti',
      EMAIL_DAN_HP_HILANG: 'E-mail dan HP hilang',
      DATA_LAMA: 'Data lama',
      SALAH_INPUT_AWAL: 'Salah isi di awal',
      DIBUAT_HR: 'Akun dibuat HRD',
      LUPA_PERNAH_DAFTAR: 'Lupa pernah mendaftar',
      AKUN_TERKUNCI: 'Akun terkunci',
      PERUBAHAN_STATUS: 'Perubahan status',
    },
    route: { aplikasi: 'Lewat aplikasi', layanan_digital: 'Layanan digital', kantor_cabang: 'Kantor cabang' },
    category: { kendala_akun_jmo: 'Kendala akun JMO', pungutan_percaloan: 'Pungutan atau percaloan' },
    document: {
      KTP: 'KTP',
      KARTU_BPJSTK: 'Kartu peserta',
      SLIP_GAJI: 'Slip gaji',
      SURAT_HRD: 'Surat HRD',
      KARTU_KELUARGA: 'Kartu keluarga',
    },
    claim: {
      KEAHLIAN_KHUSUS: 'Memerlukan keahlian saya',
      LANJUTAN_PEKERJAAN: 'Melanjutkan pekerjaan saya',
      PESERTA_MENUNGGU: 'Peserta sedang menunggu',
      ARAHAN_PENYELIA: 'Arahan penyelia',
    },
    role: {
      participant: 'Peserta',
      portal: 'Portal',
      agent: 'Petugas',
      checker: 'Pemeriksa',
      supervisor: 'Penyelia',
      admin: 'Administrator',
      auditor: 'Auditor',
      system: 'Sistem',
    },
    flag: {
      data_tidak_sinkron: 'Data kepesertaan perlu diselaraskan',
      perbedaan_identitas: 'Data berbeda dengan identitas terbaru',
    },
    standing: { active: 'Aktif', inactive: 'Tidak aktif', deceased: 'Meninggal dunia' },
    segment: { PU: 'Penerima upah', BPU: 'Bukan penerima upah' },
    group: { veryLate: 'Sangat terlambat', late: 'Terlambat', soon: 'Segera jatuh tempo', notYet: 'Belum jatuh tempo' },
    field: {
      name: 'Nama',
      nik: 'NIK',
      kpj: 'Nomor KPJ',
      birthDate: 'Tanggal lahir',
      email: 'E-mail baru',
      phone: 'Nomor HP baru',
    },
    reveal: {
      IDENTITY_CHECK: 'Memeriksa identitas',
      CONTACT_PERSON: 'Menghubungi peserta',
      KPJ_TRACE: 'Menelusuri nomor KPJ',
      DISPUTE: 'Sengketa',
      DATA_REQUEST: 'Permintaan data oleh pemiliknya',
      FRAUD_REVIEW: 'Pemeriksaan penipuan',
    },
  },
  en: {
    cause: {
      EMAIL_TIDAK_AKTIF: 'E-mail not in use',
      HP_GANTI: 'Phone number changed',
      EMAIL_DAN_HP_HILANG: 'E-mail and phone lost',
      DATA_LAMA: 'Old data',
      SALAH_INPUT_AWAL: 'Wrong from the start',
      DIBUAT_HR: 'Account made by HR',
      LUPA_PERNAH_DAFTAR: 'Forgot about the account',
      AKUN_TERKUNCI: 'Account locked',
      PERUBAHAN_STATUS: 'Change of status',
    },
    route: { aplikasi: 'By the app', layanan_digital: 'Digital service', kantor_cabang: 'Branch' },
    category: { kendala_akun_jmo: 'Trouble with the JMO account', pungutan_percaloan: 'Illegal fees or brokers' },
    document: {
      KTP: 'Identity card (KTP)',
      KARTU_BPJSTK: 'Membership card',
      SLIP_GAJI: 'Payslip',
      SURAT_HRD: 'Letter of HR',
      KARTU_KELUARGA: 'Family card',
    },
    claim: {
      KEAHLIAN_KHUSUS: 'Asks for my skill',
      LANJUTAN_PEKERJAAN: 'Goes on with my work',
      PESERTA_MENUNGGU: 'The participant waits',
      ARAHAN_PENYELIA: 'Told by the supervisor',
    },
    role: {
      participant: 'Participant',
      portal: 'Portal',
      agent: 'Agent',
      checker: 'Checker',
      supervisor: 'Supervisor',
      admin: 'Administrator',
      auditor: 'Auditor',
      system: 'System',
    },
    flag: {
      data_tidak_sinkron: 'Records have to be brought in line',
      perbedaan_identitas: 'Records differ from the latest identity',
    },
    standing: { active: 'Active', inactive: 'Inactive', deceased: 'Deceased' },
    segment: { PU: 'Wage earner', BPU: 'Not a wage earner' },
    group: { veryLate: 'Very late', late: 'Late', soon: 'Due soon', notYet: 'Not due yet' },
    field: {
      name: 'Name',
      nik: 'NIK',
      kpj: 'KPJ number',
      birthDate: 'Date of birth',
      email: 'New e-mail',
      phone: 'New phone',
    },
    reveal: {
      IDENTITY_CHECK: 'Identity check',
      CONTACT_PERSON: 'To contact the participant',
      KPJ_TRACE: 'To trace the KPJ number',
      DISPUTE: 'Dispute',
      DATA_REQUEST: 'Request of the data’s owner',
      FRAUD_REVIEW: 'Fraud review',
    },
  },
})

/** A code in words, or as it came. */
export const coded = (words: Readonly<Record<string, string>>, code: string): string => words[code] ?? code
/** A list of codes to choose from. */
export const optionsOf = (words: Readonly<Record<string, string>>): { value: string; text: string }[] =>
  Object.entries(words).map(([value, text]) => ({ value, text }))
