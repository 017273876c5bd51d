import { useSyncExternalStore } from 'react'

/** A value outside of React that components may follow. */
export interface Box<T> {
  readonly get: () => T
  readonly set: (value: T) => void
  readonly subscribe: (listener: () => void) => () => void
}
export function box<T>(first: T): Box<T> {
  let value = first
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return
      value = next
      for (const it of listeners) it()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
export const useBox = <T>(it: Box<T>): T => useSyncExternalStore(it.subscribe, it.get)
