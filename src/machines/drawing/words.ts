import type { Label } from '../ticketType.js'

/** States of a promise: every ticket type has the same (slaRegion.ts). */
export const PROMISE_STATES: Readonly<Record<string, Label>> = {
  idle: { id: 'Belum berjalan', en: 'Not started' },
  running: { id: 'Berjalan', en: 'Running' },
  paused: { id: 'Berhenti, menunggu peserta', en: 'Paused, waiting for the participant' },
  breached: { id: 'Terlambat, masih terbuka', en: 'Late and still open' },
  breachedPaused: { id: 'Terlambat, menunggu peserta', en: 'Late, waiting for the participant' },
  met: { id: 'Ditepati', en: 'Met' },
  metLate: { id: 'Ditepati terlambat', en: 'Met late' },
  voided: { id: 'Gugur', en: 'Void' },
  breachStands: { id: 'Tidak ditepati', en: 'Not met' },
}

/** What a promise asks (slaRegion.ts), as half sentences. */
export const PROMISE_CONDITIONS: Readonly<Record<string, Label>> = {
  promised: { id: 'rute ini memakai janji ini', en: 'this route has this promise' },
  promisedButWaiting: {
    id: 'rute ini memakai janji ini, dan sedang menunggu peserta',
    en: 'this route has this promise, and the participant is waited for',
  },
  promisedAnew: { id: 'rute barunya memakai janji ini', en: 'its new route has this promise' },
  isOurs: {
    id: 'pengatur waktunya milik janji ini dan masih berlaku',
    en: 'the timer is of this promise and still stands',
  },
}

/** What the ticket tells its promises; never sent from outside. */
export const CLOCK_EVENT_LABELS: Readonly<Record<string, Label>> = {
  'clocks.start': { id: 'Hitungan dimulai', en: 'Counting starts' },
  'clocks.pause': { id: 'Menunggu peserta', en: 'Waits for the participant' },
  'clocks.resume': { id: 'Peserta menjawab', en: 'The participant answered' },
  'clocks.reviewStarted': { id: 'Verifikasi dimulai', en: 'Review started' },
  'clocks.decided': { id: 'Diputuskan', en: 'Decided' },
  'clocks.closed': { id: 'Tiket ditutup', en: 'Ticket closed' },
  'clocks.redate': { id: 'Tanggal dihitung ulang', en: 'Date counted anew' },
  'clocks.objectionRaised': { id: 'Sanggahan diajukan', en: 'Objection raised' },
  'clocks.objectionResolved': { id: 'Sanggahan diputuskan', en: 'Objection resolved' },
}

export const WORDS = {
  any: { id: 'Dari setiap keadaan di sini', en: 'From any state in here' },
  automatic: { id: 'Otomatis', en: 'By itself' },
  start: { id: 'Mulai', en: 'Start' },
  now: { id: 'Sekarang', en: 'Now' },
  end: { id: 'Selesai', en: 'End' },
  promise: { id: 'Janji layanan', en: 'Promise' },
  stays: { id: 'Tetap di sini', en: 'Stays here' },
  us: { id: 'Menunggu petugas', en: 'Waits for officers' },
  participant: { id: 'Menunggu peserta', en: 'Waits for the participant' },
  over: { id: 'Selesai (keadaan akhir)', en: 'Over (final state)' },
  conditional: { id: '? hanya dengan syarat (lihat tabel)', en: '? only on a condition (see the table)' },
  again: { id: '↻ keadaan yang sama, dimulai lagi', en: '↻ the same state, begun anew' },
  passed: { id: 'Sudah dilalui', en: 'Passed' },
  counted: { id: 'Angka: jumlah tiket', en: 'Number: tickets there' },
  condition: { id: 'syarat', en: 'condition' },
  version: { id: 'versi', en: 'version' },
} as const satisfies Readonly<Record<string, Label>>
