import { text } from './problemText.js'

/** What refusals around sign-in, roles and keys say; part of the one table. */
export const STAFF_TEXTS = {
  SIGN_IN_REFUSED: text(
    'Tidak dapat masuk',
    'Nama pengguna, kata sandi, atau kode tidak cocok, atau akun tidak aktif. Periksa lalu coba lagi; jika tetap gagal, hubungi administrator Anda.',
    'Sign-in refused',
    'User name, password or code do not match, or the account is not active. Check and try again; ask your administrator if it stays so.',
  ),
  PASSWORD_REFUSED: text(
    'Kata sandi terlalu lemah',
    'Gunakan kata sandi baru, 12 sampai 128 karakter, yang tidak mudah ditebak dan tidak memuat nama pengguna Anda. Alasannya ada pada "reason".',
    'Password too weak',
    'Use a new password of 12 to 128 characters that is not easy to guess and does not hold your user name. "reason" says what was wrong.',
  ),
  CROSS_SITE_REFUSED: text(
    'Permintaan dari situs lain ditolak',
    'Tindakan dengan sesi masuk hanya diterima dari halaman layanan ini sendiri.',
    'Cross-site request refused',
    'What a signed-in session vouches for is taken from pages of this service only (Origin, Sec-Fetch-Site).',
  ),
  OWN_ROLES: text(
    'Akun sendiri tidak dapat diubah',
    'Tidak seorang pun mengubah peran atau status akunnya sendiri. Mintalah administrator lain.',
    'Not your own account',
    'Nobody changes the roles or the state of their own account. Ask another administrator.',
  ),
  OWN_CASE: text(
    'Harus petugas lain',
    'Langkah ini harus dilakukan petugas lain: bukan yang mengusulkan, mengajukan, merujuk, mengunggah bukti, atau menyetujui. Tiket tidak berubah.',
    'Not your own case',
    'This step takes somebody else: not who proposed, filed, referred, brought evidence or approved. Nothing changed.',
  ),
  LAST_ADMIN: text(
    'Administrator terakhir',
    'Tidak ada administrator lain untuk semua kantor. Beri peran itu kepada orang lain lebih dahulu.',
    'Last administrator',
    'Nobody else administers every office. Grant that role to somebody else first.',
  ),
  STAFF_EXISTS: text(
    'Akun sudah ada',
    'Nomor pegawai, nama pengguna, atau identitas penerbit ini sudah mempunyai akun. Satu orang mempunyai satu akun.',
    'Account exists',
    'This staff number, user name or subject has an account. One person has one account.',
  ),
} as const
