import { useQuery } from '@tanstack/react-query'
import { get, post } from '../../api/client.js'
import { Preferring } from '../../app/Preferring.js'
import { useSession } from '../../app/session.js'
import { useAct } from '../../app/useAct.js'
import { useOfficeName } from '../../parts/OfficeField.js'
import { Heading, Loaded, Section } from '../../parts/Page.js'
import { Problem } from '../../parts/Problem.js'
import { Tag } from '../../parts/Tag.js'
import { useTimes } from '../../parts/time.js'
import { useWords } from '../../words/index.js'
import { PasswordSection } from './Password.js'
import { ownWords } from './words.js'

interface OwnSessions {
  readonly sessions: readonly {
    readonly id: string
    readonly own: boolean
    readonly via: string
    readonly startedAt: string
    readonly seenAt: string
    readonly expiresAt: string
  }[]
}

/** Who one is here, how one wants it, and where else one is signed in. */
export default function OwnPage() {
  const t = useWords(ownWords)
  const times = useTimes()
  const { username, roles, name, session } = useSession()
  const office = useOfficeName()
  const sessions = useQuery({
    queryKey: ['sessions'],
    queryFn: ({ signal }) => get<OwnSessions>('/v1/session/list', signal),
  })
  const end = useAct((id: string | null) => post('/v1/session/list/end', { body: id === null ? {} : { id } }))
  const others = (sessions.data?.sessions.length ?? 0) > 2
  return (
    <>
      <Heading title={t.title} />
      <Section title={name}>
        <dl className="facts">
          <dt>{t.username}</dt>
          <dd>{username}</dd>
          <dt>{t.roles}</dt>
          <dd>
            {roles.map((it) => (
              <Tag key={`${it.role} ${it.officeId ?? ''}`}>
                {t.role(it.role)} · {it.officeId === null ? t.everyOffice : office(it.officeId)}
              </Tag>
            ))}
          </dd>
        </dl>
      </Section>
      <Section title={t.preferences}>
        <Preferring />
      </Section>
      {session.via === 'local' && <PasswordSection />}
      <Section
        title={t.sessions}
        aside={
          others && (
            <button
              type="button"
              className="button quiet"
              disabled={end.busy}
              onClick={() => void end.run(null).then(() => sessions.refetch())}
            >
              {t.endOthers}
            </button>
          )
        }
      >
        <Problem of={end.problem} />
        <Loaded query={sessions}>
          {({ sessions: all }) => (
            <ul className="plain">
              {all.map((it) => (
                <li key={it.id} className="row">
                  <span>
                    {times.full(it.startedAt)} · {t.seen(times.full(it.seenAt))}
                  </span>
                  {it.own ? (
                    <Tag tone="good">{t.thisOne}</Tag>
                  ) : (
                    <button
                      type="button"
                      className="button quiet"
                      disabled={end.busy}
                      onClick={() => void end.run(it.id).then(() => sessions.refetch())}
                    >
                      {t.end}
                    </button>
                  )}
                </li>
              ))}
            </ul>
          )}
        </Loaded>
      </Section>
    </>
  )
}
