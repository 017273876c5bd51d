import { useState, type SyntheticEvent } from 'react'
import { post } from '../api/client.js'
import type { SignInStep } from '../api/types.js'
import { Dialog } from '../parts/Dialog.js'
import { TextField } from '../parts/Field.js'
import { Problem } from '../parts/Problem.js'
import { catalogue, useWords } from '../words/index.js'
import { common } from '../words/common.js'
import { box, useBox } from './store.js'
import { useSession } from './session.js'
import { useAct } from './useAct.js'

const words = catalogue({
  id: {
    title: 'Buktikan sekali lagi',
    why: 'Tindakan ini memerlukan kode baru dari aplikasi autentikator Anda. Sesi Anda tidak bertambah panjang.',
    code: 'Kode autentikator',
    hint: '6 angka. Tunggu kode berikutnya bila kode ini baru saja dipakai.',
    go: 'Buktikan',
    issuer: 'Anda masuk lewat penyedia identitas lembaga. Buktikan di sana, lalu ulangi tindakan ini.',
    goIssuer: 'Ke penyedia identitas',
  },
  en: {
    title: 'Prove it once more',
    why: 'This needs a fresh code from your authenticator. Your session does not get longer by it.',
    code: 'Authenticator code',
    hint: '6 digits. Wait for the next one if this one was just used.',
    go: 'Prove',
    issuer: 'You signed in by your institution’s identity provider. Prove it there, then do this again.',
    goIssuer: 'To the identity provider',
  },
})

type Answer = (proven: boolean) => void
/** Requests that wait for the same code. */
const waiting = box<readonly Answer[]>([])
/** Asks the person; several requests at once are one question. */
export const askStepUp = (): Promise<boolean> => new Promise((resolve) => waiting.set([...waiting.get(), resolve]))
function answer(proven: boolean): void {
  const all = waiting.get()
  waiting.set([])
  for (const it of all) it(proven)
}

export const StepUp = () => (useBox(waiting).length === 0 ? null : <Question />)

function Question() {
  const t = useWords(words)
  const { cancel } = useWords(common)
  const { session } = useSession()
  const [code, setCode] = useState('')
  const prove = useAct((given: string) => post<SignInStep>('/v1/session/step-up', { body: { code: given } }))
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault()
    if ((await prove.run(code.replaceAll(/\s/g, ''))) === undefined) setCode('')
    else answer(true)
  }
  if (session.via === 'oidc')
    return (
      <Dialog title={t.title} onClose={() => answer(false)}>
        <p>{t.issuer}</p>
        <a className="button" href="/v1/session/oidc?fresh=true">
          {t.goIssuer}
        </a>
      </Dialog>
    )
  return (
    <Dialog title={t.title} onClose={() => answer(false)}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <p>{t.why}</p>
        <Problem of={prove.problem} />
        <TextField
          {...{ label: t.code, hint: t.hint, value: code, name: 'code', className: 'code' }}
          onChange={(event) => setCode(event.target.value)}
          inputMode="numeric"
          autoComplete="one-time-code"
          autoFocus
        />
        <div className="row">
          <button className="button" disabled={prove.busy}>
            {t.go}
          </button>
          <button type="button" className="button quiet" onClick={() => answer(false)}>
            {cancel}
          </button>
        </div>
      </form>
    </Dialog>
  )
}
