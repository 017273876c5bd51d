import { useState, type SyntheticEvent } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { post } from '../../api/client.js'
import { ticketPath } from '../../api/queries.js'
import type { Assignment, Row } from '../../api/types.js'
import { announce } from '../../app/announce.js'
import { BASE, navigate } from '../../app/router.js'
import { useAct } from '../../app/useAct.js'
import { Dialog } from '../../parts/Dialog.js'
import { DialogButtons } from '../../parts/DialogButtons.js'
import { SelectField } from '../../parts/Field.js'
import { Problem } from '../../parts/Problem.js'
import { codes, optionsOf } from '../../words/codes.js'
import { common } from '../../words/common.js'
import { useWords } from '../../words/index.js'
import { worklistWords } from './words.js'

interface Props {
  readonly row: Pick<Row, 'ticketId' | 'ticketNumber'>
  readonly onClose: () => void
}

/** Taking one of one's own choice, past what comes before it: with a reason that is kept. */
export function ClaimDialog({ row, onClose }: Props) {
  const t = useWords(worklistWords)
  const { choose, reason: label, required } = useWords(common)
  const { claim: reasons } = useWords(codes)
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const [fault, setFault] = useState<string>()
  const act = useAct((given: string, key: string) =>
    post<Assignment>(ticketPath(row.ticketId, '/claim'), { key, body: { reason: given } }),
  )
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault()
    setFault(reason === '' ? required : undefined)
    if (reason === '' || (await act.run(reason)) === undefined) return
    announce(t.claimed(row.ticketNumber))
    onClose()
    void client.invalidateQueries({ queryKey: ['worklist'] })
    void client.invalidateQueries({ queryKey: ['ticket', row.ticketId] })
    navigate(`${BASE}/tiket/${row.ticketId}`)
  }
  return (
    <Dialog title={t.claimTitle(row.ticketNumber)} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <p>{t.claimWhy}</p>
        <Problem of={act.problem} />
        <SelectField
          {...{ label, fault, value: reason, empty: choose, options: optionsOf(reasons), name: 'reason' }}
          onChange={(event) => setReason(event.target.value)}
        />
        <DialogButtons disabled={act.busy} onClose={onClose}>
          {t.claim}
        </DialogButtons>
      </form>
    </Dialog>
  )
}
