import type { Language } from '../words/language.js'
import { box, useBox } from './store.js'

/** How the person wants it, on this computer; nothing of a case is ever kept here. */
export interface Preferences {
  readonly language: Language
  readonly theme: 'auto' | 'light' | 'dark'
  /** Single keys do something (2.1.4). */
  readonly shortcuts: boolean
}
const KEY = 'pulih-petugas'
const FIRST: Preferences = { language: 'id', theme: 'auto', shortcuts: true }

function kept(): Preferences {
  try {
    const it = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Record<keyof Preferences, unknown>>
    return {
      language: it.language === 'en' ? 'en' : FIRST.language,
      theme: it.theme === 'light' || it.theme === 'dark' ? it.theme : FIRST.theme,
      shortcuts: it.shortcuts !== false,
    }
  } catch {
    // Storage may be forbidden; then everything is as at first.
    return FIRST
  }
}

export const preferences = box(kept())
/** What the person reads in, outside of components. */
export const language = (): Language => preferences.get().language
export const usePreferences = (): Preferences => useBox(preferences)

export function prefer(change: Partial<Preferences>): void {
  const next = { ...preferences.get(), ...change }
  preferences.set(next)
  show(next)
  try {
    localStorage.setItem(KEY, JSON.stringify(next))
  } catch {
    // Holds for this page then.
  }
}

/** Tells the style sheet and assistive technology. */
export function show({ language, theme }: Preferences = preferences.get()): void {
  const { documentElement } = document
  documentElement.lang = language
  if (theme === 'auto') delete documentElement.dataset['theme']
  else documentElement.dataset['theme'] = theme
}
