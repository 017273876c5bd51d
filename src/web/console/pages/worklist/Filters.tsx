import { useQuery } from '../../app/router.js'
import { useSession } from '../../app/session.js'
import { SelectField } from '../../parts/Field.js'
import { OfficeField } from '../../parts/OfficeField.js'
import { codes, optionsOf } from '../../words/codes.js'
import { useWords } from '../../words/index.js'
import { worklistWords } from './words.js'

/** The filters as they stand in the address: codes only. */
export const FILTERS = ['tampilan', 'tenggat', 'rute', 'sebab', 'kantor'] as const

/** The API's own query for an address. */
export function searchOf(query: URLSearchParams): string {
  const search = new URLSearchParams()
  const view = query.get('tampilan')
  if (view === 'free') search.set('unassigned', 'true')
  if (view === 'mine') search.set('mine', 'true')
  if (view === 'check') search.set('state', 'approvalProposed')
  for (const [name, to] of [
    ['tenggat', 'group'],
    ['rute', 'route'],
    ['sebab', 'cause'],
    ['kantor', 'office'],
  ] as const) {
    const value = query.get(name)
    if (value !== null) search.set(to, value)
  }
  return search.toString()
}

/** All of them in sight: what the list leaves out is never a surprise. */
export function Filters() {
  const t = useWords(worklistWords)
  const words = useWords(codes)
  const { offices } = useSession()
  const [query, change] = useQuery()
  const select = (name: (typeof FILTERS)[number], label: string, options: { value: string; text: string }[]) => (
    <SelectField
      {...{ label, name, options, empty: t.all, value: query.get(name) ?? '' }}
      onChange={(event) => change({ [name]: event.target.value })}
    />
  )
  const set = FILTERS.some((it) => query.get(it) !== null)
  const { all, ...views } = t.views
  return (
    <form className="filters" aria-label={t.filters} onSubmit={(event) => event.preventDefault()}>
      <SelectField
        {...{
          label: t.view,
          name: 'tampilan',
          options: optionsOf(views),
          empty: all,
          value: query.get('tampilan') ?? '',
        }}
        onChange={(event) => change({ tampilan: event.target.value })}
      />
      {select('tenggat', t.group, optionsOf(words.group))}
      {select('rute', t.route, optionsOf(words.route))}
      {select('sebab', t.cause, optionsOf(words.cause))}
      {(offices === null || offices.length > 1) && (
        <OfficeField
          {...{ label: t.office, name: 'kantor', empty: t.all, among: offices, value: query.get('kantor') ?? '' }}
          onChange={(kantor) => change({ kantor })}
        />
      )}
      {set && (
        <button
          type="button"
          className="button plain"
          onClick={() => change(Object.fromEntries(FILTERS.map((it) => [it, ''])))}
        >
          {t.clear}
        </button>
      )}
    </form>
  )
}
