import { Component, type ReactNode } from 'react'
import { common } from '../words/common.js'
import { useWords } from '../words/index.js'
import { shellWords } from './shellWords.js'

/** One page that fails does not take the others, or the way out, with it. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false }
  static getDerivedStateFromError(): { readonly failed: boolean } {
    return { failed: true }
  }
  override render(): ReactNode {
    return this.state.failed ? <Failed /> : this.props.children
  }
}

function Failed() {
  const t = useWords(shellWords)
  const { again } = useWords(common)
  return (
    <div className="problem" role="alert">
      <h1>{t.broken}</h1>
      <p>{t.brokenDetail}</p>
      <button type="button" className="button" onClick={() => location.reload()}>
        {again}
      </button>
    </div>
  )
}
