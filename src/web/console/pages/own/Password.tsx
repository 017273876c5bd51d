import { useState, type SyntheticEvent } from 'react'
import { post } from '../../api/client.js'
import { announce } from '../../app/announce.js'
import { FEW_CODES } from '../../app/FewCodes.js'
import { useSession } from '../../app/session.js'
import { useAct } from '../../app/useAct.js'
import { TextField } from '../../parts/Field.js'
import { Section } from '../../parts/Page.js'
import { Problem } from '../../parts/Problem.js'
import { Tag } from '../../parts/Tag.js'
import { common } from '../../words/common.js'
import { useWords } from '../../words/index.js'
import { RenewDialog, type Renewed } from './Renewing.js'
import { ownWords } from './words.js'

const NOTHING = { current: '', password: '', repeat: '' }

/** Password, authenticator and recovery codes, each renewed with what still counts; who has lost all of it needs an administrator. */
export function PasswordSection() {
  const t = useWords(ownWords)
  const { required } = useWords(common)
  const [typed, setTyped] = useState(NOTHING)
  const [tried, setTried] = useState(false)
  const [done, setDone] = useState(false)
  const [renewing, setRenewing] = useState<Renewed | null>(null)
  const act = useAct((body: { current: string; password: string }) => post('/v1/session/password', { body }))
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault()
    setTried(true)
    setDone(false)
    const { current, password, repeat } = typed
    if (current === '' || password === '' || password !== repeat) return
    const changed = await act.run({ current, password })
    setTyped(NOTHING)
    setTried(false)
    if (changed === undefined) return
    setDone(true)
    announce(t.changed)
  }
  const field = (name: keyof typeof NOTHING, label: string, fault: string | undefined, hint?: string) => (
    <TextField
      {...{ label, hint, fault, name: `own-${name}`, type: 'password', value: typed[name] }}
      autoComplete={name === 'current' ? 'current-password' : 'new-password'}
      onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
    />
  )
  // Said of the field that it is about; to a stranger at the way in the API tells nothing.
  const wrong = act.problem?.code === 'SIGN_IN_REFUSED'
  const lacking = (name: 'current' | 'password') => (tried && typed[name] === '' ? required : undefined)
  return (
    <Section title={t.security}>
      <p>{t.factors}</p>
      <CodesLeft />
      <div className="row">
        {(['authenticator', 'codes'] as const).map((it) => (
          <button key={it} type="button" className="button quiet" data-renew={it} onClick={() => setRenewing(it)}>
            {t.renew[it]}
          </button>
        ))}
      </div>
      {renewing !== null && <RenewDialog what={renewing} onClose={() => setRenewing(null)} />}
      <details>
        <summary>{t.change}</summary>
        <form onSubmit={(event) => void submit(event)} noValidate>
          <Problem of={wrong ? null : act.problem} />
          {done && <p className="inset">{t.changed}</p>}
          {field('current', t.current, wrong ? t.currentWrong : lacking('current'))}
          {field('password', t.wanted, lacking('password'), t.wantedHint)}
          {field('repeat', t.repeat, tried && typed.password !== typed.repeat ? t.notSame : undefined)}
          <button className="button" disabled={act.busy}>
            {t.change}
          </button>
        </form>
      </details>
    </Section>
  )
}

function CodesLeft() {
  const t = useWords(ownWords)
  const { recoveryCodesLeft: left } = useSession()
  if (left === null) return null
  const few = left <= FEW_CODES
  return (
    <p data-codes-left={left}>
      {t.codesLeft}: <Tag {...(few ? { tone: 'warn', icon: 'warn' } : {})}>{few ? t.few(left) : left}</Tag>
    </p>
  )
}
