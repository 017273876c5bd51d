import { usePreferences } from '../app/preferences.js'
import type { Label } from '../api/types.js'

/** The same words in both languages: whoever adds a key to one gets a compile error until it is in the other. */
export interface Catalogue<T> {
  readonly id: T
  readonly en: T
}
export const catalogue = <T extends object>(words: { readonly id: T; readonly en: NoInfer<T> }): Catalogue<T> => words

/** A catalogue's words in the person's language. */
export const useWords = <T>(words: Catalogue<T>): T => words[usePreferences().language]
/** Speaks the API's own labels, which come in both languages. */
export const useSay = (): ((label: Label) => string) => {
  const { language: tongue } = usePreferences()
  return (label) => label[tongue]
}
