import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { pairsQuery, type Pairs } from '../../api/oversight.js'
import { useSession } from '../../app/session.js'
import { BarTable } from '../../parts/chart/BarTable.js'
import { useNumbers } from '../../parts/chart/numbers.js'
import { SelectField } from '../../parts/Field.js'
import { Icon } from '../../parts/Icon.js'
import { Empty, Loaded, Section } from '../../parts/Page.js'
import { useStaffName } from '../../parts/people.js'
import { useWords } from '../../words/index.js'
import { ReportSection, useAsked, useNames } from './asking.js'
import { dayBefore, textOf, total } from './figures.js'
import { reportWords } from './words.js'

/** Who carries how much, in the order of their names: nobody is first. */
export function Load() {
  const t = useWords(reportWords)
  const names = useNames()
  const staffName = useStaffName()
  const { count } = useNumbers()
  return (
    <ReportSection name="load" title={t.load}>
      {({ rows }) => {
        if (rows.length === 0) return <Empty>{t.loadNone}</Empty>
        const officers = new Set(rows.map((row) => textOf(row, 'staffId')))
        const each = [...officers].map((id) =>
          total(
            rows.filter((row) => row['staffId'] === id),
            'acts',
          ),
        )
        return (
          <BarTable
            {...{ title: t.load, head: t.officer, columns: [t.acts, t.ticketDays, t.workDays] }}
            says={t.loadSays(count(officers.size), count(Math.min(...each)), count(Math.max(...each)))}
            rows={rows
              .map((row, at) => ({
                key: String(at),
                label: `${staffName(textOf(row, 'staffId'))} · ${names.office(textOf(row, 'officeId'))}`,
                bars: (['acts', 'ticketDays', 'days'] as const).map((it) => ({
                  value: Number(row[it]),
                  text: count(Number(row[it])),
                })),
              }))
              .toSorted((a, b) => a.label.localeCompare(b.label, 'id'))}
          />
        )
      }}
    </ReportSection>
  )
}

const WEEK = [0, 1, 2, 3, 4, 5, 6]
/** Who approves with whom, on one day: the same two too often is worth a look (R-4E-5). */
export function PairHeat() {
  const t = useWords(reportWords)
  const { roles } = useSession()
  const everywhere = roles.some((it) => it.officeId === null && ['supervisor', 'auditor'].includes(it.role))
  return <Section title={t.pairs}>{everywhere ? <PairsOfDay /> : <Empty>{t.pairsOffices}</Empty>}</Section>
}

function PairsOfDay() {
  const t = useWords(reportWords)
  const numbers = useNumbers()
  const { until } = useAsked()
  const [back, setBack] = useState(0)
  const query = useQuery(pairsQuery(dayBefore(until, back)))
  return (
    <>
      <div className="filters">
        <SelectField
          {...{ label: t.pairsDay, name: 'pasangan', value: String(back) }}
          options={WEEK.map((it) => ({ value: String(it), text: numbers.day(dayBefore(until, it)) }))}
          onChange={(event) => setBack(Number(event.target.value))}
        />
      </div>
      <Loaded query={query}>
        {({ items }) => (items.length === 0 ? <Empty>{t.pairsNone}</Empty> : <Heat items={items} />)}
      </Loaded>
    </>
  )
}

/** Five steps of one colour; the number stands in every cell. */
const heatOf = (approvals: number, most: number): number => Math.ceil((approvals / most) * 5)

function Heat({ items }: Pairs) {
  const t = useWords(reportWords)
  const staffName = useStaffName()
  const { count } = useNumbers()
  const makers = [...new Set(items.map((it) => it.makerId))].sort()
  const checkers = [...new Set(items.map((it) => it.checkerId))].sort()
  const most = Math.max(...items.map((it) => it.approvals))
  const approvals = items.reduce((sum, it) => sum + it.approvals, 0)
  const frequent = items.filter((it) => it.frequent).length
  return (
    <figure className="chart">
      <figcaption>{t.pairsSays(count(items.length), count(approvals), count(frequent))}</figcaption>
      <div className="scroll" role="region" aria-label={t.pairs} tabIndex={0}>
        <table className="heat">
          <caption className="unseen">{t.pairs}</caption>
          <thead>
            <tr>
              <th scope="col">
                {t.maker} \ {t.checker}
              </th>
              {checkers.map((it) => (
                <th key={it} scope="col">
                  {staffName(it)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {makers.map((maker) => (
              <tr key={maker}>
                <th scope="row">{staffName(maker)}</th>
                {checkers.map((checker) => {
                  const pair = items.find((it) => it.makerId === maker && it.checkerId === checker)
                  if (pair === undefined) return <td key={checker}>–</td>
                  return (
                    <td key={checker} className={`heat-${heatOf(pair.approvals, most)}`}>
                      {count(pair.approvals)}
                      {pair.frequent && (
                        <>
                          {' '}
                          <Icon name="flag" /> {t.frequent}
                        </>
                      )}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  )
}
