import type { Label } from '../../../machines/ticketType.js'

/** The first page, and the question that sends people the shortest way. */
export const start = {
  title: { id: 'Pulihkan kontak akun JMO Anda', en: 'Recover the contacts of your JMO account' },
  lead: {
    id: 'Untuk peserta yang kehilangan email dan nomor HP terdaftar sehingga tidak dapat masuk ke JMO.',
    en: 'For participants who lost their registered e-mail and phone, and cannot log in to JMO any more.',
  },
  need: { id: 'Yang perlu disiapkan', en: 'What you need' },
  needKtp: { id: 'KTP (foto atau pindaian)', en: 'Your KTP (a photo or scan)' },
  needBirth: { id: 'Tanggal lahir sesuai KTP', en: 'Your date of birth as on the KTP' },
  needContacts: {
    id: 'Email dan nomor HP baru yang aktif, milik Anda sendiri',
    en: 'A new e-mail address and mobile number, active and your own',
  },
  needKpj: { id: 'Nomor KPJ, bila ingat', en: 'Your KPJ number, if you remember it' },
  needMore: {
    id: 'Kartu BPJS Ketenagakerjaan atau slip gaji, bila ada: mempercepat pemeriksaan',
    en: 'Your card or a payslip, if you have one: it speeds things up',
  },
  when: { id: 'Kapan selesai?', en: 'When will it be done?' },
  whenIf: { id: 'Jika Anda mengirim pengaduan sekarang:', en: 'If you send your complaint now:' },
  firstReview: { id: 'Petugas mulai memeriksa paling lambat', en: 'An officer begins to look at it by' },
  resolution: { id: 'Keputusan paling lambat', en: 'Decision by' },
  minutes: {
    id: 'Mengisi formulir ini sekitar 10 menit. Isian tersimpan 24 jam.',
    en: 'The form takes about 10 minutes. What you enter is kept for 24 hours.',
  },
  safe: { id: 'Gratis dan tanpa perantara', en: 'Free, and without a middleman' },
  safeFree: { id: 'Layanan ini tidak dipungut biaya apa pun.', en: 'This service costs nothing at all.' },
  safeBroker: {
    id: 'Jangan membayar calo atau jasa yang menjanjikan pemulihan instan.',
    en: 'Never pay a broker or a service that promises instant recovery.',
  },
  safeOwner: {
    id: 'Hanya pemilik akun yang dapat mengajukan; tidak dapat diwakilkan.',
    en: 'Only the owner of the account may file; nobody can do it for you.',
  },
  safeBalance: {
    id: 'Saldo JHT dan riwayat kepesertaan Anda tidak berubah.',
    en: 'Your JHT balance and membership history do not change.',
  },
  begin: { id: 'Mulai sekarang', en: 'Start now' },
  resumeTitle: { id: 'Anda punya isian yang belum dikirim', en: 'You have a complaint that is not sent yet' },
  ended: {
    id: 'Isian Anda sudah tidak ada lagi. Kami menyimpannya paling lama 24 jam, demi keamanan data Anda. Silakan mulai lagi.',
    en: 'What you had filled in is no longer there. We keep it for 24 hours at most, for the safety of your data. Please start again.',
  },
  resume: { id: 'Lanjutkan isian', en: 'Go on with it' },
  discard: { id: 'Hapus isian dan mulai lagi', en: 'Delete it and start again' },
  triageHint: {
    id: 'Masih ingat email atau nomor HP, tetapi gagal masuk?',
    en: 'Still have your e-mail or phone, but cannot log in?',
  },
  triageLink: { id: 'Cari penyebabnya dulu', en: 'Find the cause first' },

  accessTitle: { id: 'Apa yang masih dapat Anda pakai?', en: 'What can you still use?' },
  accessHint: { id: 'Jawaban Anda menentukan jalan yang paling cepat.', en: 'Your answers show the quickest way.' },
  app: { id: 'Apakah Anda masih dapat membuka aplikasi JMO?', en: 'Can you still open the JMO app?' },
  appYes: { id: 'Ya, aplikasi terbuka tetapi saya tidak dapat masuk', en: 'Yes, it opens, but I cannot log in' },
  appNo: { id: 'Tidak, aplikasi tidak dapat saya pakai', en: 'No, I cannot use the app' },
  held: { id: 'Kontak terdaftar mana yang masih Anda pegang?', en: 'Which registered contact do you still hold?' },
  heldNone: { id: 'Tidak ada: email dan nomor HP sudah hilang', en: 'None: both e-mail and phone are lost' },
  heldEmail: { id: 'Hanya email', en: 'Only the e-mail address' },
  heldPhone: { id: 'Hanya nomor HP', en: 'Only the mobile number' },
  heldBoth: { id: 'Keduanya masih saya pegang', en: 'I still hold both' },
  chooseApp: { id: 'Pilih apakah aplikasi JMO masih dapat dibuka.', en: 'Say whether you can open the JMO app.' },
  chooseHeld: { id: 'Pilih kontak yang masih Anda pegang.', en: 'Say which contact you still hold.' },

  selfTitle: {
    id: 'Anda mungkin dapat memulihkannya sendiri sekarang',
    en: 'You may be able to recover it yourself, now',
  },
  selfLead: {
    id: 'Cara ini selesai dalam beberapa menit, tanpa menunggu petugas.',
    en: 'This takes a few minutes and needs no officer.',
  },
  selfApp1: {
    id: 'Perbarui JMO ke versi terbaru, lalu buka aplikasi.',
    en: 'Update JMO to its newest version, then open it.',
  },
  selfEmail2: {
    id: 'Ketuk “Lupa Kata Sandi” di bawah kotak kata sandi.',
    en: 'Tap “Lupa Kata Sandi” below the password box.',
  },
  selfEmail3: {
    id: 'Isi email terdaftar dan nomor kepesertaan, lalu masukkan kode dari email.',
    en: 'Enter your registered e-mail and membership number, then the code from the e-mail.',
  },
  selfPhone2: { id: 'Ketuk “Lupa Akun” di bawah kotak kata sandi.', en: 'Tap “Lupa Akun” below the password box.' },
  selfPhone3: {
    id: 'Isi NIK dan Nomor Peserta, ketuk “Cari Akun”, pilih nomor HP, lalu masukkan kode SMS.',
    en: 'Enter NIK and membership number, tap “Cari Akun”, choose your phone, then enter the SMS code.',
  },
  selfLast: { id: 'Buat kata sandi baru, lalu masuk seperti biasa.', en: 'Set a new password, then log in as usual.' },
  selfDone: { id: 'Cara ini berhasil', en: 'That worked' },
  selfFailed: { id: 'Cara itu sudah gagal, ajukan pengaduan', en: 'I tried that and it failed: file a complaint' },
  doneTitle: { id: 'Syukurlah, akun Anda sudah dapat dipakai', en: 'Good: your account works again' },
  doneText: {
    id: 'Tidak ada pengaduan yang dibuat. Periksa juga bahwa email dan nomor HP di profil JMO Anda masih benar.',
    en: 'No complaint was filed. Please check that the e-mail and phone in your JMO profile are right.',
  },
} as const satisfies Readonly<Record<string, Label>>
