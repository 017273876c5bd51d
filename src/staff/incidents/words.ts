import type { Label } from '../../machines/ticketType.js'

/** An outage on our side is nobody's fault but ours (R29). */
export const INCIDENT_CAUSES = ['GANGGUAN_SISTEM'] as const
/** What everybody is told is out of order. */
export const INCIDENT_TITLES = [
  'KODE_TERLAMBAT',
  'UNGGAH_DOKUMEN',
  'DIREKTORI_PESERTA',
  'PEMBARUAN_KONTAK',
  'SEMUA_LAYANAN',
] as const
export type IncidentTitle = (typeof INCIDENT_TITLES)[number]

const TITLES: Readonly<Record<IncidentTitle, Label>> = {
  KODE_TERLAMBAT: { id: 'Kode lewat email atau SMS datang terlambat', en: 'Codes by e-mail or SMS come late' },
  UNGGAH_DOKUMEN: { id: 'Dokumen belum dapat diunggah', en: 'Documents cannot be uploaded' },
  DIREKTORI_PESERTA: { id: 'Data kepesertaan belum dapat diperiksa', en: 'Membership records cannot be checked' },
  PEMBARUAN_KONTAK: { id: 'Kontak akun belum dapat diperbarui', en: 'Contacts of accounts cannot be updated' },
  SEMUA_LAYANAN: { id: 'Layanan pengaduan terganggu', en: 'The complaint service is disturbed' },
}

/** A title that a later version declared is shown as an outage of everything. */
const titleOf = (title: string): Label => TITLES[INCIDENT_TITLES.find((it) => it === title) ?? 'SEMUA_LAYANAN']

/** What people read while it lasts; `until`: when it should be over, as they read dates. */
export function bannerOf(title: string, until: Label | null): Label {
  const { id, en } = titleOf(title)
  const over =
    until === null ? null : { id: `Perkiraan selesai: ${until.id}.`, en: `It should be over by ${until.en}.` }
  return {
    id: [
      `Gangguan sistem di pihak kami: ${id}.`,
      over?.id,
      'Anda tidak perlu mengajukan lagi; janji waktu kami tetap berjalan.',
    ]
      .filter((it) => it !== undefined)
      .join(' '),
    en: [`An outage on our side: ${en}.`, over?.en, 'You need not file again; our promised dates keep running.']
      .filter((it) => it !== undefined)
      .join(' '),
  }
}
