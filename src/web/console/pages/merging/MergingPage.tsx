import { useState, type ReactNode } from 'react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { post } from '../../api/client.js'
import { competingQuery, riskQuery, ticketPath } from '../../api/queries.js'
import type { Competing } from '../../api/types.js'
import { announce } from '../../app/announce.js'
import { BASE, Link, navigate, useParam } from '../../app/router.js'
import { holds, useSession } from '../../app/session.js'
import { useAct } from '../../app/useAct.js'
import { Dialog } from '../../parts/Dialog.js'
import { DialogButtons } from '../../parts/DialogButtons.js'
import { Icon } from '../../parts/Icon.js'
import { useOfficeName } from '../../parts/OfficeField.js'
import { Empty, Heading, Loaded, Section } from '../../parts/Page.js'
import { Problem } from '../../parts/Problem.js'
import { Tag } from '../../parts/Tag.js'
import { useTimes } from '../../parts/time.js'
import { coded, codes } from '../../words/codes.js'
import { useSay, useWords } from '../../words/index.js'
import { mergingWords } from './words.js'

type Case = Competing['cases'][number]

/** Cases of one NIK next to each other, and one made of two where that is allowed. */
export default function MergingPage() {
  const id = useParam('id')
  const t = useWords(mergingWords)
  const query = useQuery(competingQuery(id))
  return (
    <>
      <p className="back">
        <Link to={`${BASE}/tiket/${id}`}>{t.back}</Link>
      </p>
      <Heading title={t.title}>
        <p className="lead">{t.lead}</p>
      </Heading>
      <Loaded query={query}>
        {({ cases: [here, ...others] }) =>
          here === undefined || others.length === 0 ? <Empty>{t.alone}</Empty> : <Beside here={here} others={others} />
        }
      </Loaded>
    </>
  )
}

function Beside({ here, others }: { readonly here: Case; readonly others: readonly Case[] }) {
  const t = useWords(mergingWords)
  const words = useWords(codes)
  const say = useSay()
  const times = useTimes()
  const office = useOfficeName()
  const supervises = holds(useSession(), ['supervisor'])
  const [chosen, setChosen] = useState<Case | null>(null)
  const all = [here, ...others]
  const rows: readonly (readonly [string, (it: Case) => ReactNode])[] = [
    [t.facts.state, ({ ticket }) => say(ticket.stateLabel)],
    [t.facts.filed, ({ ticket }) => times.full(ticket.filedAt)],
    [t.facts.office, ({ ticket }) => office(ticket.officeId)],
    [t.facts.route, ({ ticket }) => coded(words.route, ticket.route)],
    [t.facts.cause, ({ ticket }) => (ticket.cause === null ? '–' : coded(words.cause, ticket.cause))],
    [t.facts.email, (it) => <Contact of={it} channel="email" own={it === here} />],
    [t.facts.phone, (it) => <Contact of={it} channel="phone" own={it === here} />],
    [t.facts.documents, (it) => it.documents.map(({ kind }) => coded(words.document, kind)).join(', ') || '–'],
    [t.facts.flags, ({ ticket, flags }) => (flags.length === 0 ? '–' : <Flags id={ticket.ticketId} />)],
  ]
  return (
    <Section title={t.table}>
      {!supervises && <p className="fine">{t.onlySupervisor}</p>}
      <div className="scroll" role="region" aria-label={t.table} tabIndex={0}>
        <table>
          <thead>
            <tr>
              <td />
              {all.map((it) => (
                <th key={it.ticket.ticketId} scope="col">
                  {it === here ? (
                    <>
                      {it.ticket.ticketNumber} <Tag>{t.thisOne}</Tag>
                    </>
                  ) : (
                    <Link to={`${BASE}/tiket/${it.ticket.ticketId}`}>{it.ticket.ticketNumber}</Link>
                  )}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([label, cell]) => (
              <tr key={label}>
                <th scope="row">{label}</th>
                {all.map((it) => (
                  <td key={it.ticket.ticketId}>{cell(it)}</td>
                ))}
              </tr>
            ))}
            <tr>
              <th scope="row">{t.facts.merge}</th>
              <td>–</td>
              {others.map((it) => (
                <td key={it.ticket.ticketId}>
                  <p>
                    <Icon name={it.mergeable ? 'check' : 'lock'} />{' '}
                    {it.obstacle === null ? t.possible : coded(t.obstacles, it.obstacle)}
                  </p>
                  {supervises && it.mergeable && (
                    <button
                      type="button"
                      className="button quiet"
                      aria-label={t.mergeOf(it.ticket.ticketNumber)}
                      data-merge
                      onClick={() => setChosen(it)}
                    >
                      {t.merge}
                    </button>
                  )}
                </td>
              ))}
            </tr>
          </tbody>
        </table>
      </div>
      {chosen !== null && <MergeDialog from={chosen} into={here} onClose={() => setChosen(null)} />}
    </Section>
  )
}

/** Why each was raised, in the words of the case's own page. */
function Flags({ id }: { readonly id: string }) {
  const say = useSay()
  const { data } = useQuery(riskQuery(id))
  return (
    <ul className="plain">
      {data?.flags.map((it) => (
        <li key={it.code}>{say(it.reason)}</li>
      ))}
    </ul>
  )
}

function Contact({
  of,
  channel,
  own,
}: {
  readonly of: Case
  readonly channel: 'email' | 'phone'
  readonly own: boolean
}) {
  const t = useWords(mergingWords)
  const it = of.contacts.find((one) => one.channel === channel)
  if (it === undefined) return '–'
  return (
    <span className="tags">
      <Tag tone={it.proven ? 'good' : 'warn'} icon={it.proven ? 'check' : 'warn'}>
        {it.proven ? t.proven : t.unproven}
      </Tag>
      {!own && (
        <Tag tone={it.same ? 'good' : 'bad'} icon={it.same ? 'equal' : 'differs'}>
          {it.same ? t.same : t.other}
        </Tag>
      )}
    </span>
  )
}

/** Says what would happen before it does; decided on the versions that the table was made of. */
function MergeDialog({ from, into, onClose }: { from: Case; into: Case; onClose: () => void }) {
  const t = useWords(mergingWords)
  const client = useQueryClient()
  const [source, target] = [from.ticket, into.ticket]
  const act = useAct((body: { from: string; fromVersion: number }, key: string) =>
    post(ticketPath(target.ticketId, '/merges'), { key, version: target.contentVersion, body }),
  )
  const merge = async () => {
    const done = await act.run({ from: source.ticketId, fromVersion: source.contentVersion })
    void client.invalidateQueries({ queryKey: ['ticket'] })
    void client.invalidateQueries({ queryKey: ['worklist'] })
    if (done === undefined) return
    announce(t.merged(source.ticketNumber))
    navigate(`${BASE}/tiket/${target.ticketId}`)
  }
  const stale = act.problem?.code === 'VERSION_STALE'
  return (
    <Dialog title={t.confirm(source.ticketNumber, target.ticketNumber)} onClose={onClose}>
      <p>{t.happens}</p>
      <ul>
        {t.effects(source.ticketNumber, target.ticketNumber).map((it) => (
          <li key={it}>{it}</li>
        ))}
      </ul>
      {stale ? <p className="inset warn">{t.stale}</p> : <Problem of={act.problem} />}
      <DialogButtons disabled={act.busy || stale} onClose={onClose} onAct={() => void merge()}>
        {t.merge}
      </DialogButtons>
    </Dialog>
  )
}
