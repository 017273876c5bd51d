import { useState } from 'react'
import { post } from '../../api/client.js'
import { announce } from '../../app/announce.js'
import { useSession } from '../../app/session.js'
import { useAct } from '../../app/useAct.js'
import { Dialog } from '../../parts/Dialog.js'
import { Problem } from '../../parts/Problem.js'
import { common } from '../../words/common.js'
import { useWords } from '../../words/index.js'
import type { OneTime, StaffView } from './api.js'
import { Roles } from './Roles.js'
import { staffWords } from './words.js'

interface Props {
  readonly of: StaffView
  readonly onChanged: () => void
  readonly onReset: (told: OneTime) => void
  readonly onClose: () => void
}
type Step = 'reset' | 'disable' | 'enable'

/** Roles and the account itself; what ends somebody's work says so before it is done. */
export function ManageDialog({ of, onChanged, onReset, onClose }: Props) {
  const t = useWords(staffWords)
  const { cancel } = useWords(common)
  const { staffId: me } = useSession()
  const [step, setStep] = useState<Step | null>(null)
  const act = useAct((verb: Step) => post<OneTime>(`/v1/staff/${of.staffId}/${verb}`))
  const run = async (verb: Step) => {
    const answer = await act.run(verb)
    if (answer === undefined) return
    setStep(null)
    if (verb === 'reset') {
      onReset(answer)
      return
    }
    announce(t.done)
    onChanged()
  }
  const own = of.staffId === me
  const verbs: readonly Step[] = of.disabledAt === null ? ['reset', 'disable'] : ['enable']
  const why = { reset: t.resetWhy, disable: t.disableWhy, enable: t.enableWhy }
  return (
    <Dialog title={of.name} onClose={onClose} wide>
      {own && <p className="inset warn">{t.own}</p>}
      <Roles of={of} own={own} onChanged={onChanged} />
      {!own && <h3>{t.account}</h3>}
      {!own && <Problem of={act.problem} />}
      {!own && step === null && (
        <div className="row">
          {verbs.map((it) => (
            <button
              key={it}
              type="button"
              className={`button ${it === 'disable' ? 'against' : 'quiet'}`}
              data-verb={it}
              onClick={() => setStep(it)}
            >
              {t[it]}
            </button>
          ))}
        </div>
      )}
      {step !== null && (
        <div className="inset warn">
          <p>{why[step](of.name)}</p>
          <div className="row">
            <button type="button" className="button" disabled={act.busy} data-sure onClick={() => void run(step)}>
              {t[step]}
            </button>
            <button type="button" className="button quiet" onClick={() => setStep(null)}>
              {cancel}
            </button>
          </div>
        </div>
      )}
    </Dialog>
  )
}
