import { states as stateLabels } from '../machines/pengaduan/labels.js'
import type { Beat, Because, Story } from './stories.js'
import { daysOf, exactMoment, holidayName, lengthOf, momentOf, reasonWords, wrap, zoneName } from './words.js'

/** One ticket in a few lines: received, promised, moved, decided. */
export function storyLines(story: Story, width: number): string[] {
  const { ticketNumber, kind, filedAt, deemedAt, zone, office, state, beats } = story
  const label = stateLabels[state]?.id ?? state
  const head = `  ${ticketNumber}  ${kind}`
  const received = filedAt === deemedAt ? 'pada jam operasional' : `dihitung sejak ${momentOf(deemedAt, zone)}`
  const lines: readonly Line[] = [
    ['masuk', `${exactMoment(filedAt, zone)} ${zoneName(zone)} (${office}), ${received}`],
    ...joined(beats, zone),
  ]
  return [
    `${head}${` → ${label}`.padStart(Math.max(1, width - head.length))}`,
    ...lines.flatMap(([name, text]) => wrap(`    ${name.padEnd(11)}`, text, width)),
  ]
}

/** Facts that follow one another share a line. */
function joined(beats: readonly Beat[], zone: string): readonly Line[] {
  const lines: Line[] = []
  let noted: string[] | null = null
  for (const beat of beats) {
    const line = lineOf(beat, zone)
    if (beat.type === 'noted' && noted !== null) {
      noted.push(line[1])
      lines[lines.length - 1] = [line[0], noted.join(', ')]
    } else {
      lines.push(line)
      noted = beat.type === 'noted' ? [line[1]] : null
    }
  }
  return lines
}
type Line = readonly [name: string, text: string]

function lineOf(beat: Beat, zone: string): Line {
  const moment = (at: number) => momentOf(at, zone)
  switch (beat.type) {
    case 'promised':
      return ['janji', `${moment(beat.dueAt)}${becauseWords(beat.because)}`]
    case 'moved':
      return [
        'bergeser',
        `${Math.abs(beat.openMs) < 60_000 ? exactMoment(beat.dueAt, zone) : moment(beat.dueAt)} (${movedBy(beat.openMs)}): ${reasonWords(beat.reason)}${becauseWords(beat.because)}`,
      ]
    case 'settled':
      return [beat.closed ? 'hasil' : 'belum', verdictWords(beat, zone)]
    case 'noted':
      return ['lalu', `${FACTS[beat.fact] ?? beat.fact} ${moment(beat.at)}`]
    case 'refused':
      return ['dicegah', `pengusul mencoba menyetujui usulannya sendiri ${moment(beat.at)}: ${beat.codes.join(', ')}`]
    case 'reminded':
      return ['diingatkan', momentsOf(beat.times, zone)]
    case 'warned':
      return ['peringatan', momentsOf(beat.times, zone)]
    case 'escalated':
      return ['eskalasi', momentsOf(beat.times, zone)]
    case 'held':
      return ['ditahan', `masa tunggu keamanan ${lengthOf(beat.until - beat.at)}, sampai ${moment(beat.until)}`]
  }
}

const momentsOf = (instants: readonly number[], zone: string) => instants.map((it) => momentOf(it, zone)).join(', ')
const movedBy = (openMs: number) => `${openMs < 0 ? '−' : '+'}${lengthOf(Math.abs(openMs))} jam operasional`

const OUTCOMES: Readonly<Record<string, string>> = {
  met: 'tepat waktu',
  metLate: 'TERLAMBAT',
  breached: 'TENGGAT TERLAMPAUI',
  void: 'janji batal',
  running: 'masih berjalan',
}
const FACTS: Readonly<Record<string, string>> = {
  TicketApproved: 'disetujui',
  TicketRejected: 'ditolak',
  TicketWithdrawn: 'ditarik',
  TicketExpired: 'kedaluwarsa',
  ObjectionRaised: 'peserta menyanggah',
  ObjectionUpheld: 'sanggahan diterima',
  ObjectionDismissed: 'sanggahan ditolak',
  TicketReopened: 'dibuka kembali',
  DocumentsRequested: 'dokumen diminta',
  DocumentsUploaded: 'dokumen diunggah',
  CorrectionRequested: 'perbaikan diminta',
  CorrectionSubmitted: 'perbaikan dikirim',
  ReferredToBranch: 'dirujuk ke cabang',
  RiskElevated: 'risiko dinaikkan',
  ApplyRefused: 'ditolak layanan akun',
}
function verdictWords(beat: Extract<Beat, { type: 'settled' }>, zone: string): string {
  const outcome = OUTCOMES[beat.outcome] ?? beat.outcome
  const spare = `${beat.spareMs < 0 ? 'lewat' : 'sisa'} ${lengthOf(Math.abs(beat.spareMs))} jam operasional`
  if (!beat.closed) return `${outcome}: belum diputus pada akhir periode, ${spare}; terakhir ${beat.by}`
  const fact = FACTS[beat.fact] ?? beat.fact
  const when = `${fact} ${momentOf(beat.at, zone)}`
  return `${outcome}: ${when}${beat.by === 'system' ? '' : ` oleh ${beat.by}`}${beat.outcome === 'void' ? '' : `, ${spare}`}`
}

const TOO_LATE = 'hari kerja berikutnya, karena hari itu kurang dari 60 menit lagi tutup'

/** `= 3 hari kerja (Sel 17, Rab 25, Kam 26 Mar); dilewati 7 hari libur …` */
function becauseWords(because: Because | null): string {
  if (because === null) return ''
  const { businessDays, counted, skipped } = because
  const promise = businessDays > 0 ? `${businessDays} hari kerja` : counted.length === 0 ? 'hari yang sama' : TOO_LATE
  return ` = ${promise}${counted.length === 0 ? '' : ` (${daysOf(counted)})`}${skippedWords(skipped)}`
}

function skippedWords(skipped: Because['skipped']): string {
  const holidays = skipped.filter((it) => it.reason === 'libur' || it.reason === 'cuti_bersama')
  const weekends = skipped.filter((it) => it.reason === 'weekend').length
  const names = [...new Set(holidays.map((it) => holidayName(it.label ?? '').replace('Cuti Bersama ', '')))].join(', ')
  const leave = holidays.some((it) => it.reason === 'cuti_bersama') ? ' dan cuti bersama' : ''
  const parts = [
    ...(holidays.length === 0 ? [] : [`${holidays.length} hari ${names}${leave}`]),
    ...(weekends === 0 ? [] : [`${weekends} hari akhir pekan`]),
  ]
  return parts.length === 0 ? '' : `; dilewati ${parts.join(', ')}`
}
