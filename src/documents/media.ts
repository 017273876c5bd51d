import { fileTypeFromBuffer } from 'file-type'

export type Media = 'image/jpeg' | 'image/png' | 'image/webp' | 'application/pdf'

/** What is taken, and how such a file may be called (R-FILE-2). Everything else is refused, whatever it says of itself. */
const EXTENSIONS: Readonly<Record<Media, readonly string[]>> = {
  'image/jpeg': ['jpg', 'jpeg'],
  'image/png': ['png'],
  'image/webp': ['webp'],
  'application/pdf': ['pdf'],
}
const isMedia = (mime: string): mime is Media => Object.hasOwn(EXTENSIONS, mime)
const HEIF = new Set(['image/heic', 'image/heif', 'image/heic-sequence', 'image/heif-sequence', 'image/avif'])

/** Bytes of a file's beginning that tell what it is. */
export const HEAD_BYTES = 4_100

/** What the first bytes and the name agree on; `heif` for a phone's own format, which has an advice of its own; else null. */
export async function mediaOf(head: Uint8Array, extension: string): Promise<Media | 'heif' | null> {
  const mime = (await fileTypeFromBuffer(head))?.mime
  if (mime === undefined) return null
  if (HEIF.has(mime)) return 'heif'
  return isMedia(mime) && EXTENSIONS[mime].includes(extension) ? mime : null
}
