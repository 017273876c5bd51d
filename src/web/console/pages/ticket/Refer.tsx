import { useState, type SyntheticEvent } from 'react'
import type { Verification } from '../../api/types.js'
import { Dialog } from '../../parts/Dialog.js'
import { DialogButtons } from '../../parts/DialogButtons.js'
import { OfficeField } from '../../parts/OfficeField.js'
import { Problem } from '../../parts/Problem.js'
import { common } from '../../words/common.js'
import { useSay, useWords } from '../../words/index.js'
import { decisionWords } from './decisionWords.js'
import { MISMATCH, type Sender } from './sending.js'
import { ticketWords } from './words.js'

interface Props {
  readonly differing: Verification['items']
  readonly sender: Sender
  readonly onDone: () => void
  readonly onClose: () => void
}

/** Records differ from the latest identity (R49): written down, the promise extended with its reason, and the person asked to a branch, in one act. */
export function Refer({ differing, sender, onDone, onClose }: Props) {
  const t = useWords(ticketWords)
  const { officeId: label } = useWords(decisionWords)
  const { required } = useWords(common)
  const say = useSay()
  const [officeId, setOfficeId] = useState('')
  const [fault, setFault] = useState<string>()
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault()
    const office = officeId.trim()
    setFault(office === '' ? required : undefined)
    if (office === '' || !(await sender.refer({ officeId: office, differing: differing.map((it) => it.item) }))) return
    onDone()
    onClose()
  }
  return (
    <Dialog title={t.refer} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <p>{t.referWhy}</p>
        <ul>
          {differing.map((it) => (
            <li key={it.item}>{say(it.label)}</li>
          ))}
        </ul>
        <Problem of={sender.problemOf(MISMATCH)} />
        <OfficeField
          {...{ label, fault, value: officeId, name: 'officeId', hint: t.referHint, branches: true }}
          onChange={setOfficeId}
        />
        <DialogButtons disabled={sender.busy} onClose={onClose}>
          {t.refer}
        </DialogButtons>
      </form>
    </Dialog>
  )
}
