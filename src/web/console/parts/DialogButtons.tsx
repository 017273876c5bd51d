import type { ReactNode } from 'react'
import { useWords } from '../words/index.js'
import { common } from '../words/common.js'

interface Props {
  /** What the first button says: the act, never "OK". */
  readonly children: ReactNode
  readonly disabled: boolean
  readonly onClose: () => void
  /** Without it the first button sends the form around it. */
  readonly onAct?: () => void
  /** Instead of "Batal" where what was done stays done. */
  readonly leave?: string
}

/** How a dialog ends: with its act, or without. */
export function DialogButtons({ children, disabled, onClose, onAct, leave }: Props) {
  const { cancel } = useWords(common)
  return (
    <div className="row">
      <button type={onAct === undefined ? 'submit' : 'button'} className="button" disabled={disabled} onClick={onAct}>
        {children}
      </button>
      <button type="button" className="button quiet" onClick={onClose}>
        {leave ?? cancel}
      </button>
    </div>
  )
}
