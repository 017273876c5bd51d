import { queryOptions, useQuery } from '@tanstack/react-query'
import { get } from '../../api/client.js'
import { typesQuery } from '../../api/queries.js'
import type { TypeWorkflow } from '../../api/types.js'
import { liveList } from '../../app/live.js'
import { useQuery as useAddress } from '../../app/router.js'
import { SelectField } from '../../parts/Field.js'
import { Head } from '../../parts/Head.js'
import { Heading, Loaded, Section } from '../../parts/Page.js'
import { useSay, useWords } from '../../words/index.js'
import { Drawing } from './Drawing.js'
import { workflowWords } from './words.js'

const typeWorkflowQuery = (type: string) =>
  queryOptions({
    queryKey: ['type', type, 'workflow'],
    queryFn: ({ signal }) => get<TypeWorkflow>(`/v1/types/${encodeURIComponent(type)}/workflow`, signal),
    meta: liveList,
  })

/** What nearly every case is. */
const MAIN = 'pengaduan'

/** A type's statechart: the picture, where the open tickets are, and all of it as tables. */
export default function WorkflowPage() {
  const t = useWords(workflowWords)
  const say = useSay()
  const [address, change] = useAddress()
  const types = useQuery(typesQuery)
  return (
    <>
      <Heading title={t.title}>
        <p className="lead">{t.lead}</p>
      </Heading>
      <Loaded query={types}>
        {({ items }) => {
          const chosen = items.find((it) => it.type === (address.get('jenis') ?? MAIN)) ?? items[0]
          if (chosen === undefined) return null
          return (
            <>
              <SelectField
                label={t.type}
                value={chosen.type}
                options={items.map((it) => ({ value: it.type, text: say(it.label) }))}
                onChange={(event) => change({ jenis: event.target.value })}
              />
              <OfType key={chosen.type} type={chosen.type} label={say(chosen.label)} />
            </>
          )
        }}
      </Loaded>
    </>
  )
}

function OfType({ type, label }: { readonly type: string; readonly label: string }) {
  const t = useWords(workflowWords)
  const query = useQuery(typeWorkflowQuery(type))
  return (
    <>
      <Section title={t.drawing}>
        <Drawing path={`/v1/types/${encodeURIComponent(type)}/drawing`} label={label} />
      </Section>
      <Section title={t.states}>
        <Loaded query={query}>{(workflow) => <States of={workflow} />}</Loaded>
      </Section>
      <Section title={t.transitions}>
        <Loaded query={query}>{(workflow) => <Transitions of={workflow} />}</Loaded>
      </Section>
    </>
  )
}

function States({ of }: { readonly of: TypeWorkflow }) {
  const t = useWords(workflowWords)
  const say = useSay()
  const standing = t.standing as Readonly<Record<string, string>>
  return (
    <>
      <div className="scroll" role="region" aria-label={t.states} tabIndex={0}>
        <table>
          <caption>{t.statesCaption}</caption>
          <Head of={[t.state, t.ball, t.open]} />
          <tbody>
            {of.states.map((it) => (
              <tr key={it.state}>
                <th scope="row">{say(it.label)}</th>
                <td>{standing[it.standing] ?? it.standing}</td>
                <td>{it.open ?? t.notCounted}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {of.more && <p className="fine">{t.more}</p>}
    </>
  )
}

function Transitions({ of }: { readonly of: TypeWorkflow }) {
  const t = useWords(workflowWords)
  const say = useSay()
  const name = (state: string): string => {
    const label = of.states.find((it) => it.state === state)?.label ?? of.groups[state]
    return label === undefined ? state : say(label)
  }
  return (
    <div className="scroll" role="region" aria-label={t.transitions} tabIndex={0}>
      <table>
        <Head of={[t.from, t.event, t.to, t.conditions]} />
        <tbody>
          {of.transitions.map((it) => (
            <tr key={`${it.from} ${it.event} ${it.to ?? ''}`}>
              <th scope="row">{name(it.from)}</th>
              <td>{say(it.label)}</td>
              <td>{it.to === null ? t.stays : name(it.to)}</td>
              <td>{it.when.map(say).join(t.or)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
