import { useEffect, useRef } from 'react'
import type { ApiProblem } from '../api/client.js'
import { common } from '../words/common.js'
import { useWords } from '../words/index.js'
import { Icon } from './Icon.js'

/** A refusal in the API's own words, with what stood in the way and the code to ask about. Takes the focus when it comes. */
export function Problem({
  of,
  onRetry,
  quiet = false,
}: {
  of: ApiProblem | null
  onRetry?: () => void
  quiet?: boolean
}) {
  const t = useWords(common)
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (of !== null && !quiet) box.current?.focus()
  }, [of, quiet])
  if (of === null) return null
  const { title, detail, reasons = [], errors = [], instance } = of.body
  const offline = of.code === 'OFFLINE'
  return (
    <div className="problem" role="alert" tabIndex={-1} ref={box}>
      <h2>
        <Icon name="stop" /> {title ?? (offline ? t.offlineTitle : t.unexpectedTitle)}
      </h2>
      <p>{detail ?? (offline ? t.offlineDetail : t.unexpectedDetail)}</p>
      {reasons.length + errors.length > 0 && (
        <ul>
          {reasons.map((it) => (
            <li key={it.code}>{it.message}</li>
          ))}
          {errors.map((it) => (
            <li key={`${it.pointer} ${it.code}`}>
              {!it.pointer.startsWith('/files/') && (
                <>
                  <code>{it.pointer}</code>:{' '}
                </>
              )}
              {it.message}
            </li>
          ))}
        </ul>
      )}
      {of.retryAfter !== null && <p>{t.retryAfter(of.retryAfter)}</p>}
      <p className="fine">
        {t.code} <code>{of.code}</code>
        {instance !== undefined && (
          <>
            {' · '}
            {t.request} <code>{instance}</code>
          </>
        )}
      </p>
      {onRetry !== undefined && (
        <button type="button" className="button quiet" onClick={onRetry}>
          {t.retry}
        </button>
      )}
    </div>
  )
}
