import { useQuery } from '@tanstack/react-query'
import { ticketWorkflowQuery, verificationQuery } from '../../api/queries.js'
import type { Ticket } from '../../api/types.js'
import { useKeys } from '../../app/keys.js'
import { BASE, Link } from '../../app/router.js'
import { Icon } from '../../parts/Icon.js'
import { useSay, useWords } from '../../words/index.js'
import { Approve, APPROVALS } from './Approve.js'
import { DecideDialog } from './DecideDialog.js'
import { decisionWords } from './decisionWords.js'
import type { Reading } from './seen.js'
import type { Sender } from './sending.js'

/** What only a proof leads to, or has a place of its own on this page. */
const ELSEWHERE = new Set(['contact.prove', 'contact.change', 'documents.upload', 'submit', 'identity.verify'])
/** In front, in this order; all others follow as the type names them. */
const FIRST = ['verification.start', 'approval.propose', 'approval.confirm']
const AGAINST = new Set(['reject', 'objection.uphold'])

interface Props {
  readonly reading: Reading
  readonly sender: Sender
  readonly deciding: Able | null
  readonly onDecide: (event: Able | null) => void
}
export type Able = Ticket['allowed'][number]

/** What the API says this person may do now; what is not possible is named too, with why. */
export function Decide({ reading, sender, deciding, onDecide }: Props) {
  const t = useWords(decisionWords)
  const say = useSay()
  const { ticket, changed } = reading
  const shown = ticket.allowed.filter((it) => !ELSEWHERE.has(it.type))
  const order = (type: string) => (FIRST.includes(type) ? FIRST.indexOf(type) : FIRST.length)
  const sorted = shown.toSorted((a, b) => order(a.type) - order(b.type))
  const blocked = changed || sender.conflict
  useKeys({
    r: () => {
      const request = shown.find((it) => it.type === 'documents.request')
      if (!blocked && request !== undefined) onDecide(request)
    },
  })
  // What was begun stays open while it is not known what became of it, though the case may not take it any more.
  const begun = deciding !== null && !sender.conflict ? deciding : null
  const stands = (it: Able) =>
    changed || sender.problemOf(it.type) !== null || shown.some((able) => able.type === it.type)
  const chosen = begun !== null && stands(begun) ? begun : null
  const close = () => {
    sender.forget()
    onDecide(null)
  }
  return (
    <section className="decide" aria-label={t.bar}>
      <div className="row">
        {sorted.length === 0 && <p>{t.none}</p>}
        {sorted.map((it) => (
          <button
            key={it.type}
            type="button"
            className={`button ${FIRST.includes(it.type) ? '' : AGAINST.has(it.type) ? 'against' : 'quiet'}`}
            disabled={blocked || sender.busy}
            data-event={it.type}
            onClick={() => onDecide(it)}
          >
            {say(it.label)}
          </button>
        ))}
      </div>
      <Others ticket={ticket} />
      {chosen !== null &&
        (APPROVALS.has(chosen.type) ? (
          <Approve {...{ reading, sender, event: chosen }} onClose={close} />
        ) : (
          <DecideDialog {...{ reading, sender, event: chosen }} onClose={close} />
        ))}
    </section>
  )
}

/** Events of this person's roles that the case does not take now, each with what the API says stands in the way. */
function Others({ ticket }: { readonly ticket: Ticket }) {
  const t = useWords(decisionWords)
  const say = useSay()
  const { data: workflow } = useQuery(ticketWorkflowQuery(ticket.ticketId))
  const { data: check } = useQuery(verificationQuery(ticket.ticketId))
  const missing = check?.missing.length ?? 0
  const others = workflow?.events.filter((it) => !it.possible && it.why !== 'role' && !ELSEWHERE.has(it.type)) ?? []
  if (others.length === 0) return null
  const why = ({ type, reasons }: (typeof others)[number]) =>
    [
      ...(reasons.length === 0 ? [t.notAtStage(say(ticket.stateLabel))] : reasons.map((it) => say(it.text))),
      ...(type === 'approval.propose' && missing > 0 ? [t.checklistFirst(missing)] : []),
    ].join(' ')
  return (
    <details className="others">
      <summary>
        {t.others} ({others.length})
      </summary>
      <ul className="plain">
        {others.map((it) => (
          <li key={it.type}>
            <Icon name="lock" /> <b>{say(it.label)}</b> <span className="fine">{why(it)}</span>
          </li>
        ))}
      </ul>
    </details>
  )
}

/** What was recorded, until something else is done. */
export function Done({ sender }: { readonly sender: Sender }) {
  const t = useWords(decisionWords)
  const say = useSay()
  if (sender.done === null) return null
  return (
    <div className="inset good" data-done>
      <p>
        <Icon name="check" /> {t.done(sender.done.facts.map((it) => say(it.label)).join(', '))}{' '}
        {t.stateNow(say(sender.done.stateLabel))}
      </p>
      <Link to={BASE}>{t.nextCase}</Link>
    </div>
  )
}
