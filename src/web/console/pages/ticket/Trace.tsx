import { useState } from 'react'
import { post } from '../../api/client.js'
import { ticketPath } from '../../api/queries.js'
import type { KpjTrace } from '../../api/types.js'
import { useAct } from '../../app/useAct.js'
import { Problem } from '../../parts/Problem.js'
import { coded, codes } from '../../words/codes.js'
import { useSay, useWords } from '../../words/index.js'
import { ticketWords } from './words.js'

/** Looks a forgotten KPJ up once it is known who asks (R41); the numbers come masked. */
export function Trace({ id }: { readonly id: string }) {
  const t = useWords(ticketWords)
  const words = useWords(codes)
  const say = useSay()
  const [found, setFound] = useState<KpjTrace | null>(null)
  const act = useAct(() => post<KpjTrace>(ticketPath(id, '/kpj-trace')))
  const trace = async () => {
    const traced = await act.run(undefined)
    if (traced !== undefined) setFound(traced)
  }
  return (
    <div>
      <button type="button" className="button quiet" disabled={act.busy} onClick={() => void trace()}>
        {t.trace}
      </button>
      <Problem of={act.problem} />
      {found !== null && (
        <div role="status">
          <p>{say(found.text)}</p>
          <ul className="plain">
            {found.cards.map((it) => (
              <li key={it.kpj}>
                <span className="value">{it.kpj}</span> ({coded(words.standing, it.status)})
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  )
}
