import { useState } from 'react'

/** Codes that were chosen and not sent yet, kept through a reload and a session that ended; for this tab only, and never anything personal. */
export function useKept<T>(key: string, first: T): readonly [T, (value: T) => void, () => void] {
  const name = `pulih:${key}`
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
