import { queryOptions, useQuery } from '@tanstack/react-query'
import { get } from '../../api/client.js'
import type { Label, TypeList, TypeWorkflow } from '../../api/types.js'
import { liveList } from '../../app/live.js'
import { useQuery as useAddress } from '../../app/router.js'
import { SelectField } from '../../parts/Field.js'
import { Heading, Loaded, Section } from '../../parts/Page.js'
import { useSay, useWords } from '../../words/index.js'
import { Drawing } from './Drawing.js'
import { workflowWords } from './words.js'

const typesQuery = queryOptions({
  queryKey: ['types'],
  queryFn: ({ signal }) => get<TypeList>('/v1/types', signal),
  staleTime: Infinity,
})
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
          <thead>
            <tr>
              <th scope="col">{t.state}</th>
              <th scope="col">{t.ball}</th>
              <th scope="col">{t.open}</th>
            </tr>
          </thead>
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
    const found = of.states.find((it) => it.state === state)
    return found === undefined ? state : say(found.label)
  }
  return (
    <div className="scroll" role="region" aria-label={t.transitions} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t.from}</th>
            <th scope="col">{t.event}</th>
            <th scope="col">{t.to}</th>
            <th scope="col">{t.conditions}</th>
          </tr>
        </thead>
        <tbody>
          {of.transitions.map((it) => (
            <tr key={`${it.from} ${it.event} ${it.to ?? ''}`}>
              <th scope="row">{name(it.from)}</th>
              <td>{say(it.label)}</td>
              <td>{it.to === null ? t.stays : name(it.to)}</td>
              <td>
                {it.conditions.map((condition) => (
                  <div key={condition}>
                    <Condition name={condition} refusal={of.refusals[condition]} />
                  </div>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** What people hear where it does not hold; conditions that only the clock or the machine itself meets have no words. */
function Condition({ name, refusal }: { readonly name: string; readonly refusal: Label | undefined }) {
  const t = useWords(workflowWords)
  const say = useSay()
  return refusal === undefined ? <code>{name}</code> : t.unless(say(refusal))
}
