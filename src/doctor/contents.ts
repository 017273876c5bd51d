import { openStore, type Store } from '../../db/index.js'
import { exampleCalendars } from '../../db/seeds/calendars.js'
import { offices } from '../../db/seeds/offices.js'
import { policies } from '../../db/seeds/policies.js'
import type { Config } from '../config.js'
import { countOrphans } from '../documents/index.js'
import { filesElsewhere, filesOf, missingKeysOf } from '../services.js'
import type { Backlog, Contents, PrivacyFacts } from './types.js'

/** Rows counted up to here: beyond it the number itself no longer matters. */
export const COUNTED = 1_000
/** What is younger is on its way. */
const TIMER_GRACE_MS = 60_000
const OUTBOX_GRACE_MS = 5 * 60_000
/** Documents whose files are looked for. */
const NEWEST = 20

/** What the first start will publish. */
export const SHIPPED: Contents = {
  stored: false,
  calendars: exampleCalendars,
  policies,
  offices,
  backlog: null,
  privacy: null,
  evidence: [],
  strays: null,
}

/** Reads reference data and what waits, next to a running service. Throws as opening does. */
export async function readContents(config: Config, now: number): Promise<Contents> {
  const { dataDir, databaseUrl } = config
  const store = await openStore({ dataDir, databaseUrl, readOnly: true })
  try {
    return {
      stored: true,
      calendars: await store.calendars(),
      policies: await store.policies(),
      offices: await store.offices(),
      backlog: await backlogOf(store, now),
      privacy: await privacyOf(config, store, now),
      evidence: await store.intake.documents.newestRefs(NEWEST),
      strays: filesElsewhere(config)
        ? null
        : await countOrphans({ files: filesOf(config), store, clock: { now: () => now } }, COUNTED),
    }
  } finally {
    await store.close()
  }
}

async function privacyOf(config: Config, store: Store, now: number): Promise<PrivacyFacts> {
  const { intake } = store
  const runs = await intake.retention.runs()
  const requests = await intake.dataRequests.openRequests(COUNTED)
  return {
    missingKeys: await missingKeysOf(config, store),
    retainedAt: runs.length === 0 ? null : Math.min(...runs.map((it) => it.ranAt)),
    dataRequests: {
      open: requests.length,
      overdue: requests.filter((it) => it.dueAt < now).length,
      nextDueAt: requests[0]?.dueAt ?? null,
    },
  }
}

async function backlogOf(store: Store, now: number): Promise<Backlog> {
  const timers = await store.pendingTimers(now - TIMER_GRACE_MS, COUNTED + 1, null)
  const outbox = await store.undeliveredOutbox(now - OUTBOX_GRACE_MS, COUNTED + 1)
  const letters = await store.listDeadLetters(COUNTED + 1)
  return {
    overdueTimers: timers.length,
    oldestDueAt: timers[0]?.dueAt ?? null,
    undelivered: outbox.length,
    oldestCreatedAt: outbox[0]?.createdAt ?? null,
    deadLetters: letters.filter((it) => it.replayedAt === null).length,
  }
}
