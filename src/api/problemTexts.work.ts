import { text } from './problemText.js'

/** What refusals around claims and the worklist say; part of the one table. */
export const WORK_TEXTS = {
  TICKET_HELD: text(
    'Tiket sedang dikerjakan petugas lain',
    'Petugas lain (lihat "holder") sedang memegang tiket ini. Tunggu sampai dilepas, atau minta penyelia memindahkannya.',
    'Somebody else works on this ticket',
    'Another officer ("holder") has this ticket. Wait until it is given back, or ask a supervisor to reassign it.',
  ),
  NOT_CLAIMABLE: text(
    'Tiket tidak dapat diambil',
    'Tiket ini saat ini tidak dapat diambil atau diberikan kepada orang itu. Alasannya disebut di bawah ini ("reasons").',
    'Ticket cannot be claimed',
    'This ticket cannot be claimed or given to this person now. Why is said below ("reasons").',
  ),
  LEASE_LOST: text(
    'Anda tidak lagi memegang tiket ini',
    'Masa pegang tiket sudah berakhir atau tiket sudah berpindah. Ambil kembali tiket sebelum melanjutkan.',
    'You no longer hold this ticket',
    'The lease has run out or the ticket went to somebody else. Claim it again before you go on.',
  ),
  INCIDENT_OVER: text(
    'Gangguan sudah berakhir',
    'Gangguan ini sudah diakhiri. Bila terjadi lagi, nyatakan gangguan baru.',
    'The incident is over',
    'This incident has ended. If it comes back, declare another.',
  ),
  MESSAGE_NOT_RESENT: text(
    'Pesan tidak dikirim ulang',
    'Kode tidak pernah dikirim ulang: peserta meminta kode baru sendiri. Pesan lain dikirim ulang hanya selama isinya masih berlaku dan belum ada pesan yang lebih baru.',
    'The message is not sent again',
    'A code never is: the participant asks for a new one. Another message is, as long as it is still so and nothing newer was said.',
  ),
  WIP_LIMIT: text(
    'Batas tiket yang dipegang tercapai',
    'Selesaikan atau lepaskan tiket yang sedang dipegang sebelum mengambil yang baru.',
    'Work-in-progress limit reached',
    'Finish or give back a ticket before taking another.',
  ),
}
