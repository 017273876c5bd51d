import { useQuery } from '@tanstack/react-query'
import { riskQuery } from '../../api/queries.js'
import type { Entry } from '../../api/types.js'
import { BASE, Link } from '../../app/router.js'
import { Icon } from '../../parts/Icon.js'
import { Loaded, Section } from '../../parts/Page.js'
import { Tag } from '../../parts/Tag.js'
import { useTimes } from '../../parts/time.js'
import { coded, codes } from '../../words/codes.js'
import { useSay, useWords } from '../../words/index.js'
import { ticketWords } from './words.js'

/** What makes a case suspicious, each with its reason; none of it rejects by itself. */
export function RiskSection({ id }: { readonly id: string }) {
  const t = useWords(ticketWords)
  const say = useSay()
  const query = useQuery(riskQuery(id))
  return (
    <Section title={t.risk}>
      <Loaded query={query}>
        {({ flags, competing, match }) => (
          <>
            {match !== null && (
              <p>
                <Icon name={match.outcome === 'found' ? 'check' : 'warn'} /> {t.match[match.outcome]}
              </p>
            )}
            {flags.length === 0 && <p>{t.noRisk}</p>}
            <ul className="plain">
              {flags.map((it) => (
                <li key={it.code}>
                  <Icon name="flag" /> {say(it.reason)} {it.elevates && <Tag tone="warn">{t.elevates}</Tag>}{' '}
                  {it.branch && <Tag tone="warn">{t.branch}</Tag>}{' '}
                  {it.otherTicketId !== null && <Link to={`${BASE}/tiket/${it.otherTicketId}`}>{t.otherCase}</Link>}
                </li>
              ))}
            </ul>
            {competing.length > 0 && (
              <>
                <h3>{t.competing}</h3>
                <p>
                  <Link to={`${BASE}/tiket/${id}/gabung`}>{t.compareCases}</Link>
                </p>
                <ul className="plain">
                  {competing.map((it) => (
                    <li key={it}>
                      <Link to={`${BASE}/tiket/${it}`}>{t.otherCase}</Link>
                    </li>
                  ))}
                </ul>
              </>
            )}
          </>
        )}
      </Loaded>
    </Section>
  )
}

export function Timeline({ entries }: { readonly entries: readonly Entry[] }) {
  const t = useWords(ticketWords)
  return (
    <Section title={t.timeline}>
      <Entries of={entries.toReversed()} />
    </Section>
  )
}

/** Facts with who and when, and every promise that moved. */
export function Entries({ of }: { readonly of: readonly Entry[] }) {
  const t = useWords(ticketWords)
  const words = useWords(codes)
  const say = useSay()
  const times = useTimes()
  return (
    <ol className="time">
      {of.map((it) => (
        <li key={it.seq}>
          <time dateTime={it.at}>{times.full(it.at)}</time>
          <b>{say(it.label)}</b> <span className="fine">{t.by(coded(words.role, it.actor.role))}</span>
          {it.moves.map((move) => (
            <span className="fine move" key={move.target}>
              {t.moved(say(move.label), times.full(move.to), say(move.reasonLabel))}
            </span>
          ))}
        </li>
      ))}
    </ol>
  )
}
