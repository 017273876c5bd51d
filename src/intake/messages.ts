import type { Label } from '../machines/ticketType.js'

/** What is wrong with a field, in words that say how to put it right. Nothing of what was typed is repeated. */
export const messages = {
  nik_missing: { id: 'Isi NIK Anda.', en: 'Enter your NIK.' },
  nik_digits: { id: 'NIK hanya terdiri dari angka.', en: 'A NIK has digits only.' },
  nik_length: {
    id: 'NIK terdiri dari 16 angka. Periksa kembali di KTP Anda.',
    en: 'A NIK has 16 digits. Check your KTP.',
  },
  nik_province: {
    id: 'Dua angka pertama NIK tidak mungkin 00. Periksa kembali di KTP Anda.',
    en: 'A NIK does not begin with 00. Check your KTP.',
  },
  nik_day: {
    id: 'Tanggal di dalam NIK (angka ke-7 dan ke-8) tidak mungkin. Periksa kembali di KTP Anda.',
    en: 'The day in the NIK (digits 7 and 8) is impossible. Check your KTP.',
  },
  nik_month: {
    id: 'Bulan di dalam NIK (angka ke-9 dan ke-10) tidak mungkin. Periksa kembali di KTP Anda.',
    en: 'The month in the NIK (digits 9 and 10) is impossible. Check your KTP.',
  },
  nik_date: {
    id: 'Tanggal lahir di dalam NIK tidak ada di kalender. Periksa kembali di KTP Anda.',
    en: 'The date in the NIK is on no calendar. Check your KTP.',
  },
  nik_serial: {
    id: 'Empat angka terakhir NIK tidak mungkin 0000. Periksa kembali di KTP Anda.',
    en: 'A NIK does not end in 0000. Check your KTP.',
  },
  kpj_digits: { id: 'Nomor KPJ hanya terdiri dari angka.', en: 'A KPJ number has digits only.' },
  kpj_length: {
    id: 'Nomor KPJ terdiri dari 11 angka. Kosongkan bila Anda lupa.',
    en: 'A KPJ number has 11 digits. Leave it empty if you forgot it.',
  },
  kpj_health_card: {
    id: 'Nomor 13 angka adalah nomor BPJS Kesehatan. Nomor KPJ BPJS Ketenagakerjaan terdiri dari 11 angka; kosongkan bila Anda lupa.',
    en: 'A number of 13 digits is a BPJS Kesehatan card. The KPJ of BPJS Ketenagakerjaan has 11 digits; leave it empty if you forgot it.',
  },
  kpj_is_nik: {
    id: 'Ini tampaknya NIK. Nomor KPJ terdiri dari 11 angka; kosongkan bila Anda lupa.',
    en: 'This looks like a NIK. A KPJ number has 11 digits; leave it empty if you forgot it.',
  },
  name_missing: { id: 'Isi nama sesuai KTP.', en: 'Enter your name as on the KTP.' },
  name_length: { id: 'Nama paling panjang 100 huruf.', en: 'A name has at most 100 letters.' },
  name_characters: {
    id: 'Tulis nama sesuai KTP: huruf, spasi, titik, koma, apostrof, dan tanda hubung.',
    en: 'Write your name as on the KTP: letters, spaces, full stops, commas, apostrophes and hyphens.',
  },
  birth_date_missing: { id: 'Isi tanggal lahir sesuai KTP.', en: 'Enter your date of birth as on the KTP.' },
  birth_date_format: {
    id: 'Tulis tanggal lahir seperti 17-05-1990 atau 1990-05-17.',
    en: 'Write the date of birth as 1990-05-17 or 17-05-1990.',
  },
  birth_date_impossible: { id: 'Tanggal ini tidak ada di kalender.', en: 'This date is on no calendar.' },
  birth_date_range: {
    id: 'Tanggal lahir tidak boleh sebelum tahun 1900 atau di masa depan.',
    en: 'A date of birth is not before 1900 nor in the future.',
  },
  email_missing: { id: 'Isi alamat email baru Anda.', en: 'Enter your new e-mail address.' },
  email_length: {
    id: 'Alamat email paling panjang 254 karakter.',
    en: 'An e-mail address has at most 254 characters.',
  },
  email_characters: {
    id: 'Alamat email memuat karakter yang tidak boleh ada. Ketik ulang tanpa spasi atau baris baru.',
    en: 'The e-mail address holds characters that do not belong there. Type it again without spaces or line ends.',
  },
  email_format: {
    id: 'Tulis alamat email lengkap, misalnya nama@contoh.id.',
    en: 'Write a whole e-mail address, such as name@example.org.',
  },
  email_look_alike: {
    id: 'Domain email ini memakai huruf yang menyerupai huruf lain. Gunakan email pribadi yang permanen.',
    en: 'The domain uses letters that resemble others. Use a permanent personal e-mail address.',
  },
  email_disposable: { id: 'Gunakan email pribadi yang permanen.', en: 'Use a permanent personal e-mail address.' },
  email_blocked: { id: 'Gunakan email pribadi yang permanen.', en: 'Use a permanent personal e-mail address.' },
  domain_format: { id: 'Tulis domain seperti contoh.id.', en: 'Write a domain such as example.org.' },
  email_role: {
    id: 'Ini tampaknya email jabatan atau kantor. Email pribadi lebih aman, karena email jabatan dapat berpindah tangan.',
    en: 'This looks like an address of a function. A personal one is safer: functions change hands.',
  },
  phone_missing: { id: 'Isi nomor HP baru Anda.', en: 'Enter your new mobile number.' },
  phone_characters: { id: 'Nomor HP hanya terdiri dari angka.', en: 'A mobile number has digits only.' },
  phone_extension: { id: 'Tulis nomor HP tanpa nomor ekstensi.', en: 'Write the mobile number without an extension.' },
  phone_country: {
    id: 'Gunakan nomor HP Indonesia (08… atau +62 8…).',
    en: 'Use an Indonesian mobile number (08… or +62 8…).',
  },
  phone_invalid: {
    id: 'Ini bukan nomor HP Indonesia. Tulis seperti 0812 3456 7890.',
    en: 'This is no Indonesian mobile number. Write it as 0812 3456 7890.',
  },
  declaration_missing: {
    id: 'Nyatakan bahwa Anda pemilik akun ini.',
    en: 'Declare that you own this account.',
  },
  on_behalf_refused: {
    id: 'Pengaduan hanya dapat diajukan oleh pemilik akun sendiri dan tidak dapat diwakilkan.',
    en: 'Only the owner of the account may file; nobody can do it for them.',
  },
  notice_unknown: {
    id: 'Pemberitahuan privasi sudah berganti. Baca versi terbaru lalu kirim kembali.',
    en: 'The privacy notice has changed. Read the newest version and send again.',
  },
  office_unknown: { id: 'Kantor ini tidak ada.', en: 'There is no such office.' },
  office_missing: { id: 'Pilih kantor cabang.', en: 'Choose a branch office.' },
  contact_same: {
    id: 'Alamat ini sudah tercatat pada pengaduan Anda.',
    en: 'This address is the one of your complaint already.',
  },
  nothing_changed: { id: 'Isi paling sedikit satu perbaikan.', en: 'Give at least one correction.' },
} as const satisfies Readonly<Record<string, Label>>

export type FieldCode = keyof typeof messages
