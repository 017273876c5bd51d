import { targets as targetLabels, states as stateLabels } from '../machines/pengaduan/labels.js'
import type { Late } from './lateness.js'
import type { DemoReport, Promised } from './report.js'
import type { DayScore, Score } from './scores.js'
import { storyLines } from './storyText.js'
import { count, dayOf, holidayName, lengthOf, momentOf, reasonWords, timeOf, wrap, zoneName } from './words.js'

const WIDTH = 116

/** The report for people, in Indonesian, at most 120 columns wide. */
export function asText(report: DemoReport): string[] {
  return [
    ...heading(report),
    ...section('HARI DEMI HARI', 'jam buka kantor pusat; lewat = tenggat yang terlampaui hari itu'),
    ...dayLines(report),
    ...section('JANJI KEPUTUSAN MENURUT JENIS', 'setiap janji dihitung; dibuka kembali berarti janji baru'),
    ...kindLines(report),
    ...section('YANG TERLAMBAT', 'diukur dalam jam operasional kantornya'),
    ...lateLines(report),
    ...section('KISAH BEBERAPA TIKET', 'apa yang dijanjikan, apa yang menggesernya, dan mengapa'),
    ...report.stories.flatMap((story, index) => [...(index === 0 ? [] : ['']), ...storyLines(story, WIDTH)]),
    ...section('ANGKA', ''),
    ...totalLines(report),
    ...section('PEMERIKSAAN', 'atas apa yang tersimpan, satu per satu'),
    ...ruleLines(report),
  ]
}

const section = (title: string, note: string): string[] => [
  '',
  '',
  `── ${title} ${note === '' ? '' : `(${note}) `}`.padEnd(WIDTH, '─'),
  '',
]

function promiseWords({ route, businessDays, extendedTo }: Promised): string {
  const extended = extendedTo === null ? '' : ` (${extendedTo} bila diperpanjang)`
  return `${route.replace('_', ' ')} ${businessDays === 0 ? 'hari yang sama' : `${businessDays} hari kerja`}${extended}`
}

function heading({ period, tickets, seed, policy, promises, calendars, kinds }: DemoReport): string[] {
  const example = calendars.some((it) => it.example) ? ': CONTOH, bukan jam resmi' : ''
  return [
    '',
    '  PULIH · Lebaran 2026',
    '  Tiga minggu di sekitar Idulfitri 1447 H pada jam maya, dengan mesin, basis data, dan pengirim yang sebenarnya',
    '',
    `  Periode    ${dayOf(period.from)} – ${dayOf(period.to)} 2026 (${zoneName(period.zone)}), cuti bersama dan libur 18–24 Maret`,
    `  Pengaduan  ${count(tickets)} tiket dari ${kinds.length} jenis kejadian (benih ${seed})`,
    `  Janji      ${promises.map(promiseWords).join(', ')} (kebijakan ${policy})`,
    `  Kalender   ${calendars.map((it) => it.name).join(', ')}${example}`,
  ]
}

// ---- day by day

function dayLines({ days, period }: DemoReport): string[] {
  const widest = Math.max(...days.flatMap((it) => [it.filed, it.decided]), 1)
  const bar = (value: number) => '■'.repeat(Math.ceil((value / Math.max(widest, 22)) * 22)).padEnd(22)
  const lines = days.map((day) => {
    const hours =
      day.opening === null || day.closing === null
        ? 'tutup'
        : `${timeOf(day.opening, period.zone)}–${timeOf(day.closing, period.zone)}`
    const late = day.breached === 0 ? '' : ` ${String(day.breached).padStart(2)}`
    return `  ${dayOf(day.date)}  ${hours.padEnd(11)}  ${why(day).padEnd(30)} ${num(day.filed, 3)} ${bar(day.filed)} ${num(day.decided, 3)} ${bar(day.decided)}${late}`
  })
  return [`${'masuk'.padStart(61)}${'diputus'.padStart(27)}${'lewat'.padStart(26)}`, ...lines.map((it) => it.trimEnd())]
}

function why({ reason, label }: DayScore): string {
  const short = holidayName(label ?? '')
  if (reason === 'weekend') return 'akhir pekan'
  if (reason === 'dayZero' || reason === 'business') return short === '' ? '' : short.replace('Jam kerja ', 'jam ')
  return short
}

// ---- promises

const COLUMNS: readonly (readonly [keyof Score, string])[] = [
  ['promised', 'janji'],
  ['met', 'tepat'],
  ['metLate', 'terlambat'],
  ['breached', 'dilanggar'],
  ['void', 'batal'],
  ['running', 'berjalan'],
]
const cells = (score: Score): string =>
  COLUMNS.map(([key, title]) => num(score[key], Math.max(title.length, 5))).join('  ')
const num = (value: number, width: number): string => (value === 0 ? '·' : count(value)).padStart(width)

function kindLines({ kinds, targets, tickets }: DemoReport): string[] {
  const title = (name: string) => `  ${name.padEnd(54)}`
  const head = COLUMNS.map(([, it]) => it.padStart(Math.max(it.length, 5))).join('  ')
  const rule = `  ${'─'.repeat(WIDTH - 2)}`
  return [
    `${title('jenis kejadian')}  tiket  ${head}`,
    rule,
    ...kinds.map((it) => `${title(it.label)}  ${num(it.tickets, 5)}  ${cells(it)}`),
    rule,
    ...targets.map((it) => {
      const label = (targetLabels[it.target]?.id ?? it.target).toLowerCase()
      const told = it.target === 'resolution'
      return `${title(told ? `semua janji ${label}` : `  dan janji ${label}`)}  ${told ? num(tickets, 5) : '     '}  ${cells(it)}`
    }),
    '',
    '  tepat = diputus sampai dengan tenggat · terlambat = diputus sesudahnya · dilanggar = lewat tenggat tanpa keputusan',
    '  batal = ditarik atau kedaluwarsa sebelum tenggat · berjalan = belum jatuh tempo pada akhir periode',
  ]
}

const AUDIENCES: Readonly<Record<string, string>> = { supervisor: 'penyelia', unitHead: 'kepala unit' }

const SHORT: Readonly<Record<string, string>> = {
  firstReview: 'mulai verifikasi',
  resolution: 'keputusan',
  objectionReview: 'sanggahan',
}

function lateLines({ late, period }: DemoReport): string[] {
  const line = (it: Late) => {
    const settled = it.settledAt === null ? 'masih terbuka' : momentOf(it.settledAt, period.zone)
    return [
      `  ${it.ticketNumber}`,
      (SHORT[it.target] ?? it.target).padEnd(16),
      momentOf(it.dueAt, period.zone).padEnd(16),
      settled.padEnd(16),
      lengthOf(it.lateMs).padStart(9),
      (AUDIENCES[it.called ?? ''] ?? '').padEnd(11),
      it.officer,
    ].join('  ')
  }
  const head = `  ${'tiket'.padEnd(13)}  ${'janji'.padEnd(16)}  ${'tenggat (WIB)'.padEnd(16)}  ${'berakhir'.padEnd(16)}  terlambat  ${'dipanggil'.padEnd(11)}  petugas terakhir`
  return late.length === 0 ? ['  Tidak ada.'] : [head, ...late.map(line)]
}

// ---- totals and rules

function totalLines(report: DemoReport): string[] {
  const { totals, moves, refusals, states } = report
  const of = (name: string) => count(totals[name] ?? 0)
  const { promised = 0, ...moved } = moves
  const shifts = Object.values(moved).reduce((sum, it) => sum + it, 0)
  const list = (counts: Readonly<Record<string, number>>, word: (key: string) => string) =>
    Object.entries(counts)
      .sort(([, a], [, b]) => b - a)
      .map(([key, value]) => `${word(key)} ${count(value)}`)
      .join(' · ')
  const rows: readonly (readonly [string, string])[] = [
    ['Peristiwa', `${of('commands')} perintah orang, ${of('logEntries')} fakta tercatat`],
    [
      'Waktu',
      `${of('timersFired')} pengatur waktu berbunyi, ${of('timersSuperseded')} digantikan sebelum berbunyi, ${of('timersPending')} masih menunggu`,
    ],
    [
      'Keluar',
      `${of('delivered')} terkirim: ${of('messages')} pesan, ${of('accountCommands')} perintah ke layanan akun`,
    ],
    ['Tenggat', `${count(promised)} dijanjikan, ${count(shifts)} kali bergeser: ${list(moved, reasonWords)}`],
    [
      'Dicegah',
      Object.keys(refusals).length === 0
        ? 'tidak ada'
        : `pengusul menyetujui usulannya sendiri: ${list(refusals, (it) => it)}`,
    ],
    ['Akhir', list(states, (it) => (stateLabels[it]?.id ?? it).toLowerCase())],
  ]
  return rows.flatMap(([name, text]) => wrap(`  ${name.padEnd(11)}`, text, WIDTH))
}

function ruleLines({ rules, verified, surprises, totals }: DemoReport): string[] {
  const line = (label: string, looked: number, violations: number) =>
    `  ${violations === 0 ? '✓' : '✗'} ${label.padEnd(78)} ${count(looked).padStart(6)} diperiksa  ${violations === 0 ? '' : `${count(violations)} PELANGGARAN`}`.trimEnd()
  const problems = verified.problems.length
  const wrong = surprises.length + (totals['deadLetters'] ?? 0)
  const sum = rules.reduce((total, it) => total + it.violations, problems + wrong)
  return [
    ...rules.map((it) => line(it.label, it.looked, it.violations)),
    line('setiap langkah berjalan seperti naskahnya, tidak ada kiriman yang gagal', totals['commands'] ?? 0, wrong),
    line(
      `verify: ${count(verified.tickets)} tiket diputar ulang dari catatannya sama dengan yang tersimpan`,
      verified.entries,
      problems,
    ),
    ...verified.problems.slice(0, 5).map((it) => `      ${it}`),
    ...surprises.slice(0, 5).map((it) => `      ${it.event}: ${it.code}`),
    '',
    sum === 0 ? '  Semua aturan berlaku.' : `  ${count(sum)} PELANGGARAN.`,
  ]
}
