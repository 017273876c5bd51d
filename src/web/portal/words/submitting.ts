import type { Label } from '../../../machines/ticketType.js'

/** A complaint that an officer typed for its owner, who sends it (D29). */
export const submitting = {
  haveKey: {
    id: 'Saya punya kunci draf dari petugas 175 atau care@',
    en: 'I have the key of a draft from 175 or care@',
  },
  key: { id: 'Kunci draf', en: 'Key of the draft' },
  keyHint: {
    id: 'Ada di email yang kami kirim ke alamat baru Anda. Jangan berikan kepada siapa pun.',
    en: 'It is in the e-mail that we sent to your new address. Give it to nobody.',
  },
  open: { id: 'Buka draf', en: 'Open the draft' },
  title: { id: 'Periksa lalu kirim pengaduan', en: 'Check and submit the complaint' },
  lead: {
    id: 'Petugas mengetik pengaduan ini untuk Anda. Hanya Anda yang dapat mengirimnya.',
    en: 'An officer typed this complaint for you. Only you can submit it.',
  },
  correct: { id: 'Ada data yang perlu diperbaiki', en: 'Something has to be corrected' },
  notice: { id: 'Bagaimana data Anda dipakai', en: 'How your data are used' },
  send: { id: 'Kirim pengaduan', en: 'Submit the complaint' },
  unproven: {
    id: 'Buktikan email dan nomor HP baru Anda lebih dahulu.',
    en: 'Prove your new e-mail address and mobile number first.',
  },
} as const satisfies Readonly<Record<string, Label>>
