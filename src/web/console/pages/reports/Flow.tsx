import { useQuery } from '@tanstack/react-query'
import { reportQuery, type Report } from '../../api/oversight.js'
import { DayChart } from '../../parts/chart/DayChart.js'
import { useNumbers } from '../../parts/chart/numbers.js'
import { Loaded } from '../../parts/Page.js'
import { useWords } from '../../words/index.js'
import { ReportSection, searchFor, useAsked, type Asked } from './asking.js'
import { daysFrom, openPerDay, perDay, total } from './figures.js'
import { reportWords } from './words.js'

/** What came against what went, and what that made of the pile. */
export function Flow() {
  const t = useWords(reportWords)
  return (
    <ReportSection name="flow" title={t.flow}>
      {(flow, asked) => (
        <>
          <Arrivals flow={flow} asked={asked} />
          <h3>{t.backlog}</h3>
          <Backlog flow={flow} />
        </>
      )}
    </ReportSection>
  )
}
const movesOf = ({ rows }: Report, { from, until }: Asked) => {
  const days = daysFrom(from, until)
  return { days, arrived: perDay(rows, days, 'filed', 'reopened'), closed: perDay(rows, days, 'closed') }
}

function Arrivals({ flow, asked }: { readonly flow: Report; readonly asked: Asked }) {
  const t = useWords(reportWords)
  const { count } = useNumbers()
  const { days, arrived, closed } = movesOf(flow, asked)
  const reopened = total(flow.rows, 'reopened')
  return (
    <DayChart
      {...{ title: t.flow, days, shape: 'lines' }}
      says={t.flowSays(
        asked.days,
        count(total(flow.rows, 'filed') + reopened),
        count(reopened),
        count(total(flow.rows, 'closed')),
      )}
      series={[
        { name: t.arrived, mark: 'b', values: arrived },
        { name: t.closed, mark: 'a', values: closed },
      ]}
    />
  )
}

function Backlog({ flow }: { readonly flow: Report }) {
  const t = useWords(reportWords)
  const { count } = useNumbers()
  const asked = useAsked()
  const query = useQuery(reportQuery('ageing', searchFor(asked)))
  return (
    <Loaded query={query}>
      {({ rows }) => {
        const { days, arrived, closed } = movesOf(flow, asked)
        const open = openPerDay(total(rows, 'tickets'), arrived, closed)
        const [first = 0, last = 0] = [open[0], open.at(-1)]
        return (
          <DayChart
            {...{ title: t.backlog, days, shape: 'bars' }}
            says={t.backlogSays(count(last), last - first, count(Math.abs(last - first)), asked.days - 1)}
            series={[{ name: t.open, mark: 'a', values: open }]}
          />
        )
      }}
    </Loaded>
  )
}
