import { useState, type SyntheticEvent } from 'react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { post } from '../../api/client.js'
import { colleaguesQuery, ticketPath } from '../../api/queries.js'
import type { Assignment, Row } from '../../api/types.js'
import { announce } from '../../app/announce.js'
import { useSession } from '../../app/session.js'
import { useAct } from '../../app/useAct.js'
import { Dialog } from '../../parts/Dialog.js'
import { DialogButtons } from '../../parts/DialogButtons.js'
import { SelectField } from '../../parts/Field.js'
import { Loaded } from '../../parts/Page.js'
import { Problem } from '../../parts/Problem.js'
import { codes, optionsOf } from '../../words/codes.js'
import { common } from '../../words/common.js'
import { useWords } from '../../words/index.js'
import { givingWords } from './words.js'

interface Props {
  readonly row: Pick<Row, 'ticketId' | 'ticketNumber'>
  readonly how: 'assign' | 'transfer'
  readonly onClose: () => void
}

/** A case goes to somebody by name, with a reason that is kept: by its supervisor, or by whoever holds it. */
export function GiveDialog({ row: { ticketId, ticketNumber }, how, onClose }: Props) {
  const t = useWords(givingWords)
  const { choose, reason: reasonLabel, required } = useWords(common)
  const { role } = useWords(codes)
  const { staffId: me } = useSession()
  const client = useQueryClient()
  const colleagues = useQuery(colleaguesQuery(ticketId))
  const [to, setTo] = useState('')
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const act = useAct((body: { staffId: string; reason: string }, key: string) =>
    post<Assignment>(ticketPath(ticketId, `/${how}`), { key, body }),
  )
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault()
    setTried(true)
    if (to === '' || reason === '' || (await act.run({ staffId: to, reason })) === undefined) return
    announce(t.given(colleagues.data?.items.find((it) => it.staffId === to)?.name ?? ''))
    onClose()
    void client.invalidateQueries({ queryKey: ['worklist'] })
    void client.invalidateQueries({ queryKey: ['ticket', ticketId] })
  }
  const fault = (value: string) => (tried && value === '' ? required : undefined)
  return (
    <Dialog title={t.giveTitle[how](ticketNumber)} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <p>{t.giveWhy[how]}</p>
        <Problem of={act.problem} />
        <Loaded query={colleagues}>
          {({ items }) => {
            const others = items.filter((it) => it.staffId !== me || how === 'assign')
            if (others.length === 0) return <p className="inset warn">{t.giveNobody}</p>
            const named = (it: (typeof others)[number]) =>
              `${it.name} · ${it.roles.map((one) => (role as Readonly<Record<string, string>>)[one] ?? one).join(', ')}`
            return (
              <SelectField
                {...{ label: t.giveTo, name: 'staffId', value: to, empty: choose, fault: fault(to) }}
                options={others.map((it) => ({ value: it.staffId, text: named(it) }))}
                onChange={(event) => setTo(event.target.value)}
              />
            )
          }}
        </Loaded>
        <SelectField
          {...{ label: reasonLabel, name: 'reason', value: reason, empty: choose, fault: fault(reason) }}
          options={optionsOf(t.giveReasons)}
          onChange={(event) => setReason(event.target.value)}
        />
        <DialogButtons disabled={act.busy || colleagues.data?.items.length === 0} onClose={onClose}>
          {t.give[how]}
        </DialogButtons>
      </form>
    </Dialog>
  )
}
