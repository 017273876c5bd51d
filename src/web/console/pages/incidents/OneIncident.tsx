import { useState } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { post } from '../../api/client.js'
import type { Incident } from '../../api/oversight.js'
import { announce } from '../../app/announce.js'
import { BASE, Link } from '../../app/router.js'
import { useAct } from '../../app/useAct.js'
import { useNumbers } from '../../parts/chart/numbers.js'
import { Dialog } from '../../parts/Dialog.js'
import { Problem } from '../../parts/Problem.js'
import { Tag } from '../../parts/Tag.js'
import { useTimes } from '../../parts/time.js'
import { coded } from '../../words/codes.js'
import { common } from '../../words/common.js'
import { useSay, useWords } from '../../words/index.js'
import { incidentWords } from './words.js'

type Verb = 'announce' | 'end'
interface Props {
  readonly of: Incident
  readonly manages: boolean
}

/** One incident: since when, what is said of it, how many cases, and what may be done with it now. */
export function OneIncident({ of, manages }: Props) {
  const t = useWords(incidentWords)
  const say = useSay()
  const times = useTimes()
  const { count } = useNumbers()
  const [asking, setAsking] = useState<Verb | null>(null)
  const span = [t.since(times.full(of.from)), of.until === null ? '' : t.expected(times.full(of.until))]
  return (
    <li>
      <h3>{coded(t.titles, of.title)}</h3>
      <p className="tags">
        <State of={of} />
        <span>{t.linked(count(of.tickets))}</span>
        <span className="fine">{span.filter(Boolean).join(' · ')}</span>
      </p>
      <p className="fine">
        {t.told} “{say(of.banner)}”
      </p>
      {manages && of.endedAt === null && (
        <div className="row">
          {of.announcedAt === null && (
            <button type="button" className="button" onClick={() => setAsking('announce')}>
              {t.announce}
            </button>
          )}
          <Link
            className="button quiet"
            to={`${BASE}/massal?tindakan=incident.link&gangguan=${encodeURIComponent(of.incidentId)}`}
          >
            {t.link}
          </Link>
          <button type="button" className="button against" onClick={() => setAsking('end')}>
            {t.end}
          </button>
        </div>
      )}
      {asking !== null && <Sure of={of} verb={asking} onClose={() => setAsking(null)} />}
    </li>
  )
}

function State({ of }: Pick<Props, 'of'>) {
  const t = useWords(incidentWords)
  const times = useTimes()
  if (of.endedAt !== null)
    return (
      <Tag icon="check" tone="good">
        {t.ended(times.full(of.endedAt))}
      </Tag>
    )
  if (of.announcedAt !== null)
    return (
      <Tag icon="warn" tone="warn">
        {t.announced(times.full(of.announcedAt))}
      </Tag>
    )
  return <Tag icon="eye">{t.notAnnounced}</Tag>
}

/** Both reach everybody at once: asked again, with what will be read. */
function Sure({ of, verb, onClose }: { readonly of: Incident; readonly verb: Verb; readonly onClose: () => void }) {
  const t = useWords(incidentWords)
  const { cancel } = useWords(common)
  const say = useSay()
  const { count } = useNumbers()
  const client = useQueryClient()
  const act = useAct((id: string) => post<Incident>(`/v1/incidents/${encodeURIComponent(id)}/${verb}`))
  const announcing = verb === 'announce'
  const go = async () => {
    if ((await act.run(of.incidentId)) === undefined) return
    announce(announcing ? t.announcedNow : t.endedNow)
    onClose()
    void client.invalidateQueries({ queryKey: ['incidents'] })
  }
  return (
    <Dialog title={announcing ? t.announceTitle : t.endTitle} onClose={onClose}>
      <p>{announcing ? t.announceText : t.endText(count(of.tickets))}</p>
      {announcing && <blockquote>{say(of.banner)}</blockquote>}
      <Problem of={act.problem} />
      <div className="row">
        <button
          type="button"
          className={announcing ? 'button' : 'button against'}
          disabled={act.busy}
          onClick={() => void go()}
          data-sure
        >
          {announcing ? t.announce : t.end}
        </button>
        <button type="button" className="button quiet" onClick={onClose}>
          {cancel}
        </button>
      </div>
    </Dialog>
  )
}
