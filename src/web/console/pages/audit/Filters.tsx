import { useState, type SyntheticEvent } from 'react'
import { useQuery } from '../../app/router.js'
import { TextField } from '../../parts/Field.js'
import { useWords } from '../../words/index.js'
import { auditWords } from './words.js'

/** In the address: codes, ids and days, never anybody's data. Days are days of Jakarta. */
const NAMES = ['tindakan', 'petugas', 'tiket', 'sejak', 'sebelum'] as const
const startOf = (day: string) => new Date(`${day}T00:00:00+07:00`).toISOString()
const DAY = /^\d{4}-\d{2}-\d{2}$/

/** The API's own query for an address. */
export function searchOf(address: URLSearchParams): string {
  const search = new URLSearchParams()
  for (const [name, to] of [
    ['tindakan', 'action'],
    ['petugas', 'actorId'],
    ['tiket', 'ticketId'],
  ] as const) {
    const value = address.get(name)
    if (value !== null) search.set(to, value)
  }
  for (const [name, to] of [
    ['sejak', 'from'],
    ['sebelum', 'until'],
  ] as const) {
    const value = address.get(name) ?? ''
    if (DAY.test(value)) search.set(to, startOf(value))
  }
  return search.toString()
}

export function AuditFilters() {
  const t = useWords(auditWords)
  const [address, change] = useQuery()
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(NAMES.map((it) => [it, address.get(it) ?? ''])),
  )
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    change(Object.fromEntries(NAMES.map((it) => [it, (typed[it] ?? '').trim()])))
  }
  const field = (name: (typeof NAMES)[number], label: string, type: 'text' | 'date' = 'text', hint?: string) => (
    <TextField
      {...{ label, name, type, value: typed[name] ?? '', autoComplete: 'off', spellCheck: false }}
      {...(hint === undefined ? {} : { placeholder: hint })}
      onChange={(event) => setTyped({ ...typed, [name]: event.target.value })}
    />
  )
  const set = NAMES.some((it) => address.get(it) !== null)
  return (
    <form className="filters" onSubmit={submit}>
      {field('tindakan', t.action, 'text', t.actionHint)}
      {field('petugas', t.actor)}
      {field('tiket', t.ticket)}
      {field('sejak', t.from, 'date')}
      {field('sebelum', t.until, 'date')}
      <button className="button quiet">{t.search}</button>
      {set && (
        <button
          type="button"
          className="button plain"
          onClick={() => change(Object.fromEntries(NAMES.map((it) => [it, ''])))}
        >
          {t.clear}
        </button>
      )}
    </form>
  )
}
