import { text } from './problemText.js'

/** What refusals around personal data, codes and documents say; part of the one table. */
export const INTAKE_TEXTS = {
  UPLOAD_MALFORMED: text(
    'Unggahan tidak dapat dibaca',
    'Kirim berkas sebagai multipart/form-data dengan satu bagian per berkas, lalu coba lagi.',
    'Upload malformed',
    'Send the files as multipart/form-data, one part per file, and try again.',
  ),
  ERASED: text(
    'Data sudah dihapus',
    'Data pribadi tiket ini sudah dihapus untuk selamanya.',
    'Data erased',
    'The personal data of this ticket are gone for good.',
  ),
  LEGAL_HOLD: text(
    'Data harus disimpan',
    'Data tiket ini wajib disimpan untuk sementara dan belum dapat dihapus.',
    'Data on hold',
    'The data of this ticket must be kept for now and cannot be erased yet.',
  ),
  PROOF_REQUIRED: text(
    'Perlu bukti',
    'Tindakan ini hanya terjadi setelah kode dibuktikan atau dokumen diperiksa oleh layanan.',
    'Proof required',
    'This only follows from a code that was proven or a document that was examined here.',
  ),
  CODE_INVALID: text(
    'Kode salah',
    'Kode tidak cocok. Periksa pesan terakhir yang Anda terima, atau minta kode baru.',
    'Wrong code',
    'The code does not match. Look at the last message you received, or ask for a new code.',
  ),
  CODE_EXPIRED: text(
    'Kode kedaluwarsa',
    'Kode sudah tidak berlaku. Minta kode baru.',
    'Code expired',
    'The code is no longer valid. Ask for a new one.',
  ),
  CODE_USED: text(
    'Kode sudah dipakai',
    'Kode ini sudah pernah dipakai. Minta kode baru bila masih diperlukan.',
    'Code used',
    'This code was used before. Ask for a new one if you still need it.',
  ),
  CODE_TRIES_EXCEEDED: text(
    'Terlalu banyak percobaan',
    'Kode ini tidak berlaku lagi karena terlalu banyak percobaan. Minta kode baru.',
    'Too many tries',
    'This code is dead after too many tries. Ask for a new one.',
  ),
  TOO_MANY_REQUESTS: text(
    'Terlalu banyak permintaan',
    'Tunggu sebentar, lalu coba lagi. Layanan ini gratis dan tidak memerlukan perantara.',
    'Too many requests',
    'Wait for a while, then try again. This service is free and needs no middleman.',
  ),
  DOCUMENT_MISSING: text(
    'Berkas belum dipilih',
    'Pilih berkas yang akan diunggah.',
    'No file',
    'Choose the file to upload.',
  ),
  DOCUMENT_TYPE_REFUSED: text(
    'Jenis berkas tidak diterima',
    'Unggah foto JPEG, PNG, atau WebP, atau dokumen PDF.',
    'File type refused',
    'Upload a JPEG, PNG or WebP picture, or a PDF.',
  ),
  DOCUMENT_TOO_LARGE: text(
    'Berkas terlalu besar',
    'Satu berkas paling besar 10 MB, dan semua berkas satu pengaduan paling besar 25 MB.',
    'File too large',
    'One file may have 10 MB, all files of a case 25 MB.',
  ),
  DOCUMENT_EMPTY: text(
    'Berkas kosong',
    'Berkas ini tidak berisi apa pun. Pilih berkas lain.',
    'Empty file',
    'This file holds nothing. Choose another one.',
  ),
  DOCUMENT_INFECTED: text(
    'Berkas berbahaya',
    'Pemindai menemukan virus dalam berkas ini. Berkas tidak disimpan.',
    'Malware found',
    'The scanner found a virus in this file. It was not kept.',
  ),
  DOCUMENT_PASSWORD: text(
    'PDF berkata sandi',
    'Hapus kata sandi PDF, lalu unggah kembali.',
    'Password-protected PDF',
    'Remove the password from the PDF and upload it again.',
  ),
  DOCUMENT_UNREADABLE: text(
    'Berkas tidak dapat dibaca',
    'Berkas rusak, terpotong, atau terlalu berat untuk dibuka. Ambil foto baru, lalu unggah kembali.',
    'File unreadable',
    'The file is damaged, cut off or too heavy to be opened. Take a new picture and upload it again.',
  ),
  DOCUMENT_TOO_MANY: text(
    'Terlalu banyak berkas',
    'Satu pengaduan paling banyak memuat 5 berkas.',
    'Too many files',
    'A case takes at most 5 files.',
  ),
  DOCUMENT_TOO_MANY_PAGES: text(
    'Halaman terlalu banyak',
    'PDF paling banyak 5 halaman. Unggah hanya halaman yang diminta.',
    'Too many pages',
    'A PDF may have 5 pages. Upload only the pages that were asked for.',
  ),
  LIMITER_UNAVAILABLE: text(
    'Kode belum dapat dikirim',
    'Pengaman kode sedang terganggu. Coba lagi beberapa menit lagi.',
    'Codes unavailable',
    'The guard over codes is in trouble. Try again in a few minutes.',
  ),
  UPSTREAM_UNAVAILABLE: text(
    'Sistem lain terganggu',
    'Sistem yang diperlukan sedang tidak menjawab. Coba lagi nanti.',
    'Upstream unavailable',
    'A system this needs does not answer now. Try again later.',
  ),
  KEY_UNKNOWN: text(
    'Kunci tidak tersedia',
    'Kunci untuk data ini tidak tersedia. Hubungi pengelola.',
    'Key missing',
    'The key for these data is not available. Tell the operator.',
  ),
  SEALED_UNREADABLE: text(
    'Data tidak dapat dibuka',
    'Data tersegel tidak dapat dibuka. Hubungi pengelola.',
    'Data unreadable',
    'Sealed data do not open. Tell the operator.',
  ),
} as const
