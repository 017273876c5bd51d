import type { Finding } from './types.js'

export const ok = (check: string, is: string): Finding => ({ check, level: 'ok', is, todo: null })
export const warn = (check: string, is: string, todo: string): Finding => ({ check, level: 'warn', is, todo })
export const fail = (check: string, is: string, todo: string): Finding => ({ check, level: 'fail', is, todo })
export const skipped = (check: string, is: string): Finding => ({ check, level: 'skipped', is, todo: null })

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const
/** 1 234 567 → `1.2 MB`. */
export function size(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000
    unit += 1
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit] ?? ''}`
}

/** 90_000 → `90 s`; 7_200_000 → `2 h`. */
export function span(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000)
  if (seconds < 120) return `${seconds} s`
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`
}

export const many = (count: number, limit: number): string => (count > limit ? `more than ${limit}` : String(count))

/** How far a server's clock is ahead, ms: 0 where the time its answer took explains it. */
export function aheadOf(askedAt: number, answeredAt: number, told: number): number {
  if (told < askedAt) return told - askedAt
  return Math.max(0, told - answeredAt)
}
