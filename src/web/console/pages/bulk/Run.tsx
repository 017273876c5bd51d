import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import type { ApiProblem } from '../../api/client.js'
import { bulkQuery, verdictsQuery } from '../../api/oversight.js'
import { useNumbers } from '../../parts/chart/numbers.js'
import { Dialog } from '../../parts/Dialog.js'
import { Problem } from '../../parts/Problem.js'
import { coded } from '../../words/codes.js'
import { common } from '../../words/common.js'
import { useWords } from '../../words/index.js'
import type { Plan } from './plan.js'
import { bulkWords } from './words.js'

interface Props {
  readonly plan: Plan
  readonly busy: boolean
  readonly problem: ApiProblem | null
  readonly onRun: (ids: readonly string[]) => void
}

/** From the trial to the run: exactly the cases that passed it, after a question that says so. */
export function Run({ plan, busy, problem, onRun }: Props) {
  const t = useWords(bulkWords)
  const { cancel } = useWords(common)
  const { count } = useNumbers()
  const [asking, setAsking] = useState(false)
  const { data: trial } = useQuery(bulkQuery(plan.dryId))
  const over = trial !== undefined && trial.state !== 'running'
  const { data: verdicts } = useQuery({ ...verdictsQuery(plan.dryId), enabled: over })
  if (!over || verdicts === undefined) return null
  const ids = verdicts.filter((it) => it.verdict === 'done').map((it) => it.ticketId)
  if (ids.length === 0) return <p className="inset warn">{t.runNone}</p>
  return (
    <>
      <p className="fine">{t.runNote}</p>
      <button type="button" className="button" onClick={() => setAsking(true)} data-run>
        {t.run(count(ids.length))}
      </button>
      {asking && (
        <Dialog title={t.confirm} onClose={() => setAsking(false)}>
          <p>{t.confirmText(coded(t.actions, plan.action), count(ids.length))}</p>
          <Problem of={problem} />
          <div className="row">
            <button type="button" className="button" disabled={busy} onClick={() => onRun(ids)} data-confirm>
              {t.run(count(ids.length))}
            </button>
            <button type="button" className="button quiet" onClick={() => setAsking(false)}>
              {cancel}
            </button>
          </div>
        </Dialog>
      )}
    </>
  )
}
