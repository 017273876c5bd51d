import { useState } from 'react'
import type { SignInStep } from '../../api/types.js'
import { ChoosePassword, Enrolment, RecoveryCodes } from './FirstTime.js'
import { Code, Password } from './Steps.js'

type Step = SignInStep['next'] | 'start' | 'codes'

/** Step by step as the API says which comes next; each is a form by itself. */
export function SignInSteps({ username, onDone }: { readonly username?: string; readonly onDone: () => void }) {
  const [step, setStep] = useState<Step>('start')
  const [codes, setCodes] = useState<readonly string[]>([])
  const go = (next: SignInStep['next']) => {
    if (next === 'open') onDone()
    else setStep(next)
  }
  const back = () => setStep('start')
  if (step === 'totp') return <Code onNext={go} onBack={back} />
  if (step === 'password') return <ChoosePassword onNext={go} />
  if (step === 'enrol')
    return (
      <Enrolment
        onBack={back}
        onCodes={(given) => {
          setCodes(given)
          setStep('codes')
        }}
      />
    )
  if (step === 'codes') return <RecoveryCodes codes={codes} onDone={onDone} />
  return <Password {...(username === undefined ? {} : { username })} onNext={go} />
}
