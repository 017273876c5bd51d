import { spokenIn } from '../../messages/dates.js'
import { bannerOf } from '../../staff/incidents/index.js'
import type { Label } from '../../machines/ticketType.js'
import type { PortalDeps } from './visit.js'

const REMEMBER_MS = 10_000
const HOME_ZONE = 'Asia/Jakarta'

/** What runs now on our side (R29), in words for every page; looked up once in ten seconds, whoever asks. A store that fails says nothing of it. */
export function outagesOf({ services, clock, logger }: Pick<PortalDeps, 'services' | 'clock' | 'logger'>) {
  let known: { readonly labels: readonly Label[]; readonly until: number } = { labels: [], until: 0 }
  return async (): Promise<readonly Label[]> => {
    const now = clock.now()
    if (now < known.until) return known.labels
    try {
      const rows = await services.incidents.announced()
      const labels = rows.map(({ title, untilAt }) =>
        bannerOf(title, untilAt === null ? null : spokenIn(untilAt, HOME_ZONE)),
      )
      known = { labels, until: now + REMEMBER_MS }
    } catch (error) {
      known = { labels: known.labels, until: now + REMEMBER_MS }
      logger.warn({ err: error }, 'announced incidents were not read')
    }
    return known.labels
  }
}
