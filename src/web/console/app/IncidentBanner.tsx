import { useQuery } from '@tanstack/react-query'
import { announcedQuery } from '../api/oversight.js'
import { incidentWords } from '../pages/incidents/words.js'
import { Icon } from '../parts/Icon.js'
import { useSay, useWords } from '../words/index.js'
import { BASE, Link } from './router.js'
import { holds, useSession } from './session.js'

/** On every page while an incident is announced: what participants read, so that officers say the same. */
export function IncidentBanner() {
  const t = useWords(incidentWords)
  const say = useSay()
  const session = useSession()
  const { data } = useQuery(announcedQuery)
  if (data === undefined || data.items.length === 0) return null
  return (
    <aside className="outage" aria-label={t.title} role="status">
      {data.items.map((it) => (
        <p key={it.incidentId}>
          <Icon name="warn" /> <strong>{t.banner}</strong> {t.told} “{say(it.text)}”
        </p>
      ))}
      {holds(session, ['supervisor']) && <Link to={`${BASE}/gangguan`}>{t.manage}</Link>}
    </aside>
  )
}
