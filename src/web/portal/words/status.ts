import type { Label } from '../../../machines/ticketType.js'

/** Why a date is that date. */
export const dates = {
  later: {
    id: 'Diajukan {day}, di luar jam operasional; mulai dihitung {starts}.',
    en: 'Sent on {day}, outside operating hours; counted from {starts}.',
  },
  sameDay: {
    id: 'Diajukan {day} pada jam operasional; hari itu belum dihitung.',
    en: 'Sent on {day} during operating hours; that day does not count yet.',
  },
  counted: { id: 'Batasnya penutupan hari kerja ke-{n}.', en: 'It ends at closing time of working day {n}.' },
  weekend: { id: 'Sabtu dan Minggu tidak dihitung.', en: 'Saturday and Sunday do not count.' },
  closed: { id: 'Hari libur tidak dihitung: {days}.', en: 'Holidays do not count: {days}.' },
  wall: { id: 'Dihitung menurut jam, setiap hari.', en: 'Counted by the clock, on every day.' },
} as const satisfies Readonly<Record<string, Label>>

/** Confirmation, and the page that shows how things stand. */
export const status = {
  sentTitle: { id: 'Pengaduan Anda sudah kami terima', en: 'We received your complaint' },
  yourNumber: { id: 'Nomor pengaduan Anda', en: 'The number of your complaint' },
  numberHint: {
    id: 'Catat nomor ini untuk menelepon 175 atau datang ke kantor cabang. Nomor saja tidak membuka data Anda.',
    en: 'Note it down for calling 175 or going to a branch. By itself it opens nothing.',
  },
  whenTitle: { id: 'Kapan selesai', en: 'When it will be done' },
  firstReviewBy: { id: 'Petugas mulai memeriksa paling lambat', en: 'An officer begins to look at it by' },
  resolutionBy: { id: 'Keputusan paling lambat', en: 'Decision by' },
  objectionReviewBy: { id: 'Sanggahan diperiksa paling lambat', en: 'The objection is examined by' },
  nextTitle: { id: 'Apa yang terjadi selanjutnya', en: 'What happens next' },
  next1: {
    id: 'Petugas memeriksa data Anda pada jam operasional.',
    en: 'An officer checks your data during operating hours.',
  },
  next2: {
    id: 'Bila ada yang kurang, kami memberi tahu lewat email baru Anda. Selama menunggu Anda, tenggat berhenti.',
    en: 'If something is missing, we tell you by your new e-mail. While we wait for you, the dates stand still.',
  },
  next3: {
    id: 'Setelah disetujui ada masa tunggu keamanan, lalu email dan nomor HP akun diganti.',
    en: 'Once approved there is a security wait, then the e-mail and phone of the account are replaced.',
  },
  next4: {
    id: 'Terakhir, masuk ke JMO dengan kontak baru dan buat kata sandi baru.',
    en: 'Last, log in to JMO with the new contacts and set a new password.',
  },
  watch: { id: 'Lihat status pengaduan', en: 'See the status of the complaint' },
  bookmark: {
    id: 'Halaman status terbuka di peramban ini. Dari perangkat lain: nomor pengaduan dan kode ke kontak baru Anda.',
    en: 'The status page is open in this browser. From another device: the number and a code to your new contact.',
  },

  enterTitle: { id: 'Lihat status pengaduan', en: 'See the status of your complaint' },
  enterLead: {
    id: 'Kami mengirim kode ke kontak baru yang sudah Anda buktikan.',
    en: 'We send a code to the new contact that you have proven.',
  },
  number: { id: 'Nomor pengaduan', en: 'Number of the complaint' },
  numberExample: { id: 'Contoh: PGD-7K3M-9QXR', en: 'For example PGD-7K3M-9QXR' },
  numberWrong: {
    id: 'Tulis nomor pengaduan lengkap, misalnya PGD-7K3M-9QXR.',
    en: 'Write the whole number, such as PGD-7K3M-9QXR.',
  },
  channel: { id: 'Kirim kode ke mana?', en: 'Where shall we send the code?' },
  byEmail: { id: 'Email baru saya', en: 'My new e-mail address' },
  byPhone: { id: 'Nomor HP baru saya', en: 'My new mobile number' },
  chooseChannel: { id: 'Pilih ke mana kode dikirim.', en: 'Say where the code shall go.' },
  askCode: { id: 'Kirim kode', en: 'Send the code' },
  codeTitle: { id: 'Masukkan kode', en: 'Enter the code' },
  codeLead: {
    id: 'Bila nomor itu benar dan kontaknya sudah terbukti, kode sedang dikirim. Kode berlaku 10 menit.',
    en: 'If the number is right and the contact is proven, a code is on its way. It is valid for 10 minutes.',
  },
  already: { id: 'Satu pengaduan sedang terbuka di peramban ini.', en: 'One complaint is open in this browser.' },
  open: { id: 'Buka status', en: 'Open the status' },
  accessWrong: {
    id: 'Nomor, kontak, atau kode tidak cocok. Periksa pesan terakhir, atau minta kode baru.',
    en: 'Number, contact or code do not match. Look at the last message, or ask for a new code.',
  },
  fewCodes: {
    id: 'Ke satu kontak hanya beberapa kode dikirim dalam sehari. Bila tidak ada yang datang, coba lagi besok, buka tautan dari pesan kami, atau datang ke kantor cabang.',
    en: 'Only a few codes a day go to one contact. If none comes, try again tomorrow, open the link of one of our messages, or go to a branch office.',
  },
  again: { id: 'Minta kode baru', en: 'Ask for a new code' },
  noContact: {
    id: 'Kontak baru belum terbukti atau sudah hilang juga?',
    en: 'Is the new contact not proven, or lost as well?',
  },
  linkOpen: { id: 'Buka status dari tautan', en: 'Open the status from the link' },
  linkTitle: { id: 'Buka pengaduan {number}?', en: 'Open the complaint {number}?' },
  linkLead: {
    id: 'Tautan ini membuka pengaduan dengan kontak baru:',
    en: 'This link opens the complaint with the new contacts:',
  },
  linkForeign: {
    id: 'Bila kontak itu bukan milik Anda, tutup halaman ini. Jangan mengunggah dokumen ke pengaduan orang lain.',
    en: 'If these contacts are not yours, close this page. Do not upload documents to the complaint of somebody else.',
  },
  linkMine: { id: 'Ya, ini pengaduan saya', en: 'Yes, this is my complaint' },
  linkDead: {
    id: 'Tautan ini tidak berlaku lagi. Masuk dengan nomor pengaduan dan kode.',
    en: 'This link is no longer valid. Use the number of the complaint and a code.',
  },

  title: { id: 'Status pengaduan', en: 'Status of the complaint' },
  news: { id: 'Ada perkembangan baru.', en: 'There is something new.' },
  fresh: { id: 'Halaman ini baru saja diperbarui.', en: 'This page was just brought up to date.' },
  reload: { id: 'Muat ulang', en: 'Reload' },
  holdUntil: { id: 'Masa tunggu sampai {until}', en: 'The wait ends on {until}' },
  replyUntil: {
    id: 'Tanpa tanggapan Anda sampai {until}, pengaduan ini berakhir.',
    en: 'Without your answer by {until} this complaint ends.',
  },
  todo: { id: 'Yang perlu Anda lakukan', en: 'What you need to do' },
  nothingToDo: {
    id: 'Saat ini tidak ada yang perlu Anda lakukan. Kami memberi tahu lewat kontak baru Anda.',
    en: 'There is nothing for you to do now. We tell you by your new contacts.',
  },
  over: {
    id: 'Pengaduan ini sudah berakhir. Tidak ada lagi yang perlu Anda lakukan.',
    en: 'This complaint has ended. There is nothing more for you to do.',
  },
  due: { id: 'perlu tindakan', en: 'to do' },
  promises: { id: 'Tanggal yang kami janjikan', en: 'What we promised' },
  standing: {
    id: 'Tenggat berhenti karena kami menunggu Anda. Tanggal ini bergeser selama waktu tunggu itu.',
    en: 'The dates stand still while we wait for you, and move by that time.',
  },
  met: { id: 'sudah dipenuhi', en: 'kept' },
  metLate: { id: 'dipenuhi terlambat', en: 'kept late' },
  breached: { id: 'terlambat; mohon maaf, petugas sudah diingatkan', en: 'late; we are sorry, officers were reminded' },
  void: { id: 'tidak berlaku lagi', en: 'no longer valid' },
  changes: { id: 'Mengapa tanggalnya berubah', en: 'Why the dates changed' },
  changedTo: { id: '{what}: {from} menjadi {to}. {why}', en: '{what}: from {from} to {to}. {why}' },
  notes: { id: 'Catatan dari petugas', en: 'Notes from officers' },
  timeline: { id: 'Perjalanan pengaduan', en: 'What happened' },
  ahead: { id: 'Selanjutnya', en: 'Ahead' },
  aheadReview: { id: 'Petugas memeriksa data', en: 'An officer checks the data' },
  aheadDecision: { id: 'Keputusan petugas', en: 'The decision' },
  aheadObjection: { id: 'Petugas memeriksa sanggahan', en: 'An officer examines the objection' },
  aheadHold: { id: 'Masa tunggu keamanan', en: 'Security wait' },
  aheadUpdated: { id: 'Kontak akun diperbarui', en: 'The contacts of the account are replaced' },
  contacts: { id: 'Kontak baru Anda', en: 'Your new contacts' },
  emailRow: { id: 'Email', en: 'E-mail' },
  phoneRow: { id: 'Nomor HP', en: 'Mobile number' },
  unproven: { id: 'belum terbukti', en: 'not proven yet' },
  documents: { id: 'Dokumen Anda', en: 'Your documents' },
  docAccepted: { id: 'diterima', en: 'taken' },
  docPending: { id: 'sedang diperiksa', en: 'being checked' },
  docRefused: { id: 'tidak diterima', en: 'not taken' },
  pageOf: { id: 'Halaman {n} dari {kind}', en: 'Page {n} of {kind}' },
  other: { id: 'Tindakan lain', en: 'Other things you can do' },
  changeContact: { id: 'Ganti kontak baru', en: 'Change a new contact' },
  withdraw: { id: 'Tarik pengaduan', en: 'Withdraw the complaint' },
  withdrawText: {
    id: 'Pengaduan ditutup dan kontak akun tidak diganti. Anda dapat membukanya kembali dalam {reopenDays} hari.',
    en: 'The complaint is closed and the contacts stay as they are. You can open it again within {reopenDays} days.',
  },
  withdrawForGood: {
    id: 'Pengaduan ditutup dan kontak akun tidak diganti. Pengaduan ini tidak dapat dibuka kembali; Anda dapat mengajukan yang baru.',
    en: 'The complaint is closed and the contacts stay as they are. It cannot be opened again; you can file a new one.',
  },
  withdrawYes: { id: 'Ya, tarik pengaduan', en: 'Yes, withdraw it' },
  object: { id: 'Bukan saya yang mengajukan', en: 'It was not me who filed this' },
  objectText: {
    id: 'Perubahan kontak dihentikan sampai petugas lain memeriksanya. Belum ada yang berubah sebelum Anda menekan tombol ini.',
    en: 'The change is stopped until another officer has examined it. Nothing happens before you press this button.',
  },
  objectYes: { id: 'Hentikan, ini bukan saya', en: 'Stop it, this was not me' },
  reopen: { id: 'Buka kembali pengaduan', en: 'Open the complaint again' },
  reopenText: {
    id: 'Kedua kontak baru perlu dibuktikan lagi dengan kode.',
    en: 'Both new contacts have to be proven again by codes.',
  },
  leave: { id: 'Keluar dari halaman status', en: 'Leave the status page' },
  leftTitle: { id: 'Anda sudah keluar', en: 'You have left' },
  left: {
    id: 'Halaman status di peramban ini sudah ditutup dan tautannya tidak berlaku lagi.',
    en: 'The status page in this browser is closed, and its link is no longer valid.',
  },
  correctTitle: { id: 'Perbaiki data Anda', en: 'Correct your data' },
  correctLead: {
    id: 'Isi hanya yang perlu diperbaiki. Yang dikosongkan tidak berubah.',
    en: 'Enter only what has to be corrected. What you leave empty stays.',
  },
  correctSend: { id: 'Kirim perbaikan', en: 'Send the correction' },
  correctNothing: { id: 'Isi paling sedikit satu perbaikan.', en: 'Enter at least one correction.' },
  contactTitle: { id: 'Ganti kontak baru', en: 'Change a new contact' },
  contactLead: {
    id: 'Alamat yang diganti perlu dibuktikan lagi dengan kode. Tenggat berhenti sampai terbukti.',
    en: 'A changed address has to be proven again by a code. The dates stand still until then.',
  },
  contactSend: { id: 'Ganti dan kirim kode', en: 'Change it and send a code' },
  proveEmail: { id: 'Buktikan email baru', en: 'Prove the new e-mail address' },
  provePhone: { id: 'Buktikan nomor HP baru', en: 'Prove the new mobile number' },
  merged: {
    id: 'Pengaduan ini sudah digabung dengan pengaduan Anda yang lain.',
    en: 'This complaint was merged with another one of yours.',
  },
  asked: { id: 'Petugas memerlukan: {kind}. {reason}', en: 'An officer needs: {kind}. {reason}' },
} as const satisfies Readonly<Record<string, Label>>

/** What every route to a branch says (R61). */
export const branch = {
  title: { id: 'Selesaikan di kantor cabang', en: 'Settle it at a branch office' },
  lead: {
    id: 'Petugas memeriksa KTP asli Anda langsung. Biasanya selesai pada hari yang sama.',
    en: 'An officer looks at your original KTP. It is usually done on the same day.',
  },
  bring: { id: 'Bawa:', en: 'Bring:' },
  ktp: { id: 'KTP asli', en: 'Your original KTP' },
  card: { id: 'Kartu BPJS Ketenagakerjaan, jika ada', en: 'Your BPJS Ketenagakerjaan card, if you have it' },
  kpj: { id: 'Nomor KPJ, jika ingat', en: 'Your KPJ number, if you remember it' },
  phone: { id: 'HP dengan nomor baru yang aktif', en: 'Your phone with the new number, switched on' },
  email: { id: 'Akses ke email baru Anda', en: 'Access to your new e-mail' },
  number: { id: 'Nomor pengaduan', en: 'The number of your complaint:' },
  asked: { id: 'Dokumen yang diminta: {kind}', en: 'The document that was asked for: {kind}' },
  offices: { id: 'Kantor cabang', en: 'Branch offices' },
  free: {
    id: 'Di kantor cabang pun gratis. Jangan membayar siapa pun.',
    en: 'It is free at a branch too. Pay nobody.',
  },
  data: {
    id: 'Data kepesertaan yang berbeda dengan KTP, atau lebih dari satu catatan, hanya dapat diselesaikan di kantor cabang.',
    en: 'Records that differ from your KTP, or more than one record, can only be settled at a branch.',
  },
} as const satisfies Readonly<Record<string, Label>>
