import type { Label } from '../machines/ticketType.js'

const say = (id: string, en: string): Label => ({ id, en })

/** Why something was asked for, changed or refused, in words; a code without words of its own stands for itself. */
const REASONS: Readonly<Record<string, Label>> = {
  // Decisions
  IDENTITAS_TIDAK_COCOK: say(
    'Data yang Anda isi tidak cocok dengan data kepesertaan.',
    'What you declared does not match the membership records.',
  ),
  DOKUMEN_TIDAK_SAH: say('Dokumen tidak dapat kami terima.', 'The documents cannot be accepted.'),
  BUKAN_PESERTA: say('Anda belum terdaftar sebagai peserta.', 'You are not registered as a participant.'),
  BUKAN_PEMILIK: say('Pengaju bukan pemilik akun.', 'Whoever filed does not own the account.'),
  DATA_TIDAK_LENGKAP: say('Data belum lengkap.', 'Data are missing.'),
  INDIKASI_PENIPUAN: say('Pengaduan tidak dapat kami lanjutkan.', 'We cannot go on with this complaint.'),
  // Documents
  DIPERLUKAN: say('Diperlukan untuk verifikasi.', 'Needed for the verification.'),
  FOTO_BURAM: say('Foto dokumen tidak terbaca.', 'The picture of the document is not readable.'),
  FOTO_TERPOTONG: say('Sebagian dokumen tidak terlihat.', 'Part of the document is cut off.'),
  DOKUMEN_SALAH: say('Dokumen yang dikirim bukan yang diminta.', 'This is not the document that was asked for.'),
  DOKUMEN_KEDALUWARSA: say('Dokumen sudah tidak berlaku.', 'The document has expired.'),
  BUKTI_KEPEMILIKAN: say('Diperlukan sebagai bukti kepemilikan akun.', 'Needed as proof that the account is yours.'),
  DOKUMEN_TERINFEKSI: say('Berkas tidak aman.', 'The file is not safe.'),
  BUKTI_CUKUP: say('Bukti yang ada sudah cukup.', 'What is there is enough.'),
  ASLI_DILIHAT_DI_CABANG: say('Dokumen asli sudah dilihat di kantor cabang.', 'The originals were seen at a branch.'),
  SALAH_MINTA: say('Dokumen ini ternyata tidak diperlukan.', 'The document was asked for by mistake.'),
  // Corrections
  NAMA_BERBEDA: say('Nama berbeda dengan KTP.', 'The name differs from the KTP.'),
  NIK_BERBEDA: say('NIK berbeda dengan KTP.', 'The NIK differs from the KTP.'),
  TANGGAL_LAHIR_BERBEDA: say('Tanggal lahir berbeda dengan KTP.', 'The date of birth differs from the KTP.'),
  KPJ_BERBEDA: say('Nomor KPJ perlu diperiksa kembali.', 'The KPJ number has to be looked at again.'),
  // Branches and offices
  PERBEDAAN_IDENTITAS: say(
    'Data kepesertaan berbeda dengan identitas terbaru Anda dan perlu dimutakhirkan di kantor cabang.',
    'The membership records differ from your latest identity and have to be brought up to date at a branch.',
  ),
  DATA_TIDAK_SINKRON: say(
    'Data kepesertaan Anda perlu diselaraskan di kantor cabang.',
    'Your membership records have to be brought in line at a branch.',
  ),
  DATA_GANDA: say(
    'Ada lebih dari satu catatan kepesertaan yang perlu digabung di kantor cabang.',
    'There is more than one membership record; a branch has to join them.',
  ),
  PERUSAHAAN_TIDAK_KOOPERATIF: say(
    'Anda dapat menyelesaikannya tanpa perusahaan, di kantor cabang dengan KTP asli.',
    'You can settle this without your employer, at a branch with your original KTP.',
  ),
  PERLU_TATAP_MUKA: say('Identitas Anda perlu dilihat langsung.', 'Your identity has to be seen in person.'),
  RISIKO_TINGGI: say('Perlu pemeriksaan lebih lanjut.', 'A closer look is needed.'),
  TIDAK_PERLU_LAGI: say('Tidak diperlukan lagi.', 'No longer needed.'),
  PERMINTAAN_PESERTA: say('Atas permintaan Anda.', 'At your request.'),
  SALAH_RUJUK: say('Rujukan sebelumnya keliru.', 'The referral was a mistake.'),
  BEBAN_KERJA: say('Kantor lain dapat menanganinya lebih cepat.', 'Another office can see to it sooner.'),
  SALAH_KANTOR: say('Kantor sebelumnya tidak tepat.', 'It was at the wrong office.'),
  // Officers among themselves
  KEBUTUHAN_MENDESAK: say('Kebutuhan mendesak.', 'Urgent.'),
  ARAHAN_PENYELIA: say('Arahan penyelia.', 'On a supervisor’s word.'),
  POLA_MENCURIGAKAN: say('Pola pengajuan mencurigakan.', 'The filings follow a suspicious pattern.'),
  LAPORAN_PESERTA: say('Ada laporan dari peserta.', 'A participant reported it.'),
  DOKUMEN_MENCURIGAKAN: say('Dokumen mencurigakan.', 'The documents look suspicious.'),
  KLAIM_BERJALAN: say('Ada klaim yang sedang berjalan.', 'A claim is being dealt with.'),
  BUKTI_KURANG: say('Bukti belum cukup.', 'The evidence is not enough.'),
  DAFTAR_PERIKSA_KELIRU: say('Daftar periksa perlu diulang.', 'The checklist has to be done again.'),
  BUKAN_PEMILIK_LAMA: say('Penyanggah bukan pemilik akun.', 'Whoever objected does not own the account.'),
  PEMILIK_TERBUKTI: say('Pengaju terbukti pemilik akun.', 'Whoever filed was shown to own the account.'),
  SANGGAHAN_KELIRU: say('Sanggahan dikirim karena keliru.', 'The objection was sent by mistake.'),
  PEMILIK_MENYANGGAH: say('Pemilik akun menyanggah.', 'The owner of the account objects.'),
  // Participants
  DITARIK_PESERTA: say('Ditarik oleh peserta.', 'Withdrawn by the participant.'),
  SALAH_MENGAJUKAN: say('Diajukan karena keliru.', 'Filed by mistake.'),
  SUDAH_SELESAI: say('Sudah selesai dengan cara lain.', 'Settled in another way.'),
}

export const reasonText = (code: string): Label =>
  (Object.hasOwn(REASONS, code) ? REASONS[code] : undefined) ?? { id: code, en: code }
