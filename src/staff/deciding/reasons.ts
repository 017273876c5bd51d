import { REJECTION_CODES } from '../../machines/pengaduan/events.js'

/**
 * The reasons an officer may give, by event: codes with words (`reasonText`), never text, so that nobody's data can slip into a log or a
 * mail. What has to be said beyond them goes into a sealed note.
 */
export const REASONS_BY_EVENT: Readonly<Record<string, readonly string[]>> = {
  'documents.request': [
    'DIPERLUKAN',
    'FOTO_BURAM',
    'FOTO_TERPOTONG',
    'DOKUMEN_SALAH',
    'DOKUMEN_KEDALUWARSA',
    'BUKTI_KEPEMILIKAN',
  ],
  'documents.waive': ['BUKTI_CUKUP', 'ASLI_DILIHAT_DI_CABANG', 'SALAH_MINTA'],
  'correction.request': ['NAMA_BERBEDA', 'NIK_BERBEDA', 'TANGGAL_LAHIR_BERBEDA', 'KPJ_BERBEDA', 'DATA_TIDAK_LENGKAP'],
  'branch.refer': [
    'PERBEDAAN_IDENTITAS',
    'DATA_TIDAK_SINKRON',
    'DATA_GANDA',
    'PERUSAHAAN_TIDAK_KOOPERATIF',
    'PERLU_TATAP_MUKA',
    'RISIKO_TINGGI',
  ],
  'branch.cancel': ['TIDAK_PERLU_LAGI', 'PERMINTAAN_PESERTA', 'SALAH_RUJUK'],
  'office.transfer': ['BEBAN_KERJA', 'SALAH_KANTOR', 'PERMINTAAN_PESERTA'],
  'release.override': ['KEBUTUHAN_MENDESAK', 'ARAHAN_PENYELIA'],
  'risk.elevate': ['POLA_MENCURIGAKAN', 'LAPORAN_PESERTA', 'DOKUMEN_MENCURIGAKAN', 'KLAIM_BERJALAN'],
  'approval.return': ['BUKTI_KURANG', 'DAFTAR_PERIKSA_KELIRU', 'PERLU_TATAP_MUKA', 'RISIKO_TINGGI'],
  'objection.dismiss': ['BUKAN_PEMILIK_LAMA', 'PEMILIK_TERBUKTI', 'SANGGAHAN_KELIRU'],
  'objection.uphold': ['PEMILIK_MENYANGGAH', 'INDIKASI_PENIPUAN'],
  withdraw: ['DITARIK_PESERTA', 'SALAH_MENGAJUKAN', 'SUDAH_SELESAI'],
  reject: REJECTION_CODES,
}

/** Codes of an event's payload that its list does not hold; an event without a list takes no reason at all. */
export function unknownReasons(event: string, payload: Readonly<Record<string, unknown>>): readonly string[] {
  const known = Object.hasOwn(REASONS_BY_EVENT, event) ? REASONS_BY_EVENT[event] : undefined
  if (known === undefined) return []
  const { reason, code, documents } = payload
  const asked = Array.isArray(documents) ? documents.map((it) => (it as { reason?: unknown }).reason) : []
  return [reason, code, ...asked].filter((it) => typeof it === 'string').filter((it) => !known.includes(it))
}
