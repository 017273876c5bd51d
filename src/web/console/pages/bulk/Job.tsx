import { useState } from 'react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { post } from '../../api/client.js'
import { bulkPath, bulkQuery, verdictsQuery, type BulkJob, type BulkVerdict } from '../../api/oversight.js'
import { BASE, Link } from '../../app/router.js'
import { useAct } from '../../app/useAct.js'
import { Head } from '../../parts/Head.js'
import { useNumbers } from '../../parts/chart/numbers.js'
import { Loaded } from '../../parts/Page.js'
import { Problem } from '../../parts/Problem.js'
import { Tag, type Tone } from '../../parts/Tag.js'
import type { IconName } from '../../parts/Icon.js'
import { coded } from '../../words/codes.js'
import { useWords } from '../../words/index.js'
import { bulkWords } from './words.js'

/** A job: how far it is, the way to stop it, and in the end what became of every case. */
export function Job({ id }: { readonly id: string }) {
  const query = useQuery(bulkQuery(id))
  return (
    <Loaded query={query}>
      {(job) => (
        <>
          <Progress job={job} />
          {job.state === 'running' ? <Stop job={job} /> : <Verdicts job={job} />}
        </>
      )}
    </Loaded>
  )
}

function Progress({ job }: { readonly job: BulkJob }) {
  const t = useWords(bulkWords)
  const { count } = useNumbers()
  const judged = job.total - job.pending
  const [done, refused, skipped] = [count(job.done), count(job.refused), count(job.skipped)]
  const text = {
    running: t.progress(count(judged), count(job.total)),
    cancelled: t.cancelled(done, skipped),
    done: (job.dryRun ? t.finishedDry : t.finished)(done, refused, skipped),
  }[job.state]
  return (
    <>
      <progress max={job.total} value={judged} aria-label={t.progress(count(judged), count(job.total))} />
      <p role="status" data-job={job.state}>
        <strong>{text}</strong>
      </p>
    </>
  )
}

function Stop({ job }: { readonly job: BulkJob }) {
  const t = useWords(bulkWords)
  const client = useQueryClient()
  const cancel = useAct((id: string) => post<BulkJob>(bulkPath(id, '/cancel')))
  const stop = async () => {
    const now = await cancel.run(job.id)
    if (now !== undefined) client.setQueryData(bulkQuery(job.id).queryKey, now)
  }
  return (
    <>
      <Problem of={cancel.problem} />
      <button type="button" className="button against" disabled={cancel.busy} onClick={() => void stop()} data-stop>
        {t.stop}
      </button>
    </>
  )
}

const SHOWN = 100
const SIGNS: Readonly<Record<BulkVerdict['verdict'], readonly [Tone, IconName]>> = {
  pending: ['plain', 'clock'],
  done: ['good', 'check'],
  refused: ['bad', 'stop'],
  skipped: ['warn', 'pause'],
}

function Verdicts({ job }: { readonly job: BulkJob }) {
  const t = useWords(bulkWords)
  const { count } = useNumbers()
  const [all, setAll] = useState(false)
  const query = useQuery(verdictsQuery(job.id))
  const words = job.dryRun ? t.dryWords : t.verdictWords
  return (
    <Loaded query={query}>
      {(items) => (
        <>
          <div className="scroll" role="region" aria-label={t.verdicts} tabIndex={0}>
            <table className="verdicts">
              <caption>{t.verdicts}</caption>
              <Head of={[t.number, t.verdict, t.why]} />
              <tbody>
                {(all ? items : items.slice(0, SHOWN)).map(({ seq, ticketId, ticketNumber, verdict, code }) => (
                  <tr key={seq}>
                    <th scope="row">
                      <Link to={`${BASE}/tiket/${ticketId}`}>{ticketNumber}</Link>
                    </th>
                    <td>
                      <Tag tone={SIGNS[verdict][0]} icon={SIGNS[verdict][1]}>
                        {words[verdict]}
                      </Tag>
                    </td>
                    <td>
                      {code !== null && (
                        <>
                          {coded(t.codes, code)} <code className="fine">{code}</code>
                        </>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <div className="row after">
            {!all && items.length > SHOWN && (
              <button type="button" className="button quiet" onClick={() => setAll(true)}>
                {t.showAll(count(items.length))}
              </button>
            )}
            <a className="csv" href={bulkPath(job.id, '/verdicts.csv')} download>
              {t.csv}
            </a>
          </div>
        </>
      )}
    </Loaded>
  )
}
