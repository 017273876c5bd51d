import { PulihError, type ErrorCode } from '../engine/errors.js'

/** Why a file is not taken. */
export type RefusalCode = Extract<ErrorCode, `DOCUMENT_${string}` | 'VALIDATION_FAILED' | 'EVENT_NOT_ALLOWED'>

/** A word in both languages. */
interface Label {
  readonly id: string
  readonly en: string
}

/** One file that is not taken; the others of its request go on. `advice` says more than the code's own text. */
export class Refused extends Error {
  readonly code: RefusalCode
  readonly advice: Label | null

  constructor(code: RefusalCode, advice: Label | null = null) {
    super(code)
    this.name = 'Refused'
    this.code = code
    this.advice = advice
  }
}

/** Phones of one maker send a format that we cannot open (R-FILE-11). */
export const HEIF_ADVICE: Label = {
  id: 'Foto HEIC dari iPhone belum dapat dibuka. Pilih Pengaturan > Kamera > Format > Paling Kompatibel lalu foto ulang, atau kirim sebagai JPEG.',
  en: 'HEIC pictures of an iPhone cannot be opened. Choose Settings > Camera > Formats > Most Compatible and take it again, or send a JPEG.',
}
/** A file that may be whole, and needs more to be drawn than one may have. */
export const HEAVY_ADVICE: Label = {
  id: 'Berkas terlalu berat untuk dibuka. Kirim foto biasa (JPEG) paling besar 25 megapiksel, atau PDF yang lebih sederhana.',
  en: 'The file is too heavy to be opened. Send an ordinary picture (JPEG) of at most 25 megapixels, or a simpler PDF.',
}
/** A thumbnail, or a picture of one dot. */
export const TINY_ADVICE: Label = {
  id: 'Gambar terlalu kecil sehingga tulisannya tidak terbaca. Foto dokumen aslinya dari dekat dan kirim foto itu, bukan gambar kecilnya.',
  en: 'The picture is too small for its text to be read. Take a picture of the document itself from close by and send that one, not its thumbnail.',
}
export const KIND_ADVICE = (kinds: readonly string[]): Label => ({
  id: `Sebelum setiap berkas kirim bagian "kind" dengan salah satu dari ${kinds.join(', ')}.`,
  en: `Send a part "kind" before each file, one of ${kinds.join(', ')}.`,
})

export const malformed = (): PulihError => new PulihError('UPLOAD_MALFORMED', 'the upload is not readable multipart')
