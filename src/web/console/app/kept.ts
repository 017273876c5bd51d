import { useState } from 'react'
import { useSession } from './session.js'

const PREFIX = 'pulih:'

/**
 * Codes that were chosen and not sent yet, kept through a reload and a session that ended; for this tab and this officer only (at a shared desk
 * the next one would send the last one's ticks under their own name), and never anything personal.
 */
export function useKept<T>(key: string, first: T): readonly [T, (value: T) => void, () => void] {
  const name = `${PREFIX}${useSession().staffId}:${key}`
  const [value, setValue] = useState<T>(() => {
    try {
      const kept = sessionStorage.getItem(name)
      return kept === null ? first : (JSON.parse(kept) as T)
    } catch {
      return first
    }
  })
  const set = (next: T) => {
    setValue(next)
    try {
      sessionStorage.setItem(name, JSON.stringify(next))
    } catch {
      // It lives as long as the page then.
    }
  }
  const forget = () => {
    setValue(first)
    sessionStorage.removeItem(name)
  }
  return [value, set, forget]
}

/** Whoever leaves takes along what they had chosen. */
export function forgetKept(): void {
  try {
    for (const name of Object.keys(sessionStorage)) if (name.startsWith(PREFIX)) sessionStorage.removeItem(name)
  } catch {
    // Nothing could be kept there either.
  }
}
