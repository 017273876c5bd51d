import { usePreferences } from '../../app/preferences.js'

export interface Numbers {
  /** 1.234 */
  readonly count: (value: number) => string
  /** 92,3%; a dash where there is nothing to take a share of. */
  readonly percent: (share: number | null) => string
  /** 3 Nov, of `2026-11-03` */
  readonly day: (date: string) => string
}

/** Numbers and days as the person's language writes them. */
export function useNumbers(): Numbers {
  const { language } = usePreferences()
  const tongue = language === 'id' ? 'id-ID' : 'en-GB'
  return {
    count: (value) => value.toLocaleString(tongue),
    percent: (share) =>
      share === null ? '–' : share.toLocaleString(tongue, { style: 'percent', maximumFractionDigits: 1 }),
    day: (date) =>
      new Date(`${date}T12:00:00Z`).toLocaleDateString(tongue, { day: 'numeric', month: 'short', timeZone: 'UTC' }),
  }
}
