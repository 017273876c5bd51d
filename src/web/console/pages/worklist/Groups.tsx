import { useState } from 'react'
import { useQueries, useQuery } from '@tanstack/react-query'
import { asProblem } from '../../api/client.js'
import { worklistQuery } from '../../api/queries.js'
import type { Group, Row } from '../../api/types.js'
import { useQuery as useAddress } from '../../app/router.js'
import { Icon, type IconName } from '../../parts/Icon.js'
import { Empty, Loaded } from '../../parts/Page.js'
import { Problem } from '../../parts/Problem.js'
import { codes } from '../../words/codes.js'
import { common } from '../../words/common.js'
import { useSay, useWords } from '../../words/index.js'
import { searchOf } from './Filters.js'
import { WorkRow } from './WorkRow.js'
import { worklistWords } from './words.js'

interface Props {
  readonly onClaim: (row: Row) => void
}
const SIGNS: Readonly<Record<Group, IconName>> = { veryLate: 'stop', late: 'warn', soon: 'clock', notYet: 'calendar' }
const ORDER: readonly Group[] = ['veryLate', 'late', 'soon', 'notYet']

/** What the person holds, above everything else. */
export function Mine({ onClaim }: Props) {
  const t = useWords(worklistWords)
  const query = useQuery(worklistQuery('mine=true'))
  return (
    <Loaded query={query}>
      {({ items }) =>
        items.length === 0 ? (
          <p className="fine">{t.mineNone}</p>
        ) : (
          <ul className="work">
            {items.map((row) => (
              <WorkRow key={row.ticketId} row={row} onClaim={onClaim} />
            ))}
          </ul>
        )
      }
    </Loaded>
  )
}

/** The list under the filters of the address. A change of them begins it anew. */
export function Groups({ onClaim }: Props) {
  const [address] = useAddress()
  const search = searchOf(address)
  return <List key={search} search={search} onClaim={onClaim} />
}

function List({ search, onClaim }: Props & { readonly search: string }) {
  const t = useWords(worklistWords)
  const { more } = useWords(common)
  const words = useWords(codes)
  const say = useSay()
  const first = useQuery(worklistQuery(search))
  const [cursors, setCursors] = useState<readonly string[]>([])
  const later = useQueries({
    queries: cursors.map((it) => worklistQuery(`${search === '' ? '' : `${search}&`}cursor=${encodeURIComponent(it)}`)),
  })
  const pages = [first.data, ...later.map((it) => it.data)].filter((it) => it !== undefined)
  const next = pages.at(-1)?.next ?? null
  const refused = later.find((it) => it.error !== null)?.error ?? null
  return (
    <Loaded query={first}>
      {({ groups }) => {
        // A ticket that moved between two pages is shown once.
        const rows = [...new Map(pages.flatMap((it) => it.items).map((it) => [it.ticketId, it])).values()]
        const counts = new Map(groups?.map((it) => [it.group, it]))
        const shown = ORDER.filter((it) => (counts.get(it)?.count ?? 0) > 0 || rows.some(({ group }) => group === it))
        return (
          <>
            {groups !== null && (
              <p className="counts">
                {ORDER.map((it) => (
                  <span key={it} className={`count ${it}`}>
                    <Icon name={SIGNS[it]} /> {words.group[it]} <b>{counts.get(it)?.count ?? 0}</b>
                    {counts.get(it)?.more === true && '+'}
                  </span>
                ))}
              </p>
            )}
            {shown.length === 0 && <Empty>{search === '' ? t.emptyAll : t.empty}</Empty>}
            {shown.map((group) => {
              const head = counts.get(group)
              return (
                <section key={group} className={`group ${group}`} aria-labelledby={`group-${group}`}>
                  <div className="group-head">
                    <h2 id={`group-${group}`}>
                      <Icon name={SIGNS[group]} /> {head === undefined ? group : say(head.label)}
                    </h2>
                    {head !== undefined && <span className="count">{t.count(head.count, head.more)}</span>}
                  </div>
                  <ul className="work">
                    {rows
                      .filter((it) => it.group === group)
                      .map((row) => (
                        <WorkRow key={row.ticketId} row={row} onClaim={onClaim} />
                      ))}
                  </ul>
                </section>
              )
            })}
            {refused !== null && <Problem of={asProblem(refused)} />}
            {next !== null && (
              <div className="row">
                <button type="button" className="button quiet" onClick={() => setCursors([...cursors, next])}>
                  {more}
                </button>
                {search !== '' && <span className="fine">{t.short}</span>}
              </div>
            )}
          </>
        )
      }}
    </Loaded>
  )
}
