import { useState, type SyntheticEvent } from 'react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { post } from '../../api/client.js'
import { officesQuery } from '../../api/queries.js'
import type { Office } from '../../api/types.js'
import { announce } from '../../app/announce.js'
import { BASE, Link } from '../../app/router.js'
import { useSession } from '../../app/session.js'
import { useAct } from '../../app/useAct.js'
import { Dialog } from '../../parts/Dialog.js'
import { DialogButtons } from '../../parts/DialogButtons.js'
import { SelectField, TextField } from '../../parts/Field.js'
import { Head } from '../../parts/Head.js'
import { Empty, Heading, Loaded, Section } from '../../parts/Page.js'
import { Problem } from '../../parts/Problem.js'
import { Tag } from '../../parts/Tag.js'
import { useTimes } from '../../parts/time.js'
import { optionsOf } from '../../words/codes.js'
import { common } from '../../words/common.js'
import { useWords } from '../../words/index.js'
import { officeWords } from './words.js'

/** Where work is done, by which hours, and who may lift them for a while. */
export default function OfficesPage() {
  const t = useWords(officeWords)
  const query = useQuery(officesQuery)
  const { roles } = useSession()
  const [opening, setOpening] = useState<Office | null>(null)
  const supervises = ({ officeId }: Office) =>
    roles.some((it) => it.role === 'supervisor' && (it.officeId === null || it.officeId === officeId))
  return (
    <>
      <Heading title={t.title}>
        <p className="lead">{t.lead}</p>
      </Heading>
      <Section title={t.title}>
        <Loaded query={query}>
          {({ items }) =>
            items.length === 0 ? (
              <Empty>{t.none}</Empty>
            ) : (
              <div className="scroll" role="region" aria-label={t.title} tabIndex={0}>
                <table>
                  <Head of={[t.name, t.unit, t.calendar, t.now]} />
                  <tbody>
                    {items.map((it) => (
                      <OfficeRow key={it.officeId} of={it} onOpen={supervises(it) ? setOpening : null} />
                    ))}
                  </tbody>
                </table>
              </div>
            )
          }
        </Loaded>
      </Section>
      {opening !== null && <WindowDialog of={opening} onClose={() => setOpening(null)} />}
    </>
  )
}

function OfficeRow({ of, onOpen }: { readonly of: Office; readonly onOpen: ((it: Office) => void) | null }) {
  const t = useWords(officeWords)
  const times = useTimes()
  return (
    <tr>
      <th scope="row">
        {of.name}
        <br />
        <span className="fine">
          {t.kinds[of.kind]} · {of.officeId}
        </span>
      </th>
      <td>{of.unit.name}</td>
      <td>
        <Link to={`${BASE}/kalender?kalender=${encodeURIComponent(of.calendarId)}`}>{of.calendarId}</Link>
        <br />
        <span className="fine">{of.zone}</span>
      </td>
      <td>
        <p>
          {of.windowUntil === null ? (
            <Tag tone={of.open ? 'good' : 'plain'} icon={of.open ? 'check' : 'clock'}>
              {of.open ? t.open : t.closed}
            </Tag>
          ) : (
            <Tag tone="warn" icon="clock">
              {t.window(times.clock(of.windowUntil, of.zone))}
            </Tag>
          )}
        </p>
        {onOpen !== null && !of.open && of.windowUntil === null && (
          <button type="button" className="button quiet" aria-label={t.giveOf(of.name)} onClick={() => onOpen(of)}>
            {t.give}
          </button>
        )}
      </td>
    </tr>
  )
}

const MOST = 1_440
/** Work is given out although the office is closed: for so long, with a reason. */
function WindowDialog({ of, onClose }: { readonly of: Office; readonly onClose: () => void }) {
  const t = useWords(officeWords)
  const { choose, reason: label, required } = useWords(common)
  const times = useTimes()
  const client = useQueryClient()
  const [minutes, setMinutes] = useState('60')
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const act = useAct((given: { minutes: number; reason: string }) =>
    post<{ until: string }>('/v1/worklist/windows', { body: { officeId: of.officeId, ...given } }),
  )
  const number = Number(minutes)
  const wrong = !Number.isInteger(number) || number < 1 || number > MOST
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault()
    setTried(true)
    if (wrong || reason === '') return
    const opened = await act.run({ minutes: number, reason })
    if (opened === undefined) return
    announce(t.given(of.name, times.clock(opened.until, of.zone)))
    onClose()
    void client.invalidateQueries({ queryKey: ['offices'] })
  }
  return (
    <Dialog title={t.giveTitle(of.name)} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <p>{t.giveWhy}</p>
        <Problem of={act.problem} />
        <TextField
          {...{ label: t.minutes, hint: t.minutesHint, name: 'minutes', value: minutes, inputMode: 'numeric' }}
          fault={tried && wrong ? t.minutesWrong : undefined}
          onChange={(event) => setMinutes(event.target.value.trim())}
        />
        <SelectField
          {...{ label, name: 'reason', value: reason, empty: choose, options: optionsOf(t.reasons) }}
          fault={tried && reason === '' ? required : undefined}
          onChange={(event) => setReason(event.target.value)}
        />
        <DialogButtons disabled={act.busy} onClose={onClose}>
          {t.give}
        </DialogButtons>
      </form>
    </Dialog>
  )
}
