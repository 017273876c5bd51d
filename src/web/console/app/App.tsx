import { lazy, Suspense, useEffect } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { setGate } from '../api/client.js'
import { Loaded, Loading } from '../parts/Page.js'
import { StepUp, askStepUp } from './StepUp.js'
import { beginAnew, sessionLost, sessionQuery, sessionUsed, useSessionQuery } from './session.js'
import { Shell } from './Shell.js'

const SignInPage = lazy(() => import('../pages/signIn/SignInPage.js'))
const SignInAgain = lazy(() => import('../pages/signIn/SignInAgain.js'))

setGate({ stepUp: askStepUp, lost: () => sessionLost.tell(), used: sessionUsed })

/** Nobody signed in sees the way in, at whichever address; after it they are where they wanted to be. */
export function App() {
  const query = useSessionQuery()
  const lost = sessionLost.use()
  const client = useQueryClient()
  useForeignSession(query.data?.staffId)
  return (
    <Loaded query={query}>
      {(session) => (
        <Suspense fallback={<Loading />}>
          {session === null ? (
            <SignInPage onDone={() => void client.query({ ...sessionQuery, staleTime: 0 })} />
          ) : (
            <>
              <Shell />
              {lost && <SignInAgain username={session.username} />}
              <StepUp />
            </>
          )}
        </Suspense>
      )}
    </Loaded>
  )
}

/** Somebody else signed in, here or in another window: nothing that the last person saw stays. */
function useForeignSession(staffId: string | undefined): void {
  useEffect(() => {
    if (staffId === undefined) return
    const windows = new BroadcastChannel('pulih-petugas')
    windows.postMessage(staffId)
    windows.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (data !== staffId) beginAnew()
    }
    return () => windows.close()
  }, [staffId])
}
