import { writeFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { Option, type Command } from 'commander'
import sharp from 'sharp'
import { PulihError } from '../engine/errors.js'
import { birthDateOfNik } from '../intake/nik.js'
import { guarded, type CliIo } from './io.js'
import { drawCard, type Card } from './sampleCard.js'

/** A small picture of a card, as a telephone would send it. */
export async function sampleJpeg(card: Card): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height, pixels } = drawCard(card)
  const picture = sharp(pixels, { raw: { width, height, channels: 3 } })
    .resize(640)
    .jpeg({ quality: 80 })
  return new Uint8Array(await picture.toBuffer())
}

/** A person who does not exist: the province code is none that was ever given. */
const NOBODY: Card = {
  nik: '9999991708900001',
  name: 'BUDI CONTOH',
  born: 'CONTOH, 17-08-1990',
  address: 'JL. CONTOH NO. 1',
}

/** As a card says it: the day that the NIK names, of somebody who is grown up. */
function bornWith(nik: string): string {
  if (!/^\d{16}$/.test(nik)) return NOBODY.born
  const [year, month, day] = birthDateOfNik(nik, Number(nik.slice(10, 12)) > 10 ? '19' : '20').split('-')
  return `CONTOH, ${day}-${month}-${year}`
}

export function registerSample(program: Command, io: CliIo): void {
  program
    .command('sample')
    .description('draws a document to try uploads with')
    .command('ktp')
    .description('a picture of a KTP of a person who does not exist, marked SPECIMEN')
    .requiredOption('--out <file>', 'where to write it: .jpg, .png or .webp')
    .addOption(new Option('--nik <digits>', '16 digits').default(NOBODY.nik))
    .addOption(new Option('--name <name>', 'in capital letters').default(NOBODY.name))
    .action(guarded(io, (options: { out: string; nik: string; name: string }) => sampleKtp(options, io)))
}

async function sampleKtp({ out, nik, name }: { out: string; nik: string; name: string }, io: CliIo): Promise<void> {
  const { width, height, pixels } = drawCard({ ...NOBODY, nik, name: name.toUpperCase(), born: bornWith(nik) })
  const picture = sharp(pixels, { raw: { width, height, channels: 3 } })
  const extension = extname(out).toLowerCase()
  const encoded =
    extension === '.png'
      ? picture.png()
      : extension === '.webp'
        ? picture.webp()
        : ['.jpg', '.jpeg'].includes(extension)
          ? picture.jpeg({ quality: 90 })
          : null
  if (encoded === null) throw new PulihError('REQUEST_MALFORMED', '--out must end in .jpg, .png or .webp.')
  await writeFile(out, await encoded.toBuffer())
  io.out(`wrote ${out}: SPECIMEN, a person who does not exist`)
}
