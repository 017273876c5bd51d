import { Suspense, useEffect, useState } from 'react'
import { post } from '../api/client.js'
import { Icon } from '../parts/Icon.js'
import { Loading } from '../parts/Page.js'
import { useSay, useWords } from '../words/index.js'
import { common } from '../words/common.js'
import { Announcements } from './announce.js'
import { ErrorBoundary } from './ErrorBoundary.js'
import { FewCodes } from './FewCodes.js'
import { Help } from './Help.js'
import { IncidentBanner } from './IncidentBanner.js'
import { useKeys } from './keys.js'
import { forgetKept } from './kept.js'
import { useLive, useLiveState } from './live.js'
import { NotFound } from './NotFound.js'
import { PAGES } from './pages.js'
import { BASE, Link, match, navigate, ParamsProvider, usePath } from './router.js'
import { beginAnew, holds, useSession } from './session.js'
import { SessionEnding } from './SessionEnding.js'
import { shellWords } from './shellWords.js'

/** What is around every page: where one is, who one is, the way out, and what is said without being looked for. */
export function Shell() {
  const { skip } = useWords(common)
  const [helping, setHelping] = useState(false)
  useLive()
  useKeys({ '?': () => setHelping(true) })
  return (
    <>
      <a className="skip" href="#main">
        {skip}
      </a>
      <Top onHelp={() => setHelping(true)} />
      <IncidentBanner />
      <FewCodes />
      <Here />
      <LiveState />
      <Announcements />
      <SessionEnding />
      {helping && <Help onClose={() => setHelping(false)} />}
    </>
  )
}

function Here() {
  const path = usePath()
  const session = useSession()
  // The way in leads somewhere for everybody: administrators and auditors have no worklist.
  const [first] = PAGES.filter(({ nav }) => nav !== undefined && holds(session, nav.roles))
  const away = path === BASE && first !== undefined && !holds(session, PAGES[0]?.nav?.roles ?? []) ? first.path : null
  useEffect(() => {
    if (away !== null) navigate(away, 'replace')
  }, [away])
  if (away !== null) return <Loading />
  for (const { path: pattern, page: Page } of PAGES) {
    const params = match(pattern, path)
    if (params !== null)
      return (
        <main id="main" tabIndex={-1}>
          <ErrorBoundary key={path}>
            <ParamsProvider value={params}>
              <Suspense fallback={<Loading />}>
                <Page />
              </Suspense>
            </ParamsProvider>
          </ErrorBoundary>
        </main>
      )
  }
  return (
    <main id="main" tabIndex={-1}>
      <NotFound />
    </main>
  )
}

function Top({ onHelp }: { readonly onHelp: () => void }) {
  const t = useWords(shellWords)
  const say = useSay()
  const path = usePath()
  const session = useSession()
  const shown = PAGES.filter(({ nav }) => nav !== undefined && holds(session, nav.roles))
  return (
    <header className="top">
      <Link to={BASE} className="brand">
        <span className="mark" aria-hidden="true" />
        <b>Pulih</b>
      </Link>
      <nav aria-label={t.nav}>
        <ul>
          {shown.map(({ path: to, nav }) => (
            <li key={to}>
              <Link to={to} aria-current={path === to ? 'page' : undefined}>
                {nav === undefined ? '' : say(nav.label)}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className="who">
        <button type="button" className="button plain" onClick={onHelp}>
          {t.help}
        </button>
        <Link to={`${BASE}/saya`} className="own" aria-current={path === `${BASE}/saya` ? 'page' : undefined}>
          <Icon name="person" /> {session.name}
        </Link>
        <button type="button" className="button plain" onClick={() => void signOut()}>
          {t.signOut}
        </button>
      </div>
    </header>
  )
}

/** Where the issuer signs people out, or the way in. What cannot be reached is left all the same. */
async function signOut(): Promise<void> {
  const out = await post<{ issuer: string | null }>('/v1/session/end').catch(() => ({ issuer: null }))
  forgetKept()
  beginAnew(out.issuer ?? BASE)
}

function LiveState() {
  const state = useLiveState()
  const t = useWords(common)
  if (state === 'on') return null
  return (
    <p className="live" role="status">
      <Icon name={state === 'paused' ? 'pause' : 'warn'} /> {state === 'paused' ? t.paused : t.failedLive}
    </p>
  )
}
