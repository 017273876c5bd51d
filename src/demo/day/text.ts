import { states as stateLabels, targets as targetLabels } from '../../machines/pengaduan/labels.js'
import { count } from '../words.js'
import { isDaySound, type DayReport } from './report.js'

/** The story of the day, Indonesian first, English beside it. */
export function dayText(report: DayReport): string[] {
  const { submissions, seed, staff, requests, signIns, deeds } = report
  const many = (what: string) => count(deeds[what] ?? 0)
  return [
    '',
    '  PULIH · Empat hari di meja layanan / Four days at the desk',
    '  Senin 15 sampai Kamis 18 Juni 2026 lewat API saja; Selasa libur 1 Muharam / through the API alone; Tuesday is a holiday',
    '',
    `  ${count(submissions)} orang mengajukan dari rumah, satu datang ke cabang; ${count(staff)} petugas masuk ${count(signIns)} kali (benih ${seed})`,
    `  ${count(submissions)} people file from home, one walks in; ${count(staff)} officers sign in ${count(signIns)} times; ${count(requests)} requests in all`,
    '',
    ...STORY.flatMap(([id, en]) => [`  ${filled(id, many)}`, `    ${filled(en, many)}`]),
    '',
    '  Keadaan akhir / Where the complaints stand',
    ...Object.entries(report.states).map(
      ([state, n]) => `    ${(stateLabels[state]?.id ?? state).padEnd(44)} ${count(n).padStart(6)}`,
    ),
    '',
    `  Janji / Promises${''.padEnd(30)}  tepat  terlambat  dilanggar  batal  berjalan`,
    ...report.promises.map(
      (it) =>
        `    ${(targetLabels[it.target]?.id ?? it.target).padEnd(42)} ${[
          it.met,
          it.metLate,
          it.breached,
          it.void,
          it.running,
        ]
          .map((n, index) => count(n).padStart([6, 10, 10, 6, 9][index] ?? 6))
          .join(' ')}`,
    ),
    '',
    ...proofLines(report),
  ]
}

/** `{name}`: how often it happened. */
const STORY: readonly (readonly [id: string, en: string])[] = [
  [
    'Petugas mengambil {claimed} tiket dari antrean, mengembalikan {released}, meminta {documents.request} dokumen dan {correction.request} perbaikan data.',
    'Officers claim {claimed} tickets, give {released} back, ask for {documents.request} documents and {correction.request} corrections.',
  ],
  [
    '{approval.propose} usulan persetujuan, {approval.confirm} disetujui orang kedua, {approval.return} dikembalikan; {reject} pengaduan ditolak; {branch.arrive} orang datang ke cabang setelah dirujuk.',
    '{approval.propose} proposals, {approval.confirm} confirmed by a second person, {approval.return} returned; {reject} rejected; {branch.arrive} people come to the branch they were sent to.',
  ],
  [
    'Dua pemilik lama menyanggah "bukan saya": satu diterima ({objection.uphold}), satu ditolak ({objection.dismiss}).',
    'Two who were told say "not me": one objection is upheld ({objection.uphold}), one dismissed ({objection.dismiss}).',
  ],
  [
    'Satu gangguan diumumkan dan diakhiri; {linked} tiket ditautkan dan pemiliknya diberi tahu. Tenggat tetap berjalan.',
    'One outage is announced and ended; {linked} tickets are linked and their owners told. The clocks run on.',
  ],
  [
    'Wewenang satu pemeriksa dicabut sebelum persetujuannya dijalankan: penggantian kontak ditolak dan tiket kembali diperiksa.',
    'One checker loses the role before the approval is carried out: the replacement is refused and the ticket is reviewed again.',
  ],
  [
    'Dua orang mengaku pemilik NIK yang sama: pengaduan yang masih diperiksa ({competing}) dirujuk ke cabang dengan KTP asli.',
    'Two people claim the same NIK: what is still being reviewed ({competing}) is sent to a branch, to be seen with the original KTP.',
  ],
]
const filled = (text: string, many: (what: string) => string): string =>
  text.replaceAll(/\{([\w.]+)\}/g, (_, what: string) => many(what))

function proofLines(report: DayReport): string[] {
  const { verified, privacy, audited, deadLetters, timers, delivered, documents } = report
  const problems = [...verified.problems, ...privacy.problems, ...audited.problems]
  return [
    `  verify: ${count(verified.tickets)} tiket, ${count(verified.entries)} catatan, ${count(privacy.opened)} nilai tersegel dibuka: ${count(verified.problems.length + privacy.problems.length)} masalah`,
    `  audit verify: ${count(audited.entries)} entri, ${count(audited.sealed)} catatan tersegel: ${count(audited.problems.length)} masalah`,
    `  ${count(timers)} pengatur waktu, ${count(delivered)} kiriman, ${count(documents)} dokumen, ${count(deadLetters)} kiriman gagal`,
    ...problems.slice(0, 20).map((it) => `  MASALAH / PROBLEM: ${it}`),
    isDaySound(report)
      ? '  Semuanya terbukti. / Everything holds.'
      : '  ADA YANG TIDAK SESUAI. / NOT EVERYTHING HOLDS.',
    '',
  ]
}
