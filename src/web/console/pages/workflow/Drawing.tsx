import { useEffect, useRef, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { getBlob } from '../../api/client.js'
import { liveList, liveTicket } from '../../app/live.js'
import { usePreferences } from '../../app/preferences.js'
import { Tick } from '../../parts/Field.js'
import { Loaded } from '../../parts/Page.js'
import { useWords } from '../../words/index.js'
import { workflowWords } from './words.js'
import './workflow.css'

/** The server's picture of a workflow, put into the page so that it takes its colours; `ticketId`: of that case. */
export function Drawing({ path, ticketId, label }: { path: string; ticketId?: string; label: string }) {
  const t = useWords(workflowWords)
  const { language } = usePreferences()
  const [promises, setPromises] = useState(false)
  const source = `${path}?lang=${language}&promises=${promises ? 'show' : 'hide'}`
  const query = useQuery({
    queryKey: ticketId === undefined ? ['drawing', source] : ['ticket', ticketId, 'drawing', source],
    queryFn: async ({ signal }) => (await getBlob(source, signal)).text(),
    meta: ticketId === undefined ? liveList : liveTicket(ticketId),
  })
  return (
    <>
      <div className="row">
        <Tick checked={promises} onChange={(event) => setPromises(event.target.checked)}>
          {t.promises}
        </Tick>
        <a className="button quiet" href={source} download={`${label}.svg`}>
          {t.download}
        </a>
      </div>
      <p className="fine">{t.scroll}</p>
      <Loaded query={query}>{(svg) => <Picture svg={svg} label={label} />}</Loaded>
    </>
  )
}

/** Parsed as XML: what is no picture of ours is left out, and markup in it is never run. */
function Picture({ svg, label }: { readonly svg: string; readonly label: string }) {
  const frame = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const root = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement
    if (root.localName !== 'svg') return
    frame.current?.replaceChildren(document.importNode(root, true))
    // A case may be far to the right: show where it is.
    const here = frame.current?.querySelector('.wf-now')
    here?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [svg])
  return <div className="wf-frame-box" ref={frame} role="region" aria-label={label} tabIndex={0} />
}
