import type { Label } from '../ticketType.js'
import { idOf, type Leaf, type Row } from './graph.js'
import { wrap } from './text.js'
import { WORDS } from './words.js'

/** All lengths in px. Heights are multiples of six, so that lines which leave right, leave left or arrive never lie upon one another. */
export const WIDTH = 204
export const STEP = 6
/** Room above the first and below the last box. */
export const LEGS = 12
export const SIZE = { title: 13, row: 11, small: 9.5 } as const
const PAD = 10
const STRIP = 24
const LINE = { title: 18, row: 14, stays: 14 } as const

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

export function boxOf(leaf: Leaf, say: Say): Box {
  const title = wrap(say(leaf.label), SIZE.title * 1.06, WIDTH - 2 * PAD)
  const rowsAt = snap(STRIP + title.length * LINE.title + 4)
  const rows: RowLines[] = []
  let y = rowsAt
  for (const row of leaf.rows) {
    const lines = wrap(rowText(row, leaf, say), SIZE.row, WIDTH - 2 * PAD - 4)
    const height = snap(lines.length * LINE.row + 4)
    rows.push({ row, lines, port: y + 9, height })
    y += height
  }
  const stays =
    leaf.stays.length === 0 ? [] : wrap(`${say(WORDS.stays)}: ${staysText(leaf, say)}`, SIZE.small, WIDTH - 2 * PAD)
  const staysAt = y + (stays.length > 0 ? STEP : 0)
  const height = snap(staysAt + stays.length * LINE.stays + STEP)
  return { id: idOf(leaf), leaf, title, titleAt: STRIP + LINE.title / 2, rows, rowsAt, stays, staysAt, height }
}

const snap = (length: number): number => Math.ceil(length / STEP) * STEP

function rowText({ label, target, guards }: Row, leaf: Leaf, say: Say): string {
  const again = leaf.kind === 'leaf' && target === leaf.key ? '\u00a0↻' : ''
  return `${say(label)}${guards.includes('') ? '' : '\u00a0?'}${again}`
}
const staysText = ({ stays }: Leaf, say: Say): string => stays.map(({ label }) => say(label)).join(', ')
