import { useEffect, useRef, type ReactNode } from 'react'
import type { UseQueryResult } from '@tanstack/react-query'
import { asProblem } from '../api/client.js'
import { useTitle } from '../app/router.js'
import { common } from '../words/common.js'
import { useWords } from '../words/index.js'
import { Problem } from './Problem.js'

let first = true

/** The heading of a page: names the window, and takes the focus when the person came here from another page. */
export function Heading({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  useTitle(title)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (!first) heading.current?.focus({ preventScroll: true })
    first = false
  }, [])
  return (
    <div className="heading">
      <h1 tabIndex={-1} ref={heading}>
        {title}
      </h1>
      {children}
    </div>
  )
}

/** A part of a page with a heading of its own. */
export function Section({
  title,
  aside,
  children,
  id,
}: {
  title: string
  aside?: ReactNode
  children: ReactNode
  id?: string
}) {
  return (
    <section className="card" id={id} aria-label={title}>
      <div className="card-head">
        <h2>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  )
}

export const Loading = () => (
  <p className="loading" role="status">
    {useWords(common).loading}
  </p>
)

/** Nothing to show, in a whole sentence, and what to do about it. */
export const Empty = ({ children }: { readonly children: ReactNode }) => <div className="empty">{children}</div>

/** What a query brought; until then that it loads, and its refusal with a way to ask again. What was once there stays. */
export function Loaded<T>({ query, children }: { query: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  const { data, error } = query
  if (data !== undefined) return children(data)
  if (error !== null) return <Problem of={asProblem(error)} quiet onRetry={() => void query.refetch()} />
  return <Loading />
}
