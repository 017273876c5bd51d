import { useQuery, useQueryClient } from '@tanstack/react-query'
import { post } from '../../api/client.js'
import { messagesQuery, ticketPath } from '../../api/queries.js'
import { announce } from '../../app/announce.js'
import { holds, useSession } from '../../app/session.js'
import { useAct } from '../../app/useAct.js'
import { Loaded, Section } from '../../parts/Page.js'
import { Problem } from '../../parts/Problem.js'
import { Tag } from '../../parts/Tag.js'
import { useTimes } from '../../parts/time.js'
import { coded } from '../../words/codes.js'
import { useWords } from '../../words/index.js'
import { messageWords } from './messageWords.js'
import { ticketWords } from './words.js'

/** A code is asked for anew by its owner and sent again by nobody. */
const CODE = /^code\./

/** What went out: to whose address, and whether it arrived; never the address or the words. */
export function Messages({ id }: { readonly id: string }) {
  const t = useWords(ticketWords)
  const { templates } = useWords(messageWords)
  const times = useTimes()
  const client = useQueryClient()
  const sends = holds(useSession(), ['agent', 'checker', 'supervisor'])
  const query = useQuery(messagesQuery(id))
  const resend = useAct((ref: string, key: string) =>
    post(ticketPath(id, `/messages/${encodeURIComponent(ref)}/resend`), { key, body: {} }),
  )
  const again = async (ref: string) => {
    if ((await resend.run(ref)) === undefined) return
    announce(t.resent)
    void client.invalidateQueries({ queryKey: ['ticket', id, 'messages'] })
  }
  return (
    <Section title={t.messages}>
      <Problem of={resend.problem} />
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <p>{t.noMessages}</p>
          ) : (
            <ul className="plain">
              {items.map((it, at) => (
                <li key={`${it.ref} ${it.recipient} ${it.at}`} className="row">
                  <span>
                    <Tag tone={it.outcome === 'sent' ? 'good' : it.outcome === 'failed' ? 'bad' : 'plain'}>
                      {t.messageOutcome[it.outcome]}
                    </Tag>{' '}
                    <b>{coded(templates, it.template)}</b> → {coded(t.recipients, it.recipient)}{' '}
                    <span className="fine">{times.full(it.at)}</span>
                  </span>
                  {sends && !CODE.test(it.template) && items.findIndex(({ ref }) => ref === it.ref) === at && (
                    <button
                      type="button"
                      className="button plain"
                      aria-label={t.resendOf(coded(templates, it.template))}
                      disabled={resend.busy}
                      data-resend={it.template}
                      onClick={() => void again(it.ref)}
                    >
                      {t.resend}
                    </button>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Section>
  )
}
