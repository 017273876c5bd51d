import { useQuery } from '@tanstack/react-query'
import { noticesQuery } from '../../api/oversight.js'
import { BASE, Link } from '../../app/router.js'
import { holds, useSession } from '../../app/session.js'
import { BarTable } from '../../parts/chart/BarTable.js'
import { useNumbers } from '../../parts/chart/numbers.js'
import { Empty, Loaded, Section } from '../../parts/Page.js'
import { coded } from '../../words/codes.js'
import { useWords } from '../../words/index.js'
import { ReportSection } from './asking.js'
import { grouped, textOf, total } from './figures.js'
import { reportWords } from './words.js'

/** How far promises have climbed towards the unit's head: warnings, the breach, each step after it. */
export function Ladder() {
  const session = useSession()
  // Auditors are told of nothing: notices go to those who can still do something.
  return holds(session, ['supervisor']) ? <Steps /> : null
}

function Steps() {
  const t = useWords(reportWords)
  const { count } = useNumbers()
  const query = useQuery(noticesQuery('limit=100'))
  const link = (
    <Link className="csv" to={`${BASE}/pemberitahuan`}>
      {t.toNotices}
    </Link>
  )
  return (
    <Section title={t.ladder} aside={link}>
      <Loaded query={query}>
        {({ items, unread }) => {
          if (items.length === 0) return <Empty>{t.ladderNone}</Empty>
          const found = new Map(Object.keys(t.thresholds).map((it) => [it, 0]))
          for (const { threshold } of items) found.set(threshold, (found.get(threshold) ?? 0) + 1)
          return (
            <BarTable
              {...{ title: t.ladder, head: t.step, columns: [t.notices] }}
              says={t.ladderSays(count(items.length), count(unread))}
              rows={[...found].map(([step, value]) => ({
                key: step,
                label: coded(t.thresholds, step),
                bars: [{ value, text: count(value), mark: step.startsWith('warn') ? 'b' : 'c' }],
              }))}
            />
          )
        }}
      </Loaded>
    </Section>
  )
}

/** What was said about broken promises, and about how many nothing yet. */
export function Breaches() {
  const t = useWords(reportWords)
  const { count } = useNumbers()
  return (
    <ReportSection name="breaches" title={t.breaches}>
      {({ rows }) => {
        if (rows.length === 0) return <Empty>{t.breachesNone}</Empty>
        const reasons = grouped(rows, (row) => textOf(row, 'reason'))
        const open = total(
          rows.filter((row) => row['reason'] === null),
          'count',
        )
        return (
          <BarTable
            {...{ title: t.breaches, head: t.reason, columns: [t.count] }}
            says={t.breachesSays(count(total(rows, 'count')), count(open))}
            rows={reasons.map(([reason, of]) => ({
              key: reason,
              label: reason === '' ? t.noReason : coded(t.reasons, reason),
              bars: [
                { value: total(of, 'count'), text: count(total(of, 'count')), mark: reason === '' ? 'c' : 'a' },
              ],
            }))}
          />
        )
      }}
    </ReportSection>
  )
}
