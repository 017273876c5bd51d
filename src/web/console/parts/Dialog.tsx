import { useEffect, useId, useRef, type ReactNode } from 'react'
import { useWords } from '../words/index.js'
import { common } from '../words/common.js'

interface Props {
  readonly title: string
  /** Without it the dialog cannot be left except through what it asks for. */
  readonly onClose?: () => void
  readonly children: ReactNode
  /** Hides what is behind it. */
  readonly opaque?: boolean
  readonly wide?: boolean
}

/** The browser's own modal dialog: it keeps the focus inside and gives it back. */
export function Dialog({ title, onClose, children, opaque = false, wide = false }: Props) {
  const t = useWords(common)
  const dialog = useRef<HTMLDialogElement>(null)
  const heading = useId()
  useEffect(() => {
    const it = dialog.current
    const before = document.activeElement
    if (it?.open === false) it.showModal()
    return () => {
      it?.close()
      // What opened it may be gone with what was done.
      const back = before instanceof HTMLElement && before.isConnected ? before : document.querySelector('h1')
      back?.focus()
    }
  }, [])
  return (
    <dialog
      ref={dialog}
      aria-labelledby={heading}
      className={`${opaque ? 'opaque' : ''} ${wide ? 'wide' : ''}`}
      onCancel={(event) => {
        event.preventDefault()
        onClose?.()
      }}
    >
      <header>
        <h2 id={heading}>{title}</h2>
        {onClose !== undefined && (
          <button type="button" className="button plain" onClick={onClose}>
            {t.close}
          </button>
        )}
      </header>
      {children}
    </dialog>
  )
}
