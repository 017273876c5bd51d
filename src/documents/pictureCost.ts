import sharp, { type Metadata } from 'sharp'
import type { Limits } from './limits.js'
import { HEAVY_ADVICE, Refused, TINY_ADVICE } from './refusals.js'

/**
 * Looks at a picture's head only: a few kilobytes can ask for a gigabyte (A17). Throws Refused DOCUMENT_UNREADABLE for more pixels than one may
 * have, fewer where they are deep, for what would be held whole in more than `pictureBytes`, and for one too small to show a card that can be
 * read. Rejects when there is no readable head.
 */
export async function withinBounds(bytes: Buffer, limits: Limits): Promise<void> {
  const head = await sharp(bytes, { limitInputPixels: false, failOn: 'error' }).metadata()
  const pixels = head.width * head.height
  const most = head.depth === 'uchar' ? limits.pixels : limits.deepPixels
  if (pixels > most || pixels * heldPerPixel(head) > limits.pictureBytes)
    throw new Refused('DOCUMENT_UNREADABLE', HEAVY_ADVICE)
  const [short, long] = [Math.min(head.width, head.height), Math.max(head.width, head.height)]
  if (short < limits.shortSide || long < limits.longSide) throw new Refused('DOCUMENT_UNREADABLE', TINY_ADVICE)
}

const COEFFICIENT = 2
/** Of 4:2:0, as cameras write it: a whole of brightness, a quarter of each of two colours. */
const HALVED = 1.5
const WEBP = 4
/** The frame, the canvas before it and the one it is drawn on. */
const CANVASES = 3

/** Bytes a pixel that a reader keeps until it has seen the whole file. What comes row by row keeps none. */
function heldPerPixel({
  format,
  isProgressive,
  channels,
  bitsPerSample,
  chromaSubsampling,
  pages = 1,
}: Metadata): number {
  if (format === 'webp') return pages > 1 ? WEBP * CANVASES : WEBP
  if (!isProgressive) return 0
  if (format === 'jpeg') return COEFFICIENT * (chromaSubsampling === '4:2:0' ? HALVED : channels)
  return channels * Math.max(1, (bitsPerSample ?? 16) / 8)
}
