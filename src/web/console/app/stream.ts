/** What changes, as it changes: server-sent events of `GET /v1/live`, which name tickets and versions and nothing else. */
export interface LiveHearing {
  /** From here on everything is told; what happened before is not. */
  readonly ready: () => void
  readonly ticket: (ticketId: string) => void
  /** Something left this person's offices. */
  readonly worklist: () => void
  /** More happened than is told. */
  readonly reset: () => void
  /** The session has ended, or gives no view any more. */
  readonly end: () => void
}
export interface LiveStream {
  readonly isOpen: () => boolean
  readonly close: () => void
}

const PATH = '/v1/live'
const FIRST_TRY_MS = 1_000
const LAST_TRY_MS = 60_000

/**
 * Opens it and keeps it open. What breaks off, is refused (429: too many windows) or says goodbye is tried again, each time twice as late, up
 * to a minute; a part of the wait is chance, so that not all desks come back at once. Coming back begins with `ready`.
 */
export function openLive(hearing: LiveHearing): LiveStream {
  let source: EventSource | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let failures = 0
  const shut = () => {
    source?.close()
    source = null
  }
  const open = () => {
    const mine = new EventSource(PATH)
    source = mine
    mine.addEventListener('ready', () => {
      failures = 0
      hearing.ready()
    })
    // Who holds a case is part of how it stands.
    for (const kind of ['ticket', 'claim'])
      mine.addEventListener(kind, ({ data }: MessageEvent<string>) => {
        hearing.ticket((JSON.parse(data) as { readonly ticketId: string }).ticketId)
      })
    mine.addEventListener('worklist', hearing.worklist)
    mine.addEventListener('reset', hearing.reset)
    mine.addEventListener('end', () => {
      shut()
      hearing.end()
    })
    mine.addEventListener('error', () => {
      shut()
      timer = setTimeout(open, waitAfter(failures))
      failures += 1
    })
  }
  open()
  return {
    isOpen: () => source?.readyState === EventSource.OPEN,
    close() {
      clearTimeout(timer)
      shut()
    },
  }
}

/** Between half of it and all of it. */
function waitAfter(failures: number): number {
  const longest = Math.min(LAST_TRY_MS, FIRST_TRY_MS * 2 ** failures)
  const [chance = 0] = crypto.getRandomValues(new Uint32Array(1))
  return (longest / 2) * (1 + chance / 2 ** 32)
}
