import { useState } from 'react'
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { get, post } from '../../api/client.js'
import { serverTime } from '../../api/serverTime.js'
import { announce } from '../../app/announce.js'
import { holds, useSession } from '../../app/session.js'
import { useAct } from '../../app/useAct.js'
import { Dialog } from '../../parts/Dialog.js'
import { DialogButtons } from '../../parts/DialogButtons.js'
import { Once } from '../../parts/Once.js'
import { Empty, Heading, Loaded, Section } from '../../parts/Page.js'
import { Problem } from '../../parts/Problem.js'
import { Tag } from '../../parts/Tag.js'
import { useTimes } from '../../parts/time.js'
import { coded } from '../../words/codes.js'
import { useWords } from '../../words/index.js'
import { CreateKey } from './CreateKey.js'
import { keyWords } from './words.js'

interface Key {
  readonly keyId: string
  readonly name: string
  readonly scopes: readonly string[]
  readonly createdAt: string
  readonly createdBy: string
  readonly expiresAt: string
  readonly lastUsedAt: string | null
  readonly revokedAt: string | null
}
const keysQuery = queryOptions({
  queryKey: ['service-keys'],
  queryFn: async ({ signal }) => (await get<{ keys: readonly Key[] }>('/v1/service-keys', signal)).keys,
})

/** Keys of other systems: what each opens, until when, and when it was last used. */
export default function KeysPage() {
  const t = useWords(keyWords)
  const client = useQueryClient()
  const query = useQuery(keysQuery)
  const changes = holds(useSession(), ['admin'])
  const [creating, setCreating] = useState(false)
  const [revoking, setRevoking] = useState<Key | null>(null)
  const [told, setTold] = useState<string | null>(null)
  const renew = () => void client.invalidateQueries({ queryKey: ['service-keys'] })
  const made = (key: string) => {
    setCreating(false)
    setTold(key)
    renew()
  }
  const aside = changes && (
    <button type="button" className="button" data-create onClick={() => setCreating(true)}>
      {t.create}
    </button>
  )
  return (
    <>
      <Heading title={t.title}>
        <p className="lead">{t.lead}</p>
      </Heading>
      <Section title={t.list} aside={aside}>
        <Loaded query={query}>
          {(keys) =>
            keys.length === 0 ? (
              <Empty>{t.none}</Empty>
            ) : (
              <Keys of={keys.toReversed()} onRevoke={changes ? setRevoking : null} />
            )
          }
        </Loaded>
      </Section>
      {creating && <CreateKey onMade={made} onClose={() => setCreating(false)} />}
      {revoking !== null && <RevokeKey of={revoking} onDone={renew} onClose={() => setRevoking(null)} />}
      {told !== null && (
        <Once
          {...{ title: t.created, label: t.key, note: t.keyNote, secret: told, understood: t.noted }}
          onDone={() => setTold(null)}
        />
      )}
    </>
  )
}

function Keys({ of, onRevoke }: { of: readonly Key[]; onRevoke: ((key: Key) => void) | null }) {
  const t = useWords(keyWords)
  const times = useTimes()
  return (
    <div className="scroll" role="region" aria-label={t.list} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t.columns.name}</th>
            <th scope="col">{t.columns.scopes}</th>
            <th scope="col">{t.columns.validity}</th>
            <th scope="col">{t.columns.used}</th>
            {onRevoke !== null && <th scope="col">{t.columns.act}</th>}
          </tr>
        </thead>
        <tbody>
          {of.map((it) => (
            <tr key={it.keyId}>
              <th scope="row">{it.name}</th>
              <td>{it.scopes.map((scope) => coded(t.scope, scope)).join(', ')}</td>
              <td>
                <Validity of={it} />
              </td>
              <td>{it.lastUsedAt === null ? t.never : times.full(it.lastUsedAt)}</td>
              {onRevoke !== null && (
                <td>
                  {it.revokedAt === null && (
                    <button
                      type="button"
                      className="button plain"
                      aria-label={t.revokeOf(it.name)}
                      onClick={() => onRevoke(it)}
                    >
                      {t.revoke}
                    </button>
                  )}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Validity({ of: { revokedAt, expiresAt } }: { readonly of: Key }) {
  const t = useWords(keyWords)
  const times = useTimes()
  if (revokedAt !== null)
    return (
      <Tag tone="bad" icon="lock">
        {t.revokedAt(times.full(revokedAt))}
      </Tag>
    )
  const over = Date.parse(expiresAt) <= serverTime.now()
  return (
    <Tag tone={over ? 'plain' : 'good'} icon={over ? 'stop' : 'check'}>
      {(over ? t.expired : t.valid)(times.full(expiresAt))}
    </Tag>
  )
}

function RevokeKey({ of, onDone, onClose }: { of: Key; onDone: () => void; onClose: () => void }) {
  const t = useWords(keyWords)
  const act = useAct((keyId: string) => post(`/v1/service-keys/${encodeURIComponent(keyId)}/revoke`))
  const revoke = async () => {
    if ((await act.run(of.keyId)) === undefined) return
    announce(t.revoked)
    onDone()
    onClose()
  }
  return (
    <Dialog title={t.revokeOf(of.name)} onClose={onClose}>
      <p>{t.revokeWhy(of.name)}</p>
      <Problem of={act.problem} />
      <DialogButtons disabled={act.busy} onClose={onClose} onAct={() => void revoke()}>
        {t.revoke}
      </DialogButtons>
    </Dialog>
  )
}
