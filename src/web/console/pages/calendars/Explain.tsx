import { useState, type SyntheticEvent } from 'react'
import { useQuery } from '@tanstack/react-query'
import { get } from '../../api/client.js'
import type { CalendarExplanation, CalendarList } from '../../api/types.js'
import { usePreferences } from '../../app/preferences.js'
import { TextField } from '../../parts/Field.js'
import { Loaded } from '../../parts/Page.js'
import { useTimes } from '../../parts/time.js'
import { useWords } from '../../words/index.js'
import { inWords } from './Months.js'
import { calendarWords } from './words.js'

const DATE = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const
type Listed = CalendarList['items'][number]
const OFFSETS: Readonly<Record<string, string>> = {
  'Asia/Jakarta': '+07:00',
  'Asia/Pontianak': '+07:00',
  'Asia/Makassar': '+08:00',
  'Asia/Jayapura': '+09:00',
}

/** "Why this date?": so many working days from an instant, each day with its reason. */
export function Explain({ calendar }: { readonly calendar: Listed }) {
  const t = useWords(calendarWords)
  const [asked, setAsked] = useState<string | null>(null)
  const query = useQuery({
    queryKey: ['calendars', calendar.id, 'explain', asked],
    queryFn: ({ signal }) =>
      get<CalendarExplanation>(`/v1/calendars/${encodeURIComponent(calendar.id)}/explain?${asked ?? ''}`, signal),
    enabled: asked !== null,
    retry: false,
  })
  const count = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string): string => {
      const value = form.get(name)
      return typeof value === 'string' ? value : ''
    }
    const at = `${text('at')}:00${OFFSETS[calendar.zone] ?? 'Z'}`
    setAsked(new URLSearchParams({ at, days: text('days') }).toString())
  }
  return (
    <>
      <p className="fine">{t.explainLead}</p>
      <form onSubmit={count} className="row explain">
        <TextField label={t.from} name="at" type="datetime-local" required />
        <TextField label={t.days} name="days" type="number" min={0} max={250} defaultValue={3} required />
        <button type="submit" className="button">
          {t.count}
        </button>
      </form>
      {asked !== null && <Loaded query={query}>{(of) => <Told of={of} />}</Loaded>}
    </>
  )
}

function Told({ of }: { readonly of: CalendarExplanation }) {
  const { language } = usePreferences()
  const t = useWords(calendarWords)
  const times = useTimes()
  return (
    <div role="status">
      <p>
        <strong>
          {t.due}: {times.full(of.due.at, of.zone)}
        </strong>
        <br />
        {t.deemed}: {times.full(of.deemedAt.at, of.zone)}
      </p>
      {!of.holidaysKnown && <p>{t.unknown}</p>}
      <ol className="plain-days">
        {of.explained.map((it) => (
          <li key={it.date}>
            {inWords(language, DATE, it.date)}: {it.number === null ? t.notCounted[it.reason] : t.counted(it.number)}
            {it.label !== null && ` (${it.label})`}
            {it.tentative && `, ${t.tentative}`}
          </li>
        ))}
      </ol>
    </div>
  )
}
