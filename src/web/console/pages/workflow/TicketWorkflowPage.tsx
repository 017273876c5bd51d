import { useQuery } from '@tanstack/react-query'
import { ticketPath, ticketWorkflowQuery } from '../../api/queries.js'
import type { TicketWorkflow } from '../../api/types.js'
import { BASE, Link, useParam } from '../../app/router.js'
import { Head } from '../../parts/Head.js'
import { Empty, Heading, Loaded, Section } from '../../parts/Page.js'
import { Tag } from '../../parts/Tag.js'
import { useTimes } from '../../parts/time.js'
import { coded, codes } from '../../words/codes.js'
import { useSay, useWords } from '../../words/index.js'
import { Drawing } from './Drawing.js'
import { workflowWords } from './words.js'

/** One case in its statechart: the way it went, where it is, and why what is not possible is not. */
export default function TicketWorkflowPage() {
  const t = useWords(workflowWords)
  const id = useParam('id')
  const query = useQuery(ticketWorkflowQuery(id))
  return (
    <>
      <Heading title={t.ticketTitle}>
        <p>
          <Link to={`${BASE}/tiket/${id}`}>{t.back}</Link>
        </p>
      </Heading>
      <Loaded query={query}>
        {(workflow) => (
          <>
            <Now of={workflow} />
            <Section title={t.drawing}>
              <Drawing path={ticketPath(id, '/drawing')} ticketId={id} label={t.ticketTitle} />
            </Section>
            <Section title={t.events}>
              <Events of={workflow} />
            </Section>
            <Section title={t.path}>
              <Path of={workflow} />
            </Section>
            <Section title={t.timers}>
              <Timers of={workflow} />
            </Section>
          </>
        )}
      </Loaded>
    </>
  )
}

function Now({ of }: { readonly of: TicketWorkflow }) {
  const t = useWords(workflowWords)
  const say = useSay()
  return (
    <p className="tags">
      <Tag tone="good">
        {t.here}: {say(of.stateLabel)}
      </Tag>
      {of.promises.map((it) => (
        <Tag key={it.target}>
          {say(it.label)}: {say(it.stateLabel)}
        </Tag>
      ))}
    </p>
  )
}

function Events({ of }: { readonly of: TicketWorkflow }) {
  const t = useWords(workflowWords)
  const words = useWords(codes)
  const say = useSay()
  const sorted = of.events.toSorted((a, b) => Number(b.possible) - Number(a.possible))
  return (
    <div className="scroll" role="region" aria-label={t.events} tabIndex={0}>
      <table>
        <Head of={[t.event, t.possible, t.roles]} />
        <tbody>
          {sorted.map((it) => (
            <tr key={it.type}>
              <th scope="row">{say(it.label)}</th>
              <td>
                {it.why === null ? <Tag tone="good">{t.possible}</Tag> : t.why[it.why]}
                {it.reasons.map((reason) => (
                  <div key={reason.code}>{say(reason.text)}</div>
                ))}
              </td>
              <td>{it.roles.map((role) => coded(words.role, role)).join(', ')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Path({ of }: { readonly of: TicketWorkflow }) {
  const t = useWords(workflowWords)
  const say = useSay()
  const times = useTimes()
  if (of.path.length === 0) return <Empty>{t.noPath}</Empty>
  return (
    <>
      <ol>
        {of.path.map((it) => (
          <li key={it.n}>
            {say(it.label)} <span className="fine">· {times.full(it.at)}</span>
          </li>
        ))}
      </ol>
      {of.more && <p className="fine">{t.pathMore}</p>}
    </>
  )
}

function Timers({ of }: { readonly of: TicketWorkflow }) {
  const t = useWords(workflowWords)
  const say = useSay()
  const times = useTimes()
  if (of.timers.length === 0) return <Empty>{t.noTimers}</Empty>
  return (
    <ul className="plain">
      {of.timers.map((it) => (
        <li key={`${it.family} ${it.threshold}`}>
          {say(it.label)} <span className="fine">· {times.full(it.at)}</span>
        </li>
      ))}
    </ul>
  )
}
