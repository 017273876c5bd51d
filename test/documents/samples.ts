import { createHash } from 'node:crypto'
import { deflateSync } from 'node:zlib'
import sharp from 'sharp'

/** Files as people and attackers send them; all made here. */

/** In two parts, so that no scanner takes this file for it. */
export const EICAR = String.raw`X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR` + '-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'
export const SCRIPT = '<script>alert(document.domain)</script>'
export const GPS = '6/1 12/1 30/1'

/** A picture with something on it: pseudo-random blocks, so that two seeds look different. */
export function drawn(width = 640, height = 400, seed = 1): { raw: Buffer; width: number; height: number } {
  const raw = Buffer.alloc(width * height * 3)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const block = ((Math.floor(x / 80) * 73 + Math.floor(y / 50) * 151 + seed * 977) * 2654435761) >>> 0
      raw.writeUIntBE(block & 0xffffff, (y * width + x) * 3, 3)
    }
  return { raw, width, height }
}
const picture = (seed: number, width?: number, height?: number) => {
  const { raw, ...info } = drawn(width, height, seed)
  return sharp(raw, { raw: { ...info, channels: 3 } })
}

export const jpeg = (seed = 1, width?: number, height?: number): Promise<Buffer> =>
  picture(seed, width, height).jpeg({ quality: 90 }).toBuffer()
export const png = (seed = 1): Promise<Buffer> => picture(seed).png().toBuffer()
export const webp = (seed = 1): Promise<Buffer> => picture(seed).webp().toBuffer()
/** A picture that is a script too: what stands after its end is nobody's. */
export const polyglot = async (seed = 1): Promise<Buffer> => Buffer.concat([await jpeg(seed), Buffer.from(SCRIPT)])
/** As a phone writes it: where it was taken, and a script in the description. */
export const withExif = (seed = 1): Promise<Buffer> =>
  picture(seed)
    .withMetadata({ orientation: 6 })
    .withExifMerge({
      IFD0: { ImageDescription: SCRIPT, Make: 'Telefon Contoh' },
      IFD3: { GPSLatitudeRef: 'S', GPSLatitude: GPS, GPSLongitudeRef: 'E', GPSLongitude: '106/1 49/1 0/1' },
    })
    .jpeg()
    .toBuffer()

/** As a phone may write it: nobody can draw a row of it before all of it has come. */
export const progressive = (width: number, height: number): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: '#abc' } })
    .jpeg({ progressive: true })
    .toBuffer()

/** The head of an RGBA picture and next to nothing of its rows. */
export function pngHead(side: number, depth: 8 | 16, interlaced: boolean): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(side, 0)
  head.writeUInt32BE(side, 4)
  head.set([depth, 6, 0, 0, interlaced ? 1 : 0], 8)
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    pngChunk('IHDR', head),
    pngChunk('IDAT', deflateSync(Buffer.alloc(side))),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

/** A few kilobytes that unfold to 144 million pixels; with a transparent colour they are slow to draw besides. */
export function pixelBomb(side = 12_000, transparent = false): Buffer {
  const row = Buffer.alloc(1 + Math.ceil(side / 8))
  const head = Buffer.alloc(13)
  head.writeUInt32BE(side, 0)
  head.writeUInt32BE(side, 4)
  head[8] = 1
  const rows = deflateSync(Buffer.alloc(row.length * side))
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    pngChunk('IHDR', head),
    ...(transparent ? [pngChunk('tRNS', Buffer.alloc(2))] : []),
    pngChunk('IDAT', rows),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}
function pngChunk(type: string, body: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(body.length)
  check.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, check])
}
function crc32(bytes: Buffer): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return (crc ^ 0xffffffff) >>> 0
}

/** The beginning of a phone's own format. */
export const heic = (): Buffer =>
  Buffer.concat([Buffer.from('00000018667479706865696300000000686569636d696631', 'hex'), Buffer.alloc(200)])

interface PdfOptions {
  readonly pages?: number
  /** Drawn on each page. */
  readonly content?: string
  /** Runs when it is opened, in readers that run such things. */
  readonly javaScript?: string
  /** A user password: nobody reads it without. */
  readonly password?: string
  /** Further objects, by their numbers from 10 on. */
  readonly objects?: readonly string[]
  readonly resources?: string
}
const BOX = '/MediaBox [0 0 300 200]'
const DRAWING = '1 0 0 RG 0.2 0.4 0.9 rg 40 40 200 100 re f 10 10 m 290 190 l S'

/** A PDF of our own: catalog, pages, one drawing for all of them. */
export function pdf(options: PdfOptions = {}): Buffer {
  const { pages = 1, content = DRAWING, javaScript, password, objects = [], resources = '' } = options
  const first = 10 + objects.length
  const kids = Array.from({ length: pages }, (_, index) => `${first + index} 0 R`)
  const id = Buffer.alloc(16, 7)
  const lock = password === undefined ? null : locked(password, id)
  const stream = lock === null ? Buffer.from(content, 'latin1') : lock.seal(4, Buffer.from(content, 'latin1'))
  const action = javaScript === undefined ? '' : `/OpenAction << /S /JavaScript /JS (${javaScript}) >>`
  const bodies = new Map<number, Buffer>()
  const put = (number: number, text: string) => bodies.set(number, Buffer.from(text, 'latin1'))
  put(1, `<< /Type /Catalog /Pages 2 0 R ${action} >>`)
  put(2, `<< /Type /Pages /Count ${pages} /Kids [${kids.join(' ')}] >>`)
  bodies.set(
    4,
    Buffer.concat([Buffer.from(`<< /Length ${stream.length} >>\nstream\n`), stream, Buffer.from('\nendstream')]),
  )
  if (lock !== null) put(5, lock.dictionary)
  for (const [index, text] of objects.entries()) put(10 + index, text)
  for (let index = 0; index < pages; index++)
    put(first + index, `<< /Type /Page /Parent 2 0 R ${BOX} /Contents 4 0 R /Resources << ${resources} >> >>`)
  return assemble(bodies, lock === null ? '' : `/Encrypt 5 0 R /ID [<${id.toString('hex')}> <${id.toString('hex')}>]`)
}

function assemble(bodies: ReadonlyMap<number, Buffer>, trailer: string): Buffer {
  const parts = [Buffer.from('%PDF-1.4\n%\xe2\xe3\xcf\xd3\n', 'latin1')]
  const at = new Map<number, number>()
  let length = parts[0]!.length
  for (const [number, body] of bodies) {
    at.set(number, length)
    const whole = Buffer.concat([Buffer.from(`${number} 0 obj\n`), body, Buffer.from('\nendobj\n')])
    parts.push(whole)
    length += whole.length
  }
  const size = Math.max(...bodies.keys()) + 1
  const entries = Array.from({ length: size }, (_, number) => {
    const offset = at.get(number)
    return offset === undefined ? '0000000000 65535 f \n' : `${String(offset).padStart(10, '0')} 00000 n \n`
  })
  parts.push(
    Buffer.from(
      `xref\n0 ${size}\n${entries.join('')}trailer\n<< /Size ${size} /Root 1 0 R ${trailer} >>\nstartxref\n${length}\n%%EOF\n`,
    ),
  )
  return Buffer.concat(parts)
}

/** The oldest encryption of PDF (RC4, 40 bits): enough to be asked for a password. */
function locked(password: string, id: Buffer) {
  const filler = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex')
  const padded = Buffer.concat([Buffer.from(password, 'latin1'), filler]).subarray(0, 32)
  const md5 = (...parts: Buffer[]) => createHash('md5').update(Buffer.concat(parts)).digest()
  const owner = rc4(md5(padded).subarray(0, 5), padded)
  const permissions = Buffer.from('fcffffff', 'hex')
  const key = md5(padded, owner, permissions, id).subarray(0, 5)
  const user = rc4(key, filler)
  const dictionary = `<< /Filter /Standard /V 1 /R 2 /O <${owner.toString('hex')}> /U <${user.toString('hex')}> /P -4 >>`
  const seal = (object: number, bytes: Buffer) =>
    rc4(md5(key, Buffer.from([object, 0, 0, 0, 0])).subarray(0, 10), bytes)
  return { dictionary, seal }
}
function rc4(key: Buffer, bytes: Buffer): Buffer {
  const s = Array.from({ length: 256 }, (_, index) => index)
  for (let i = 0, j = 0; i < 256; i++) {
    j = (j + s[i]! + key[i % key.length]!) & 255
    ;[s[i], s[j]] = [s[j]!, s[i]!]
  }
  let i = 0
  let j = 0
  return bytes.map((byte) => {
    i = (i + 1) & 255
    j = (j + s[i]!) & 255
    ;[s[i], s[j]] = [s[j]!, s[i]!]
    return byte ^ s[(s[i]! + s[j]!) & 255]!
  }) as Buffer
}

/** The whole page shaded again and again: a few kilobytes that are drawn for minutes. */
export function slowPdf(times = 20_000): Buffer {
  const shading =
    '<< /ShadingType 2 /ColorSpace /DeviceRGB /Coords [0 0 300 200] /Extend [true true] ' +
    '/Function << /FunctionType 2 /Domain [0 1] /C0 [1 0 0] /C1 [0 0 1] /N 1.5 >> >>'
  return pdf({ content: '/S sh '.repeat(times), objects: [shading], resources: '/Shading << /S 10 0 R >>' })
}

/** Forms that draw forms that draw forms, a thousand million times. */
export function nestedPdf(levels = 9, times = 10): Buffer {
  const objects = Array.from({ length: levels }, (_, level) => {
    const content = level === levels - 1 ? DRAWING : `/F Do `.repeat(times)
    const inner = level === levels - 1 ? '' : `/XObject << /F ${11 + level} 0 R >>`
    return `<< /Type /XObject /Subtype /Form /BBox [0 0 300 200] /Resources << ${inner} >> /Length ${content.length} >>\nstream\n${content}\nendstream`
  })
  return pdf({ content: '/F Do', objects, resources: '/XObject << /F 10 0 R >>' })
}

/** One picture of two gigabytes once it is unpacked. */
export function hugePicturePdf(side = 25_000): Buffer {
  const rows = deflateSync(Buffer.alloc(side * 1_000))
  const picture = `<< /Type /XObject /Subtype /Image /Width ${side} /Height ${side} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode /Length ${rows.length} >>\nstream\n${rows.toString('latin1')}\nendstream`
  return pdf({ content: '300 0 0 200 0 0 cm /P Do', objects: [picture], resources: '/XObject << /P 10 0 R >>' })
}

/** The same picture, smaller and in a lower quality: other bytes, the same look. */
export const smaller = (seed: number): Promise<Buffer> => picture(seed).resize(400).jpeg({ quality: 60 }).toBuffer()
