import type { Label } from '../ticketType.js'
import { type Box, type RowLines, type Say } from './boxes.js'
import type { Standing } from './graph.js'
import type { PlacedBox, Rect } from './layout.js'
import type { Colour, Paint } from './palette.js'
import { escape, measure } from './text.js'
import { WORDS } from './words.js'

/** What of a ticket, or of many, shows on a box. */
export interface BoxMarks {
  readonly isStart: boolean
  /** Tickets that are there; null: not counted. */
  readonly count: number | null
  /** Where the ticket is, or which of its promises is. */
  readonly now: readonly string[]
  /** The ticket has been there: which of its steps, from 1. */
  readonly steps: readonly number[]
  /** Does an event of this box lead or stand on the way that the ticket went? */
  passed(event: string, target: string | null): boolean
}

const COLOUR: Readonly<Record<Standing, Colour>> = {
  waitingOnUs: 'us',
  waitingOnParticipant: 'participant',
  terminal: 'over',
  plain: 'plain',
}
const TAG: Readonly<Record<Standing, Label | null>> = {
  waitingOnUs: WORDS.us,
  waitingOnParticipant: WORDS.participant,
  terminal: WORDS.end,
  plain: null,
}

export interface Pen {
  readonly paint: Paint
  readonly say: Say
  /** What a state is called. */
  readonly name: (key: string) => string
}

export const text = (x: number, y: number, size: number, fill: string, words: string, more = ''): string =>
  `<text x="${x}" y="${y}" font-size="${size}" fill="${fill}"${more}>${escape(words)}</text>`

/** A box with all its text, as a group that says what it is. */
export function boxSvg({ box, x, y, width, height }: PlacedBox, marks: BoxMarks, pen: Pen): string {
  const { paint, say } = pen
  const { leaf, title, rows, stays, shape } = box
  const isNow = marks.now.length > 0
  const isPassed = marks.steps.length > 0
  const accent = paint(COLOUR[leaf.standing])
  const frame = `rx="7" fill="${paint(isPassed && !isNow ? 'passed' : 'box')}" stroke="${isNow ? paint('now') : isPassed ? paint('path') : paint('edge')}" stroke-width="${isNow ? 3 : isPassed ? 1.6 : 1}"${leaf.kind === 'any' ? ' stroke-dasharray="5 4"' : ''}`
  const parts = [
    `<title>${escape(say(leaf.label))}</title>`,
    `<rect class="wf-frame" x="${x}" y="${y}" width="${width}" height="${height}" ${frame}/>`,
    ...(leaf.kind === 'any'
      ? []
      : [`<path d="M${x + 7} ${y + 1.5}h${width - 14}" stroke="${accent}" stroke-width="3"/>`]),
    // What is over has a second frame, so that colour alone does not say it.
    ...(leaf.standing === 'terminal'
      ? [
          `<rect x="${x + 3}" y="${y + 3}" width="${width - 6}" height="${height - 6}" rx="5" fill="none" stroke="${paint('edge')}"/>`,
        ]
      : []),
    ...strip(box, { x, y, width, height }, marks, pen, accent),
    ...title.map((line, at) =>
      text(x + 10, y + box.titleAt + at * shape.titleLine + 4, shape.title, paint('ink'), line, ' font-weight="700"'),
    ),
    ...(shape.rows ? rows.flatMap((row) => rowSvg(box, row, x, y, marks, pen)) : []),
    ...stays.map((line, at) => text(x + 10, y + box.staysAt + 11 + at * 14, shape.small, paint('soft'), line)),
  ]
  const kind = leaf.kind === 'any' ? 'wf-any' : `wf-state wf-${leaf.standing}`
  const flags = `${isNow ? ' wf-now' : ''}${isPassed ? ' wf-passed' : ''}`
  return `<g class="${kind}${flags}" data-state="${escape(box.id)}">${parts.join('')}</g>`
}

function strip(box: Box, { x, y, width, height }: Rect, marks: BoxMarks, pen: Pen, accent: string): string[] {
  const { paint, say } = pen
  const { small, rows } = box.shape
  const tag = TAG[box.leaf.standing]
  const left = [
    ...(marks.isStart ? [say(WORDS.start)] : []),
    ...(tag === null ? [] : [say(tag)]),
    ...(marks.steps.length > 0 ? [`✓ ${short(marks.steps)}`] : []),
  ].join(' · ')
  const words = marks.now.length > 0 ? marks.now.join(' · ') : marks.count === null ? null : String(marks.count)
  const parts = [text(x + 10, y + 17, small, accent, left, ' font-weight="600"')]
  if (words === null) return parts
  const wide = Math.max(22, measure(words, small) + 14)
  // Beside large words there is no room: it sits on the lower edge.
  const top = rows ? y + 7 : y + height - 8
  const loud = marks.now.length > 0 || (marks.count ?? 0) > 0
  parts.push(
    `<rect class="wf-pill" x="${x + width - wide - 7}" y="${top}" width="${wide}" height="16" rx="8" fill="${paint(loud ? 'now' : 'group')}"/>`,
    text(
      x + width - wide / 2 - 7,
      top + 11.5,
      small,
      paint(loud ? 'nowInk' : 'soft'),
      words,
      ' text-anchor="middle" font-weight="700"',
    ),
  )
  return parts
}
/** `1, 4, 6`; of many the last ones. */
const short = (steps: readonly number[]): string =>
  steps.length > 3 ? `… ${steps.slice(-2).join(', ')}` : steps.join(', ')

function rowSvg(
  box: Box,
  { row, lines, port }: RowLines,
  x: number,
  y: number,
  marks: BoxMarks,
  { paint, say, name }: Pen,
): string[] {
  const { key, kind } = box.leaf
  const isPassed = marks.passed(row.event, row.target)
  const first = y + port + 4
  const words = lines.map((line, at) =>
    text(
      x + 12,
      first + at * 14,
      box.shape.row,
      paint(isPassed ? 'path' : 'ink'),
      line,
      isPassed ? ' font-weight="700"' : '',
    ),
  )
  const rule = `<path d="M${x + 8} ${y + port - 9}h${box.shape.width - 16}" stroke="${paint('edge')}" stroke-width="0.5" opacity="0.7"/>`
  const self = kind === 'leaf' && row.target === key ? ' wf-again' : ''
  return [
    `<g class="wf-row${self}" data-event="${escape(row.event)}" data-to="${escape(row.target ?? '')}"><title>${escape(tipOf(row, say, name))}</title>${rule}${words.join('')}</g>`,
  ]
}

/** `Kirim pengaduan → Diterima (syarat: kedua kontak baru sudah terbukti)`. */
export function tipOf({ label, target, when }: RowLines['row'], say: Say, name: Pen['name']): string {
  const only = when.length === 0 ? '' : ` (${say(WORDS.condition)}: ${when.map(say).join(' / ')})`
  return `${say(label)} → ${target === null ? say(WORDS.stays) : name(target)}${only}`
}
