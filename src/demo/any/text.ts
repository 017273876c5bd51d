import { count, lengthOf } from '../words.js'
import type { AnyReport } from './report.js'

const VERDICTS: Readonly<Record<string, string>> = {
  met: 'tepat waktu',
  metLate: 'terlambat',
  breached: 'terlampaui, tidak diputus',
  void: 'gugur',
  running: 'masih berjalan',
}
const SHOWN = 5

/** The report for people, in Indonesian. */
export function anyText(report: AnyReport): string[] {
  const { label, type, tickets, seed, states, stories, promises, longestPause, timers, rules, verified } = report
  const example = report.calendarExample ? ' Jam operasional: CONTOH, bukan jam resmi.' : ''
  return [
    '',
    `  PULIH · ${label.id} (${type})`,
    `  ${count(tickets)} tiket di sekitar Lebaran 2026 pada jam maya, dengan mesin dan basis data yang sebenarnya (benih ${seed}).${example}`,
    ...section('KISAH'),
    ...stories.map((it) =>
      row(it.tickets, `${it.name}${it.asTold === it.tickets ? '' : `: ${it.asTold} seperti tertulis`}`),
    ),
    ...section('KEADAAN AKHIR'),
    ...states.map((it) => row(it.tickets, `${it.label} (${it.state})`)),
    ...section('JANJI'),
    ...Object.entries(promises).flatMap(([target, verdicts]) =>
      Object.entries(verdicts).map(([verdict, tally]) => row(tally, `${target}: ${VERDICTS[verdict] ?? verdict}`)),
    ),
    ...(longestPause === null
      ? []
      : [`        jeda terpanjang ${lengthOf(longestPause.ms)} jam kerja, tiket ${longestPause.ticketNumber}`]),
    ...section('PESAN DAN PERINTAH'),
    ...Object.entries({ ...report.messages, ...report.commands }).map(([name, tally]) => row(tally, name)),
    ...section('PEMERIKSAAN'),
    `  pengatur waktu: ${timers.fired} berbunyi, ${timers.superseded} diganti, ${timers.pending} menunggu`,
    ...Object.entries(report.refusals).map(
      ([code, tally]) => `  ditolak mesin selama jalan acak: ${code} ${count(tally)}`,
    ),
    ...rules.map((it) => `  ${it.violations === 0 ? '✓' : '✗'} ${it.label} (${count(it.looked)})`),
    `  ${verified.problems.length === 0 ? '✓' : '✗'} ${count(verified.tickets)} tiket diceritakan ulang dari ${count(verified.entries)} catatan: ${verified.problems.length} masalah`,
    ...report.surprises.slice(0, SHOWN).map((it) => `  ✗ ${it.event} → ${it.code}, tiket ${it.ticketId}`),
    '',
  ]
}
const section = (title: string): string[] => ['', `── ${title} `.padEnd(80, '─')]
const row = (tally: number, text: string): string => `  ${count(tally).padStart(5)} ${text}`
