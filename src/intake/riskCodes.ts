import type { Label } from '../machines/ticketType.js'

interface RiskCode {
  readonly reason: Label
  /** Lengthens the hold and goes to the ticket; the others are for officers to read. None rejects. */
  readonly elevates: boolean
  /** The person should come to a branch. */
  readonly branch?: boolean
}
const code = (elevates: boolean, id: string, en: string, branch = false): RiskCode => ({
  reason: { id, en },
  elevates,
  branch,
})

/** Why a case is looked at twice (R-RISK-1), in words for officers. */
export const RISK_CODES: Readonly<Record<string, RiskCode>> = {
  competing_case: code(true, 'Ada pengaduan terbuka lain untuk NIK yang sama.', 'Another open case has the same NIK.'),
  repeated_case: code(
    true,
    'Lebih dari satu pengaduan untuk NIK yang sama dalam 30 hari.',
    'More than one case for this NIK within 30 days.',
  ),
  phone_shared: code(
    true,
    'Nomor HP baru dipakai pada pengaduan peserta lain dalam 12 bulan.',
    "The new phone is in another participant's case of the last 12 months.",
  ),
  email_shared: code(
    true,
    'E-mail baru dipakai pada pengaduan peserta lain dalam 12 bulan.',
    "The new e-mail is in another participant's case of the last 12 months.",
  ),
  device_shared: code(true, 'Perangkat yang sama mengajukan untuk NIK lain.', 'The same device filed for another NIK.'),
  device_cap: code(
    true,
    'Terlalu banyak pengaduan dari satu perangkat dalam sehari: arahkan ke kantor cabang; ingatkan bahwa layanan ini gratis.',
    'Too many cases from one device in a day: refer to a branch; remind them that the service is free.',
    true,
  ),
  document_reused: code(
    true,
    'Berkas yang sama dipakai pada pengaduan lain.',
    'The same file was used in another case.',
  ),
  document_alike: code(
    true,
    'Gambar yang sangat mirip dipakai pada pengaduan lain.',
    'A picture much like it was used in another case.',
  ),
  contact_changed_recently: code(
    true,
    'Kontak akun diubah dalam 90 hari terakhir.',
    'The contacts of the account changed within 90 days.',
  ),
  claim_running: code(true, 'Klaim manfaat sedang berjalan.', 'A benefit claim is running.'),
  deceased: code(true, 'Peserta tercatat meninggal dunia.', 'The participant is recorded as deceased.', true),
  minor: code(true, 'Pengaju belum berusia 18 tahun.', 'The filer is under 18.', true),
  kpj_of_another: code(true, 'KPJ tercatat milik peserta lain.', 'The KPJ belongs to another participant.'),
  correction_unrecorded: code(
    true,
    'Data diri diperbaiki bersamaan dengan kejadian lain dan tidak tercatat di linimasa: periksa kembali dari awal.',
    'The identity was corrected while something else happened, and the timeline does not say so: check it anew.',
  ),
  email_disposable: code(
    false,
    'E-mail baru memakai layanan sekali pakai yang diizinkan petugas.',
    'The new e-mail is of a throw-away service that staff allowed.',
  ),
  form_too_fast: code(
    false,
    'Formulir terisi lebih cepat daripada orang mengetik.',
    'The form was filled faster than people type.',
  ),
  hidden_field_filled: code(
    false,
    'Isian yang tidak terlihat orang terisi.',
    'A field that people do not see was filled in.',
  ),
  nik_birth_date_differs: code(
    false,
    'Tanggal lahir berbeda dari yang ada di NIK.',
    'The birth date differs from the one in the NIK.',
  ),
  nik_sex_differs: code(false, 'Jenis kelamin berbeda dari NIK.', 'The sex differs from the one in the NIK.'),
  nik_province_unknown: code(false, 'Kode provinsi NIK tidak dikenal.', 'The province code of the NIK is unknown.'),
  nik_province_retired: code(false, 'Kode provinsi NIK sudah lama.', 'The province code of the NIK is retired.'),
  nik_not_found: code(false, 'NIK tidak ada pada data peserta.', 'The NIK is not in the directory.'),
  kpj_not_found: code(false, 'KPJ tidak ada pada data peserta.', 'The KPJ is not in the directory.'),
  kpj_inactive: code(false, 'KPJ tidak aktif.', 'The KPJ is inactive.'),
  name_differs: code(false, 'Nama berbeda dari data peserta.', 'The name differs from the directory.'),
  birth_date_differs: code(
    false,
    'Tanggal lahir berbeda dari data peserta.',
    'The birth date differs from the directory.',
  ),
  membership_inactive: code(false, 'Kepesertaan tidak aktif.', 'The membership is inactive.'),
  account_by_employer: code(
    false,
    'Akun dibuat oleh pemberi kerja (HRD): kontak lama mungkin milik pihak lain.',
    'The employer opened the account: the old contacts may be somebody else’s.',
  ),
  account_missing: code(false, 'Tidak ada akun aktif.', 'There is no active account.'),
  account_duplicate: code(false, 'Ada lebih dari satu akun.', 'There is more than one account.'),
}

const UNKNOWN = code(false, 'Tanda lain; lihat kodenya.', 'Another sign; see its code.')
export const riskCode = (name: string): RiskCode => RISK_CODES[name] ?? UNKNOWN
