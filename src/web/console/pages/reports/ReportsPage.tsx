import { useQuery, useQueryClient } from '@tanstack/react-query'
import { reportQuery } from '../../api/oversight.js'
import { useQuery as useAddress } from '../../app/router.js'
import { useSession } from '../../app/session.js'
import { MarkPatterns } from '../../parts/chart/marks.js'
import '../../parts/chart/chart.css'
import { SelectField } from '../../parts/Field.js'
import { OfficeField } from '../../parts/OfficeField.js'
import { Heading } from '../../parts/Page.js'
import { useTimes } from '../../parts/time.js'
import { common } from '../../words/common.js'
import { useWords } from '../../words/index.js'
import { PERIODS, searchFor, useAsked } from './asking.js'
import { Ageing, Handling, Pauses, Quality } from './Cases.js'
import { Flow } from './Flow.js'
import { Breaches, Ladder } from './Ladder.js'
import { Load, PairHeat } from './People.js'
import { Kept } from './Kept.js'
import { reportWords } from './words.js'
import './reports.css'

/** What supervisors answer for: promises, what piles up, where it waits, and who carries how much. */
export default function ReportsPage() {
  const t = useWords(reportWords)
  return (
    <>
      <Heading title={t.title}>
        <p className="lead">{t.lead}</p>
      </Heading>
      <MarkPatterns />
      <Choices />
      <Kept />
      <Flow />
      <div className="two">
        <Ageing />
        <Handling />
        <Quality />
        <Pauses />
        <Ladder />
        <Breaches />
      </div>
      <Load />
      <PairHeat />
    </>
  )
}

function Choices() {
  const t = useWords(reportWords)
  const { again } = useWords(common)
  const times = useTimes()
  const client = useQueryClient()
  const { offices: own } = useSession()
  const asked = useAsked()
  const [, change] = useAddress()
  const { data } = useQuery(reportQuery('attainment', searchFor(asked, 30)))
  const reload = () => {
    for (const key of ['report', 'notices', 'pairs']) void client.invalidateQueries({ queryKey: [key] })
  }
  return (
    <form className="filters" onSubmit={(event) => event.preventDefault()}>
      <SelectField
        {...{ label: t.period, name: 'hari', value: String(asked.days) }}
        options={PERIODS.map((it) => ({ value: String(it), text: t.days(it) }))}
        onChange={(event) => change({ hari: event.target.value })}
      />
      {(own === null || own.length > 1) && (
        <OfficeField
          {...{ label: t.office, name: 'kantor', value: asked.office, empty: t.allOffices, among: own }}
          onChange={(kantor) => change({ kantor })}
        />
      )}
      <button type="button" className="button quiet" onClick={reload}>
        {again}
      </button>
      {data !== undefined && <span className="fine">{t.asOf(times.full(data.asOf))}</span>}
    </form>
  )
}
