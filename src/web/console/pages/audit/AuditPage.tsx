import type { ReactNode } from 'react'
import { useInfiniteQuery, type UseInfiniteQueryResult } from '@tanstack/react-query'
import { asProblem } from '../../api/client.js'
import { useQuery as useAddress } from '../../app/router.js'
import { SelectField } from '../../parts/Field.js'
import { Empty, Heading, Loading, Section } from '../../parts/Page.js'
import { Problem } from '../../parts/Problem.js'
import { optionsOf } from '../../words/codes.js'
import { common } from '../../words/common.js'
import { useWords } from '../../words/index.js'
import { alertsQuery, checkpointsQuery, entriesQuery } from './api.js'
import { Checkpoints, Entries } from './Lists.js'
import { AuditFilters, searchOf } from './Filters.js'
import { auditWords } from './words.js'

/** The audit chain for those who examine it: entries, alerts of unusual access, signed checkpoints. */
export default function AuditPage() {
  const t = useWords(auditWords)
  const [address, change] = useAddress()
  const { entries, ...others } = t.view
  const view = address.get('tampilan') ?? ''
  return (
    <>
      <Heading title={t.title}>
        <p className="lead">{t.lead}</p>
      </Heading>
      <div className="filters">
        <SelectField
          {...{ label: t.views, name: 'tampilan', value: view, empty: entries, options: optionsOf(others) }}
          onChange={(event) => change({ tampilan: event.target.value })}
        />
      </div>
      {view === 'alerts' ? <Alerts /> : view === 'checkpoints' ? <Signed /> : <Log search={searchOf(address)} />}
    </>
  )
}

function Log({ search }: { readonly search: string }) {
  const t = useWords(auditWords)
  const query = useInfiniteQuery(entriesQuery(search))
  return (
    <>
      <AuditFilters key={search} />
      <Section title={t.view.entries}>
        <Pages query={query} none={t.none}>
          {(items) => <Entries of={items} />}
        </Pages>
      </Section>
    </>
  )
}

function Alerts() {
  const t = useWords(auditWords)
  const query = useInfiniteQuery(alertsQuery)
  return (
    <Section title={t.view.alerts}>
      <Pages query={query} none={t.noAlerts}>
        {(items) => <Entries of={items} />}
      </Pages>
    </Section>
  )
}

function Signed() {
  const t = useWords(auditWords)
  const query = useInfiniteQuery(checkpointsQuery)
  return (
    <Section title={t.view.checkpoints}>
      <p className="fine">{t.checkpointNote}</p>
      <Pages query={query} none={t.noCheckpoints}>
        {(items) => <Checkpoints of={items} />}
      </Pages>
    </Section>
  )
}

interface PagesProps<T> {
  readonly query: UseInfiniteQueryResult<{ readonly pages: readonly { readonly items: readonly T[] }[] }>
  readonly none: string
  readonly children: (items: readonly T[]) => ReactNode
}
/** One page after the other, as far as somebody reads. */
function Pages<T>({ query, none, children }: PagesProps<T>) {
  const { more } = useWords(common)
  const { data, error } = query
  const problem = error === null ? null : asProblem(error)
  if (data === undefined)
    return problem === null ? <Loading /> : <Problem of={problem} quiet onRetry={() => void query.refetch()} />
  const items = data.pages.flatMap((it) => it.items)
  return (
    <>
      {items.length === 0 ? <Empty>{none}</Empty> : children(items)}
      <Problem of={problem} />
      {query.hasNextPage && (
        <button
          type="button"
          className="button quiet"
          disabled={query.isFetching}
          onClick={() => void query.fetchNextPage()}
        >
          {more}
        </button>
      )}
    </>
  )
}
