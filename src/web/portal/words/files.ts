import type { Label } from '../../../machines/ticketType.js'

/** What may become of a file, by the code of the refusal. */
export const files = {
  DOCUMENT_MISSING: { id: 'Pilih berkas yang akan diunggah.', en: 'Choose the file to upload.' },
  DOCUMENT_TYPE_REFUSED: {
    id: 'Jenis berkas tidak diterima. Unggah foto JPEG, PNG, atau WebP, atau dokumen PDF.',
    en: 'This type of file is not taken. Upload a JPEG, PNG or WebP picture, or a PDF.',
  },
  DOCUMENT_TOO_LARGE: {
    id: 'File terlalu besar. Ukuran maksimum 10 MB.',
    en: 'The file is too large. The maximum is 10 MB.',
  },
  DOCUMENT_EMPTY: { id: 'Berkas ini kosong. Pilih berkas lain.', en: 'The file is empty. Choose another one.' },
  DOCUMENT_INFECTED: {
    id: 'Pemindai menemukan virus dalam berkas ini. Berkas tidak disimpan.',
    en: 'The scanner found a virus in this file. It was not kept.',
  },
  DOCUMENT_PASSWORD: {
    id: 'PDF ini berkata sandi. Hapus kata sandinya, lalu unggah kembali.',
    en: 'The PDF has a password. Remove it, then upload it again.',
  },
  DOCUMENT_UNREADABLE: {
    id: 'Berkas rusak, terpotong, atau terlalu berat untuk dibuka. Ambil foto baru, lalu unggah kembali.',
    en: 'The file is damaged, cut off or too heavy to be opened. Take a new picture and upload it again.',
  },
  DOCUMENT_TOO_MANY: { id: 'Satu pengaduan paling banyak memuat 5 berkas.', en: 'A complaint takes at most 5 files.' },
  DOCUMENT_TOO_MANY_PAGES: {
    id: 'PDF paling banyak 5 halaman. Unggah hanya halaman yang diminta.',
    en: 'A PDF may have 5 pages. Upload only those that are asked for.',
  },
  EVENT_NOT_ALLOWED: {
    id: 'Pengaduan ini tidak menerima dokumen sekarang.',
    en: 'This complaint takes no documents now.',
  },
  OTHER: {
    id: 'Berkas tidak dapat diunggah. Coba lagi; isian lain tetap tersimpan.',
    en: 'The file could not be uploaded. Try again; everything else is kept.',
  },
} as const satisfies Readonly<Record<string, Label>>

export const fileText = (code: string): Label => files[code in files ? (code as keyof typeof files) : 'OTHER']
