import sharp from 'sharp'
import { columnsOf, GLYPH_HEIGHT, GLYPH_WIDTH } from './glyphs.js'

/** Who looks, when, and at what: on every part of the picture, so that no photograph of a screen is without it (R-FILE-10). */
export interface Mark {
  readonly actorId: string
  readonly ticketNumber: string
  /** Epoch ms; shown in UTC. */
  readonly at: number
}
const QUALITY = 82
/** Dark on a light rim: readable on paper and on a photograph alike, and the document stays readable below. */
const INK = [20, 20, 20, 110] as const
const RIM = [255, 255, 255, 90] as const
const MARGIN = 6

/** The page with its mark, as a JPEG. Throws what sharp throws for bytes that are no picture. */
export async function watermarked(jpeg: Buffer, mark: Mark): Promise<Buffer> {
  const picture = sharp(jpeg)
  const { width, height } = await picture.metadata()
  const tile = tileOf(linesOf(mark), Math.max(1, Math.round(width / 600)), width, height)
  return picture
    .composite([{ input: tile.pixels, raw: { width: tile.width, height: tile.height, channels: 4 }, tile: true }])
    .jpeg({ quality: QUALITY })
    .toBuffer()
}

const linesOf = ({ actorId, ticketNumber, at }: Mark): readonly string[] => [
  actorId,
  `${new Date(at).toISOString().slice(0, 19)}Z`,
  ticketNumber,
]

/** At most as large as the picture: what does not fit of a long line is cut there. */
function tileOf(lines: readonly string[], scale: number, maxWidth: number, maxHeight: number) {
  const lineHeight = (GLYPH_HEIGHT + 3) * scale
  const longest = Math.max(...lines.map((line) => line.length)) * GLYPH_WIDTH * scale
  const width = Math.min(maxWidth, longest + 4 * MARGIN * scale)
  const height = Math.min(maxHeight, lines.length * lineHeight + 4 * MARGIN * scale)
  const pixels = Buffer.alloc(width * height * 4)
  const square = (left: number, top: number, size: number, colour: readonly number[]): void => {
    for (let y = Math.max(0, top); y < Math.min(height, top + size); y++)
      for (let x = Math.max(0, left); x < Math.min(width, left + size); x++) pixels.set(colour, (y * width + x) * 4)
  }
  // Rims first: a dot's own must not lie over its neighbour.
  for (const [grow, colour] of [
    [1, RIM],
    [0, INK],
  ] as const)
    for (const [n, line] of lines.entries())
      for (const [column, rows] of columnsOf(line).entries())
        for (const row of rows)
          square(
            MARGIN * scale + column * scale - grow,
            MARGIN * scale + n * lineHeight + row * scale - grow,
            scale + 2 * grow,
            colour,
          )
  return { pixels, width, height }
}
