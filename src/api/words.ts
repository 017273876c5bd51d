import type { Label } from '../machines/ticketType.js'

/** Epoch ms as ISO 8601 in UTC. */
export const iso = (at: number): string => new Date(at).toISOString()
export const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at))

const formats = new Map<string, Intl.DateTimeFormat>()

/** An instant as people in `zone` read it: `Selasa, 24 November 2026 pukul 15.30 WIB`. */
export function inWords(at: number, zone: string): string {
  let format = formats.get(zone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('id-ID', {
      weekday: 'long',
      day: 'numeric',
      month: 'long',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      timeZone: zone,
      timeZoneName: 'short',
    })
    formats.set(zone, format)
  }
  return format.format(at)
}

/** An instant for machines and for people. */
export const spoken = (at: number, zone: string): { at: string; text: string } => ({
  at: iso(at),
  text: inWords(at, zone),
})

/** The label of a word of a type, or the word itself where the type gives none (an older version, say). */
export const labelOf = (labels: Readonly<Record<string, Label>>, word: string): Label =>
  Object.hasOwn(labels, word) ? (labels[word] ?? { id: word, en: word }) : { id: word, en: word }
