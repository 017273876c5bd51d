import { useState } from 'react'
import { generate } from 'lean-qr'
import { toSvgPath } from 'lean-qr/extras/svg'
import { Tick } from '../../parts/Field.js'
import { useWords } from '../../words/index.js'
import { signInWords } from './words.js'

/** Light around it, in squares of the code: scanners ask for four. */
const QUIET = 4

/** Black on white whatever the page's colours: not every scanner reads it the other way around. */
function QrCode({ of, label }: { readonly of: string; readonly label: string }) {
  const code = generate(of)
  const side = code.size + 2 * QUIET
  return (
    <svg className="qr" role="img" aria-label={label} viewBox={`${-QUIET} ${-QUIET} ${side} ${side}`}>
      <rect x={-QUIET} y={-QUIET} width={side} height={side} fill="#fff" />
      <path d={toSvgPath(code)} fill="#000" />
    </svg>
  )
}

/** What an authenticator has to be told: scanned, typed in groups of four, or opened on this very device. */
export function AuthenticatorKey({ secret, otpauth }: { readonly secret: string; readonly otpauth: string }) {
  const t = useWords(signInWords)
  return (
    <>
      <QrCode of={otpauth} label={t.qr} />
      <p>
        {t.secret}: <code className="secret">{secret.match(/.{1,4}/g)?.join(' ')}</code>
      </p>
      <p>
        <a href={otpauth}>{t.openApp}</a>
      </p>
    </>
  )
}

interface Props {
  readonly codes: readonly string[]
  /** What the button says that goes on. */
  readonly go: string
  readonly onDone: () => void
}
/** Recovery codes, shown this once: gone on from only after they were kept. */
export function CodeList({ codes, go, onDone }: Props) {
  const t = useWords(signInWords)
  const [saved, setSaved] = useState(false)
  return (
    <>
      <p>{t.codesLead}</p>
      <ul className="codes">
        {codes.map((it) => (
          <li key={it}>
            <code>{it}</code>
          </li>
        ))}
      </ul>
      <Tick name="saved" checked={saved} onChange={(event) => setSaved(event.target.checked)}>
        {t.saved}
      </Tick>
      <div className="row">
        <button type="button" className="button" disabled={!saved} onClick={onDone}>
          {go}
        </button>
        <button type="button" className="button quiet" onClick={() => print()}>
          {t.download}
        </button>
      </div>
    </>
  )
}
