import { useState, type SyntheticEvent } from 'react'
import { post } from '../../api/client.js'
import { useAct } from '../../app/useAct.js'
import { Dialog } from '../../parts/Dialog.js'
import { DialogButtons } from '../../parts/DialogButtons.js'
import { TextField } from '../../parts/Field.js'
import { Problem } from '../../parts/Problem.js'
import { common } from '../../words/common.js'
import { useWords } from '../../words/index.js'
import type { OneTime } from './api.js'
import { staffWords } from './words.js'

const NOTHING = { name: '', username: '', staffNumber: '' }

/** An account without any role yet; its one-time password is told once. */
export function CreateDialog({ onDone, onClose }: { onDone: (made: OneTime) => void; onClose: () => void }) {
  const t = useWords(staffWords)
  const { required } = useWords(common)
  const [of, setOf] = useState(NOTHING)
  const [tried, setTried] = useState(false)
  const act = useAct((body: typeof NOTHING, key: string) => post<OneTime>('/v1/staff', { key, body }))
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault()
    setTried(true)
    const order = { ...of, name: of.name.trim(), username: of.username.trim(), staffNumber: of.staffNumber.trim() }
    if (Object.values(order).includes('')) return
    const made = await act.run(order)
    if (made !== undefined) onDone(made)
  }
  const field = (name: keyof typeof NOTHING, label: string, hint?: string) => (
    <TextField
      {...{ label, hint, name: `new-${name}`, value: of[name], autoComplete: 'off', spellCheck: false }}
      fault={tried && of[name].trim() === '' ? required : undefined}
      onChange={(event) => setOf({ ...of, [name]: event.target.value })}
    />
  )
  return (
    <Dialog title={t.create} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Problem of={act.problem} />
        {field('name', t.name)}
        {field('username', t.username, t.usernameHint)}
        {field('staffNumber', t.number)}
        <DialogButtons disabled={act.busy} onClose={onClose}>
          {t.create}
        </DialogButtons>
      </form>
    </Dialog>
  )
}
