import type { Label } from '../../../machines/ticketType.js'
import type { Sign, Symptom } from '../triage/table.js'

const say = (id: string, en: string): Label => ({ id, en })

export const triage = {
  title: say('Gagal masuk ke JMO?', 'Cannot log in to JMO?'),
  lead: say(
    'Beri tahu apa yang muncul di layar. Kami tunjukkan penyebab yang paling mungkin dan jalan tercepat.',
    'Tell us what the screen says. We show the likeliest cause and the quickest way.',
  ),
  text: say('Pesan yang muncul di aplikasi', 'The message in the app'),
  textHint: say(
    'Salin apa adanya, misalnya “Nomor KPJ tidak terdaftar”. Jangan tulis NIK atau kata sandi.',
    'Copy it as it is, such as “Nomor KPJ tidak terdaftar”. Do not write your NIK or password.',
  ),
  pick: say('Atau pilih yang paling mirip', 'Or choose what comes closest'),
  signs: say('Yang cocok dengan keadaan Anda', 'What is true for you'),
  version: say('Versi aplikasi JMO, bila tahu', 'Version of the JMO app, if you know it'),
  versionHint: say('Contoh: 2.15.0', 'For example 2.15.0'),
  versionForm: say(
    'Tulis versi dengan angka dan titik, misalnya 2.15.0, atau kosongkan.',
    'Write the version in digits and dots, such as 2.15.0, or leave it empty.',
  ),
  registered: say('Tanggal pendaftaran, bila baru', 'Date of registration, if it is new'),
  registeredHint: say('Contoh: 10-11-2026', 'For example 10-11-2026'),
  find: say('Cari penyebab', 'Find the cause'),
  nothing: say('Tulis pesannya, atau pilih yang paling mirip.', 'Write the message, or choose what comes closest.'),
  resultTitle: say('Penyebab yang paling mungkin', 'The likeliest causes'),
  resultLead: say(
    'Pesan seperti ini dapat muncul meskipun data Anda benar. Mulai dari yang pertama.',
    'Messages like this appear even when all your data are right. Begin with the first one.',
  ),
  waitUntil: say('Coba lagi setelah {until}.', 'Try again after {until}.'),
  waitOver: say(
    'Masa tunggu sudah lewat. Telepon 175, ajukan pengaduan, atau datang ke kantor cabang.',
    'The time to wait is over. Call 175, file a complaint, or go to a branch.',
  ),
  solved: say('Masalah saya selesai', 'My problem is solved'),
  file: say('Masih gagal, ajukan pengaduan', 'It still fails: file a complaint'),
  fileLater: say('Sudah menunggu dan masih gagal', 'I waited, and it still fails'),
  again: say('Cari dengan pesan lain', 'Search with another message'),
} as const satisfies Readonly<Record<string, Label>>

export const symptomText: Readonly<Record<Symptom, Label>> = {
  KPJ_TIDAK_TERDAFTAR: say('“Nomor KPJ tidak terdaftar”', '“Nomor KPJ tidak terdaftar” (KPJ not registered)'),
  DATA_TIDAK_SESUAI: say('“Data tidak sesuai”', '“Data tidak sesuai” (data do not match)'),
  OTP_TIDAK_DITERIMA: say('Kode OTP tidak saya terima', 'I get no OTP code'),
  VERIFIKASI_GAGAL: say('Gagal verifikasi saat masuk', 'Verification fails at login'),
  AKUN_TIDAK_SINKRON: say('Akun tidak sinkron', 'The account is out of sync'),
  AKUN_TERKUNCI: say('Akses terblokir atau akun terkunci', 'Access is blocked or the account is locked'),
  KATA_SANDI_SALAH: say('Kata sandi salah atau lupa', 'The password is wrong or forgotten'),
  GANGGUAN: say('Aplikasi bermasalah atau sedang pemeliharaan', 'The app has trouble or is under maintenance'),
  DATA_BELUM_MUNCUL: say('Data atau saldo saya belum muncul', 'My data or balance do not show yet'),
}

export const signText: Readonly<Record<Sign, Label>> = {
  email_hilang: say('Email terdaftar tidak dapat saya buka lagi', 'I cannot open the registered e-mail any more'),
  hp_hilang: say('Nomor HP terdaftar sudah tidak saya pegang', 'I no longer hold the registered number'),
  menunggak: say('Iuran saya atau perusahaan menunggak', 'Contributions are overdue'),
  baru_daftar: say('Saya baru terdaftar', 'I registered only recently'),
  ganti_status: say('Saya pindah kerja atau menjadi peserta mandiri', 'I changed jobs or became self-employed'),
  dibuat_hr: say('Akun saya dibuatkan HRD', 'HR made my account'),
  lupa_daftar: say('Saya tidak ingat pernah mendaftar', 'I do not remember registering'),
  vpn: say('Saya memakai VPN', 'I use a VPN'),
  versi_lama: say('Aplikasi belum saya perbarui', 'I have not updated the app'),
  data_lama: say('Nama atau data KTP saya pernah berubah', 'My name or KTP data have changed'),
}
