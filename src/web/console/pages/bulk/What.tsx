import { useId } from 'react'
import { useQuery } from '@tanstack/react-query'
import { incidentsQuery, officesQuery, reportQuery } from '../../api/oversight.js'
import { reasonsQuery } from '../../api/queries.js'
import { SelectField, TextField, type Option } from '../../parts/Field.js'
import { useTimes } from '../../parts/time.js'
import { codes, optionsOf } from '../../words/codes.js'
import { common } from '../../words/common.js'
import { useSay, useWords } from '../../words/index.js'
import { ASKS, isAction, type Field, type Plan } from './plan.js'
import { bulkWords } from './words.js'

interface Props {
  readonly plan: Plan
  /** Something is missing, and it was tried all the same. */
  readonly faulty: boolean
  readonly onEdit: (part: Partial<Plan>) => void
}

/** The action, and what it asks for. */
export function What({ plan, faulty, onEdit }: Props) {
  const t = useWords(bulkWords)
  const { choose, required } = useWords(common)
  return (
    <>
      <SelectField
        {...{ label: t.action, name: 'action', value: plan.action, empty: choose, options: optionsOf(t.actions) }}
        fault={faulty && plan.action === '' ? required : undefined}
        onChange={(event) => onEdit({ action: event.target.value, reason: '' })}
      />
      {isAction(plan.action) &&
        ASKS[plan.action].map((field) => <Ask key={field} {...{ field, plan, faulty, onEdit }} />)}
    </>
  )
}

function Ask({ field, plan, faulty, onEdit }: Props & { readonly field: Field }) {
  const t = useWords(bulkWords)
  const { choose, required } = useWords(common)
  const options = useOptions(field, plan.action)
  const labels = { ...FIELDS(t), reason: useWords(common).reason }
  const fault = faulty && plan[field].trim() === '' ? required : undefined
  if (field === 'staffId') return <Officer {...{ plan, onEdit, fault }} />
  if (field === 'incidentId' && options.length === 0) return <p className="inset warn">{t.noIncident}</p>
  return (
    <SelectField
      {...{ label: labels[field], name: field, value: plan[field], empty: choose, options, fault }}
      onChange={(event) => onEdit({ [field]: event.target.value })}
    />
  )
}
const FIELDS = (t: { toOffice: string; document: string; flag: string; incident: string }) => ({
  officeId: t.toOffice,
  document: t.document,
  flag: t.flag,
  incidentId: t.incident,
})

function useOptions(field: Field, action: string): Option[] {
  const t = useWords(bulkWords)
  const words = useWords(codes)
  const say = useSay()
  const times = useTimes()
  const reasons = useQuery(reasonsQuery).data?.items
  const { data: offices = [] } = useQuery({ ...officesQuery, enabled: field === 'officeId' })
  const incidents = useQuery({ ...incidentsQuery, enabled: field === 'incidentId' }).data?.items ?? []
  switch (field) {
    case 'officeId':
      return offices.map((it) => ({ value: it.id, text: it.name }))
    case 'document':
      return optionsOf(words.document)
    case 'flag':
      return optionsOf(words.flag)
    case 'incidentId':
      return incidents
        .filter((it) => it.endedAt === null)
        .map((it) => ({ value: it.incidentId, text: `${times.full(it.from)} · ${it.title}` }))
    case 'reason': {
      if (action === 'assign') return optionsOf(t.reasons)
      const event = action === 'transfer' ? 'office.transfer' : action
      const known = reasons?.find((it) => it.event === event)?.reasons ?? []
      return known.map((it) => ({ value: it.code, text: say(it.text) }))
    }
    case 'staffId':
      return []
  }
}

/** Officers who acted lately are offered; any other number can be typed. */
function Officer({ plan, onEdit, fault }: Omit<Props, 'faulty'> & { readonly fault: string | undefined }) {
  const t = useWords(bulkWords)
  const list = useId()
  const { data } = useQuery(reportQuery('load', ''))
  const known = [...new Set(data?.rows.map((row) => String(row['staffId'])))]
  return (
    <>
      <TextField
        {...{ label: t.staff, hint: t.staffHint, fault, name: 'staffId', value: plan.staffId, list }}
        autoComplete="off"
        onChange={(event) => onEdit({ staffId: event.target.value })}
      />
      <datalist id={list}>
        {known.map((it) => (
          <option key={it} value={it} />
        ))}
      </datalist>
    </>
  )
}
