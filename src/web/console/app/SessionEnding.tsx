import { useEffect, useState } from 'react'
import { useQueryClient } from '@tanstack/react-query'
import { serverTime } from '../api/serverTime.js'
import { Dialog } from '../parts/Dialog.js'
import { useTimes } from '../parts/time.js'
import { useWords } from '../words/index.js'
import { sessionLost, sessionQuery, useSessionEnds } from './session.js'
import { shellWords } from './shellWords.js'

const BEFORE_MS = 2 * 60_000
const LOOK_MS = 5_000

/** Two minutes before the session ends it is said, with one button to go on (2.2.1); at the end the page is hidden behind the way back in. */
export function SessionEnding() {
  const t = useWords(shellWords)
  const times = useTimes()
  const ends = useSessionEnds()
  const client = useQueryClient()
  const [now, setNow] = useState(() => serverTime.now())
  const [known, setKnown] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => setNow(serverTime.now()), LOOK_MS)
    return () => clearInterval(timer)
  }, [])
  const lost = sessionLost.use()
  const over = ends !== null && now >= ends.idleAt
  useEffect(() => {
    if (over) sessionLost.tell()
  }, [over])
  if (ends === null || over || lost || now < ends.idleAt - BEFORE_MS) return null
  const last = ends.idleAt >= ends.lastAt
  if (last && known === ends.lastAt) return null
  const goOn = () => {
    if (last) setKnown(ends.lastAt)
    else void client.query({ ...sessionQuery, staleTime: 0 })
  }
  const at = times.clock(ends.idleAt)
  return (
    <Dialog title={t.endingTitle} onClose={goOn}>
      <p>{last ? t.endingLast(at) : t.endingIdle(at)}</p>
      <button type="button" className="button" onClick={goOn}>
        {last ? t.understood : t.goOn}
      </button>
    </Dialog>
  )
}
