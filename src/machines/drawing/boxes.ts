import type { Label } from '../ticketType.js'
import { idOf, type Leaf, type Row } from './graph.js'
import { wrap } from './text.js'
import { WORDS } from './words.js'

/** All lengths in px. Heights are multiples of six, so that lines which leave right, leave left or arrive never lie upon one another. */
export const STEP = 6
/** Room above the first and below the last box. */
export const LEGS = 12
const PAD = 10
const STRIP = 24
const LINE = { row: 14, stays: 14 } as const

/** How boxes are written: with everything in them, or (`rows` false) large names alone, to be read at a glance. */
export interface Shape {
  readonly width: number
  readonly title: number
  readonly titleLine: number
  readonly row: number
  readonly small: number
  /** Between a column and the first line behind it, and between the last line and the next column. */
  readonly before: number
  readonly behind: number
  readonly rows: boolean
}
export type Detail = 'events' | 'names'
export const SHAPES: Readonly<Record<Detail, Shape>> = {
  events: { width: 204, title: 13, titleLine: 18, row: 11, small: 9.5, before: 20, behind: 26, rows: true },
  names: { width: 156, title: 16, titleLine: 18, row: 11, small: 11, before: 12, behind: 20, rows: false },
}
/** Where boxes with names alone begin to let lines out, and how far these are apart. */
const [FIRST_PORT, NEXT_PORT] = [30, 6]

export interface RowLines {
  readonly row: Row
  readonly lines: readonly string[]
  /** Where its line leaves, from the top of the box: at the first line of text. */
  readonly port: number
  readonly height: number
}
/** A box with its text in lines, not yet placed. */
export interface Box {
  readonly id: string
  readonly shape: Shape
  readonly leaf: Leaf
  readonly title: readonly string[]
  /** Of the first line's middle, from the top of the box. */
  readonly titleAt: number
  readonly rows: readonly RowLines[]
  readonly rowsAt: number
  readonly stays: readonly string[]
  readonly staysAt: number
  readonly height: number
}

export type Say = (label: Label) => string

export function boxOf(leaf: Leaf, say: Say, shape: Shape): Box {
  const { width, titleLine } = shape
  const title = wrap(say(leaf.label), shape.title * 1.06, width - 2 * PAD)
  const rowsAt = snap(STRIP + title.length * titleLine + 4)
  const common = { id: idOf(leaf), shape, leaf, title, titleAt: STRIP + titleLine / 2, rowsAt }
  if (!shape.rows) {
    const { rows, end } = portsOnly(leaf)
    const height = Math.max(snap(rowsAt + STEP), end)
    return { ...common, rows, stays: [], staysAt: rowsAt, height }
  }
  const rows: RowLines[] = []
  let y = rowsAt
  for (const row of leaf.rows) {
    const lines = wrap(rowText(row, leaf, say), shape.row, width - 2 * PAD - 4)
    const height = snap(lines.length * LINE.row + 4)
    rows.push({ row, lines, port: y + 9, height })
    y += height
  }
  const stays =
    leaf.stays.length === 0 ? [] : wrap(`${say(WORDS.stays)}: ${staysText(leaf, say)}`, shape.small, width - 2 * PAD)
  const staysAt = y + (stays.length > 0 ? STEP : 0)
  const height = snap(staysAt + stays.length * LINE.stays + STEP)
  return { ...common, rows, stays, staysAt, height }
}

/** All events that lead to the same state leave as one line. */
function portsOnly({ rows }: Leaf): { readonly rows: readonly RowLines[]; readonly end: number } {
  const targets = [...new Set(rows.map(({ target }) => target))]
  const portOf = (target: string | null) => FIRST_PORT + targets.indexOf(target) * NEXT_PORT
  return {
    rows: rows.map((row) => ({ row, lines: [], port: portOf(row.target), height: 0 })),
    end: snap(FIRST_PORT + targets.length * NEXT_PORT + STEP),
  }
}

const snap = (length: number): number => Math.ceil(length / STEP) * STEP

function rowText({ label, target, when }: Row, leaf: Leaf, say: Say): string {
  const again = leaf.kind === 'leaf' && target === leaf.key ? '\u00a0↻' : ''
  return `${say(label)}${when.length === 0 ? '' : '\u00a0?'}${again}`
}
const staysText = ({ stays }: Leaf, say: Say): string => stays.map(({ label }) => say(label)).join(', ')
