import { useState, type SyntheticEvent } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { post } from '../../api/client.js'
import type { Incident } from '../../api/oversight.js'
import { serverTime } from '../../api/serverTime.js'
import { announce } from '../../app/announce.js'
import { useAct } from '../../app/useAct.js'
import { SelectField, TextField } from '../../parts/Field.js'
import { Problem } from '../../parts/Problem.js'
import { optionsOf } from '../../words/codes.js'
import { common } from '../../words/common.js'
import { useWords } from '../../words/index.js'
import { incidentWords } from './words.js'

/** What a field of local time holds is the time of Jakarta, wherever this computer is. */
const JAKARTA = '+07:00'
const SHIFT_MS = 7 * 3_600_000
const localNow = (): string => new Date(serverTime.now() + SHIFT_MS).toISOString().slice(0, 16)
const instantOf = (local: string): string => `${local}:00${JAKARTA}`

/** A new incident, which nobody outside hears of yet. */
export function Declare() {
  const t = useWords(incidentWords)
  const { choose, required } = useWords(common)
  const client = useQueryClient()
  const [title, setTitle] = useState('')
  const [from, setFrom] = useState(localNow)
  const [until, setUntil] = useState('')
  const [tried, setTried] = useState(false)
  const act = useAct((body: object, key: string) => post<Incident>('/v1/incidents', { key, body }))
  const wrongUntil = until !== '' && until <= from
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault()
    setTried(true)
    if (title === '' || from === '' || wrongUntil) return
    const times = { from: instantOf(from), until: until === '' ? null : instantOf(until) }
    if ((await act.run({ cause: 'GANGGUAN_SISTEM', title, ...times })) === undefined) return
    announce(t.declared)
    setTitle('')
    setUntil('')
    setTried(false)
    void client.invalidateQueries({ queryKey: ['incidents'] })
  }
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <p className="fine">{t.declareNote}</p>
      <Problem of={act.problem} />
      <SelectField
        {...{ label: t.what, name: 'title', value: title, empty: choose, options: optionsOf(t.titles) }}
        fault={tried && title === '' ? required : undefined}
        onChange={(event) => setTitle(event.target.value)}
      />
      <div className="two-times">
        <TextField
          {...{ label: t.from, name: 'from', type: 'datetime-local', value: from }}
          fault={tried && from === '' ? required : undefined}
          onChange={(event) => setFrom(event.target.value)}
        />
        <TextField
          {...{ label: t.until, name: 'until', type: 'datetime-local', value: until }}
          fault={tried && wrongUntil ? t.wrongUntil : undefined}
          onChange={(event) => setUntil(event.target.value)}
        />
      </div>
      <button className="button" disabled={act.busy}>
        {t.declare}
      </button>
    </form>
  )
}
