import { Dialog } from './Dialog.js'
import { Icon } from './Icon.js'

interface Props {
  readonly title: string
  readonly label: string
  readonly note: string
  readonly secret: string
  readonly understood: string
  readonly onDone: () => void
}

/** A secret that is told once: it cannot be closed by accident, and is in no cache. */
export const Once = ({ title, label, note, secret, understood, onDone }: Props) => (
  <Dialog title={title}>
    <p>
      {label}: <code className="secret value">{secret}</code>
    </p>
    <p className="inset warn">
      <Icon name="warn" /> {note}
    </p>
    <button type="button" className="button" onClick={onDone}>
      {understood}
    </button>
  </Dialog>
)
