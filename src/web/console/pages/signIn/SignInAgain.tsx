import { useQueryClient } from '@tanstack/react-query'
import { get } from '../../api/client.js'
import type { Session } from '../../api/types.js'
import { beginAnew, sessionQuery } from '../../app/session.js'
import { Dialog } from '../../parts/Dialog.js'
import { useWords } from '../../words/index.js'
import { SignInSteps } from './SignInSteps.js'
import { signInWords } from './words.js'

/** Over the page that the session ended on; what is behind cannot be read. The same person goes on where they were, another begins anew. */
export default function SignInAgain({ username }: { readonly username: string }) {
  const t = useWords(signInWords)
  const client = useQueryClient()
  const done = async () => {
    const before = client.getQueryData(sessionQuery.queryKey)
    const now = await get<Session>('/v1/session')
    if (before?.staffId !== now.staffId) {
      beginAnew()
      return
    }
    await client.query({ ...sessionQuery, staleTime: 0 })
    await client.invalidateQueries({ predicate: ({ meta }) => meta?.['live'] !== undefined })
  }
  return (
    <Dialog title={t.againTitle} opaque>
      <p>{t.againLead}</p>
      <SignInSteps username={username} onDone={() => void done()} />
      <button type="button" className="button plain" onClick={() => beginAnew()}>
        {t.other}
      </button>
    </Dialog>
  )
}
