import { useQuery } from '@tanstack/react-query'
import { comparisonQuery, personQuery } from '../../api/queries.js'
import type { Ticket } from '../../api/types.js'
import { Icon } from '../../parts/Icon.js'
import { useWords } from '../../words/index.js'
import { Restated } from './Approve.js'
import { decisionWords } from './decisionWords.js'

const FROZEN = 'frozen'
const DISMISS = 'objection.dismiss'
const UPHOLD = 'objection.uphold'

/** Why nothing goes on, and who may decide that. */
export function Objected({ ticket: { state, allowed } }: { readonly ticket: Ticket }) {
  const t = useWords(decisionWords)
  if (state !== FROZEN) return null
  const may = allowed.some((it) => it.type === DISMISS || it.type === UPHOLD)
  return (
    <section className="inset warn" aria-label={t.objectionTitle} data-objection>
      <h2>
        <Icon name="stop" /> {t.objectionTitle}
      </h2>
      <p>{t.objectionLead}</p>
      <p>{may ? t.objectionHow : t.objectionWait}</p>
    </section>
  )
}

/** What a verdict on an objection does to the contacts, before it is given. */
export function Consequence({ event, ticketId }: { readonly event: string; readonly ticketId: string }) {
  if (event !== DISMISS && event !== UPHOLD) return null
  return <Verdict dismisses={event === DISMISS} ticketId={ticketId} />
}

function Verdict({ dismisses, ticketId }: { readonly dismisses: boolean; readonly ticketId: string }) {
  const t = useWords(decisionWords)
  const { data: person } = useQuery(personQuery(ticketId))
  const { data: compared } = useQuery(comparisonQuery(ticketId))
  return (
    <>
      <p className="inset warn">
        <Icon name="warn" /> {dismisses ? t.objection.dismiss : t.objection.uphold}
      </p>
      {dismisses && person !== undefined && <Restated of={person} account={compared?.account} />}
    </>
  )
}
