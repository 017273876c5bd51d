import { useState } from 'react'
import type { Row } from '../../api/types.js'
import { choose, useChosen } from '../../app/chosen.js'
import { usePreferences } from '../../app/preferences.js'
import { BASE, Link } from '../../app/router.js'
import { holds, useSession } from '../../app/session.js'
import { Tick } from '../../parts/Field.js'
import { Icon } from '../../parts/Icon.js'
import { useOfficeName } from '../../parts/OfficeField.js'
import { Tag } from '../../parts/Tag.js'
import { useTimes, zoneIn } from '../../parts/time.js'
import { coded, codes } from '../../words/codes.js'
import { useSay, useWords } from '../../words/index.js'
import { GiveDialog } from '../giving/GiveDialog.js'
import { givingWords } from '../giving/words.js'
import { worklistWords } from './words.js'

interface Props {
  readonly row: Row
  readonly onClaim: (row: Row) => void
}

/** One case: by when, who has it, and whether the person may take it, in words. */
export function WorkRow({ row, onClaim }: Props) {
  const t = useWords(worklistWords)
  const give = useWords(givingWords)
  const words = useWords(codes)
  const say = useSay()
  const due = useDue(row)
  const office = useOfficeName()
  const supervises = holds(useSession(), ['supervisor'])
  const [giving, setGiving] = useState(false)
  const free = row.holder === null && row.blocked === null && row.releasedAt !== null
  return (
    <li className={`work-row${row.blocked === null ? '' : ' blocked'}`}>
      <div className="what">
        <Link to={`${BASE}/tiket/${row.ticketId}`} data-open className="number">
          {row.ticketNumber}
        </Link>
        <span>{say(row.stateLabel)}</span>
        <span className="fine">
          {[
            coded(words.category, row.category),
            row.cause === null ? '' : coded(words.cause, row.cause),
            coded(words.route, row.route),
            office(row.officeId),
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </div>
      <div className="due">
        <strong>{due}</strong>
        <span className="tags">
          {row.flags.length > 0 && (
            <Tag tone="warn" icon="flag">
              {t.flags(row.flags.length)}
            </Tag>
          )}
          {row.releasedAt === null && row.blocked === null && <Tag icon="pause">{t.notReleased}</Tag>}
        </span>
      </div>
      <div className="holder">
        <Holding row={row} />
      </div>
      <div className="act">
        {supervises && <Picking row={row} />}
        {free && (
          <button
            type="button"
            className="button quiet"
            data-claim
            aria-label={`${t.claim} ${row.ticketNumber}`}
            onClick={() => onClaim(row)}
          >
            {t.claim}
          </button>
        )}
        {supervises && (
          <button
            type="button"
            className="button plain"
            data-give
            aria-label={give.giveTitle.assign(row.ticketNumber)}
            onClick={() => setGiving(true)}
          >
            {give.give.assign}
          </button>
        )}
        {giving && <GiveDialog row={row} how="assign" onClose={() => setGiving(false)} />}
      </div>
    </li>
  )
}

/** For bulk work: supervisors pick cases here. */
function Picking({ row: { ticketId, ticketNumber } }: Pick<Props, 'row'>) {
  const t = useWords(worklistWords)
  const chosen = useChosen()
  return (
    <Tick
      checked={chosen.includes(ticketId)}
      aria-label={`${t.pick} ${ticketNumber}`}
      onChange={(event) => choose(ticketId, event.target.checked)}
    >
      {t.pick}
    </Tick>
  )
}

function Holding({ row: { holder, blocked } }: { readonly row: Row }) {
  const t = useWords(worklistWords)
  const say = useSay()
  const times = useTimes()
  if (holder?.mine === true)
    return (
      <Tag tone="good" icon="person">
        {t.heldByMe(times.clock(holder.until))}
      </Tag>
    )
  if (blocked !== null)
    return (
      <span className="why">
        <Icon name="lock" /> {say(blocked.label)}
      </span>
    )
  if (holder !== null) return <Tag icon="person">{t.heldBy(times.clock(holder.until))}</Tag>
  return <span className="fine">{t.free}</span>
}

/** In Indonesian as the API says it; in English from the same numbers. */
function useDue({ due, group }: Row): string {
  const t = useWords(worklistWords)
  const times = useTimes()
  const { language } = usePreferences()
  if (due.at === null) return t.noDue
  if (language === 'id') return due.text
  const late = group === 'late' || group === 'veryLate'
  return (late ? t.late : t.left)(times.span(due.remainingMs ?? 0), times.near(due.at, zoneIn(due.text)))
}
