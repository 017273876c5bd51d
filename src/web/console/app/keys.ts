import { useEffect, useRef } from 'react'
import { usePreferences } from './preferences.js'

type Acts = Readonly<Record<string, (() => void) | undefined>>

const TYPES_IN = 'input:not([type=checkbox],[type=radio]),textarea,select,[contenteditable]'

/** Single keys, unless they are switched off, something is being typed, or a dialog is open. None of them decides anything. */
export function useKeys(acts: Acts): void {
  const { shortcuts } = usePreferences()
  const latest = useRef(acts)
  useEffect(() => {
    latest.current = acts
  })
  useEffect(() => {
    if (!shortcuts) return
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.repeat) return
      if (event.target instanceof Element && event.target.matches(TYPES_IN)) return
      if (document.querySelector('dialog[open]') !== null) return
      const act = latest.current[event.key]
      if (act === undefined) return
      event.preventDefault()
      act()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [shortcuts])
}
