import type { ReportRow } from '../../api/oversight.js'
import { BarTable } from '../../parts/chart/BarTable.js'
import { DayChart } from '../../parts/chart/DayChart.js'
import { useNumbers } from '../../parts/chart/numbers.js'
import { Empty } from '../../parts/Page.js'
import { useWords } from '../../words/index.js'
import { ReportSection, useNames, type Asked } from './asking.js'
import { dayBefore, daysFrom, grouped, keptOf, perDay, textOf } from './figures.js'
import { reportWords } from './words.js'

/** Were promises kept: today, in a week, in a month, day by day, and which ones. */
export function Kept() {
  const t = useWords(reportWords)
  return (
    <ReportSection name="attainment" title={t.kept} atLeast={30}>
      {({ rows }, asked) => (
        <>
          <dl className="tiles">
            {[1, 7, 30].map((days) => (
              <Tile
                key={days}
                title={days === 1 ? t.today : t.last(days)}
                rows={since(rows, dayBefore(asked.until, days - 1))}
              />
            ))}
          </dl>
          <Charts rows={since(rows, asked.from)} asked={asked} />
        </>
      )}
    </ReportSection>
  )
}
const since = (rows: readonly ReportRow[], day: string) => rows.filter((it) => textOf(it, 'day') >= day)

function Tile({ title, rows }: { readonly title: string; readonly rows: readonly ReportRow[] }) {
  const t = useWords(reportWords)
  const { count, percent } = useNumbers()
  const { met, all, share } = keptOf(rows)
  return (
    <div>
      <dt>{title}</dt>
      <dd>
        <strong>{percent(share)}</strong>
        <span className="fine">{all === 0 ? t.noPromise : t.ofPromises(count(met), count(all))}</span>
      </dd>
    </div>
  )
}

function Charts({ rows, asked }: { readonly rows: readonly ReportRow[]; readonly asked: Asked }) {
  const t = useWords(reportWords)
  const names = useNames()
  const { count, percent } = useNumbers()
  const kept = keptOf(rows)
  if (kept.all === 0) return <Empty>{t.keptNone}</Empty>
  const days = daysFrom(asked.from, asked.until)
  const says = t.keptSays(
    asked.days,
    percent(kept.share),
    ...([kept.met, kept.all, kept.late, kept.broken].map(count) as [string, string, string, string]),
  )
  return (
    <>
      <DayChart
        {...{ title: t.kept, says, days, shape: 'bars' }}
        series={[
          { name: t.met, mark: 'a', values: perDay(rows, days, 'met') },
          { name: t.metLate, mark: 'b', values: perDay(rows, days, 'metLate') },
          { name: t.breached, mark: 'c', values: perDay(rows, days, 'breached') },
        ]}
      />
      <h3>{t.byTarget}</h3>
      <BarTable
        {...{ title: t.byTarget, head: t.target, columns: [t.attainment, t.notInTime] }}
        shares={[t.attainment]}
        says={grouped(rows, (row) => textOf(row, 'target'))
          .map(([target, of]) => `${names.target(target)}: ${percent(keptOf(of).share)}`)
          .join('; ')}
        rows={grouped(rows, (row) => textOf(row, 'target')).map(([target, of]) => {
          const { met, all, broken, late, share } = keptOf(of)
          return {
            key: target,
            label: names.target(target),
            bars: [
              { value: share ?? 0, text: t.rate(percent(share), `${count(met)}/${count(all)}`) },
              { value: broken + late, text: count(broken + late), mark: 'c' },
            ],
          }
        })}
      />
    </>
  )
}
