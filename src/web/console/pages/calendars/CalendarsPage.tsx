import { queryOptions, useQuery } from '@tanstack/react-query'
import { get } from '../../api/client.js'
import { typesQuery } from '../../api/queries.js'
import { serverTime } from '../../api/serverTime.js'
import type { CalendarList, CalendarYear, PolicyList } from '../../api/types.js'
import { usePreferences } from '../../app/preferences.js'
import { useQuery as useAddress } from '../../app/router.js'
import { SelectField } from '../../parts/Field.js'
import { Head } from '../../parts/Head.js'
import { Empty, Heading, Loaded, Section } from '../../parts/Page.js'
import { useSay, useWords } from '../../words/index.js'
import { Explain } from './Explain.js'
import { inWords, Months } from './Months.js'
import { calendarWords } from './words.js'
import './calendars.css'

const DATE = { weekday: 'short', day: 'numeric', month: 'short' } as const
const calendarsQuery = queryOptions({
  queryKey: ['calendars'],
  queryFn: ({ signal }) => get<CalendarList>('/v1/calendars', signal),
})
const policiesQuery = queryOptions({
  queryKey: ['policies'],
  queryFn: ({ signal }) => get<PolicyList>('/v1/policies', signal),
})
const yearQuery = (id: string, year: number) =>
  queryOptions({
    queryKey: ['calendars', id, year],
    queryFn: ({ signal }) => get<CalendarYear>(`/v1/calendars/${encodeURIComponent(id)}/year/${year}`, signal),
  })

/** When offices are open, by which decree, and what that makes of a date. */
export default function CalendarsPage() {
  const t = useWords(calendarWords)
  const [address, change] = useAddress()
  const calendars = useQuery(calendarsQuery)
  const thisYear = new Date(serverTime.now()).getUTCFullYear()
  const asked = Number(address.get('tahun'))
  const year = asked >= 2000 && asked <= 2100 ? asked : thisYear
  return (
    <>
      <Heading title={t.title}>
        <p className="lead">{t.lead}</p>
      </Heading>
      <Loaded query={calendars}>
        {({ items }) => {
          const newest = [...new Map(items.map((it) => [it.id, it])).values()]
          const chosen = newest.find((it) => it.id === address.get('kalender')) ?? newest[0]
          if (chosen === undefined) return null
          return (
            <>
              <div className="row">
                <SelectField
                  label={t.calendar}
                  value={chosen.id}
                  options={newest.map((it) => ({ value: it.id, text: it.name }))}
                  onChange={(event) => change({ kalender: event.target.value })}
                />
                <SelectField
                  label={t.year}
                  value={String(year)}
                  options={[-1, 0, 1, 2].map((it) => ({ value: String(thisYear + it), text: String(thisYear + it) }))}
                  onChange={(event) => change({ tahun: event.target.value })}
                />
              </div>
              <OneYear id={chosen.id} year={year} />
              <Section title={t.explain}>
                <Explain key={chosen.id} calendar={chosen} />
              </Section>
            </>
          )
        }}
      </Loaded>
      <Section title={t.policies}>
        <Policies />
      </Section>
    </>
  )
}

function OneYear({ id, year }: { readonly id: string; readonly year: number }) {
  const t = useWords(calendarWords)
  const query = useQuery(yearQuery(id, year))
  return (
    <Loaded query={query}>
      {(of) => (
        <>
          <Section title={`${of.name}, ${of.year}`} aside={<span className="fine">{t.version(of.version)}</span>}>
            <Notices of={of} />
            <p>{t.counts(of.open, of.closed, of.shortened, of.tentative)}</p>
            <p className="fine">
              {of.offices.length === 0 ? t.nobody : `${t.offices}: ${of.offices.map((it) => it.name).join(', ')}`}
            </p>
            <Months of={of} />
            <p className="fine">{t.editing}</p>
          </Section>
          <Section title={t.special}>
            <Special of={of} />
          </Section>
        </>
      )}
    </Loaded>
  )
}

function Notices({ of }: { readonly of: CalendarYear }) {
  const t = useWords(calendarWords)
  const say = useSay()
  return (
    <>
      {of.notices.map((it) => (
        <p key={it.code}>{say(it.text)}</p>
      ))}
      {!of.holidaysKnown && <p>{t.unknown}</p>}
    </>
  )
}

function Special({ of }: { readonly of: CalendarYear }) {
  const t = useWords(calendarWords)
  const { language } = usePreferences()
  const days = of.days.filter((it) => it.name !== null)
  if (days.length === 0) return <Empty>{t.noSpecial}</Empty>
  return (
    <div className="scroll" role="region" aria-label={t.special} tabIndex={0}>
      <table>
        <Head of={[t.date, t.name, t.state, t.source]} />
        <tbody>
          {days.map((it) => (
            <tr key={it.date}>
              <th scope="row">{inWords(language, DATE, it.date)}</th>
              <td>
                {it.name}
                {it.tentative && ` (${t.tentative})`}
              </td>
              <td>
                {it.hours.length === 0 ? t.kind.closed : it.hours.map(([from, to]) => `${from}–${to}`).join(', ')}
              </td>
              <td>{it.source ?? t.noSource}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Policies() {
  const t = useWords(calendarWords)
  const say = useSay()
  const query = useQuery(policiesQuery)
  const { data: types } = useQuery(typesQuery)
  const named = (type: string): string => {
    const label = types?.items.find((it) => it.type === type)?.label
    return label === undefined ? type : say(label)
  }
  return (
    <Loaded query={query}>
      {({ items }) => (
        <div className="scroll" role="region" aria-label={t.policies} tabIndex={0}>
          <table>
            <caption>{t.policiesCaption}</caption>
            <Head of={[t.name, t.type, t.provenance]} />
            <tbody>
              {items.map((it) => (
                <tr key={`${it.id}@${it.version}`}>
                  <th scope="row">
                    {it.id}, {t.version(it.version)}
                  </th>
                  <td>{named(it.ticketType)}</td>
                  <td>{it.provenance}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Loaded>
  )
}
