import { useState } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { post } from '../../api/client.js'
import type { Claimed, Row } from '../../api/types.js'
import { useKeys } from '../../app/keys.js'
import { BASE, Link, navigate } from '../../app/router.js'
import { holds, useSession } from '../../app/session.js'
import { useAct } from '../../app/useAct.js'
import { Heading, Section } from '../../parts/Page.js'
import { Problem } from '../../parts/Problem.js'
import { useTimes } from '../../parts/time.js'
import { useWords } from '../../words/index.js'
import { ClaimDialog } from './ClaimDialog.js'
import { Filters } from './Filters.js'
import { Picked } from './Picked.js'
import { Groups, Mine } from './Groups.js'
import { Found, SearchForm } from './Search.js'
import { worklistWords } from './words.js'

/** What waits, who has it, and the way to the next case. */
export default function WorklistPage() {
  const t = useWords(worklistWords)
  const [found, setFound] = useState<readonly Row[] | null>(null)
  const [claiming, setClaiming] = useState<Row | null>(null)
  const next = useNext()
  useKeys({
    n: () => void next.take(),
    j: () => move(1),
    k: () => move(-1),
    a: () => document.querySelector<HTMLElement>(`${ROW}:has(:focus) [data-claim]`)?.click(),
  })
  return (
    <>
      <Heading title={t.title}>
        <p className="lead">{t.lead}</p>
      </Heading>
      <div className="row next">
        <button type="button" className="button" onClick={() => void next.take()} disabled={next.busy} data-next>
          {t.next}
        </button>
        <span className="fine">{t.nextHint}</span>
      </div>
      <Problem of={next.problem} />
      <NextNothing of={next.nothing} />
      <Section title={t.mine}>
        <Mine onClaim={setClaiming} />
      </Section>
      <SearchForm onFound={setFound} />
      {found === null ? (
        <>
          <Filters />
          <Picked />
          <Groups onClaim={setClaiming} />
        </>
      ) : (
        <Found rows={found} onClaim={setClaiming} onBack={() => setFound(null)} />
      )}
      {claiming !== null && <ClaimDialog row={claiming} onClose={() => setClaiming(null)} />}
    </>
  )
}

const ROW = '.work-row'
/** Moves the focus from case to case, through all groups. */
function move(by: 1 | -1): void {
  const links = [...document.querySelectorAll<HTMLElement>(`${ROW} a[data-open]`)]
  const here = links.findIndex((it) => it.closest(ROW)?.contains(document.activeElement) === true)
  const to = here < 0 ? (by === 1 ? 0 : links.length - 1) : Math.min(Math.max(here + by, 0), links.length - 1)
  links[to]?.focus()
}

type Nothing = Pick<Claimed, 'why' | 'opensAt'>
function useNext() {
  const client = useQueryClient()
  const [nothing, setNothing] = useState<Nothing | null>(null)
  const act = useAct((_: null, key: string) => post<Claimed>('/v1/worklist/claim-next', { key }))
  const take = async () => {
    setNothing(null)
    const claimed = await act.run(null)
    if (claimed === undefined) return
    if (claimed.assignment === null) {
      setNothing(claimed)
      return
    }
    void client.invalidateQueries({ queryKey: ['worklist'] })
    navigate(`${BASE}/tiket/${claimed.assignment.ticketId}`)
  }
  return { take, nothing, busy: act.busy, problem: act.problem }
}

function NextNothing({ of }: { readonly of: Nothing | null }) {
  const t = useWords(worklistWords)
  const times = useTimes()
  const supervises = holds(useSession(), ['supervisor'])
  if (of === null) return null
  const closed = of.why === 'OFFICE_CLOSED'
  return (
    <div className="inset warn" role="status">
      {closed && <h2>{t.closedTitle}</h2>}
      <p>{closed ? t.closed(of.opensAt === null ? null : times.near(of.opensAt)) : t.nothing}</p>
      {closed && supervises && (
        <p>
          <Link to={`${BASE}/kantor`}>{t.openOffice}</Link>
        </p>
      )}
    </div>
  )
}
