import { useQuery } from '@tanstack/react-query'
import { incidentsQuery } from '../../api/oversight.js'
import { colleaguesQuery, reasonsQuery } from '../../api/queries.js'
import { SelectField, type Option } from '../../parts/Field.js'
import { OfficeField } from '../../parts/OfficeField.js'
import { useTimes } from '../../parts/time.js'
import { coded, codes, optionsOf } from '../../words/codes.js'
import { common } from '../../words/common.js'
import { useSay, useWords } from '../../words/index.js'
import { incidentWords } from '../incidents/words.js'
import { ASKS, isAction, type Field, type Plan } from './plan.js'
import { bulkWords } from './words.js'

interface Props {
  readonly plan: Plan
  /** Something is missing, and it was tried all the same. */
  readonly faulty: boolean
  /** One of the cases; empty when there is none. */
  readonly sample: string
  readonly onEdit: (part: Partial<Plan>) => void
}

/** The action, and what it asks for. */
export function What({ plan, faulty, sample, onEdit }: Props) {
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
        ASKS[plan.action].map((field) => <Ask key={field} {...{ field, plan, faulty, sample, onEdit }} />)}
    </>
  )
}

function Ask({ field, plan, faulty, sample, onEdit }: Props & { readonly field: Field }) {
  const t = useWords(bulkWords)
  const { choose, required } = useWords(common)
  const options = useOptions(field, plan.action)
  const labels = { ...FIELDS(t), reason: useWords(common).reason }
  const fault = faulty && plan[field].trim() === '' ? required : undefined
  if (field === 'staffId') return <Officer {...{ plan, onEdit, fault, sample }} />
  if (field === 'officeId')
    return (
      <OfficeField
        {...{ label: t.toOffice, name: field, value: plan.officeId, fault }}
        onChange={(officeId) => onEdit({ officeId })}
      />
    )
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
  const { titles } = useWords(incidentWords)
  const reasons = useQuery(reasonsQuery).data?.items
  const incidents = useQuery({ ...incidentsQuery, enabled: field === 'incidentId' }).data?.items ?? []
  switch (field) {
    case 'document':
      return optionsOf(words.document)
    case 'flag':
      return optionsOf(words.flag)
    case 'incidentId':
      return incidents
        .filter((it) => it.endedAt === null)
        .map((it) => ({ value: it.incidentId, text: `${coded(titles, it.title)} · ${times.full(it.from)}` }))
    case 'reason': {
      if (action === 'assign') return optionsOf(t.reasons)
      const event = action === 'transfer' ? 'office.transfer' : action
      const known = reasons?.find((it) => it.event === event)?.reasons ?? []
      return known.map((it) => ({ value: it.code, text: say(it.text) }))
    }
    case 'officeId':
    case 'staffId':
      return []
  }
}

/** Those who may be given the first of the cases, by name; the trial says whether they may be given the others. */
function Officer({ plan, onEdit, fault, sample }: Omit<Props, 'faulty'> & { readonly fault: string | undefined }) {
  const t = useWords(bulkWords)
  const { choose } = useWords(common)
  const { data } = useQuery({ ...colleaguesQuery(sample), enabled: sample !== '' })
  return (
    <SelectField
      {...{ label: t.staff, hint: t.staffHint, fault, name: 'staffId', value: plan.staffId, empty: choose }}
      options={(data?.items ?? []).map((it) => ({ value: it.staffId, text: it.name }))}
      onChange={(event) => onEdit({ staffId: event.target.value })}
    />
  )
}
