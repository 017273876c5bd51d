import type { Response } from 'express'
import { PulihError } from '../../engine/errors.js'
import type { Logger } from '../../logging.js'
import type { Label } from '../../machines/ticketType.js'
import { markup } from './html.js'
import { link } from './parts.js'
import type { View, Visit } from './visit.js'
import { common } from './words/common.js'
import { status } from './words/status.js'

interface Failure {
  readonly code: string
  readonly status: number
  readonly retryAfter: unknown
}

/** What kept a page from being made; body readers have statuses of their own. */
function asFault(thrown: unknown): Failure {
  if (thrown instanceof PulihError) {
    const { code, status, extra } = thrown
    return { code, status, retryAfter: extra['retryAfter'] ?? (status === 503 ? 1 : undefined) }
  }
  const status = (thrown as { status?: unknown } | null)?.status
  if (typeof status === 'number' && status >= 400 && status < 500)
    return { code: 'REQUEST_MALFORMED', status, retryAfter: undefined }
  return { code: 'INTERNAL', status: 500, retryAfter: undefined }
}

/** The same, as metrics, log and whoever waits are told of it; the answer itself is its caller's. */
export function toldFault(res: Response, thrown: unknown, logger: Pick<Logger, 'error'>): Failure {
  const fault = asFault(thrown)
  const state = res.locals['state'] as { code: string | null } | undefined
  if (state !== undefined) state.code = fault.code
  if (fault.status >= 500) logger.error({ code: fault.code, err: thrown }, 'a page failed')
  if (typeof fault.retryAfter === 'number') res.setHeader('Retry-After', String(fault.retryAfter))
  return fault
}

function wordsFor({ status }: Failure): readonly [title: Label, text: Label] {
  if (status === 404 || status === 410) return [common.notFoundTitle, common.notFound]
  if (status === 429) return [common.tooManyTitle, common.tooMany]
  if (status === 409 || status === 412) return [common.refusedTitle, common.refused]
  if (status >= 500) return [common.troubleTitle, common.trouble]
  return [common.foreignTitle, common.foreign]
}

/** Never a dead end: back to the status or the start, or to a branch office with the list of what to bring. */
export function faultPage(visit: Visit, failure: Failure): View & { readonly text: string } {
  const { say } = visit
  const [title, text] = wordsFor(failure)
  return {
    title: say(title),
    status: failure.status,
    text: say(text),
    body: markup`<p class="lead">${say(text)}</p>
      <p class="row">
        ${/^(\/en)?\/status\//.test(visit.req.path) ? link(visit, '/status/pengaduan', status.watch, 'button main') : link(visit, '/pengaduan', common.toStart, 'button main')} ${link(visit, '/cabang', common.helpBranch)}
      </p>`,
  }
}
