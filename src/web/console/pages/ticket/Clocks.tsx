import { useEffect, useRef } from 'react'
import { useQuery } from '@tanstack/react-query'
import { clocksQuery, typeQuery } from '../../api/queries.js'
import type { Label, SlaClock, Ticket } from '../../api/types.js'
import { announce } from '../../app/announce.js'
import { Head } from '../../parts/Head.js'
import { Icon } from '../../parts/Icon.js'
import { Loaded, Section } from '../../parts/Page.js'
import { Tag } from '../../parts/Tag.js'
import { useTimes } from '../../parts/time.js'
import { coded } from '../../words/codes.js'
import { useSay, useWords } from '../../words/index.js'
import { common } from '../../words/common.js'
import { calendarWords } from '../calendars/words.js'
import { ticketWords } from './words.js'

/** What was promised: what is left in business time, why it stands still, and how the date came about. */
export function ClockSection({ ticket: { ticketId, type } }: { readonly ticket: Ticket }) {
  const t = useWords(ticketWords)
  const described = useQuery(typeQuery(type))
  const query = useQuery(clocksQuery(ticketId))
  return (
    <Section title={t.clocks}>
      <Loaded query={query}>
        {({ clocks }) =>
          clocks.length === 0 ? (
            <p>{t.noClocks}</p>
          ) : (
            <ul className="plain clocks">
              {clocks.map((it) => (
                <Clock key={`${it.target} ${it.cycle}`} of={it} causes={described.data?.states ?? {}} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Section>
  )
}

interface Props {
  readonly of: SlaClock
  /** What a clock stands still in: states of the type, in words. */
  readonly causes: Readonly<Record<string, Label>>
}
function Clock({ of, causes }: Props) {
  const t = useWords(ticketWords)
  const say = useSay()
  const label = say(of.label)
  useThresholds(of, t.thresholdReached(label))
  return (
    <li>
      <h3>{label}</h3>
      <p className="countdown">
        <Left of={of} />
      </p>
      <details>
        <summary>{t.how}</summary>
        <Explained of={of} causes={causes} />
      </details>
    </li>
  )
}

function Left({ of }: { readonly of: SlaClock }) {
  const t = useWords(ticketWords)
  const times = useTimes()
  const due = times.near(of.dueAt.at, of.zone)
  if (of.outcome !== null)
    return (
      <Tag
        tone={of.outcome === 'met' ? 'good' : of.outcome === 'void' ? 'plain' : 'bad'}
        icon={of.outcome === 'met' ? 'check' : 'warn'}
      >
        {t.outcome[of.outcome]} · {due}
      </Tag>
    )
  const left = of.remainingMs ?? 0
  if (of.pausedAt !== null)
    return (
      <>
        <Icon name="pause" /> {t.stopped(times.span(left))}
      </>
    )
  if (left === 0)
    return (
      <Tag tone="bad" icon="warn">
        {t.late(due)}
      </Tag>
    )
  return (
    <>
      <Icon name="clock" /> {(of.unit === 'wall' ? t.leftWall : t.left)(times.span(left), due)}
    </>
  )
}

function Explained({ of, causes }: Props) {
  const t = useWords(ticketWords)
  const say = useSay()
  const because = (codes: readonly string[]) => codes.map((it) => say(causes[it] ?? { id: it, en: it })).join(', ')
  const { yes, no } = useWords(common)
  const times = useTimes()
  const days = useWords(calendarWords)
  return (
    <div>
      <p>
        {t.countsFrom(times.full(of.countsFrom.at, of.zone))} {of.extended && t.extended}
      </p>
      {of.pausedAt !== null && (
        <p>
          {t.pausedNow(times.full(of.pausedAt, of.zone))} {because(of.pauseCauses)}
        </p>
      )}
      {of.pauses.map((it) => (
        <p key={it.from.at}>
          {t.paused(times.full(it.from.at, of.zone), times.full(it.until.at, of.zone), times.span(it.ms))}{' '}
          {because(it.causes)}
        </p>
      ))}
      {of.explanation !== null && (
        <div className="scroll" role="region" aria-label={t.how} tabIndex={0}>
          <table>
            <Head of={[t.day, t.counted, t.why]} />
            <tbody>
              {of.explanation.days.map((it) => (
                <tr key={it.date}>
                  <th scope="row">{times.day(it.date)}</th>
                  <td>{it.counted ? yes : no}</td>
                  <td>
                    {it.label ?? (it.number === null ? coded(days.notCounted, it.reason) : days.counted(it.number))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  )
}

/** Said aloud when a warning is reached while the page is open, and at no other time. */
function useThresholds(of: SlaClock, text: string): void {
  const known = useRef(of.fired.length)
  useEffect(() => {
    if (of.fired.length > known.current) announce(text)
    known.current = of.fired.length
  }, [of.fired.length, text])
}
