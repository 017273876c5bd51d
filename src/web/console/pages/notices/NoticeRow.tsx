import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import type { AccessNotice, PromiseNotice, StaffNotice } from '../../api/oversight.js'
import { typeQuery } from '../../api/queries.js'
import { BASE, Link } from '../../app/router.js'
import type { IconName } from '../../parts/Icon.js'
import { holds, useSession } from '../../app/session.js'
import { useOfficeName } from '../../parts/OfficeField.js'
import { useStaffName } from '../../parts/people.js'
import { Tag, type Tone } from '../../parts/Tag.js'
import { useTimes } from '../../parts/time.js'
import { coded } from '../../words/codes.js'
import { useSay, useWords } from '../../words/index.js'
import { BrokenDialog } from '../breaches/Broken.js'
import { breachWords } from '../breaches/words.js'
import { noticeWords } from './words.js'

const SIGNS: Readonly<Record<StaffNotice['kind'], readonly [Tone, IconName]>> = {
  warning: ['warn', 'clock'],
  breached: ['bad', 'warn'],
  escalated: ['bad', 'flag'],
  access: ['bad', 'eye'],
}
interface Props {
  readonly of: StaffNotice
  readonly busy: boolean
  readonly onRead: () => void
}

/** One notice: what it is about, where, since when, and whether it was read. */
export function NoticeRow({ of, busy, onRead }: Props) {
  const t = useWords(noticeWords)
  const times = useTimes()
  const office = useOfficeName()
  const [tone, icon] = SIGNS[of.kind]
  const name = of.kind === 'access' ? t.kinds.access : of.ticketNumber
  return (
    <li className={of.readAt === null ? 'notice new' : 'notice'}>
      <div>
        <p className="tags">
          <Tag tone={tone} icon={icon}>
            {t.kinds[of.kind]}
          </Tag>
          {of.kind !== 'access' && (
            <Link className="number" to={`${BASE}/tiket/${of.ticketId}`}>
              {of.ticketNumber}
            </Link>
          )}
        </p>
        <p>{of.kind === 'access' ? <Opened of={of} /> : <Promised of={of} />}</p>
        <p className="fine">
          {t.reached(times.full(of.at))} · {of.officeId === null ? t.everywhere : office(of.officeId)}
        </p>
      </div>
      <div className="row">
        {of.kind !== 'access' && of.kind !== 'warning' && <Explain of={of} />}
        {of.readAt === null ? (
          <button type="button" className="button quiet" disabled={busy} aria-label={t.readOf(name)} onClick={onRead}>
            {t.read}
          </button>
        ) : (
          <span className="fine">{t.wasRead(times.full(of.readAt))}</span>
        )}
      </div>
    </li>
  )
}

function Promised({ of }: { readonly of: PromiseNotice }) {
  const t = useWords(noticeWords)
  const say = useSay()
  const { data: type } = useQuery(typeQuery(of.ticketType))
  const target = type?.targets[of.target]
  return `${target === undefined ? of.target : say(target)}: ${coded(t.thresholds, of.threshold)}, ${t.to[of.to]}`
}

/** Whoever answers for the promise says why from here. */
function Explain({ of: { ticketId, ticketNumber, ticketType } }: { readonly of: PromiseNotice }) {
  const t = useWords(breachWords)
  const [open, setOpen] = useState(false)
  if (!holds(useSession(), ['supervisor'])) return null
  return (
    <>
      <button
        type="button"
        className="button quiet"
        aria-label={t.explainOf(ticketNumber)}
        data-broken
        onClick={() => setOpen(true)}
      >
        {t.explain}
      </button>
      {open && <BrokenDialog id={ticketId} type={ticketType} number={ticketNumber} onClose={() => setOpen(false)} />}
    </>
  )
}

function Opened({ of }: { readonly of: AccessNotice }) {
  const t = useWords(noticeWords)
  const staffName = useStaffName()
  return (
    <>
      {t.opened[of.what](of.opened)} <b>{staffName(of.staffId)}</b>
    </>
  )
}
