import { useState, type SyntheticEvent } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { post } from '../../api/client.js'
import { announce } from '../../app/announce.js'
import { sessionQuery } from '../../app/session.js'
import { useAct, type Act } from '../../app/useAct.js'
import { Dialog } from '../../parts/Dialog.js'
import { DialogButtons } from '../../parts/DialogButtons.js'
import { TextField } from '../../parts/Field.js'
import { Problem } from '../../parts/Problem.js'
import { common } from '../../words/common.js'
import { useWords } from '../../words/index.js'
import { AuthenticatorKey, CodeList } from '../signIn/Factors.js'
import { signInWords } from '../signIn/words.js'
import { ownWords } from './words.js'

export type Renewed = 'authenticator' | 'codes'
interface Begun {
  readonly secret: string
  readonly otpauth: string
  readonly renewal: string
}
interface Codes {
  readonly recoveryCodes: readonly string[]
}
interface Props {
  readonly what: Renewed
  readonly onClose: () => void
}

/** A factor that still counts, then (for an authenticator) the new one's first code, then the new recovery codes, once. */
export function RenewDialog({ what, onClose }: Props) {
  const t = useWords(ownWords)
  const [begun, setBegun] = useState<Begun | null>(null)
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  const client = useQueryClient()
  const done = () => {
    void client.invalidateQueries({ queryKey: sessionQuery.queryKey })
    announce(t.renewed[what])
    onClose()
  }
  if (codes !== null)
    return (
      <Dialog key="codes" title={t.newCodes}>
        <CodeList codes={codes} go={t.finished} onDone={done} />
      </Dialog>
    )
  return (
    <Dialog key="renew" title={t.renew[what]} onClose={onClose}>
      {begun === null ? (
        <Prove what={what} onBegun={setBegun} onCodes={setCodes} onClose={onClose} />
      ) : (
        <Confirm of={begun} onCodes={setCodes} onClose={onClose} />
      )}
    </Dialog>
  )
}

interface ProveProps extends Props {
  readonly onBegun: (begun: Begun) => void
  readonly onCodes: (codes: readonly string[]) => void
}
function Prove({ what, onBegun, onCodes, onClose }: ProveProps) {
  const t = useWords(ownWords)
  const words = useWords(signInWords)
  const [recovers, setRecovers] = useState(false)
  const act = useAct(async (typed: string) => {
    if (what === 'codes')
      onCodes((await post<Codes>('/v1/session/recovery-codes', { body: { code: typed } })).recoveryCodes)
    else
      onBegun(await post<Begun>('/v1/session/renewal', { body: recovers ? { recoveryCode: typed } : { code: typed } }))
  })
  const other = () => {
    setRecovers(!recovers)
    act.forget()
  }
  return (
    <>
      <p>{t.proveWhy[what]}</p>
      <CodeForm
        key={String(recovers)}
        {...{ act, onClose, recovers, label: recovers ? words.recovery : t.codeNow, go: words.next }}
      />
      {what === 'authenticator' && (
        <p>
          <button type="button" className="button plain" onClick={other}>
            {recovers ? words.useCode : t.phoneGone}
          </button>
        </p>
      )}
    </>
  )
}

interface ConfirmProps extends Pick<ProveProps, 'onCodes' | 'onClose'> {
  readonly of: Begun
}
function Confirm({ of: { secret, otpauth, renewal }, onCodes, onClose }: ConfirmProps) {
  const t = useWords(ownWords)
  const words = useWords(signInWords)
  const act = useAct(async (code: string) =>
    onCodes((await post<Codes>('/v1/session/renewal/confirmation', { body: { renewal, code } })).recoveryCodes),
  )
  return (
    <>
      <p>{words.enrolLead}</p>
      <AuthenticatorKey secret={secret} otpauth={otpauth} />
      <p>{t.untilThen}</p>
      <CodeForm {...{ act, onClose, recovers: false, label: words.enrolCode, go: t.renew.authenticator }} />
    </>
  )
}

interface FormProps {
  readonly act: Pick<Act<string, void>, 'busy' | 'problem' | 'run'>
  readonly label: string
  readonly go: string
  readonly recovers: boolean
  readonly onClose: () => void
}
function CodeForm({ act, label, go, recovers, onClose }: FormProps) {
  const t = useWords(ownWords)
  const { required } = useWords(common)
  const [typed, setTyped] = useState('')
  const [tried, setTried] = useState(false)
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault()
    setTried(true)
    const code = typed.replaceAll(/\s/g, '')
    if (code === '') return
    await act.run(code)
    setTyped('')
    setTried(false)
  }
  // Said of the field that it is about.
  const wrong = act.problem?.code === 'SIGN_IN_REFUSED' || act.problem?.code === 'VALIDATION_FAILED'
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Problem of={wrong ? null : act.problem} />
      <TextField
        {...{ label, name: 'renew-code', className: 'code', value: typed }}
        fault={wrong ? t.codeWrong : tried && typed === '' ? required : undefined}
        inputMode={recovers ? 'text' : 'numeric'}
        autoComplete={recovers ? 'off' : 'one-time-code'}
        onChange={(event) => setTyped(event.target.value)}
        autoFocus
      />
      <DialogButtons disabled={act.busy} onClose={onClose}>
        {go}
      </DialogButtons>
    </form>
  )
}
