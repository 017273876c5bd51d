import { useState } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { post } from '../../api/client.js'
import { ticketPath } from '../../api/queries.js'
import type { Ticket } from '../../api/types.js'
import { announce } from '../../app/announce.js'
import { holds, useSession } from '../../app/session.js'
import { useAct } from '../../app/useAct.js'
import { Icon } from '../../parts/Icon.js'
import { Problem } from '../../parts/Problem.js'
import { useTimes } from '../../parts/time.js'
import { useWords } from '../../words/index.js'
import { ClaimDialog } from '../worklist/ClaimDialog.js'
import { GiveDialog } from '../giving/GiveDialog.js'
import { givingWords } from '../giving/words.js'
import type { Holding } from './holding.js'
import { ticketWords } from './words.js'

/** Whose case it is, and how to take it or give it back. */
export function HoldingBar({ ticket, holding }: { readonly ticket: Ticket; readonly holding: Holding }) {
  const t = useWords(ticketWords)
  const give = useWords(givingWords)
  const times = useTimes()
  const client = useQueryClient()
  const [claiming, setClaiming] = useState(false)
  const [giving, setGiving] = useState(false)
  const supervises = holds(useSession(), ['supervisor'])
  const release = useAct(() => post(ticketPath(ticket.ticketId, '/release'), { body: {} }))
  if (holding.who === 'unknown') return null
  const giveBack = async () => {
    if ((await release.run(undefined)) === undefined) return
    announce(t.released)
    await client.invalidateQueries({ queryKey: ['ticket', ticket.ticketId] })
    void client.invalidateQueries({ queryKey: ['worklist'] })
  }
  const closed = ticket.standing === 'terminal'
  const text =
    holding.who === 'me'
      ? t.holdMine(holding.until === null ? '…' : times.clock(holding.until))
      : holding.lost
        ? t.holdLost
        : holding.who === 'other'
          ? holding.name === null || holding.until === null
            ? t.holdOther
            : t.holdBy(holding.name, times.clock(holding.until))
          : t.holdFree
  if (closed && holding.who !== 'me') return null
  return (
    <div className={`inset hold${holding.who === 'me' ? '' : ' warn'}`}>
      <p>
        <Icon name={holding.who === 'me' ? 'person' : 'lock'} /> {text}
      </p>
      <Problem of={release.problem} />
      <div className="row">
        {holding.who === 'nobody' && (
          <button type="button" className="button" onClick={() => setClaiming(true)}>
            {t.claim}
          </button>
        )}
        {!closed && (supervises || holding.who === 'me') && (
          <button type="button" className="button quiet" data-give onClick={() => setGiving(true)}>
            {give.give[supervises ? 'assign' : 'transfer']}
          </button>
        )}
        {holding.who === 'me' && (
          <button type="button" className="button quiet" disabled={release.busy} onClick={() => void giveBack()}>
            {t.release}
          </button>
        )}
      </div>
      {giving && <GiveDialog row={ticket} how={supervises ? 'assign' : 'transfer'} onClose={() => setGiving(false)} />}
      {claiming && <ClaimDialog row={ticket} onClose={() => setClaiming(false)} />}
    </div>
  )
}
