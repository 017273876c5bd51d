import type { Label } from '../../../machines/ticketType.js'

export interface Answered {
  /** Stands in the address, so that an answer can be linked to. */
  readonly id: string
  readonly question: Label
  readonly answer: Label
  /** The answer under a policy that opens nothing again (`reopenDays` 0). */
  readonly answerForGood?: Label
  /** The requirement that enforces what is said here, and where it does. */
  readonly rule: string
  readonly enforcedBy: Label
  /** Where to do something about it. */
  readonly link?: { readonly path: string; readonly label: Label }
}
const say = (id: string, en: string): Label => ({ id, en })
const file = { path: '/pengaduan', label: say('Ajukan pengaduan', 'File a complaint') }
const branch = { path: '/cabang', label: say('Daftar bawaan ke kantor cabang', 'What to bring to a branch') }
const look = { path: '/status', label: say('Lihat status', 'See the status') }

/** What people ask about recovering the account. */
const recovery: readonly Answered[] = [
  {
    ...{ id: 'diwakilkan', rule: 'R12', link: file },
    question: say('Dapatkah orang lain mengajukan untuk saya?', 'Can somebody else file for me?'),
    answer: say(
      'Tidak bisa. Hanya pemilik akun yang dapat mengajukan, dengan pernyataan sebagai pemilik.',
      'No. Only the owner of the account can file, and declares to be the owner.',
    ),
    enforcedBy: say(
      'Formulir menolak pengaduan tanpa pernyataan pemilik akun.',
      'The form takes no complaint without that declaration.',
    ),
  },
  {
    ...{ id: 'lupa-kpj', rule: 'R41', link: file },
    question: say('Bagaimana bila saya lupa nomor KPJ?', 'What if I forgot my KPJ number?'),
    answer: say(
      'Pilih “Saya lupa nomor KPJ”. NIK dan data KTP cukup; petugas menelusuri KPJ setelah identitas Anda diperiksa.',
      'Choose “I forgot my KPJ number”. NIK and KTP data suffice; an officer traces the KPJ once your identity is checked.',
    ),
    enforcedBy: say('Nomor KPJ boleh dikosongkan di formulir.', 'The KPJ number may be left out of the form.'),
  },
  {
    ...{ id: 'dua-akun', rule: 'R51' },
    question: say('Bolehkah satu orang memiliki dua akun JMO?', 'May one person have two JMO accounts?'),
    answer: say(
      'Satu NIK hanya untuk satu akun. Bila ada lebih dari satu, petugas memeriksanya lebih dulu sebelum menonaktifkan salah satunya.',
      'One NIK has one account. If there are more, an officer looks at it before one is deactivated.',
    ),
    enforcedBy: say(
      'Layanan akun menolak akun aktif kedua untuk satu NIK.',
      'The account service refuses a second active account for a NIK.',
    ),
  },
  {
    ...{ id: 'saldo-jht', rule: 'R11' },
    question: say(
      'Apakah saldo JHT atau riwayat kepesertaan saya berubah?',
      'Does my JHT balance or membership history change?',
    ),
    answer: say(
      'Tidak. Yang berubah hanya email dan nomor HP akun.',
      'No. Only the e-mail and phone of the account change.',
    ),
    enforcedBy: say(
      'Layanan ini tidak memiliki perintah untuk mengubah saldo atau riwayat.',
      'This service has no command that could change balance or history.',
    ),
  },
  {
    ...{ id: 'jam-layanan', rule: 'R09', link: file },
    question: say('Dapatkah saya mengajukan pada malam hari atau hari libur?', 'Can I file at night or on a holiday?'),
    answer: say(
      'Ya, kapan saja. Petugas memeriksa pada jam operasional; tanggal yang dijanjikan dihitung sejak kantor buka.',
      'Yes, at any time. Officers work during operating hours, and the promised dates count from the next opening.',
    ),
    enforcedBy: say(
      'Tanggal dihitung dari kalender kerja dan ditampilkan dengan alasannya.',
      'Dates are computed from the working calendar and shown with their reason.',
    ),
  },
  {
    ...{ id: 'email-sementara', rule: 'R16', link: file },
    question: say('Bolehkah memakai email sementara?', 'May I use a temporary e-mail address?'),
    answer: say(
      'Tidak. Gunakan email pribadi yang permanen, karena kode dan pemberitahuan dikirim ke sana.',
      'No. Use a permanent personal address: codes and notices go to it.',
    ),
    enforcedBy: say('Formulir menolak domain email sementara.', 'The form refuses domains of temporary e-mail.'),
  },
  {
    ...{ id: 'biaya', rule: 'R14' },
    question: say('Berapa biayanya?', 'What does it cost?'),
    answer: say(
      'Gratis, tidak dipungut biaya apa pun. Jangan membayar calo atau jasa pemulihan instan.',
      'Nothing at all. Never pay a broker or a service for instant recovery.',
    ),
    enforcedBy: say(
      'Tidak ada pembayaran di layanan ini, dan setiap pesan menyatakannya.',
      'There is no payment anywhere in this service, and every message says so.',
    ),
  },
  {
    ...{ id: 'klaim', rule: 'R13', link: file },
    question: say('Apakah klaim saya yang sedang berjalan terganggu?', 'Does this disturb a claim that is running?'),
    answer: say(
      'Tidak secara langsung. Sebaiknya selesaikan pemulihan lebih dulu agar pemberitahuan klaim sampai kepada Anda.',
      'Not directly. Better finish the recovery first, so that notices about your claim reach you.',
    ),
    enforcedBy: say(
      'Tandai klaim berjalan di formulir; pengaduan didahulukan dan tidak pernah ditolak karenanya.',
      'Tick it in the form: your complaint gets priority and is never refused for it.',
    ),
  },
]

/** What people ask about the KPJ number. */
const card: readonly Answered[] = [
  {
    ...{ id: 'untuk-apa-kpj', rule: 'R42' },
    question: say('Untuk apa nomor KPJ diperlukan?', 'What is the KPJ number needed for?'),
    answer: say(
      'Untuk mencocokkan data kepesertaan Anda. Bila lupa, NIK dapat dipakai sebagai gantinya.',
      'To match your membership records. If you forgot it, the NIK can stand in.',
    ),
    enforcedBy: say('Petugas mencari kepesertaan lewat KPJ atau NIK.', 'Officers look members up by KPJ or NIK.'),
  },
  {
    ...{ id: 'lama-cek-kpj', rule: 'R43', link: branch },
    question: say('Berapa lama mencari nomor KPJ?', 'How long does it take to find my KPJ number?'),
    answer: say(
      'Lewat telepon 175 atau WhatsApp: menit sampai jam. Di kantor cabang: hari yang sama.',
      'By phone (175) or WhatsApp: minutes to hours. At a branch: the same day.',
    ),
    enforcedBy: say(
      'Pengaduan di kantor cabang dijanjikan selesai pada hari yang sama. Telepon dan WhatsApp di luar layanan ini.',
      'A case at a branch is promised for the same day. Phone and WhatsApp are outside this service.',
    ),
  },
  {
    ...{ id: 'beda-bpjs-kesehatan', rule: 'R44' },
    question: say('Samakah KPJ dengan nomor BPJS Kesehatan?', 'Is the KPJ the same as the BPJS Kesehatan number?'),
    answer: say(
      'Berbeda. KPJ terdiri dari 11 angka; nomor BPJS Kesehatan 13 angka.',
      'No. A KPJ has 11 digits, a BPJS Kesehatan number 13.',
    ),
    enforcedBy: say(
      'Formulir mengenali nomor 13 angka dan memberi petunjuk.',
      'The form knows a number of 13 digits and gives a hint.',
    ),
  },
  {
    ...{ id: 'perusahaan', rule: 'R46', link: branch },
    question: say('Bagaimana bila perusahaan tidak mau membantu?', 'What if my employer does not help?'),
    answer: say(
      'Telepon 175 atau datang ke kantor cabang dengan KTP. Konfirmasi HRD membantu, tetapi tidak wajib.',
      'Call 175 or go to a branch with your KTP. A letter of HR helps, but is not required.',
    ),
    enforcedBy: say('Surat HRD adalah dokumen yang boleh dilewati.', 'The letter of HR is an optional document.'),
  },
  {
    ...{ id: 'biaya-kpj', rule: 'R47' },
    question: say('Apakah menanyakan KPJ dipungut biaya?', 'Does it cost anything to ask for my KPJ?'),
    answer: say(
      'Tidak. Informasi KPJ gratis di semua kanal.',
      'No. Information about the KPJ is free on every channel.',
    ),
    enforcedBy: say('Tidak ada pembayaran di layanan ini.', 'There is no payment anywhere in this service.'),
  },
  {
    ...{ id: 'setelah-berhenti', rule: 'R45' },
    question: say(
      'Apakah KPJ masih berlaku setelah saya berhenti bekerja?',
      'Is my KPJ still valid after I left my employer?',
    ),
    answer: say(
      'Ya, KPJ tetap berlaku. Setelah perubahan status, KPJ lama dapat tidak aktif di sistem dan perlu diperbarui di kantor cabang.',
      'Yes. After a change of status the old one may be inactive in the system, which a branch brings up to date.',
    ),
    enforcedBy: say(
      'Status KPJ dan keberadaannya dicatat terpisah.',
      'Whether a KPJ exists and whether it is active are two things.',
    ),
    link: branch,
  },
  {
    ...{ id: 'masih-bermasalah', rule: 'R68', link: look },
    question: say('Bagaimana bila masih bermasalah setelah selesai?', 'What if there is still a problem afterwards?'),
    answer: say(
      'Pengaduan yang ditolak, ditarik, atau kedaluwarsa dapat Anda buka kembali dari halaman status dalam {reopenDays} hari. Bila kontak sudah diganti tetapi masih ada masalah, ajukan pengaduan baru atau telepon 175.',
      'A complaint that was rejected, withdrawn or expired can be opened again on the status page within {reopenDays} days. If the contacts were replaced and there is still a problem, file a new one or call 175.',
    ),
    answerForGood: say(
      'Pengaduan yang sudah berakhir tidak dapat dibuka kembali. Ajukan pengaduan baru, telepon 175, atau datang ke kantor cabang.',
      'A complaint that has ended cannot be opened again. File a new one, call 175, or go to a branch.',
    ),
    enforcedBy: say(
      'Batas waktu itu ditetapkan dalam kebijakan layanan dan diperiksa saat Anda membuka kembali.',
      'That time stands in the policy of the service and is checked when you open it again.',
    ),
  },
]

export const faq = {
  title: say('Tanya jawab', 'Questions and answers'),
  lead: say(
    'Setiap jawaban dijalankan oleh aturan layanan ini, bukan sekadar keterangan.',
    'Each answer is enforced by a rule of this service.',
  ),
  recovery: say('Memulihkan akun', 'Recovering the account'),
  card: say('Nomor KPJ', 'The KPJ number'),
  rule: say('Aturannya: {how}', 'The rule: {how}'),
} as const satisfies Readonly<Record<string, Label>>

export const ANSWERS = { recovery, card } as const
