import { createContext, use, useEffect, useSyncExternalStore, type ComponentProps, type MouseEvent } from 'react'

/** Where the console begins. Real addresses, made of ids and codes only. */
export const BASE = '/petugas'
const MOVED = 'pulih-moved'

export function navigate(to: string, how: 'push' | 'replace' = 'push'): void {
  if (how === 'push') history.pushState(null, '', to)
  else history.replaceState(null, '', to)
  dispatchEvent(new Event(MOVED))
  if (how === 'push') scrollTo(0, 0)
}
function subscribe(listener: () => void): () => void {
  addEventListener('popstate', listener)
  addEventListener(MOVED, listener)
  return () => {
    removeEventListener('popstate', listener)
    removeEventListener(MOVED, listener)
  }
}
export const usePath = (): string => useSyncExternalStore(subscribe, () => location.pathname.replace(/(.)\/$/, '$1'))
const useSearch = (): string => useSyncExternalStore(subscribe, () => location.search)

/** Filters that live in the address: codes only. Setting one to '' takes it out. */
export function useQuery(): readonly [URLSearchParams, (change: Readonly<Record<string, string>>) => void] {
  const search = useSearch()
  const change = (wanted: Readonly<Record<string, string>>) => {
    const next = new URLSearchParams(location.search)
    for (const [name, value] of Object.entries(wanted))
      if (value === '') next.delete(name)
      else next.set(name, value)
    const text = next.toString()
    navigate(location.pathname + (text === '' ? '' : `?${text}`), 'replace')
  }
  return [new URLSearchParams(search), change]
}

/** An address that stays in the console. */
export function Link({ to, onClick, ...rest }: { readonly to: string } & Omit<ComponentProps<'a'>, 'href'>) {
  const go = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event)
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey
    if (!plain || event.defaultPrevented) return
    event.preventDefault()
    navigate(to)
  }
  return <a {...rest} href={to} onClick={go} />
}

type Params = Readonly<Record<string, string>>
const ParamsContext = createContext<Params>({})
export const ParamsProvider = ParamsContext
/** What stood in the address in the place of `:name`; empty without it. */
export const useParam = (name: string): string => use(ParamsContext)[name] ?? ''

/** The values of a path's `:names`; null when the address is another one. */
export function match(pattern: string, path: string): Params | null {
  const [wanted, given] = [pattern.split('/'), path.split('/')]
  if (wanted.length !== given.length) return null
  const params: Record<string, string> = {}
  for (const [index, part] of wanted.entries()) {
    const here = given[index] ?? ''
    if (!part.startsWith(':')) {
      if (part !== here) return null
      continue
    }
    const value = decoded(here)
    if (value === null) return null
    params[part.slice(1)] = value
  }
  return params
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

/** The title of the window. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Pulih`
  }, [title])
}
