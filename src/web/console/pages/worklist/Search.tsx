import { useState, type SyntheticEvent } from 'react'
import { post } from '../../api/client.js'
import type { Row } from '../../api/types.js'
import { useAct } from '../../app/useAct.js'
import { SelectField, TextField } from '../../parts/Field.js'
import { Empty } from '../../parts/Page.js'
import { Problem } from '../../parts/Problem.js'
import { common } from '../../words/common.js'
import { optionsOf } from '../../words/codes.js'
import { useWords } from '../../words/index.js'
import { WorkRow } from './WorkRow.js'
import { worklistWords } from './words.js'

/** What is looked for goes in a body and never into an address. */
export function SearchForm({ onFound }: { readonly onFound: (rows: readonly Row[]) => void }) {
  const t = useWords(worklistWords)
  const { required } = useWords(common)
  const [by, setBy] = useState('ticketNumber')
  const [value, setValue] = useState('')
  const [fault, setFault] = useState<string>()
  const act = useAct((body: { by: string; value: string }) => post<{ items: Row[] }>('/v1/worklist/search', { body }))
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault()
    const missing = value.trim() === ''
    setFault(missing ? required : undefined)
    if (missing) return
    const found = await act.run({ by, value: value.trim() })
    if (found === undefined) return
    // A person's number does not stay on the screen.
    if (by !== 'ticketNumber') setValue('')
    onFound(found.items)
  }
  return (
    <search>
      <form className="filters" aria-label={t.search} onSubmit={(event) => void submit(event)} noValidate>
        <SelectField
          {...{ label: t.searchBy, value: by, options: optionsOf(t.by) }}
          onChange={(event) => setBy(event.target.value)}
        />
        <TextField
          {...{ label: t.searchValue, value, fault }}
          onChange={(event) => setValue(event.target.value)}
          autoComplete="off"
          spellCheck={false}
        />
        <button className="button quiet" disabled={act.busy}>
          {t.go}
        </button>
        <p className="fine">{t.searchNote}</p>
      </form>
      <Problem of={act.problem} />
    </search>
  )
}

interface FoundProps {
  readonly rows: readonly Row[]
  readonly onClaim: (row: Row) => void
  readonly onBack: () => void
}
export function Found({ rows, onClaim, onBack }: FoundProps) {
  const t = useWords(worklistWords)
  return (
    <section className="group" aria-live="polite">
      <div className="group-head">
        <h2>{t.found(rows.length)}</h2>
        <button type="button" className="button plain" onClick={onBack}>
          {t.backToList}
        </button>
      </div>
      {rows.length === 0 && <Empty>{t.foundNone}</Empty>}
      <ul className="work">
        {rows.map((row) => (
          <WorkRow key={row.ticketId} row={row} onClaim={onClaim} />
        ))}
      </ul>
    </section>
  )
}
