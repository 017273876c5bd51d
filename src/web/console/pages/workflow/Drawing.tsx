import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { getBlob } from '../../api/client.js'
import { useKeys } from '../../app/keys.js'
import { liveList, liveTicket } from '../../app/live.js'
import { usePreferences } from '../../app/preferences.js'
import { SelectField, Tick } from '../../parts/Field.js'
import { Loaded } from '../../parts/Page.js'
import { useWords } from '../../words/index.js'
import { Picture } from './Picture.js'
import { workflowWords } from './words.js'
import './workflow.css'

/** Widths of the picture, by that of its frame. */
const ZOOMS = [1, 1.5, 2, 3, 4, 6] as const
/** Where larger and smaller begin to count. */
const first = (): number => (window.innerWidth >= 1000 ? 0 : window.innerWidth >= 600 ? 2 : 4)

/** The server's picture of a workflow, put into the page so that it takes its colours; `ticketId`: of that case. */
export function Drawing({ path, ticketId, label }: { path: string; ticketId?: string; label: string }) {
  const t = useWords(workflowWords)
  const { language } = usePreferences()
  const [promises, setPromises] = useState(false)
  const [events, setEvents] = useState(false)
  const [chosen, setZoom] = useState<number | null>(null)
  const zoom = chosen ?? first()
  const source = `${path}?lang=${language}&promises=${promises ? 'show' : 'hide'}&detail=${events ? 'events' : 'names'}`
  const query = useQuery({
    queryKey: ticketId === undefined ? ['drawing', source] : ['ticket', ticketId, 'drawing', source],
    queryFn: async ({ signal }) => (await getBlob(source, signal)).text(),
    meta: ticketId === undefined ? liveList : liveTicket(ticketId),
  })
  const scale = (by: number) => setZoom(Math.min(Math.max(zoom + by, 0), ZOOMS.length - 1))
  useKeys({ '+': () => scale(1), '=': () => scale(1), '-': () => scale(-1), '0': () => setZoom(0) })
  return (
    <>
      <div className="row">
        <Tick name="events" checked={events} onChange={(event) => setEvents(event.target.checked)}>
          {t.everything}
        </Tick>
        <Tick checked={promises} onChange={(event) => setPromises(event.target.checked)}>
          {t.promises}
        </Tick>
        <Tool label={t.smaller} sign="−" onClick={() => scale(-1)} disabled={zoom === 0} />
        <Tool label={t.larger} sign="+" onClick={() => scale(1)} disabled={zoom === ZOOMS.length - 1} />
        <Tool label={t.fit} sign="⤢" onClick={() => setZoom(0)} disabled={chosen === 0} />
        <a className="button quiet" href={source} download={`${label}.svg`}>
          {t.download}
        </a>
      </div>
      <p className="fine">{t.scroll}</p>
      <Loaded query={query}>
        {(svg) => <Chosen svg={svg} label={label} zoom={chosen === null ? null : (ZOOMS[chosen] ?? 1)} />}
      </Loaded>
    </>
  )
}

const Tool = ({ label, sign, ...rest }: { label: string; sign: string; onClick: () => void; disabled: boolean }) => (
  <button type="button" className="button tool quiet" aria-label={label} title={label} {...rest}>
    <span aria-hidden="true">{sign}</span>
  </button>
)

/** The picture with one state brought forward, and the ways that lead out of it in words. */
function Chosen({ svg, label, zoom }: { readonly svg: string; readonly label: string; readonly zoom: number | null }) {
  const t = useWords(workflowWords)
  const [chosen, setChosen] = useState('')
  const root = new DOMParser().parseFromString(svg, 'image/svg+xml')
  const states = [...root.querySelectorAll('.wf-state, .wf-any')].map((it) => ({
    value: it.getAttribute('data-state') ?? '',
    text: it.querySelector('title')?.textContent ?? '',
  }))
  const here = states.find((it) => it.value === chosen)
  return (
    <>
      <SelectField
        {...{ label: t.pick, name: 'state', empty: t.none, options: states, value: here?.value ?? '' }}
        onChange={(event) => setChosen(event.target.value)}
      />
      <Picture {...{ svg, label, zoom }} chosen={here?.value ?? ''} onChoose={setChosen} />
      {here !== undefined && (
        <div role="status">
          <h3>{t.leaving(here.text)}</h3>
          <Ways of={waysOf(root, here.value)} />
        </div>
      )}
    </>
  )
}

/** Events of a state as the picture itself tells them: at its rows, or at its lines. */
function waysOf(root: Document, state: string): readonly string[] {
  const own = (it: Element) =>
    it.getAttribute('data-from') === state || it.parentElement?.getAttribute('data-state') === state
  const all = [...root.querySelectorAll('.wf-line, .wf-row')].filter(own)
  return [...new Set(all.flatMap((it) => it.querySelector('title')?.textContent ?? []))]
}

function Ways({ of }: { readonly of: readonly string[] }) {
  const t = useWords(workflowWords)
  if (of.length === 0) return <p>{t.noWay}</p>
  return (
    <ul>
      {of.map((it) => (
        <li key={it}>{it}</li>
      ))}
    </ul>
  )
}
