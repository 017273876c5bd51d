import type { ReactNode } from 'react'
import { useQueries, useQuery } from '@tanstack/react-query'
import { reportQuery, type Report, type ReportRow } from '../../api/oversight.js'
import { typeQuery, typesQuery } from '../../api/queries.js'
import { serverTime } from '../../api/serverTime.js'
import type { TypeDescription } from '../../api/types.js'
import { useQuery as useAddress } from '../../app/router.js'
import { useOfficeName } from '../../parts/OfficeField.js'
import { Loaded, Section } from '../../parts/Page.js'
import { ZONE } from '../../parts/time.js'
import { coded, codes } from '../../words/codes.js'
import { useSay, useWords } from '../../words/index.js'
import { dayBefore, textOf } from './figures.js'
import { reportWords } from './words.js'

export const PERIODS = [7, 30, 90]
export interface Asked {
  readonly days: number
  readonly from: string
  readonly until: string
  readonly office: string
}
/** What the address asks for; the day is that of the head office. */
export function useAsked(): Asked {
  const [address] = useAddress()
  const days = PERIODS.find((it) => String(it) === address.get('hari')) ?? 30
  const until = new Date(serverTime.now()).toLocaleDateString('en-CA', { timeZone: ZONE })
  return { days, until, from: dayBefore(until, days - 1), office: address.get('kantor') ?? '' }
}
/** The API's own query; `days` asks for more than the period. */
export function searchFor({ until, office, days }: Asked, atLeast = 0): string {
  const search = new URLSearchParams({ from: dayBefore(until, Math.max(days, atLeast) - 1), until })
  if (office !== '') search.set('office', office)
  return search.toString()
}

/** A report under its heading, with the way to its rows. */
export function ReportSection(props: {
  readonly name: string
  readonly title: string
  readonly atLeast?: number
  readonly children: (report: Report, asked: Asked) => ReactNode
}) {
  const { name, title, atLeast = 0, children } = props
  const t = useWords(reportWords)
  const asked = useAsked()
  const query = useQuery(reportQuery(name, searchFor(asked, atLeast)))
  const csv = (
    <a className="csv" href={`/v1/reports/${name}/csv?${searchFor(asked)}`} aria-label={t.csvOf(title)} download>
      {t.csv}
    </a>
  )
  return (
    <Section title={title} aside={csv}>
      <Loaded query={query}>
        {(report) => (
          <>
            {!report.complete && <p className="fine">{t.incomplete}</p>}
            {children(report, asked)}
          </>
        )}
      </Loaded>
    </Section>
  )
}

/** Names for codes of rows: offices, routes, promises, states. What is not known is shown as it came. */
export function useNames() {
  const words = useWords(codes)
  const say = useSay()
  const { data: types } = useQuery(typesQuery)
  const described = useQueries({ queries: (types?.items ?? []).map((it) => typeQuery(it.type)) })
  const office = useOfficeName()
  /** Rows are of every type at once: types that call the same code differently are told with all of their words. */
  const labelled = (from: 'targets' | 'states', code: string): string => {
    const found = described.flatMap(({ data }) => wordsFor(data, from, code).map(say))
    return found.length === 0 ? code : [...new Set(found)].join(' / ')
  }
  return {
    office,
    place: (row: ReportRow) => `${office(textOf(row, 'officeId'))} · ${coded(words.route, textOf(row, 'route'))}`,
    target: (code: string) => labelled('targets', code),
    state: (code: string) => labelled('states', code),
  }
}
const wordsFor = (of: TypeDescription | undefined, from: 'targets' | 'states', code: string) => {
  const label = of?.[from][code]
  return label === undefined ? [] : [label]
}
