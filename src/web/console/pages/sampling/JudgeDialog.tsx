import { useState, type SyntheticEvent } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { post } from '../../api/client.js'
import { ticketPath } from '../../api/queries.js'
import { announce } from '../../app/announce.js'
import { useAct } from '../../app/useAct.js'
import { Dialog } from '../../parts/Dialog.js'
import { DialogButtons } from '../../parts/DialogButtons.js'
import { SelectField } from '../../parts/Field.js'
import { Problem } from '../../parts/Problem.js'
import { optionsOf } from '../../words/codes.js'
import { common } from '../../words/common.js'
import { useWords } from '../../words/index.js'
import { samplingWords } from './words.js'

/** An approval that was drawn. */
export interface Review {
  readonly ticketId: string
  readonly ticketNumber: string
  readonly cycle: number
  readonly officeId: string
  readonly makerId: string
  readonly checkerId: string
  readonly chosenAt: string
}

type Verdict = 'sound' | 'doubtful'
interface Props {
  readonly of: Review
  readonly onClose: () => void
}

/** What a second look found: a verdict with a coded reason, once. */
export function JudgeDialog({ of: { ticketId, ticketNumber }, onClose }: Props) {
  const t = useWords(samplingWords)
  const { choose, reason: reasonLabel, required } = useWords(common)
  const client = useQueryClient()
  const [verdict, setVerdict] = useState<Verdict | ''>('')
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const act = useAct((body: { verdict: Verdict; reason: string }) =>
    post(ticketPath(ticketId, '/approval-review'), { body }),
  )
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault()
    setTried(true)
    if (verdict === '' || reason === '') return
    const done = await act.run({ verdict, reason })
    void client.invalidateQueries({ queryKey: ['reviews'] })
    if (done === undefined) return
    announce(t.recorded(ticketNumber))
    onClose()
  }
  const fault = (value: string) => (tried && value === '' ? required : undefined)
  return (
    <Dialog title={t.dialog(ticketNumber)} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <p>{t.note}</p>
        <Problem of={act.problem} />
        <SelectField
          {...{ label: t.verdict, name: 'verdict', value: verdict, empty: choose, fault: fault(verdict) }}
          options={optionsOf(t.verdicts)}
          onChange={(event) => {
            setVerdict(event.target.value as Verdict | '')
            setReason('')
          }}
        />
        <SelectField
          {...{ label: reasonLabel, name: 'reason', value: reason, empty: choose, fault: fault(reason) }}
          disabled={verdict === ''}
          options={verdict === '' ? [] : optionsOf(t.reasons[verdict])}
          onChange={(event) => setReason(event.target.value)}
        />
        <DialogButtons disabled={act.busy} onClose={onClose}>
          {t.judge}
        </DialogButtons>
      </form>
    </Dialog>
  )
}
