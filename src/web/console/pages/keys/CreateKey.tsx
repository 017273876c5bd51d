import { useState, type SyntheticEvent } from 'react'
import { post } from '../../api/client.js'
import { useAct } from '../../app/useAct.js'
import { Dialog } from '../../parts/Dialog.js'
import { DialogButtons } from '../../parts/DialogButtons.js'
import { TextField, Tick } from '../../parts/Field.js'
import { Problem } from '../../parts/Problem.js'
import { optionsOf } from '../../words/codes.js'
import { common } from '../../words/common.js'
import { useWords } from '../../words/index.js'
import { keyWords } from './words.js'

const MOST_DAYS = 366
interface Order {
  readonly name: string
  readonly scopes: readonly string[]
  readonly days: number
}

/** Named, limited and ending. */
export function CreateKey({ onMade, onClose }: { onMade: (key: string) => void; onClose: () => void }) {
  const t = useWords(keyWords)
  const { required } = useWords(common)
  const [name, setName] = useState('')
  const [scopes, setScopes] = useState<readonly string[]>([])
  const [days, setDays] = useState('180')
  const [tried, setTried] = useState(false)
  const act = useAct((body: Order, key: string) => post<{ key: string }>('/v1/service-keys', { key, body }))
  const number = Number(days)
  const wrong = !Number.isInteger(number) || number < 1 || number > MOST_DAYS
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault()
    setTried(true)
    if (name.trim() === '' || scopes.length === 0 || wrong) return
    const made = await act.run({ name: name.trim(), scopes, days: number })
    if (made !== undefined) onMade(made.key)
  }
  return (
    <Dialog title={t.create} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Problem of={act.problem} />
        <TextField
          {...{ label: t.name, hint: t.nameHint, name: 'key-name', value: name, autoComplete: 'off' }}
          fault={tried && name.trim() === '' ? required : undefined}
          onChange={(event) => setName(event.target.value)}
        />
        <fieldset>
          <legend>{t.scopes}</legend>
          {tried && scopes.length === 0 && <p className="fault">{t.needScope}</p>}
          {optionsOf(t.scope).map(({ value, text }) => (
            <Tick
              key={value}
              name={`scope-${value}`}
              checked={scopes.includes(value)}
              onChange={({ target }) =>
                setScopes(target.checked ? [...scopes, value] : scopes.filter((it) => it !== value))
              }
            >
              {text}
            </Tick>
          ))}
        </fieldset>
        <TextField
          {...{ label: t.days, name: 'days', value: days, inputMode: 'numeric' }}
          fault={tried && wrong ? t.daysWrong : undefined}
          onChange={(event) => setDays(event.target.value.trim())}
        />
        <DialogButtons disabled={act.busy} onClose={onClose}>
          {t.create}
        </DialogButtons>
      </form>
    </Dialog>
  )
}
