import { useState } from 'react'
import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query'
import { asProblem, post } from '../../api/client.js'
import { noticesQuery } from '../../api/oversight.js'
import { announce } from '../../app/announce.js'
import { useQuery as useAddress } from '../../app/router.js'
import { useAct } from '../../app/useAct.js'
import { useNumbers } from '../../parts/chart/numbers.js'
import { Tick } from '../../parts/Field.js'
import { Empty, Heading, Loaded } from '../../parts/Page.js'
import { Problem } from '../../parts/Problem.js'
import { common } from '../../words/common.js'
import { useWords } from '../../words/index.js'
import { NoticeRow } from './NoticeRow.js'
import { noticeWords } from './words.js'
import './notices.css'

/** What the person has to hear about promises, with a mark of their own for what they have read. */
export default function NoticesPage() {
  const t = useWords(noticeWords)
  const [address, change] = useAddress()
  const unread = address.get('belum') === '1'
  return (
    <>
      <Heading title={t.title}>
        <p className="lead">{t.lead}</p>
      </Heading>
      <Tick name="unread" checked={unread} onChange={(event) => change({ belum: event.target.checked ? '1' : '' })}>
        {t.onlyUnread}
      </Tick>
      <Inbox key={String(unread)} unread={unread} />
    </>
  )
}

function useReading() {
  const t = useWords(noticeWords)
  const client = useQueryClient()
  const act = useAct(async (ids: readonly string[]) => {
    for (const id of ids) await post<null>(`/v1/notices/${encodeURIComponent(id)}/read`)
    return ids.length
  })
  const read = async (ids: readonly string[]) => {
    if ((await act.run(ids)) !== undefined) announce(t.marked)
    await client.invalidateQueries({ queryKey: ['notices'] })
  }
  return { read, busy: act.busy, problem: act.problem }
}

function Inbox({ unread }: { readonly unread: boolean }) {
  const t = useWords(noticeWords)
  const { more } = useWords(common)
  const { count } = useNumbers()
  const { read, busy, problem } = useReading()
  const search = `limit=50${unread ? '&unread=true' : ''}`
  const first = useQuery(noticesQuery(search))
  const [cursors, setCursors] = useState<readonly string[]>([])
  const later = useQueries({
    queries: cursors.map((it) => noticesQuery(`${search}&cursor=${encodeURIComponent(it)}`)),
  })
  const pages = [first.data, ...later.map((it) => it.data)].filter((it) => it !== undefined)
  const next = pages.at(-1)?.next ?? null
  const refused = later.find((it) => it.error !== null)?.error ?? null
  const items = [...new Map(pages.flatMap((it) => it.items).map((it) => [it.id, it])).values()]
  const open = items.filter((it) => it.readAt === null).map((it) => it.id)
  return (
    <Loaded query={first}>
      {(page) => (
        <>
          <div className="row notices-head">
            <p role="status">
              <strong>{page.unread === 0 ? t.allRead : t.unread(count(page.unread))}</strong>
            </p>
            {open.length > 1 && (
              <button type="button" className="button quiet" disabled={busy} onClick={() => void read(open)}>
                {t.readAll}
              </button>
            )}
          </div>
          <Problem of={problem} />
          {items.length === 0 && <Empty>{unread ? t.noneUnread : t.none}</Empty>}
          <ul className="notices">
            {items.map((it) => (
              <NoticeRow key={it.id} of={it} busy={busy} onRead={() => void read([it.id])} />
            ))}
          </ul>
          {refused !== null && <Problem of={asProblem(refused)} />}
          {next !== null && (
            <button type="button" className="button quiet" onClick={() => setCursors([...cursors, next])}>
              {more}
            </button>
          )}
        </>
      )}
    </Loaded>
  )
}
