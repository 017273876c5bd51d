import { useState, type SyntheticEvent } from 'react'
import { useQuery } from '@tanstack/react-query'
import { post } from '../../api/client.js'
import type { SignInStep } from '../../api/types.js'
import { useAct } from '../../app/useAct.js'
import { TextField } from '../../parts/Field.js'
import { Loaded } from '../../parts/Page.js'
import { Problem } from '../../parts/Problem.js'
import { useWords } from '../../words/index.js'
import { AuthenticatorKey, CodeList } from './Factors.js'
import { signInWords } from './words.js'

export function ChoosePassword({ onNext }: { readonly onNext: (next: SignInStep['next']) => void }) {
  const t = useWords(signInWords)
  const [password, setPassword] = useState('')
  const [repeated, setRepeated] = useState('')
  const [fault, setFault] = useState<string>()
  const choose = useAct((given: string) => post<SignInStep>('/v1/session/password', { body: { password: given } }))
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault()
    setFault(password === repeated ? undefined : t.notSame)
    if (password !== repeated) return
    const step = await choose.run(password)
    if (step !== undefined) onNext(step.next)
  }
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <h2>{t.chooseTitle}</h2>
      <p>{t.chooseLead}</p>
      <Problem of={choose.problem} />
      <TextField
        {...{ label: t.newPassword, hint: t.chooseHint, name: 'new-password', type: 'password', value: password }}
        onChange={(event) => setPassword(event.target.value)}
        autoComplete="new-password"
        autoFocus
      />
      <TextField
        {...{ label: t.repeat, name: 'repeat', type: 'password', value: repeated, fault }}
        onChange={(event) => setRepeated(event.target.value)}
        autoComplete="new-password"
      />
      <button className="button" disabled={choose.busy}>
        {t.next}
      </button>
    </form>
  )
}

interface Enrolled {
  readonly secret: string
  readonly otpauth: string
}
export function Enrolment({ onCodes, onBack }: { onCodes: (codes: readonly string[]) => void; onBack: () => void }) {
  const t = useWords(signInWords)
  const [code, setCode] = useState('')
  // Each question makes a new secret, so it is asked once.
  const enrolment = useQuery({
    queryKey: ['enrolment'],
    queryFn: () => post<Enrolled>('/v1/session/enrolment'),
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  })
  const confirm = useAct((given: string) =>
    post<{ recoveryCodes: readonly string[] }>('/v1/session/enrolment/confirmation', { body: { code: given } }),
  )
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault()
    const done = await confirm.run(code.replaceAll(/\s/g, ''))
    setCode('')
    if (done !== undefined) onCodes(done.recoveryCodes)
  }
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <h2>{t.enrolTitle}</h2>
      <p>{t.enrolLead}</p>
      <Loaded query={enrolment}>
        {({ secret, otpauth }) => <AuthenticatorKey secret={secret} otpauth={otpauth} />}
      </Loaded>
      <Problem of={confirm.problem} />
      <TextField
        {...{ label: t.enrolCode, name: 'code', className: 'code', value: code }}
        onChange={(event) => setCode(event.target.value)}
        inputMode="numeric"
        autoComplete="one-time-code"
      />
      <div className="row">
        <button className="button" disabled={confirm.busy || enrolment.data === undefined}>
          {t.next}
        </button>
        <button type="button" className="button plain" onClick={onBack}>
          {t.back}
        </button>
      </div>
    </form>
  )
}

export function RecoveryCodes({ codes, onDone }: { readonly codes: readonly string[]; readonly onDone: () => void }) {
  const t = useWords(signInWords)
  return (
    <div>
      <h2>{t.codesTitle}</h2>
      <CodeList codes={codes} go={t.go} onDone={onDone} />
    </div>
  )
}
