import { useState, type SyntheticEvent } from 'react'
import { post } from '../../api/client.js'
import type { SignInStep } from '../../api/types.js'
import { useAct } from '../../app/useAct.js'
import { TextField } from '../../parts/Field.js'
import { Problem } from '../../parts/Problem.js'
import { useWords } from '../../words/index.js'
import { signInWords } from './words.js'

type Next = (next: SignInStep['next']) => void
/** Said by the server in the page itself, so that nothing has to be tried out. */
const oidcOffered = (): boolean => document.querySelector<HTMLMetaElement>('meta[name=pulih-oidc]')?.content === 'yes'

export function Password({ username: known, onNext }: { readonly username?: string; readonly onNext: Next }) {
  const t = useWords(signInWords)
  const [username, setUsername] = useState(known ?? '')
  const [password, setPassword] = useState('')
  const [fault, setFault] = useState<string>()
  const signIn = useAct((body: { username: string; password: string }) => post<SignInStep>('/v1/session', { body }))
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault()
    const missing = username.trim() === '' || password === ''
    setFault(missing ? t.needed : undefined)
    if (missing) return
    const step = await signIn.run({ username: username.trim(), password })
    setPassword('')
    if (step !== undefined) onNext(step.next)
  }
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Problem of={signIn.problem} />
      <TextField
        {...{ label: t.username, name: 'username', value: username, fault }}
        onChange={(event) => setUsername(event.target.value)}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
      />
      <TextField
        {...{ label: t.password, name: 'password', type: 'password', value: password }}
        onChange={(event) => setPassword(event.target.value)}
        autoComplete="current-password"
        autoFocus={known !== undefined}
      />
      <div className="row">
        <button className="button" disabled={signIn.busy}>
          {t.next}
        </button>
      </div>
      {oidcOffered() && (
        <p className="or">
          {t.or}{' '}
          <a className="button quiet" href="/v1/session/oidc">
            {t.oidc}
          </a>
        </p>
      )}
    </form>
  )
}

export function Code({ onNext, onBack }: { readonly onNext: Next; readonly onBack: () => void }) {
  const t = useWords(signInWords)
  const [recovering, setRecovering] = useState(false)
  const [code, setCode] = useState('')
  const prove = useAct((given: string) => {
    const body = recovering ? { recoveryCode: given.trim() } : { code: given.replaceAll(/\s/g, '') }
    return post<SignInStep>('/v1/session/totp', { body })
  })
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault()
    const step = await prove.run(code)
    setCode('')
    if (step !== undefined) onNext(step.next)
  }
  const lost = prove.problem?.code === 'UNAUTHENTICATED'
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <h2>{t.codeTitle}</h2>
      <p>{t.codeLead}</p>
      <Problem of={prove.problem} />
      <TextField
        key={recovering ? 'recovery' : 'code'}
        {...{ label: recovering ? t.recovery : t.code, value: code, name: 'code', className: 'code' }}
        hint={recovering ? t.recoveryHint : undefined}
        onChange={(event) => setCode(event.target.value)}
        inputMode={recovering ? 'text' : 'numeric'}
        autoComplete="one-time-code"
        autoFocus
      />
      <div className="row">
        <button className="button" disabled={prove.busy || lost}>
          {t.signIn}
        </button>
        <button type="button" className="button plain" onClick={() => setRecovering(!recovering)}>
          {recovering ? t.useCode : t.useRecovery}
        </button>
        <button type="button" className="button plain" onClick={onBack}>
          {t.back}
        </button>
      </div>
    </form>
  )
}
