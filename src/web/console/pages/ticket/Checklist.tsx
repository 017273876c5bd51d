import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { verificationQuery } from '../../api/queries.js'
import type { Verification } from '../../api/types.js'
import { useKept } from '../../app/kept.js'
import { useKeys } from '../../app/keys.js'
import { useSession } from '../../app/session.js'
import type { IconName } from '../../parts/Icon.js'
import { Loaded, Section } from '../../parts/Page.js'
import { Problem } from '../../parts/Problem.js'
import { Tag } from '../../parts/Tag.js'
import { useTimes } from '../../parts/time.js'
import { useSay, useWords } from '../../words/index.js'
import { Refer } from './Refer.js'
import type { Sender } from './sending.js'
import { ticketWords } from './words.js'

type Item = Verification['items'][number]
type Marks = Readonly<Record<string, boolean>>

/** What the officer found, item by item; sent as one result. Ticks are kept until then. */
export function Checklist({
  id,
  sender,
  open,
}: {
  readonly id: string
  readonly sender: Sender
  readonly open: boolean
}) {
  const t = useWords(ticketWords)
  const query = useQuery(verificationQuery(id))
  return (
    <Section title={t.checklist} id="periksa">
      <Loaded query={query}>{(it) => <Items {...{ id, of: it, sender, open }} />}</Loaded>
    </Section>
  )
}

interface Props {
  readonly id: string
  readonly of: Verification
  readonly sender: Sender
  readonly open: boolean
}
function Items({ id, of, sender, open }: Props) {
  const t = useWords(ticketWords)
  const [referring, setReferring] = useState(false)
  const [marks, setMarks, forget] = useKept<Marks>(`ticks:${id}`, {})
  const mark = (item: string, matched: boolean | null) => {
    const others = Object.entries(marks).filter(([name]) => name !== item)
    setMarks(Object.fromEntries(matched === null ? others : [...others, [item, matched]]))
  }
  const tick = (at: number) => {
    const item = of.items[at]
    if (open && item !== undefined) mark(item.item, marks[item.item] === true ? null : true)
  }
  useKeys(Object.fromEntries(Array.from({ length: 9 }, (_, at) => [String(at + 1), () => tick(at)])))
  const given = of.items.filter((it) => marks[it.item] !== undefined)
  const differs = given.some((it) => marks[it.item] === false)
  const left = of.items.filter((it) => it.required && marks[it.item] !== true).length
  const send = async () => {
    const checklist = given.map(({ item }) => ({ item, matched: marks[item] === true }))
    const sent = await sender.send('identity.verify', { verdict: differs ? 'mismatched' : 'matched', checklist })
    if (sent) forget()
  }
  return (
    <>
      <p className="fine">{open ? t.checklistLead : t.notNow}</p>
      {of.identityVerified && (
        <p>
          <Tag tone="good" icon="check">
            {t.complete}
          </Tag>
        </p>
      )}
      <ol className="checks">
        {of.items.map((it, at) => (
          <Check key={it.item} {...{ of: it, at, open, mark: marks[it.item] }} onMark={(m) => mark(it.item, m)} />
        ))}
      </ol>
      <Problem of={sender.problemOf('identity.verify')} />
      {open && (
        <div className="row">
          <button
            type="button"
            className="button"
            disabled={sender.busy || given.length === 0 || (!differs && left > 0)}
            onClick={() => void send()}
          >
            {given.length === 0 ? t.record1 : differs ? t.recordNo : t.recordOk}
          </button>
          {differs && (
            <button type="button" className="button quiet" disabled={sender.busy} onClick={() => setReferring(true)}>
              {t.refer}
            </button>
          )}
          {!differs && left > 0 && <span className="fine">{t.missing(left)}</span>}
        </div>
      )}
      {referring && !sender.conflict && (
        <Refer
          differing={given.filter((it) => marks[it.item] === false)}
          sender={sender}
          onDone={forget}
          onClose={() => setReferring(false)}
        />
      )}
    </>
  )
}

interface CheckProps {
  readonly of: Item
  readonly at: number
  readonly open: boolean
  readonly mark: boolean | undefined
  readonly onMark: (matched: boolean | null) => void
}
function Check({ of, at, open, mark, onMark }: CheckProps) {
  const t = useWords(ticketWords)
  const say = useSay()
  const times = useTimes()
  const { staffId } = useSession()
  const name = `check-${of.item}`
  return (
    <li>
      <fieldset>
        <legend>
          {at < 9 && <kbd aria-hidden="true">{at + 1}</kbd>} {say(of.label)}{' '}
          {of.required && <span className="fine">({t.required})</span>}
        </legend>
        <Hint of={of} />
        {of.tick !== null && (
          <p className="fine">
            {of.tick.matched ? t.matched : t.mismatched} ·{' '}
            {t.ticked(of.tick.by === staffId ? t.you : t.officer, times.full(of.tick.at))}
          </p>
        )}
        {open && (
          <div className="choices">
            {([true, false] as const).map((matched) => (
              <label key={String(matched)} className="tick">
                <input type="radio" name={name} checked={mark === matched} onChange={() => onMark(matched)} />
                <span>{matched ? t.matched : t.mismatched}</span>
              </label>
            ))}
          </div>
        )}
      </fieldset>
    </li>
  )
}

const SIGNS = { agrees: 'equal', differs: 'differs', unknown: 'unknown' } as const satisfies Record<string, IconName>
const TONES = { agrees: 'good', differs: 'bad', unknown: 'plain' } as const

function Hint({ of: { hint } }: { readonly of: Item }) {
  const t = useWords(ticketWords)
  const say = useSay()
  if (hint === null) return null
  return (
    <p className="tags">
      <Tag tone={TONES[hint.verdict]} icon={SIGNS[hint.verdict]}>
        {t[hint.verdict]}
      </Tag>
      {hint.findings.map((it) => (
        <span key={it.code} className="fine">
          {say(it.text)}
        </span>
      ))}
    </p>
  )
}
