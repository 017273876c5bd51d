import { useState, type SyntheticEvent } from 'react'
import { post } from '../../api/client.js'
import { announce } from '../../app/announce.js'
import { useAct } from '../../app/useAct.js'
import { SelectField } from '../../parts/Field.js'
import { OfficeField, useOfficeName } from '../../parts/OfficeField.js'
import { Problem } from '../../parts/Problem.js'
import { useTimes } from '../../parts/time.js'
import { coded, codes } from '../../words/codes.js'
import { common } from '../../words/common.js'
import { useWords } from '../../words/index.js'
import { standing, type GrantView, type StaffView } from './api.js'
import { staffWords } from './words.js'

const ROLES = ['agent', 'checker', 'supervisor', 'admin', 'auditor'] as const
/** What has no single office: its routes are taken from a role for every office only. */
const EVERYWHERE: readonly string[] = ['admin', 'auditor']

type Role = Pick<GrantView, 'role' | 'officeId'>
interface RolesProps {
  readonly of: StaffView
  readonly own: boolean
  readonly onChanged: () => void
}

/** What somebody may be and where, with a way to take it back; what was taken back stays on record. */
export function Roles({ of, own, onChanged }: RolesProps) {
  const t = useWords(staffWords)
  const times = useTimes()
  const named = useNamed()
  const change = useAct(({ verb, role, officeId }: Role & { readonly verb: 'grant' | 'revoke' }) =>
    post(`/v1/staff/${of.staffId}/roles/${verb}`, { body: { role, officeId } }),
  )
  const run = async (verb: 'grant' | 'revoke', { role, officeId }: Role): Promise<boolean> => {
    if ((await change.run({ verb, role, officeId })) === undefined) return false
    announce(verb === 'grant' ? t.granted : t.revoked)
    onChanged()
    return true
  }
  const now = standing(of)
  return (
    <section aria-label={t.roles}>
      <h3>{t.roles}</h3>
      <Problem of={change.problem} />
      {now.length === 0 && <p>{t.noRoles}</p>}
      <ul className="plain">
        {now.map((it) => (
          <li key={`${it.role} ${it.officeId ?? ''}`} className="row person">
            <div>
              {named(it).join(' · ')} <span className="fine">{times.full(it.grantedAt)}</span>
            </div>
            {!own && (
              <button
                type="button"
                className="button plain"
                disabled={change.busy}
                aria-label={t.revokeOf(...named(it))}
                onClick={() => void run('revoke', it)}
              >
                {t.revoke}
              </button>
            )}
          </li>
        ))}
      </ul>
      <Former of={of.grants.filter((it) => it.revokedAt !== null)} />
      {!own && of.disabledAt === null && <Grant name={of.name} busy={change.busy} onGrant={(it) => run('grant', it)} />}
    </section>
  )
}

/** Role and office in words. */
function useNamed(): (it: Role) => [role: string, office: string] {
  const t = useWords(staffWords)
  const { role: names } = useWords(codes)
  const office = useOfficeName()
  return ({ role, officeId }) => [coded(names, role), officeId === null ? t.every : office(officeId)]
}

function Former({ of }: { readonly of: readonly GrantView[] }) {
  const t = useWords(staffWords)
  const times = useTimes()
  const named = useNamed()
  if (of.length === 0) return null
  return (
    <details>
      <summary>{t.former(of.length)}</summary>
      <ul>
        {of.map((it) => (
          <li key={`${it.role} ${it.officeId ?? ''} ${it.grantedAt}`}>
            {t.formerLine(...named(it), times.full(it.grantedAt), times.full(it.revokedAt ?? it.grantedAt))}
          </li>
        ))}
      </ul>
    </details>
  )
}

interface GrantProps {
  readonly name: string
  readonly busy: boolean
  readonly onGrant: (it: Role) => Promise<boolean>
}
function Grant({ name, busy, onGrant }: GrantProps) {
  const t = useWords(staffWords)
  const { choose, required } = useWords(common)
  const { role: names } = useWords(codes)
  const [role, setRole] = useState('')
  const [officeId, setOfficeId] = useState('')
  const [tried, setTried] = useState(false)
  const everywhere = EVERYWHERE.includes(role)
  const submit = async (event: SyntheticEvent) => {
    event.preventDefault()
    setTried(true)
    if (role === '' || !(await onGrant({ role, officeId: everywhere || officeId === '' ? null : officeId }))) return
    setRole('')
    setTried(false)
  }
  return (
    <form onSubmit={(event) => void submit(event)} noValidate aria-label={t.grantTo(name)}>
      <SelectField
        {...{ label: t.role, name: 'role', value: role, empty: choose }}
        fault={tried && role === '' ? required : undefined}
        options={ROLES.map((value) => ({ value, text: coded(names, value) }))}
        onChange={(event) => setRole(event.target.value)}
      />
      {everywhere ? (
        <p className="hint">{t.everyNote}</p>
      ) : (
        <OfficeField
          {...{ label: t.office, name: 'grantOffice', value: officeId, empty: t.every, onChange: setOfficeId }}
          hint={role === 'supervisor' ? t.unitNote : undefined}
        />
      )}
      <p>
        <button className="button quiet" disabled={busy} data-grant>
          {t.grant}
        </button>
      </p>
    </form>
  )
}
