import { useTitle } from '../../app/router.js'
import { Preferring } from '../../app/Preferring.js'
import { useWords } from '../../words/index.js'
import { SignInSteps } from './SignInSteps.js'
import { signInWords } from './words.js'

/** The way in, at whichever address somebody came to. */
export default function SignInPage({ onDone }: { readonly onDone: () => void }) {
  const t = useWords(signInWords)
  useTitle(t.title)
  return (
    <div className="gate">
      <main>
        <div className="brand">
          <span className="mark" aria-hidden="true" />
          <b>Pulih</b>
        </div>
        <h1>{t.title}</h1>
        <p className="lead">{t.lead}</p>
        <SignInSteps onDone={onDone} />
      </main>
      <footer>
        <Preferring brief />
      </footer>
    </div>
  )
}
