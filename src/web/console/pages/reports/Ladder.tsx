import { useQuery } from '@tanstack/react-query'
import { noticesQuery } from '../../api/oversight.js'
import { BASE, Link } from '../../app/router.js'
import { holds, useSession } from '../../app/session.js'
import { BarTable } from '../../parts/chart/BarTable.js'
import { useNumbers } from '../../parts/chart/numbers.js'
import { Empty, Loaded, Section } from '../../parts/Page.js'
import { coded } from '../../words/codes.js'
import { useWords } from '../../words/index.js'
import { breachWords } from '../breaches/words.js'
import { ReportSection } from './asking.js'
import { grouped, textOf, total } from './figures.js'
import { reportWords } from './words.js'

/** How far promises have climbed towards the unit's head: warnings, the breach, each step after it. */
export function Ladder() {
  const session = useSession()
  // Auditors are told of nothing: notices go to those who can still do something.
  return holds(session, ['supervisor']) ? <Steps /> : null
}

/** What supervisors hear of; the steps below it are told to officers and shown when there is one. */
const ALWAYS = ['ladder1', 'ladder2']

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
        {({ items: all, unread }) => {
          const items = all.filter((it) => it.kind !== 'access')
          if (items.length === 0) return <Empty>{t.ladderNone}</Empty>
          const at = (step: string) => items.filter((it) => it.threshold === step).length
          const known = Object.keys(t.thresholds)
          const unknown = items.map((it) => it.threshold).filter((it) => !known.includes(it))
          const steps = [...known.filter((it) => ALWAYS.includes(it) || at(it) > 0), ...new Set(unknown)]
          return (
            <BarTable
              {...{ title: t.ladder, head: t.step, columns: [t.notices] }}
              says={t.ladderSays(count(items.length), count(unread))}
              rows={steps.map((step) => ({
                key: step,
                label: coded(t.thresholds, step),
                bars: [{ value: at(step), text: count(at(step)), mark: step.startsWith('warn') ? 'b' : 'c' }],
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
  const words = useWords(breachWords)
  const session = useSession()
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
          <>
            <BarTable
              {...{ title: t.breaches, head: t.reason, columns: [t.count] }}
              says={t.breachesSays(count(total(rows, 'count')), count(open))}
              rows={reasons.map(([reason, of]) => ({
                key: reason,
                label: reason === '' ? words.noReason : coded(words.reasons, reason),
                bars: [{ value: total(of, 'count'), text: count(total(of, 'count')), mark: reason === '' ? 'c' : 'a' }],
              }))}
            />
            {open > 0 && holds(session, ['supervisor']) && (
              <p className="fine">
                {t.breachesHow} <Link to={`${BASE}/pemberitahuan`}>{t.toNotices}</Link>
              </p>
            )}
          </>
        )
      }}
    </ReportSection>
  )
}
