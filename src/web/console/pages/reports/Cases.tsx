import { BarTable } from '../../parts/chart/BarTable.js'
import { useNumbers } from '../../parts/chart/numbers.js'
import { Empty } from '../../parts/Page.js'
import { useTimes } from '../../parts/time.js'
import { useWords } from '../../words/index.js'
import { ReportSection, useNames } from './asking.js'
import { grouped, share, textOf, total } from './figures.js'
import { reportWords } from './words.js'

const OLD = ['07-13', '14-29', '30+']
const MINUTE_MS = 60_000

/** How old the open cases are. */
export function Ageing() {
  const t = useWords(reportWords)
  const { count } = useNumbers()
  return (
    <ReportSection name="ageing" title={t.ageing}>
      {({ rows }) => {
        if (rows.length === 0) return <Empty>{t.ageingNone}</Empty>
        const ages = new Map(grouped(rows, (row) => textOf(row, 'age')))
        const old = total(
          rows.filter((row) => OLD.includes(textOf(row, 'age'))),
          'tickets',
        )
        return (
          <BarTable
            {...{ title: t.ageing, head: t.age, columns: [t.tickets] }}
            says={t.ageingSays(count(total(rows, 'tickets')), count(old))}
            rows={Object.entries(t.ages).map(([age, label]) => {
              const value = total(ages.get(age) ?? [], 'tickets')
              return { key: age, label, bars: [{ value, text: count(value), mark: OLD.includes(age) ? 'c' : 'a' }] }
            })}
          />
        )
      }}
    </ReportSection>
  )
}

/** How long cases waited for officers, in the hours of their offices. */
export function Handling() {
  const t = useWords(reportWords)
  const times = useTimes()
  const names = useNames()
  const { count } = useNumbers()
  const span = (minutes: unknown) => times.span(Number(minutes ?? 0) * MINUTE_MS)
  return (
    <ReportSection name="handling" title={t.handling}>
      {({ rows }) =>
        rows.length === 0 ? (
          <Empty>{t.noneClosed}</Empty>
        ) : (
          <BarTable
            {...{ title: t.handling, head: t.place, columns: [t.p50, t.p90], together: true }}
            says={t.handlingSays(count(total(rows, 'closed')), span(Math.max(...rows.map((it) => Number(it['p90'])))))}
            rows={rows.map((row, at) => ({
              key: String(at),
              label: `${names.place(row)} · ${t.policy(textOf(row, 'policy').replace('@', ' '))}`,
              bars: [
                { value: Number(row['p50']), text: span(row['p50']) },
                { value: Number(row['p90']), text: span(row['p90']), mark: 'b' },
              ],
            }))}
          />
        )
      }
    </ReportSection>
  )
}

/** What speed may have cost: cases that came back. */
export function Quality() {
  const t = useWords(reportWords)
  const names = useNames()
  const { count, percent } = useNumbers()
  return (
    <ReportSection name="quality" title={t.quality}>
      {({ rows }) => {
        if (rows.length === 0) return <Empty>{t.noneClosed}</Empty>
        const rate = (part: number, whole: number) => t.rate(percent(share(part, whole)), count(part))
        const [closed, reopened, objected] = (['closed', 'reopened', 'objections'] as const).map((it) =>
          total(rows, it),
        ) as [number, number, number]
        return (
          <BarTable
            {...{ title: t.quality, head: t.place, columns: [t.reopened, t.objected] }}
            shares={[t.reopened, t.objected]}
            says={t.qualitySays(count(closed), rate(reopened, closed), rate(objected, closed))}
            rows={grouped(rows, names.place).map(([label, of]) => ({
              key: label,
              label,
              bars: (['reopened', 'objections'] as const).map((it) => ({
                value: share(total(of, it), total(of, 'closed')) ?? 0,
                text: rate(total(of, it), total(of, 'closed')),
                mark: it === 'reopened' ? 'b' : 'c',
              })),
            }))}
          />
        )
      }}
    </ReportSection>
  )
}

/** Why promises waited. */
export function Pauses() {
  const t = useWords(reportWords)
  const times = useTimes()
  const names = useNames()
  const { count } = useNumbers()
  return (
    <ReportSection name="pauses" title={t.pauses}>
      {({ rows }) => {
        const causes = [...grouped(rows, (row) => textOf(row, 'cause'))].sort(
          ([, a], [, b]) => total(b, 'minutes') - total(a, 'minutes'),
        )
        const [longest] = causes
        if (longest === undefined) return <Empty>{t.pausesNone}</Empty>
        const named = names.state
        return (
          <BarTable
            {...{ title: t.pauses, head: t.cause, columns: [t.times, t.waited] }}
            says={t.pausesSays(count(total(rows, 'count')), named(longest[0]))}
            rows={causes.map(([cause, of]) => ({
              key: cause,
              label: named(cause),
              bars: [
                { value: total(of, 'count'), text: count(total(of, 'count')) },
                { value: total(of, 'minutes'), text: times.span(total(of, 'minutes') * MINUTE_MS), mark: 'b' },
              ],
            }))}
          />
        )
      }}
    </ReportSection>
  )
}
