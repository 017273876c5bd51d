import type { Label } from '../../../machines/ticketType.js'

/** The pages of a complaint, one question each. */
export const wizard = {
  step: { id: 'Langkah {n} dari {all}', en: 'Step {n} of {all}' },
  identityTitle: { id: 'Siapa Anda?', en: 'Who are you?' },
  identityLead: {
    id: 'Isi sesuai KTP. Spasi dan tanda hubung boleh dipakai.',
    en: 'As on your KTP. Spaces and dashes do not matter.',
  },
  nik: { id: 'NIK', en: 'NIK' },
  nikHint: { id: '16 angka, tertulis di bagian atas KTP', en: '16 digits, at the top of your KTP' },
  name: { id: 'Nama lengkap', en: 'Full name' },
  nameHint: { id: 'Sesuai KTP, tanpa gelar bila KTP tidak memuatnya', en: 'As on the KTP' },
  birth: { id: 'Tanggal lahir', en: 'Date of birth' },
  birthHint: { id: 'Contoh: 17-05-1990', en: 'For example 17-05-1990' },
  kpj: { id: 'Nomor KPJ', en: 'KPJ number' },
  kpjHint: {
    id: '11 angka. Disebut juga Nomor Peserta atau nomor kepesertaan. Bukan nomor BPJS Kesehatan (13 angka).',
    en: '11 digits, also called Nomor Peserta. Not the BPJS Kesehatan number (13 digits).',
  },
  kpjForgot: { id: 'Saya lupa nomor KPJ', en: 'I forgot my KPJ number' },
  kpjForgotHint: {
    id: 'Tidak apa-apa: petugas dapat menelusurinya setelah identitas Anda diperiksa.',
    en: 'That is fine: an officer can trace it once your identity is checked.',
  },
  kpjEither: {
    id: 'Isi nomor KPJ, atau pilih “Saya lupa nomor KPJ”.',
    en: 'Enter the KPJ number, or choose “I forgot my KPJ number”.',
  },
  declaration: {
    id: 'Saya pemilik akun ini, dan data di atas adalah data saya sendiri.',
    en: 'I own this account, and what I entered above is about me.',
  },
  claim: { id: 'Saya sedang mengajukan klaim JHT, JKK, JKM, atau JP', en: 'I have a benefit claim running' },
  claimHint: {
    id: 'Pengaduan ini tidak memengaruhi klaim. Sebaiknya selesaikan pemulihan lebih dulu agar pemberitahuan klaim sampai kepada Anda.',
    en: 'This does not affect your claim. Better finish the recovery first, so that notices about it reach you.',
  },
  noticeTitle: { id: 'Bagaimana data Anda dipakai', en: 'How your data are used' },

  emailTitle: { id: 'Apa email baru Anda?', en: 'What is your new e-mail address?' },
  emailLead: {
    id: 'Gunakan email pribadi yang permanen. Kami mengirim kode ke alamat ini, juga pemberitahuan selanjutnya.',
    en: 'Use a permanent personal address. We send a code to it, and later notices too.',
  },
  email: { id: 'Email baru', en: 'New e-mail address' },
  emailHint: {
    id: 'Contoh: nama@contoh.id. Email sementara tidak dapat dipakai.',
    en: 'For example name@example.org. Temporary addresses are not taken.',
  },
  emailRole: {
    id: 'Ini tampaknya email kantor. Email pribadi lebih aman, karena email kantor dapat berpindah tangan.',
    en: 'This looks like an office address. A personal one is safer, because offices change hands.',
  },
  sendCode: { id: 'Kirim kode', en: 'Send the code' },
  phoneTitle: { id: 'Apa nomor HP baru Anda?', en: 'What is your new mobile number?' },
  phoneLead: { id: 'Nomor harus aktif dan dapat menerima SMS.', en: 'It must be active and able to receive SMS.' },
  phone: { id: 'Nomor HP baru', en: 'New mobile number' },
  phoneHint: { id: 'Nomor Indonesia, contoh: 0812 3456 7890', en: 'An Indonesian number, for example 0812 3456 7890' },

  codeEmailTitle: { id: 'Periksa email Anda', en: 'Look into your e-mail' },
  codePhoneTitle: { id: 'Periksa SMS Anda', en: 'Look at your SMS' },
  codeLead: {
    id: 'Kami mengirim kode 6 angka ke {address}. Kode berlaku 10 menit.',
    en: 'We sent a code of 6 digits to {address}. It is valid for 10 minutes.',
  },
  code: { id: 'Kode 6 angka', en: 'Code of 6 digits' },
  codeHint: { id: 'Boleh disalin dan ditempel', en: 'You may copy and paste it' },
  codeMissing: { id: 'Masukkan kode 6 angka dari pesan kami.', en: 'Enter the 6 digits from our message.' },
  codeInvalid: {
    id: 'Kode tidak cocok. Periksa pesan terakhir, atau minta kode baru.',
    en: 'The code does not match. Look at the last message, or ask for a new code.',
  },
  codeExpired: {
    id: 'Kode sudah kedaluwarsa. Minta kode baru.',
    en: 'The code is no longer valid. Ask for a new one.',
  },
  codeUsed: {
    id: 'Kode ini sudah pernah dipakai. Minta kode baru.',
    en: 'This code was used before. Ask for a new one.',
  },
  codeTries: {
    id: 'Terlalu banyak percobaan. Kode itu tidak berlaku lagi; minta kode baru.',
    en: 'Too many tries. That code is dead; ask for a new one.',
  },
  codeTrouble: {
    id: 'Kode belum dapat diperiksa karena gangguan di pihak kami. Coba lagi beberapa menit lagi.',
    en: 'The code cannot be checked now; the trouble is ours. Try again in a few minutes.',
  },
  codeWait: { id: 'Kode baru dapat diminta lagi dalam {wait}.', en: 'You can ask for another code in {wait}.' },
  seconds: { id: '{n} detik', en: '{n} seconds' },
  minutes: { id: '{n} menit', en: '{n} minutes' },
  hours: { id: '{n} jam', en: '{n} hours' },
  codeSent: {
    id: 'Kode baru sedang dikirim. Kode sebelumnya tidak berlaku lagi.',
    en: 'A new code is on its way. Earlier ones are dead.',
  },
  prove: { id: 'Periksa kode', en: 'Check the code' },
  noCode: { id: 'Belum menerima kode?', en: 'Did not get the code?' },
  noCodeSpam: {
    id: 'Tunggu satu menit. Periksa juga folder spam atau promosi.',
    en: 'Wait a minute. Look into spam or promotions too.',
  },
  noCodeSms: {
    id: 'Tunggu satu menit. Pastikan HP menyala dan ada sinyal.',
    en: 'Wait a minute. Make sure that the phone is on and has a signal.',
  },
  resend: { id: 'Kirim kode baru', en: 'Send a new code' },
  changeEmail: { id: 'Perbaiki alamat email', en: 'Correct the e-mail address' },
  changePhone: { id: 'Perbaiki nomor HP', en: 'Correct the mobile number' },

  documentsTitle: { id: 'Tambahkan dokumen', en: 'Add documents' },
  documentsLead: {
    id: 'Foto KTP yang jelas mempercepat pemeriksaan. Dokumen lain boleh dilewati; petugas dapat memintanya nanti.',
    en: 'A clear photo of your KTP speeds things up. The others may be left out; an officer can ask for them later.',
  },
  documentsRules: {
    id: 'JPEG, PNG, WebP, atau PDF, paling besar 10 MB per berkas, paling banyak 5 berkas.',
    en: 'JPEG, PNG, WebP or PDF, at most 10 MB a file, at most 5 files.',
  },
  recommended: { id: 'dianjurkan', en: 'recommended' },
  optionalTag: { id: 'boleh dilewati', en: 'optional' },
  chooseFile: { id: 'Pilih berkas {kind}', en: 'Choose a file: {kind}' },
  upload: { id: 'Unggah {kind}', en: 'Upload {kind}' },
  uploaded: { id: 'Tersimpan', en: 'Kept' },
  waiting: { id: 'Tersimpan, sedang diperiksa', en: 'Kept, being checked' },
  removeFile: { id: 'Hapus {kind}', en: 'Remove {kind}' },
  withoutDocuments: { id: 'Lanjut tanpa dokumen', en: 'Go on without documents' },

  checkTitle: { id: 'Periksa jawaban Anda', en: 'Check your answers' },
  checkLead: {
    id: 'Kesalahan kecil memperlambat pemeriksaan. Pastikan semuanya sesuai KTP.',
    en: 'Small mistakes slow things down. Make sure that all is as on your KTP.',
  },
  you: { id: 'Data diri', en: 'About you' },
  contacts: { id: 'Kontak baru', en: 'New contacts' },
  documents: { id: 'Dokumen', en: 'Documents' },
  proven: { id: 'terbukti', en: 'proven' },
  forgotten: { id: 'Lupa', en: 'Forgotten' },
  noDocuments: { id: 'Belum ada', en: 'None yet' },
  yes: { id: 'Ya', en: 'Yes' },
  no: { id: 'Tidak', en: 'No' },
  learned: { id: 'Kendala masuk', en: 'Trouble logging in' },
  claimRow: { id: 'Klaim berjalan', en: 'Claim running' },
  send: { id: 'Kirim pengaduan', en: 'Send the complaint' },
  sendNote: {
    id: 'Dengan mengirim, Anda menyatakan data ini benar dan milik Anda sendiri.',
    en: 'By sending it you declare that these data are true and your own.',
  },
  changedElsewhere: {
    id: 'Isian ini berubah sejak halaman dibuka. Periksa kembali, lalu kirim.',
    en: 'Something was changed since you opened this page. Check it again, then send.',
  },
  fileFailed: { id: '{kind}: {why}', en: '{kind}: {why}' },
} as const satisfies Readonly<Record<string, Label>>
