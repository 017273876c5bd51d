import type { ErrorCode } from '../engine/errors.js'
import { text, type ProblemText } from './problemText.js'
import { DECIDING_TEXTS } from './problemTexts.deciding.js'
import { INTAKE_TEXTS } from './problemTexts.intake.js'
import { STAFF_TEXTS } from './problemTexts.staff.js'
import { WORK_TEXTS } from './problemTexts.work.js'

/** What each code says to people. docs/errors.md is this table; a test compares them. */
export const PROBLEM_TEXTS: Readonly<Record<ErrorCode, ProblemText>> = {
  TICKET_NOT_FOUND: text(
    'Tiket tidak ditemukan',
    'Tidak ada tiket dengan pengenal ini, atau Anda tidak berhak melihatnya.',
    'Ticket not found',
    'There is no ticket with this id, or you may not see it.',
  ),
  NOT_FOUND: text(
    'Tidak ditemukan',
    'Alamat atau data yang diminta tidak ada.',
    'Not found',
    'The address or record you asked for does not exist.',
  ),
  EVENT_UNKNOWN: text(
    'Tindakan tidak dikenal',
    'Jenis tiket ini tidak mengenal tindakan tersebut. Lihat daftar tindakan pada /v1/types.',
    'Unknown event',
    'This ticket type has no such event. The events are listed under /v1/types.',
  ),
  EVENT_NOT_ALLOWED: text(
    'Tindakan belum dapat dilakukan',
    'Pada keadaan tiket saat ini tindakan tersebut tidak dapat dilakukan. Tiket tidak berubah.',
    'Event not allowed now',
    'The ticket does not take this event in its present state. Nothing changed.',
  ),
  ROLE_NOT_ALLOWED: text(
    'Tidak berwenang',
    'Peran Anda tidak berwenang untuk permintaan ini.',
    'Role not allowed',
    'Your role may not make this request.',
  ),
  VALIDATION_FAILED: text(
    'Isian belum benar',
    'Periksa isian yang disebut pada "errors", lalu kirim ulang.',
    'Validation failed',
    'Correct the fields listed in "errors" and send the request again.',
  ),
  PERSONAL_DATA_REFUSED: text(
    'Data pribadi tidak diterima',
    'Data identitas dan kontak (misalnya NIK, KPJ, nama, email, nomor HP) hanya diterima pada isian yang disediakan untuk itu di ' +
      'POST /v1/pengaduan. Kirim ulang tanpa data itu; tidak ada bagian kiriman ini yang disimpan.',
    'Personal data refused',
    'Identity and contact data (NIK, KPJ, name, e-mail, phone and the like) are taken in the fields for them of POST /v1/pengaduan ' +
      'alone. Send the request again without them; nothing of this request was stored.',
  ),
  VERSION_STALE: text(
    'Tiket sudah berubah',
    'Tiket berubah setelah Anda membacanya. Baca ulang tiket, lalu putuskan kembali.',
    'Ticket has changed',
    'The ticket changed after you read it. Read it again and decide again.',
  ),
  VERSION_REQUIRED: text(
    'Versi tiket wajib disebut',
    'Tindakan ini memerlukan header If-Match berisi ETag tiket yang Anda baca.',
    'Ticket version required',
    'This event needs an If-Match header with the ETag of the ticket as you read it.',
  ),
  VERSION_MALFORMED: text(
    'Header If-Match tidak dapat dibaca',
    'If-Match harus berisi tepat satu ETag, misalnya "v3"; tanda * tidak diterima untuk keputusan.',
    'If-Match not understood',
    'If-Match must hold exactly one entity tag such as "v3"; * is refused for decisions.',
  ),
  IDEMPOTENCY_KEY_REQUIRED: text(
    'Idempotency-Key wajib ada',
    'Kirim header Idempotency-Key yang unik untuk setiap maksud, misalnya sebuah UUID dalam tanda kutip.',
    'Idempotency-Key required',
    'Send an Idempotency-Key header that is unique per intention, for example a UUID in double quotes.',
  ),
  IDEMPOTENCY_KEY_MALFORMED: text(
    'Idempotency-Key tidak dapat dibaca',
    'Idempotency-Key harus satu string dalam tanda kutip, berisi paling banyak 190 karakter ASCII yang tampak dan bukan data pribadi.',
    'Idempotency-Key not understood',
    'Idempotency-Key must be one quoted string of at most 190 visible ASCII characters that are no personal data.',
  ),
  IDEMPOTENCY_KEY_REUSED: text(
    'Idempotency-Key sudah dipakai',
    'Kunci ini sudah dipakai untuk permintaan lain. Pakai kunci baru untuk permintaan baru.',
    'Idempotency-Key reused',
    'This key was used for a different request. Use a new key for a new request.',
  ),
  APPROVAL_VOID: text(
    'Usulan persetujuan batal',
    'Yang tercatat sekarang bukan lagi yang diusulkan (kontak, peserta, atau dokumen). Tiket kembali ke verifikasi.',
    'Proposal void',
    'What stands there is not what was proposed any more (contacts, person or documents). The ticket is back in verification.',
  ),
  MERGE_REFUSED: text(
    'Pengaduan tidak dapat digabung',
    'Penggabungan hanya untuk pengaduan orang yang sama dengan kontak terbukti yang sama, tanpa sanggahan atau persetujuan yang berjalan. Jika tidak, salah satu ditolak.',
    'Cases cannot be merged',
    'Only cases of the same person with the same proven contact are merged, without an open objection or a standing approval. Otherwise one of them is rejected.',
  ),
  CONFLICT: text(
    'Bentrok dengan keadaan sekarang',
    'Permintaan bertentangan dengan data yang tersimpan. Baca ulang, lalu coba kembali.',
    'Conflict',
    'The request contradicts what is stored. Read again and retry.',
  ),
  NO_OPEN_TIME: text(
    'Kalender tidak mempunyai jam buka',
    'Tanggal janji tidak dapat dihitung karena kalender kantor ini tidak pernah buka dalam jangkauan pencarian.',
    'Calendar has no open time',
    'No date can be computed: the calendar of this office never opens within the search horizon.',
  ),
  EVENT_IN_THE_FUTURE: text(
    'Waktu kejadian di masa depan',
    'Kejadian tidak dapat dicatat dengan waktu yang belum tiba.',
    'Event in the future',
    'An event cannot be recorded at an instant that has not come.',
  ),
  UNAUTHENTICATED: text(
    'Belum masuk',
    'Sesi Anda belum dibuka atau sudah berakhir: masuk lagi. Program mengirim token yang sah pada header Authorization: Bearer.',
    'Not authenticated',
    'You are not signed in, or no longer: sign in again. A program sends a valid token in the header Authorization: Bearer.',
  ),
  METHOD_NOT_ALLOWED: text(
    'Metode tidak didukung',
    'Alamat ini tidak menerima metode tersebut; lihat header Allow.',
    'Method not allowed',
    'This address does not take that method; see the Allow header.',
  ),
  BODY_TOO_LARGE: text(
    'Kiriman terlalu besar',
    'Isi kiriman paling besar 1 MB.',
    'Body too large',
    'A request body may hold 1 MB at most.',
  ),
  MEDIA_TYPE_UNSUPPORTED: text(
    'Jenis isi tidak didukung',
    'Kirim JSON dalam UTF-8 tanpa kompresi, dengan Content-Type: application/json.',
    'Media type not supported',
    'Send uncompressed UTF-8 JSON with Content-Type: application/json.',
  ),
  BODY_MALFORMED: text(
    'Isi kiriman tidak dapat dibaca',
    'Isi kiriman harus satu objek JSON yang sah dalam UTF-8, bersarang paling dalam 32 tingkat dan berisi paling banyak 5000 nilai.',
    'Body not understood',
    'The body must be one valid JSON object in UTF-8, nested at most 32 levels deep, with at most 5000 values.',
  ),
  REQUEST_MALFORMED: text(
    'Permintaan tidak dapat dibaca',
    'Baris permintaan, header, atau penulisan alamat tidak sah.',
    'Request not understood',
    'The request line, a header or the encoding of the address is not valid.',
  ),
  REQUEST_TIMEOUT: text(
    'Permintaan terlalu lambat',
    'Permintaan tidak selesai dikirim pada waktunya.',
    'Request timed out',
    'The request was not sent completely in time.',
  ),
  HEADERS_TOO_LARGE: text(
    'Header terlalu besar',
    'Header permintaan melebihi batas.',
    'Headers too large',
    'The request headers exceed the limit.',
  ),
  CURSOR_MALFORMED: text(
    'Penunjuk halaman tidak sah',
    'Pakai nilai "next" dari halaman sebelumnya, dengan saringan yang sama.',
    'Cursor not valid',
    'Use the "next" value of the page before, with the same filters.',
  ),
  ...INTAKE_TEXTS,
  ...WORK_TEXTS,
  ...STAFF_TEXTS,
  ...DECIDING_TEXTS,
  STORE_BUSY: text(
    'Layanan sedang sibuk',
    'Penyimpanan sedang tidak dapat menerima tulisan. Tidak ada yang berubah; coba lagi sebentar.',
    'Store busy',
    'The store cannot take a write right now. Nothing changed; try again shortly.',
  ),
  AUDIT_UNAVAILABLE: text(
    'Catatan audit tidak dapat ditulis',
    'Tindakan ini wajib dicatat, dan catatannya sedang tidak dapat ditulis. Tidak ada yang dibuka atau diubah; coba lagi sebentar.',
    'Audit unavailable',
    'This has to be recorded, and the record cannot be written right now. Nothing was opened or changed; try again shortly.',
  ),
  STEP_UP_REQUIRED: text(
    'Perlu kode baru',
    'Data yang dibuka melebihi yang dapat dijelaskan oleh pekerjaan Anda, atau yang diubah adalah akses orang lain. Masukkan kode sekali pakai Anda lagi, lalu ulangi.',
    'Fresh code required',
    'More was opened than your work explains, or somebody’s access is about to change. Enter your one-time code again, then repeat.',
  ),
  SHUTTING_DOWN: text(
    'Layanan sedang berhenti',
    'Layanan sedang dihentikan. Tidak ada yang berubah; coba lagi sebentar.',
    'Shutting down',
    'This service is stopping. Nothing changed; try again shortly.',
  ),
  STORE_LOCKED: text(
    'Penyimpanan dipegang proses lain',
    'Folder data sedang dipakai proses lain.',
    'Store locked',
    'Another process holds the data folder.',
  ),
  TICKET_TYPE_MISSING: text(
    'Jenis tiket tidak dimuat',
    'Jenis tiket ini sedang tidak dilayani di sini. Tiket dan tenggatnya tetap tersimpan; hubungi pengelola dengan menyebut nomor permintaan.',
    'Ticket type not loaded',
    'The type of this ticket is not served here at present. The ticket and its deadlines are kept; tell the operator this request id.',
  ),
  CONFIGURATION_INVALID: text(
    'Konfigurasi tidak sah',
    'Layanan dikonfigurasi dengan keliru; hubungi pengelola dengan menyebut nomor permintaan.',
    'Configuration invalid',
    'The service is misconfigured; tell its operator the request id.',
  ),
  CALENDAR_UNCONFIRMED: text(
    'Kalender belum dikonfirmasi',
    'Kalender masih contoh dan belum dikonfirmasi oleh lembaga.',
    'Calendar unconfirmed',
    'The calendar is an example that the institution has not confirmed.',
  ),
  QUEUE_MISCONFIGURED: text(
    'Antrean salah konfigurasi',
    'Antrean dikonfigurasi dengan keliru; hubungi pengelola.',
    'Queue misconfigured',
    'The queue is misconfigured; tell the operator.',
  ),
  INTERNAL: text(
    'Kesalahan di sisi kami',
    'Terjadi kesalahan di sisi kami. Sebutkan nomor permintaan ini kepada pengelola.',
    'Internal error',
    'Something failed on our side. Tell the operator this request id.',
  ),
}
