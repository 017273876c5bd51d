import type { CalendarYear } from '../../api/types.js'
import { usePreferences } from '../../app/preferences.js'
import type { Language } from '../../words/language.js'
import { useWords } from '../../words/index.js'
import { calendarWords } from './words.js'

type Day = CalendarYear['days'][number]
/** A week from Monday on. */
const WEEK = ['2024-01-01', '2024-01-02', '2024-01-03', '2024-01-04', '2024-01-05', '2024-01-06', '2024-01-07']
/** A date of no zone in words. */
export const inWords = (language: Language, how: Intl.DateTimeFormatOptions, date: string): string =>
  new Intl.DateTimeFormat(language === 'id' ? 'id-ID' : 'en-GB', { ...how, timeZone: 'UTC' }).format(
    new Date(`${date}T12:00:00Z`),
  )
const KINDS = ['open', 'closed', 'shortened', 'changed'] as const

/** Twelve months; each day says by a sign what it is, never by colour alone, and in words when it is read out. */
export function Months({ of }: { readonly of: CalendarYear }) {
  const t = useWords(calendarWords)
  const months = Array.from({ length: 12 }, (_, at) => String(at + 1).padStart(2, '0'))
  return (
    <>
      <ul className="legend" aria-label={t.legend}>
        {KINDS.map((kind) => (
          <li key={kind}>
            <span className={`day ${kind}`} aria-hidden="true">
              {t.mark[kind] || '1'}
            </span>{' '}
            {t.kind[kind]}
          </li>
        ))}
        <li>
          <span className="day open tentative" aria-hidden="true">
            ?
          </span>{' '}
          {t.tentative}
        </li>
      </ul>
      <div className="months" role="group" aria-label={t.months}>
        {months.map((month) => (
          <Month key={month} days={of.days.filter((it) => it.date.slice(5, 7) === month)} />
        ))}
      </div>
    </>
  )
}

function Month({ days }: { readonly days: readonly Day[] }) {
  const { language } = usePreferences()
  const [first] = days
  if (first === undefined) return null
  const name = inWords(language, { month: 'long' }, first.date)
  const cells: (Day | null)[] = [...Array.from({ length: first.weekday - 1 }, () => null), ...days]
  const weeks = Array.from({ length: Math.ceil(cells.length / 7) }, (_, at) => cells.slice(at * 7, at * 7 + 7))
  return (
    <table className="month">
      <caption>{name}</caption>
      <thead>
        <tr>
          {WEEK.map((day) => (
            <th key={day} scope="col">
              {inWords(language, { weekday: 'short' }, day)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week) => (
          <tr key={week.find((it) => it !== null)?.date}>
            {week.map((day, at) => (
              <td key={day?.date ?? at}>{day !== null && <OneDay of={day} />}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function OneDay({ of }: { readonly of: Day }) {
  const t = useWords(calendarWords)
  const hours = of.hours.map(([from, to]) => `${from}–${to}`).join(', ')
  const words = [t.kind[of.kind], hours, of.name, of.tentative ? t.tentative : null].filter(Boolean).join(', ')
  return (
    <span className={`day ${of.kind}${of.tentative ? ' tentative' : ''}`} title={words}>
      {Number(of.date.slice(8))}
      <span aria-hidden="true" className="sign">
        {of.tentative ? '?' : t.mark[of.kind]}
      </span>
      <span className="unseen"> {words}</span>
    </span>
  )
}
