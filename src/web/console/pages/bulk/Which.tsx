import { useQuery } from '@tanstack/react-query'
import { worklistQuery } from '../../api/queries.js'
import { BASE, Link, useQuery as useAddress } from '../../app/router.js'
import { useSession } from '../../app/session.js'
import { useNumbers } from '../../parts/chart/numbers.js'
import { SelectField, Tick } from '../../parts/Field.js'
import { OfficeField } from '../../parts/OfficeField.js'
import { Empty, Loaded } from '../../parts/Page.js'
import { codes, optionsOf } from '../../words/codes.js'
import { useWords } from '../../words/index.js'
import { filterOf, searchOf } from './plan.js'
import { bulkWords } from './words.js'

interface Props {
  readonly byFilter: boolean
  /** How many were picked in the list. */
  readonly chosen: number
  readonly onByFilter: (byFilter: boolean) => void
  readonly onFilter: (change: Readonly<Record<string, string>>) => void
}

/** The cases: those that were picked, or all under filters, with how many that is. */
export function Which({ byFilter, chosen, onByFilter, onFilter }: Props) {
  const t = useWords(bulkWords)
  return (
    <>
      {chosen > 0 && (
        <SelectField
          {...{ label: t.from, name: 'from', value: byFilter ? 'filter' : 'chosen' }}
          options={[
            { value: 'chosen', text: t.chosen(chosen) },
            { value: 'filter', text: t.filter },
          ]}
          onChange={(event) => onByFilter(event.target.value === 'filter')}
        />
      )}
      {byFilter && <Filtered onFilter={onFilter} />}
      {!byFilter && chosen === 0 && <Empty>{t.chosenNone}</Empty>}
      <p>
        <Link to={BASE}>{t.toWorklist}</Link>
      </p>
    </>
  )
}

function Filtered({ onFilter }: Pick<Props, 'onFilter'>) {
  const t = useWords(bulkWords)
  const words = useWords(codes)
  const [address] = useAddress()
  const { offices } = useSession()
  const select = (name: string, label: string, options: { value: string; text: string }[]) => (
    <SelectField
      {...{ label, name, options, empty: t.all, value: address.get(name) ?? '' }}
      onChange={(event) => onFilter({ [name]: event.target.value })}
    />
  )
  return (
    <>
      <div className="filters">
        {select('tenggat', t.group, optionsOf(words.group))}
        {select('rute', t.route, optionsOf(words.route))}
        {select('sebab', t.cause, optionsOf(words.cause))}
        {(offices === null || offices.length > 1) && (
          <OfficeField
            {...{ label: t.office, name: 'kantor', empty: t.all, among: offices, value: address.get('kantor') ?? '' }}
            onChange={(kantor) => onFilter({ kantor })}
          />
        )}
      </div>
      <Tick
        name="free"
        checked={address.get('tampilan') === 'free'}
        onChange={(event) => onFilter({ tampilan: event.target.checked ? 'free' : '' })}
      >
        {t.free}
      </Tick>
      <Matches search={searchOf(filterOf(address))} />
    </>
  )
}

function Matches({ search }: { readonly search: string }) {
  const t = useWords(bulkWords)
  const { count } = useNumbers()
  const query = useQuery(worklistQuery(search))
  return (
    <Loaded query={query}>
      {({ groups, items }) => {
        const found = groups?.reduce((sum, it) => sum + it.count, 0) ?? items.length
        const more = groups?.some((it) => it.more) === true
        return found === 0 ? (
          <Empty>{t.matchesNone}</Empty>
        ) : (
          <p>
            <strong>{t.matches(`${count(found)}${more ? '+' : ''}`)}</strong>
          </p>
        )
      }}
    </Loaded>
  )
}
