import { useQuery } from '@tanstack/react-query'
import { Head } from '../../parts/Head.js'
import { useTimes } from '../../parts/time.js'
import { coded, codes } from '../../words/codes.js'
import { useWords } from '../../words/index.js'
import type { AuditEntry, Checkpoint } from './api.js'
import { staffQuery } from '../staff/api.js'
import { actionWords } from './actions.js'
import { auditWords } from './words.js'
import './audit.css'

/** Each line with what binds it to the one before. */
export function Entries({ of }: { readonly of: readonly AuditEntry[] }) {
  const t = useWords(auditWords)
  const { role } = useWords(codes)
  const actions: Readonly<Record<string, string>> = useWords(actionWords)
  const times = useTimes()
  return (
    <div className="scroll" role="region" aria-label={t.view.entries} tabIndex={0}>
      <table className="audit">
        <Head of={[t.columns.at, t.columns.action, t.columns.who, t.columns.about, t.columns.detail]} />
        <tbody>
          {of.map((it) => (
            <tr key={it.position}>
              <td>
                {times.full(it.at)}
                <br />
                <span className="fine">{t.position(it.position)}</span>
              </td>
              <th scope="row">
                {actions[it.action] !== undefined && (
                  <>
                    {actions[it.action]}
                    <br />
                  </>
                )}
                <code className="fine">{it.action}</code>
              </th>
              <td>
                {coded(role, it.actorRole)}
                <br />
                <Who id={it.actorId} />
              </td>
              <td>
                {it.ticketId !== null ? (
                  <code>{it.ticketId}</code>
                ) : it.subject === null ? (
                  '–'
                ) : (
                  <Who id={it.subject} />
                )}
              </td>
              <td>
                <Detail of={it} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** By name where it is somebody of the staff; the id is what the chain holds. */
function Who({ id }: { readonly id: string }) {
  const { data } = useQuery(staffQuery)
  const name = data?.find((it) => it.staffId === id)?.name
  return (
    <>
      {name !== undefined && (
        <>
          {name}
          <br />
        </>
      )}
      <code>{id}</code>
    </>
  )
}

function Detail({ of: { detail, hash, prevHash } }: { readonly of: AuditEntry }) {
  const t = useWords(auditWords)
  const facts = Object.entries(detail)
  return (
    <>
      {facts.map(([name, value]) => (
        <div key={name}>
          {name}: <code>{typeof value === 'string' ? value : JSON.stringify(value)}</code>
        </div>
      ))}
      <details>
        <summary>{t.chain}</summary>
        <p>
          {t.hash}: <code>{hash}</code>
        </p>
        <p>
          {t.previous}: <code>{prevHash}</code>
        </p>
      </details>
    </>
  )
}

export function Checkpoints({ of }: { readonly of: readonly Checkpoint[] }) {
  const t = useWords(auditWords)
  const times = useTimes()
  return (
    <ul className="plain audit">
      {of.map((it) => (
        <li key={it.position}>
          <b>{t.position(it.position)}</b> · {times.full(it.at)}
          <dl className="facts">
            <dt>{t.hash}</dt>
            <dd>
              <code>{it.hash}</code>
            </dd>
            <dt>{t.key}</dt>
            <dd>
              <code>{it.keyId}</code>
            </dd>
            <dt>{t.signature}</dt>
            <dd>
              <code>{it.signature}</code>
            </dd>
          </dl>
        </li>
      ))}
    </ul>
  )
}
