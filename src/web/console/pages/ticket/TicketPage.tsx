import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { asProblem } from '../../api/client.js'
import { typeQuery } from '../../api/queries.js'
import { BASE, Link, useParam } from '../../app/router.js'
import { useOfficeName } from '../../parts/OfficeField.js'
import { Heading, Loading } from '../../parts/Page.js'
import { Problem } from '../../parts/Problem.js'
import { Tag } from '../../parts/Tag.js'
import { useTimes } from '../../parts/time.js'
import { coded, codes } from '../../words/codes.js'
import { useSay, useWords } from '../../words/index.js'
import { BrokenSection } from '../breaches/Broken.js'
import { Checklist } from './Checklist.js'
import { ClockSection } from './Clocks.js'
import { Compare } from './Compare.js'
import { Conflict } from './Conflict.js'
import { Decide, Done, type Able } from './Decide.js'
import { HoldingBar } from './HoldingBar.js'
import { useHolding } from './holding.js'
import { Learned } from './Learned.js'
import { Notes } from './Notes.js'
import { useReading, type Reading } from './seen.js'
import { useSender } from './sending.js'
import { Messages } from './Messages.js'
import { Objected } from './Objection.js'
import { RiskSection, Timeline } from './Sides.js'
import { Viewer } from './Viewer.js'
import { ticketWords } from './words.js'
import '../../style/ticket.css'

/** One case, with everything that is needed to decide it. */
export default function TicketPage() {
  const id = useParam('id')
  return <Case key={id} id={id} />
}

function Case({ id }: { readonly id: string }) {
  const { back } = useWords(ticketWords)
  const { reading, error, retry } = useReading(id)
  return (
    <>
      <p className="back">
        <Link to={BASE}>{back}</Link>
      </p>
      {reading !== null ? (
        <Open reading={reading} />
      ) : error !== null ? (
        <Problem of={asProblem(error)} onRetry={retry} />
      ) : (
        <Loading />
      )}
    </>
  )
}

function Open({ reading }: { readonly reading: Reading }) {
  const { ticket, entries, changed } = reading
  const holding = useHolding(ticket.ticketId)
  const sender = useSender(reading)
  const [deciding, setDeciding] = useState<Able | null>(null)
  const mine = holding.who === 'me'
  const id = ticket.ticketId
  const { data: described } = useQuery(typeQuery(ticket.type))
  // Only some types have an identity to verify.
  const verifies = described?.events.some((it) => it.type === 'identity.verify') ?? false
  const verifying = ticket.allowed.some((it) => it.type === 'identity.verify')
  return (
    <div className="case">
      <Head reading={reading} />
      <HoldingBar ticket={ticket} holding={holding} />
      {(changed || sender.conflict) && (
        <Conflict reading={reading} refused={sender.conflict} onSettle={sender.settle} />
      )}
      <Done sender={sender} />
      <Objected ticket={ticket} />
      <div className="columns">
        <div>
          <ClockSection ticket={ticket} />
          <BrokenSection id={id} type={ticket.type} />
          <Viewer id={id} auto={mine} uploads={ticket.standing !== 'terminal'} />
        </div>
        <div>
          <Compare id={id} auto={mine} />
          {verifies && <Checklist id={id} sender={sender} open={verifying && !changed} />}
          <Learned entries={entries} />
          <RiskSection id={id} />
          <Notes id={id} />
        </div>
        <Timeline entries={entries} />
        <Messages id={id} />
      </div>
      <Decide {...{ reading, sender, deciding }} onDecide={setDeciding} />
    </div>
  )
}

function Head({ reading: { ticket } }: { readonly reading: Reading }) {
  const t = useWords(ticketWords)
  const words = useWords(codes)
  const say = useSay()
  const times = useTimes()
  const office = useOfficeName()
  return (
    <Heading title={t.title(ticket.ticketNumber)}>
      <p className="tags">
        <Tag tone={ticket.standing === 'terminal' ? 'plain' : 'good'}>{say(ticket.stateLabel)}</Tag>
        <span>{say(ticket.typeLabel)}</span>
        <span>{coded(words.category, ticket.category)}</span>
        {ticket.cause !== null && <span>{coded(words.cause, ticket.cause)}</span>}
        <span>{coded(words.route, ticket.route)}</span>
        <span>{office(ticket.officeId)}</span>
      </p>
      <p className="fine">
        {t.filed(times.full(ticket.filedAt))} · {t.changedAt(times.full(ticket.updatedAt))} ·{' '}
        <Link to={`${BASE}/tiket/${ticket.ticketId}/alur`}>{t.flow}</Link>
      </p>
    </Heading>
  )
}
