import sharp, { type Sharp } from 'sharp'
import { WALL_PER_CPU, type Limits } from './limits.js'
import type { Media } from './media.js'
import { drawPdf } from './pdf.js'
import { withinBounds } from './pictureCost.js'
import { Refused } from './refusals.js'

/** A picture made anew by us: JPEG, without anything of what came but its pixels. */
export interface Page {
  readonly jpeg: Buffer
  readonly width: number
  readonly height: number
}
export interface Disarmed {
  readonly pages: readonly Page[]
  /** Of the first page: pictures that look alike differ in few of its 64 bits. 16 hex digits. */
  readonly perceptualHash: string
}

const QUALITY = 82
// Loaders for dozens of formats are compiled in, SVG and its fetching of other files among them: only three are ever needed here.
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({ operation: ['VipsForeignLoadJpeg', 'VipsForeignLoadPng', 'VipsForeignLoadWebp'] })
// No upload comes twice, so nothing is worth remembering; the gate says how many run at a time.
sharp.cache(false)
sharp.concurrency(1)

/** The machine had no time for it, which says nothing of the file: worth trying again. */
export class DrawingTimedOut extends Error {
  constructor() {
    super('a picture was not drawn in time')
    this.name = 'DrawingTimedOut'
  }
}

/**
 * Content disarm: what officers see are pictures drawn by us, never the file (R-FILE-4). Throws Refused: DOCUMENT_UNREADABLE for what cannot
 * be drawn whole, and what `drawPdf` says; DrawingTimedOut. Holds up to `pictureBytes` in memory, so callers go through the gate.
 */
export async function disarm(bytes: Buffer, media: Media, limits: Limits): Promise<Disarmed> {
  const pages = media === 'application/pdf' ? await pagesOfPdf(bytes, limits) : [await redraw(bytes, limits)]
  const [first] = pages
  if (first === undefined) throw new Refused('DOCUMENT_UNREADABLE')
  return { pages, perceptualHash: await perceptualHashOf(first.jpeg) }
}

async function pagesOfPdf(bytes: Buffer, limits: Limits): Promise<readonly Page[]> {
  const pages: Page[] = []
  for await (const { width, height, pixels } of drawPdf(bytes, limits))
    pages.push(await encode(sharp(pixels, { raw: { width, height, channels: 4 } }), limits))
  return pages
}

async function redraw(bytes: Buffer, limits: Limits): Promise<Page> {
  const { pixels, pageSide } = limits
  const options = { limitInputPixels: pixels, failOn: 'error', sequentialRead: true } as const
  const side = { width: pageSide, height: pageSide, fit: 'inside', withoutEnlargement: true } as const
  try {
    await withinBounds(bytes, limits)
    return await encode(sharp(bytes, options).autoOrient().resize(side), limits)
  } catch (error) {
    if (error instanceof Refused || error instanceof DrawingTimedOut) throw error
    // libvips' words hold the file's own.
    throw new Refused('DOCUMENT_UNREADABLE')
  }
}

async function encode(picture: Sharp, { convertMs }: Limits): Promise<Page> {
  const { data, info } = await picture
    .flatten({ background: '#ffffff' })
    .toColourspace('srgb')
    .jpeg({ quality: QUALITY })
    .timeout({ seconds: Math.ceil((convertMs * WALL_PER_CPU) / 1_000) })
    .toBuffer({ resolveWithObject: true })
    .catch((error: unknown) => {
      throw isTimeOut(error) ? new DrawingTimedOut() : error
    })
  return { jpeg: data, width: info.width, height: info.height }
}

/** libvips has no code for it, only words: "timeout: 84% complete". */
const isTimeOut = (error: unknown): boolean => error instanceof Error && /^timeout: \d+% complete/.test(error.message)

/** dHash: is each of 8 × 8 fields brighter than its neighbour? Survives another size, quality and a little light. */
async function perceptualHashOf(jpeg: Buffer): Promise<string> {
  const grey = await sharp(jpeg).greyscale().resize(9, 8, { fit: 'fill' }).raw().toBuffer()
  let hash = 0n
  for (let row = 0; row < 8; row++)
    for (let column = 0; column < 8; column++) {
      const at = row * 9 + column
      hash = (hash << 1n) | ((grey[at] ?? 0) > (grey[at + 1] ?? 0) ? 1n : 0n)
    }
  return hash.toString(16).padStart(16, '0')
}

/** How many of the 64 bits differ. */
export function hashDistance(one: string, other: string): number {
  let differing = BigInt(`0x${one}`) ^ BigInt(`0x${other}`)
  let count = 0
  for (; differing > 0n; differing &= differing - 1n) count++
  return count
}
