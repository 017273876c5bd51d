import type { Label } from '../../../machines/ticketType.js'

interface Words {
  readonly title: Label
  readonly advice: readonly Label[]
}
const say = (id: string, en: string): Label => ({ id, en })

/** What to do about each cause. None of it says that somebody's data are wrong (R25). */
export const advice = {
  SALAH_KETIK: {
    title: say('Ada huruf atau angka yang tertukar', 'A letter or digit was mixed up'),
    advice: [
      say(
        'Ketik ulang NIK, nomor KPJ, dan kata sandi perlahan. Huruf besar dan kecil dibedakan.',
        'Type NIK, KPJ number and password again, slowly. Capitals matter.',
      ),
      say(
        'Nomor KPJ 11 angka; nomor BPJS Kesehatan 13 angka tidak dapat dipakai.',
        'A KPJ number has 11 digits; the BPJS Kesehatan number with 13 does not work.',
      ),
    ],
  },
  EMAIL_TIDAK_AKTIF: {
    title: say('Email terdaftar sudah tidak aktif', 'The registered e-mail address is dead'),
    advice: [
      say(
        'Bila nomor HP terdaftar masih Anda pegang: buka JMO, ketuk “Lupa Akun”, pilih kode lewat SMS.',
        'If you still hold the registered phone: open JMO, tap “Lupa Akun”, choose the code by SMS.',
      ),
      say(
        'Bila keduanya hilang: ajukan pengaduan dengan email dan nomor HP baru.',
        'If both are lost: file a complaint with a new e-mail address and phone.',
      ),
    ],
  },
  HP_GANTI: {
    title: say('Nomor HP terdaftar sudah berganti', 'The registered phone number has changed'),
    advice: [
      say(
        'Bila email terdaftar masih Anda pegang: buka JMO, ketuk “Lupa Kata Sandi”, kode dikirim ke email.',
        'If you still hold the registered e-mail: open JMO, tap “Lupa Kata Sandi”; the code comes by e-mail.',
      ),
      say(
        'Setelah masuk, perbarui nomor HP di menu Pengkinian Data.',
        'Once logged in, update your number under Pengkinian Data.',
      ),
    ],
  },
  DATA_LAMA: {
    title: say(
      'Data kepesertaan belum sama dengan data terbaru Anda',
      'The membership records are older than your present data',
    ),
    advice: [
      say(
        'Perbedaan data diperbarui di kantor cabang dengan KTP asli.',
        'A branch brings the records up to date from your original KTP.',
      ),
      say(
        'Anda juga dapat mengajukan pengaduan; waktunya bisa lebih lama.',
        'You may also file a complaint; it can take longer.',
      ),
    ],
  },
  SALAH_INPUT_AWAL: {
    title: say(
      'Data pada saat pendaftaran akun keliru tercatat',
      'Something was recorded wrongly when the account was made',
    ),
    advice: [
      say(
        'Petugas perlu membandingkannya dengan KTP Anda. Ajukan pengaduan.',
        'An officer has to compare it with your KTP. File a complaint.',
      ),
    ],
  },
  DIBUAT_HR: {
    title: say('Akun dibuatkan oleh HRD perusahaan', 'The account was made by an employer'),
    advice: [
      say(
        'Tanyakan kepada HRD email atau nomor yang dipakai, lalu coba “Lupa Akun”.',
        'Ask HR which e-mail or number was used, then try “Lupa Akun”.',
      ),
      say(
        'Bila perusahaan tidak membantu: telepon 175, ajukan pengaduan, atau datang ke kantor cabang dengan KTP.',
        'If the company does not help: call 175, file a complaint, or go to a branch with your KTP.',
      ),
    ],
  },
  LUPA_PERNAH_DAFTAR: {
    title: say('Anda mungkin pernah mendaftar sebelumnya', 'You may have registered before'),
    advice: [
      say(
        'Buka JMO, ketuk “Lupa Akun”, isi NIK dan Nomor Peserta, lalu “Cari Akun”.',
        'Open JMO, tap “Lupa Akun”, enter NIK and membership number, then “Cari Akun”.',
      ),
    ],
  },
  AKUN_TERKUNCI: {
    title: say('Akun terkunci setelah beberapa kali gagal', 'The account is locked after several failures'),
    advice: [
      say(
        'Selama terkunci, layanan JHT, JKK, JKM, dan JP di aplikasi tidak dapat dipakai.',
        'While it is locked, the services for JHT, JKK, JKM and JP in the app are closed.',
      ),
      say(
        'Bila email terdaftar masih Anda pegang: “Lupa Kata Sandi” membuka kuncinya.',
        'If you still hold the registered e-mail: “Lupa Kata Sandi” unlocks it.',
      ),
    ],
  },
  IURAN_TERTUNGGAK: {
    title: say(
      'Iuran terlambat, sehingga KPJ sementara tidak aktif',
      'Contributions are late, so the KPJ is inactive for now',
    ),
    advice: [
      say(
        'Bayar tunggakan, lalu tunggu beberapa jam sebelum masuk kembali.',
        'Pay what is due, then wait some hours before logging in again.',
      ),
    ],
  },
  AKUN_BARU: {
    title: say('Kepesertaan baru: data belum muncul', 'New membership: the data have not arrived yet'),
    advice: [
      say(
        'Data peserta baru muncul 7 sampai {newAccountDays} hari setelah pendaftaran.',
        'Data of a new member arrive 7 to {newAccountDays} days after registration.',
      ),
    ],
  },
  GANGGUAN_SISTEM: {
    title: say(
      'Gangguan sistem, koneksi, atau versi aplikasi',
      'Trouble of the system, the connection or the version of the app',
    ),
    advice: [
      say(
        'Perbarui JMO ke versi terbaru. Versi lama juga dikenal sebagai BPJSTKU.',
        'Update JMO to its newest version. Old ones are known as BPJSTKU.',
      ),
      say(
        'Matikan VPN, pakai internet yang stabil, tutup aplikasi, hapus cache, lalu coba beberapa jam lagi.',
        'Switch off any VPN, use a stable connection, close the app, clear its cache, and try again in some hours.',
      ),
    ],
  },
  PERUBAHAN_STATUS: {
    title: say(
      'Status kepesertaan berubah, KPJ lama tidak aktif di sistem',
      'Your status changed, and the old KPJ is inactive in the system',
    ),
    advice: [
      say(
        'KPJ Anda tetap berlaku. Perubahan status dari Penerima Upah menjadi Bukan Penerima Upah diperbarui di kantor terdekat.',
        'Your KPJ stays valid. A change from employed to self-employed is brought up to date at the nearest office.',
      ),
    ],
  },
} as const satisfies Readonly<Record<string, Words>>
