import { useQuery } from '@tanstack/react-query'
import { incidentsQuery, type Incident } from '../../api/oversight.js'
import { holds, useSession } from '../../app/session.js'
import { Empty, Heading, Loaded, Section } from '../../parts/Page.js'
import { useWords } from '../../words/index.js'
import { Declare } from './Declare.js'
import { OneIncident } from './OneIncident.js'
import { incidentWords } from './words.js'
import './incidents.css'

/** Outages on our side: what runs, the form for a new one, and what is over. */
export default function IncidentsPage() {
  const t = useWords(incidentWords)
  const manages = holds(useSession(), ['supervisor'])
  const query = useQuery(incidentsQuery)
  return (
    <>
      <Heading title={t.title}>
        <p className="lead">{t.lead}</p>
      </Heading>
      <Loaded query={query}>
        {({ items }) => (
          <>
            <Section title={t.running}>
              <Listed {...{ manages, none: t.none, items: items.filter((it) => it.endedAt === null) }} />
            </Section>
            {manages && (
              <Section title={t.declare}>
                <Declare />
              </Section>
            )}
            <Section title={t.over}>
              <Listed {...{ manages, none: t.noneOver, items: items.filter((it) => it.endedAt !== null) }} />
            </Section>
          </>
        )}
      </Loaded>
    </>
  )
}

function Listed({ items, none, manages }: { items: readonly Incident[]; none: string; manages: boolean }) {
  if (items.length === 0) return <Empty>{none}</Empty>
  return (
    <ul className="plain incidents">
      {items.map((it) => (
        <OneIncident key={it.incidentId} of={it} manages={manages} />
      ))}
    </ul>
  )
}
