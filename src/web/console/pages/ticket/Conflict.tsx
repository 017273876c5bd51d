import { useState } from 'react'
import { Head } from '../../parts/Head.js'
import { Icon } from '../../parts/Icon.js'
import { useSay, useWords } from '../../words/index.js'
import { decisionWords } from './decisionWords.js'
import type { Reading } from './seen.js'
import { Entries } from './Sides.js'

interface Props {
  readonly reading: Reading
  /** Something had been sent on the old version and was refused. */
  readonly refused: boolean
  readonly onSettle: () => Promise<void>
}

/** What the person decided on is not what is there any more: both, side by side, and what happened between. */
export function Conflict({ reading, refused, onSettle }: Props) {
  const t = useWords(decisionWords)
  const say = useSay()
  const [busy, setBusy] = useState(false)
  const { ticket, seen, news } = reading
  const settle = () => {
    setBusy(true)
    void onSettle().finally(() => setBusy(false))
  }
  return (
    <section className="problem conflict" role="alert" aria-label={t.conflictTitle}>
      <h2>
        <Icon name="warn" /> {t.conflictTitle}
      </h2>
      <p>{refused ? t.conflictLead : t.changedLead}</p>
      <table>
        <Head of={['', t.was, t.is]} />
        <tbody>
          <tr>
            <th scope="row">{t.stage}</th>
            <td>{say(seen.stateLabel)}</td>
            <td>
              <strong>{say(ticket.stateLabel)}</strong>
            </td>
          </tr>
        </tbody>
      </table>
      {news.length > 0 && (
        <>
          <h3>{t.since}</h3>
          <Entries of={news} />
        </>
      )}
      <button type="button" className="button" disabled={busy} onClick={settle}>
        {t.readNew}
      </button>
    </section>
  )
}
