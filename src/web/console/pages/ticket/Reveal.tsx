import { useState, type SyntheticEvent } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { post } from '../../api/client.js'
import { comparisonQuery, personQuery, ticketPath } from '../../api/queries.js'
import type { Person, PersonField, SideBySide } from '../../api/types.js'
import { announce } from '../../app/announce.js'
import { useAct } from '../../app/useAct.js'
import { Dialog } from '../../parts/Dialog.js'
import { DialogButtons } from '../../parts/DialogButtons.js'
import { SelectField, Tick } from '../../parts/Field.js'
import { Problem } from '../../parts/Problem.js'
import { coded, codes, optionsOf } from '../../words/codes.js'
import { common } from '../../words/common.js'
import { useWords } from '../../words/index.js'
import { ticketWords } from './words.js'

const FIELDS: readonly PersonField[] = ['name', 'nik', 'kpj', 'birthDate', 'email', 'phone']
/** The comparison is opened as one: whoever needs two sides needs both. */
const COMPARED: ReadonlySet<PersonField> = new Set(['name', 'nik', 'kpj', 'birthDate'])

/** Opens fields in the clear, for a reason that is written down first. */
export function Reveal({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const t = useWords(ticketWords)
  const { choose, reason: label, required } = useWords(common)
  const words = useWords(codes)
  const client = useQueryClient()
  const [fields, setFields] = useState<ReadonlySet<PersonField>>(new Set())
  const [reason, setReason] = useState('')
  const [fault, setFault] = useState<'fields' | 'reason' | null>(null)
  const act = useAct(async (body: { fields: readonly PersonField[]; reason: string }) => {
    const person = await post<Person>(ticketPath(id, '/person/reveal'), { body })
    client.setQueryData(personQuery(id).queryKey, person)
    if (!body.fields.some((it) => COMPARED.has(it))) return
    const sides = await post<SideBySide>(ticketPath(id, '/comparison/reveal'), { body: { reason: body.reason } })
    client.setQueryData(comparisonQuery(id).queryKey, sides)
  })
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault()
    const wrong = fields.size === 0 ? 'fields' : reason === '' ? 'reason' : null
    setFault(wrong)
    if (wrong !== null) return
    await act.run({ fields: FIELDS.filter((it) => fields.has(it)), reason })
    if (client.getQueryData(personQuery(id).queryKey)?.revealed.length === 0) return
    announce(t.revealed)
    onClose()
  }
  const toggle = (field: PersonField) => {
    const next = new Set(fields)
    if (!next.delete(field)) next.add(field)
    setFields(next)
  }
  return (
    <Dialog title={t.revealTitle} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <p>{t.revealWhy}</p>
        <Problem of={act.problem} />
        <fieldset>
          <legend>{t.revealFields}</legend>
          {fault === 'fields' && <p className="fault">{t.revealNone}</p>}
          {FIELDS.map((it) => (
            <Tick key={it} checked={fields.has(it)} onChange={() => toggle(it)}>
              {coded(words.field, it)}
            </Tick>
          ))}
        </fieldset>
        <SelectField
          {...{ label, value: reason, empty: choose, options: optionsOf(words.reveal), name: 'reason' }}
          fault={fault === 'reason' ? required : undefined}
          onChange={(event) => setReason(event.target.value)}
        />
        <DialogButtons disabled={act.busy} onClose={onClose}>
          {t.reveal}
        </DialogButtons>
      </form>
    </Dialog>
  )
}
