import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { post } from '../../api/client.js'
import type { BulkJob } from '../../api/oversight.js'
import { worklistQuery } from '../../api/queries.js'
import { chooseNone, useChosen } from '../../app/chosen.js'
import { useKept } from '../../app/kept.js'
import { useQuery as useAddress } from '../../app/router.js'
import { useAct } from '../../app/useAct.js'
import { Heading, Section } from '../../parts/Page.js'
import { Problem } from '../../parts/Problem.js'
import { useWords } from '../../words/index.js'
import { What } from './What.js'
import { Which } from './Which.js'
import { Job } from './Job.js'
import { Run } from './Run.js'
import { filterOf, NO_PLAN, payloadOf, searchOf, type Plan, type Selection } from './plan.js'
import { bulkWords } from './words.js'
import './bulk.css'

/** One action on many cases: which, what, a trial that changes nothing, and only then the run. */
export default function BulkPage() {
  const t = useWords(bulkWords)
  const [address, change] = useAddress()
  const chosen = useChosen()
  const [byFilter, setByFilter] = useState(chosen.length === 0)
  const asked = { action: address.get('tindakan') ?? '', incidentId: address.get('gangguan') ?? '' }
  const [kept, keep, forget] = useKept<Plan>('bulk', NO_PLAN)
  const plan = kept.action === '' ? { ...kept, ...asked } : kept
  const start = useAct((order: object, key: string) => post<BulkJob>('/v1/bulk', { key, body: order }))
  const [faulty, setFaulty] = useState(false)
  // Whatever is changed has to be tried anew.
  const edit = (part: Partial<Plan>) => keep({ ...plan, ...part, dryId: '', runId: '' })
  const selection: Selection = byFilter ? { filter: filterOf(address) } : { ids: chosen }
  const { data: matching } = useQuery({ ...worklistQuery(searchOf(filterOf(address))), enabled: byFilter })
  const sample = (byFilter ? matching?.items[0]?.ticketId : chosen[0]) ?? ''
  const begin = async (dryRun: boolean, wanted: Selection) => {
    const payload = payloadOf(plan)
    setFaulty(payload === null)
    if (payload === null) return
    const job = await start.run({ action: plan.action, payload, selection: wanted, dryRun })
    if (job !== undefined) keep(dryRun ? { ...plan, dryId: job.id, runId: '' } : { ...plan, runId: job.id })
  }
  const anew = () => {
    forget()
    chooseNone()
    setByFilter(true)
    change({ tindakan: '', gangguan: '' })
    document.querySelector('h1')?.focus()
  }
  return (
    <>
      <Heading title={t.title}>
        <p className="lead">{t.lead}</p>
      </Heading>
      <Section title={t.which}>
        <Which
          {...{ byFilter, chosen: chosen.length }}
          onByFilter={(it) => {
            setByFilter(it)
            edit({})
          }}
          onFilter={(it) => {
            change(it)
            edit({})
          }}
        />
      </Section>
      <Section title={t.what}>
        <form
          noValidate
          onSubmit={(event) => {
            event.preventDefault()
            void begin(true, selection)
          }}
        >
          <What {...{ plan, faulty, sample }} onEdit={edit} />
          <Problem of={start.problem} />
          <button className="button" disabled={start.busy} data-dry>
            {t.dry}
          </button>
        </form>
      </Section>
      {plan.dryId !== '' && (
        <Section title={t.dryTitle}>
          <Job id={plan.dryId} />
          {plan.runId === '' && (
            <Run {...{ plan, busy: start.busy, problem: start.problem }} onRun={(ids) => void begin(false, { ids })} />
          )}
        </Section>
      )}
      {plan.runId !== '' && (
        <Section title={t.runTitle}>
          <Job id={plan.runId} />
          <button type="button" className="button quiet" onClick={anew}>
            {t.anew}
          </button>
        </Section>
      )}
    </>
  )
}
