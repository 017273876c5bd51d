import { useState } from 'react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { holds, useSession } from '../../app/session.js'
import { TextField } from '../../parts/Field.js'
import { Once } from '../../parts/Once.js'
import { Empty, Heading, Loaded, Section } from '../../parts/Page.js'
import { Tag } from '../../parts/Tag.js'
import { useTimes } from '../../parts/time.js'
import { useOfficeName } from '../../parts/OfficeField.js'
import { coded, codes } from '../../words/codes.js'
import { useWords } from '../../words/index.js'
import { staffQuery, standing, type OneTime, type StaffView } from './api.js'
import { CreateDialog } from './CreateDialog.js'
import { ManageDialog } from './ManageDialog.js'
import { staffWords } from './words.js'

/** Who works here and as what. Auditors read it. */
export default function StaffPage() {
  const t = useWords(staffWords)
  const client = useQueryClient()
  const query = useQuery(staffQuery)
  const changes = holds(useSession(), ['admin'])
  const [creating, setCreating] = useState(false)
  const [managed, setManaged] = useState<string | null>(null)
  const [told, setTold] = useState<{ readonly title: string; readonly secret: string } | null>(null)
  const [sought, setSought] = useState('')
  const renew = () => client.invalidateQueries({ queryKey: ['staff'] })
  const tell = (title: string, { oneTimePassword }: OneTime) => {
    setCreating(false)
    setManaged(null)
    setTold({ title, secret: oneTimePassword ?? t.oneTimeIssuer })
    void renew()
  }
  const fits = ({ name, username, staffNumber }: StaffView) =>
    [name, username, staffNumber].some((it) => it.toLowerCase().includes(sought.trim().toLowerCase()))
  const aside = changes && (
    <button type="button" className="button" data-create onClick={() => setCreating(true)}>
      {t.create}
    </button>
  )
  const chosen = query.data?.find((it) => it.staffId === managed)
  return (
    <>
      <Heading title={t.title}>
        <p className="lead">{t.lead}</p>
      </Heading>
      <Section title={t.list} aside={aside}>
        <Loaded query={query}>
          {(all) => {
            const shown = all.filter(fits)
            return (
              <>
                <TextField
                  {...{ label: t.find, type: 'search', value: sought, autoComplete: 'off' }}
                  onChange={(event) => setSought(event.target.value)}
                />
                {shown.length === 0 ? (
                  <Empty>{all.length === 0 ? t.none : t.foundNone}</Empty>
                ) : (
                  <ul className="plain people">
                    {shown.map((it) => (
                      <Person key={it.staffId} of={it} onManage={changes ? setManaged : null} />
                    ))}
                  </ul>
                )}
              </>
            )
          }}
        </Loaded>
      </Section>
      {creating && <CreateDialog onDone={(it) => tell(t.created, it)} onClose={() => setCreating(false)} />}
      {chosen !== undefined && (
        <ManageDialog
          of={chosen}
          onChanged={() => void renew()}
          onReset={(it) => tell(t.resetDone, it)}
          onClose={() => setManaged(null)}
        />
      )}
      {told !== null && (
        <Once
          {...{ title: told.title, secret: told.secret, label: t.oneTime, note: t.oneTimeNote, understood: t.noted }}
          onDone={() => setTold(null)}
        />
      )}
    </>
  )
}

function Person({ of, onManage }: { readonly of: StaffView; readonly onManage: ((id: string) => void) | null }) {
  const t = useWords(staffWords)
  const { role } = useWords(codes)
  const times = useTimes()
  const office = useOfficeName()
  const roles = standing(of)
  return (
    <li className="row person" data-username={of.username}>
      <div>
        <b>{of.name}</b>{' '}
        <span className="fine">
          {of.username} · {of.staffNumber}
        </span>
        <div className="tags">
          {of.disabledAt !== null ? (
            <Tag tone="bad" icon="lock">
              {t.disabled(times.full(of.disabledAt))}
            </Tag>
          ) : of.local && !of.enrolled ? (
            <Tag tone="warn" icon="clock">
              {t.notEnrolled}
            </Tag>
          ) : (
            <Tag tone="good" icon="check">
              {of.local ? t.active : t.issuer}
            </Tag>
          )}
          {roles.length === 0 && <span className="fine">{t.noRoles}</span>}
          {roles.map((it) => (
            <Tag key={`${it.role} ${it.officeId ?? ''}`}>
              {coded(role, it.role)} · {it.officeId === null ? t.every : office(it.officeId)}
            </Tag>
          ))}
        </div>
      </div>
      {onManage !== null && (
        <button
          type="button"
          className="button quiet"
          aria-label={t.manageOf(of.name)}
          data-manage
          onClick={() => onManage(of.staffId)}
        >
          {t.manage}
        </button>
      )}
    </li>
  )
}
