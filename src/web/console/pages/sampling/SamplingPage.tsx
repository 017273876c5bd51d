import { useState } from 'react'
import { queryOptions, useQuery } from '@tanstack/react-query'
import { get } from '../../api/client.js'
import { liveSlow } from '../../app/live.js'
import { BASE, Link } from '../../app/router.js'
import { holds, useSession } from '../../app/session.js'
import { Head } from '../../parts/Head.js'
import { useOfficeName } from '../../parts/OfficeField.js'
import { Empty, Heading, Loaded, Section } from '../../parts/Page.js'
import { useStaffName } from '../../parts/people.js'
import { useTimes } from '../../parts/time.js'
import { useWords } from '../../words/index.js'
import { JudgeDialog, type Review } from './JudgeDialog.js'
import { samplingWords } from './words.js'

const reviewsQuery = queryOptions({
  queryKey: ['reviews'],
  queryFn: ({ signal }) => get<{ readonly items: readonly Review[] }>('/v1/approval-reviews', signal),
  meta: liveSlow,
})

/** Approvals that were drawn to be looked at once more, after the fact (R-4E-5). */
export default function SamplingPage() {
  const t = useWords(samplingWords)
  const query = useQuery(reviewsQuery)
  const [judging, setJudging] = useState<Review | null>(null)
  return (
    <>
      <Heading title={t.title}>
        <p className="lead">{t.lead}</p>
      </Heading>
      <Section title={t.waiting}>
        <Loaded query={query}>
          {({ items }) => (items.length === 0 ? <Empty>{t.none}</Empty> : <Reviews of={items} onJudge={setJudging} />)}
        </Loaded>
      </Section>
      {judging !== null && <JudgeDialog of={judging} onClose={() => setJudging(null)} />}
    </>
  )
}

interface Props {
  readonly of: readonly Review[]
  readonly onJudge: (it: Review) => void
}
function Reviews({ of, onJudge }: Props) {
  const t = useWords(samplingWords)
  const times = useTimes()
  const office = useOfficeName()
  const staffName = useStaffName()
  return (
    <div className="scroll" role="region" aria-label={t.waiting} tabIndex={0}>
      <table>
        <Head of={[t.case, t.office, t.maker, t.checker, t.chosen, t.act]} />
        <tbody>
          {of.map((it) => (
            <tr key={`${it.ticketId} ${it.cycle}`}>
              <th scope="row">
                <Link className="number" to={`${BASE}/tiket/${it.ticketId}`}>
                  {it.ticketNumber}
                </Link>
              </th>
              <td>{office(it.officeId)}</td>
              <td>{staffName(it.makerId)}</td>
              <td>{staffName(it.checkerId)}</td>
              <td>{times.full(it.chosenAt)}</td>
              <td>
                <Judge of={it} onJudge={onJudge} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Judge({ of, onJudge }: { readonly of: Review; readonly onJudge: (it: Review) => void }) {
  const t = useWords(samplingWords)
  const session = useSession()
  if (!holds(session, ['supervisor'])) return t.notYours
  if ([of.makerId, of.checkerId].includes(session.staffId)) return t.own
  return (
    <button
      type="button"
      className="button quiet"
      aria-label={t.judgeOf(of.ticketNumber)}
      data-judge
      onClick={() => onJudge(of)}
    >
      {t.judge}
    </button>
  )
}
