import { useState, type SyntheticEvent } from 'react'
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { get, post } from '../../api/client.js'
import { ticketPath, typeQuery } from '../../api/queries.js'
import type { Label } from '../../api/types.js'
import { announce } from '../../app/announce.js'
import { liveTicket } from '../../app/live.js'
import { holds, useSession } from '../../app/session.js'
import { useAct } from '../../app/useAct.js'
import { Dialog } from '../../parts/Dialog.js'
import { SelectField } from '../../parts/Field.js'
import { Empty, Loaded, Section } from '../../parts/Page.js'
import { useStaffName } from '../../parts/people.js'
import { Problem } from '../../parts/Problem.js'
import { Tag } from '../../parts/Tag.js'
import { useTimes } from '../../parts/time.js'
import { optionsOf } from '../../words/codes.js'
import { common } from '../../words/common.js'
import { useSay, useWords } from '../../words/index.js'
import { breachWords } from './words.js'

interface Broken {
  readonly target: string
  readonly cycle: number
  readonly dueAt: string
  readonly settledAt: string | null
  readonly reason: { readonly code: string; readonly label: Label; readonly by: string; readonly at: string } | null
}
const brokenQuery = (id: string) =>
  queryOptions({
    queryKey: ['ticket', id, 'broken'],
    queryFn: ({ signal }) => get<{ readonly items: readonly Broken[] }>(ticketPath(id, '/breach-reasons'), signal),
    meta: liveTicket(id),
  })

/** On the page of a case whose promises were broken, for whoever answers for them. */
export function BrokenSection({ id, type }: { readonly id: string; readonly type: string }) {
  return holds(useSession(), ['supervisor', 'auditor']) ? <Known id={id} type={type} /> : null
}
function Known({ id, type }: { readonly id: string; readonly type: string }) {
  const t = useWords(breachWords)
  const { data } = useQuery(brokenQuery(id))
  if (data === undefined || data.items.length === 0) return null
  return (
    <Section title={t.broken} id="terlampaui">
      <BrokenList id={id} type={type} items={data.items} />
    </Section>
  )
}

interface DialogProps {
  readonly id: string
  readonly type: string
  readonly number: string
  readonly onClose: () => void
}
/** The same from where somebody hears of it. */
export function BrokenDialog({ id, type, number, onClose }: DialogProps) {
  const t = useWords(breachWords)
  const query = useQuery(brokenQuery(id))
  return (
    <Dialog title={t.brokenOf(number)} onClose={onClose}>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? <Empty>{t.brokenNone}</Empty> : <BrokenList id={id} type={type} items={items} />
        }
      </Loaded>
    </Dialog>
  )
}

interface ListProps {
  readonly id: string
  readonly type: string
  readonly items: readonly Broken[]
}
function BrokenList({ id, type, items }: ListProps) {
  const t = useWords(breachWords)
  const say = useSay()
  const times = useTimes()
  const { data: described } = useQuery(typeQuery(type))
  const named = (target: string) => {
    const label = described?.targets[target]
    return label === undefined ? target : say(label)
  }
  return (
    <ul className="plain broken">
      {items.map((it) => (
        <li key={`${it.target} ${it.cycle}`}>
          <h3>
            {named(it.target)} {it.cycle > 1 && t.again(it.cycle)}
          </h3>
          <p className="fine">
            {t.dueAt(times.full(it.dueAt))} · {it.settledAt === null ? t.notYet : t.metAt(times.full(it.settledAt))}
          </p>
          <Why id={id} of={it} />
        </li>
      ))}
    </ul>
  )
}

function Why({ id, of }: { readonly id: string; readonly of: Broken }) {
  const t = useWords(breachWords)
  const say = useSay()
  const times = useTimes()
  const staffName = useStaffName()
  const session = useSession()
  if (of.reason !== null)
    return (
      <p>
        <b>{say(of.reason.label)}</b>{' '}
        <span className="fine">{t.saidBy(staffName(of.reason.by), times.full(of.reason.at))}</span>
      </p>
    )
  return holds(session, ['supervisor']) ? <Explain id={id} of={of} /> : <Tag tone="warn">{t.noReason}</Tag>
}

/** A code, so that it can be counted and holds nobody's data. */
function Explain({ id, of: { target, cycle } }: { readonly id: string; readonly of: Broken }) {
  const t = useWords(breachWords)
  const { choose, required } = useWords(common)
  const client = useQueryClient()
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const act = useAct((body: { target: string; cycle: number; reason: string }) =>
    post<Broken>(ticketPath(id, '/breach-reasons'), { body }),
  )
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault()
    setTried(true)
    if (reason === '') return
    const done = await act.run({ target, cycle, reason })
    // Somebody else may have said it first: what stands is shown in either case.
    await client.invalidateQueries({ queryKey: brokenQuery(id).queryKey })
    if (done === undefined) return
    announce(t.recorded)
    void client.invalidateQueries({ queryKey: ['report', 'breaches'] })
  }
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Problem of={act.problem} />
      <SelectField
        {...{ label: t.why, hint: t.whyHint, name: `why-${target}-${cycle}`, value: reason, empty: choose }}
        fault={tried && reason === '' ? required : undefined}
        options={optionsOf(t.reasons)}
        onChange={(event) => setReason(event.target.value)}
      />
      <button className="button quiet" disabled={act.busy} data-explain>
        {t.record}
      </button>
    </form>
  )
}
