import { openGuard } from './audit/index.js'
import { createLive } from './live/index.js'
import { createBulk } from './staff/bulk/index.js'
import { openDeciding } from './staff/deciding/index.js'
import { createIncidents } from './staff/incidents/index.js'
import { openOversight } from './staff/reports/open.js'
import { createWorklist } from './staff/worklist/index.js'
import { openEvidence } from './services/evidence.js'
import { openGround } from './services/ground.js'
import { openIntake } from './services/intake.js'
import { openKeeping } from './services/keeping.js'
import { openMessaging } from './services/messaging.js'
import type { ServiceConfig, ServiceParts, Services } from './services/types.js'

export { filesElsewhere, filesOf, missingKeysOf, openVault, refuseFreshKeys } from './services/ground.js'
export type { ServiceParts, Services } from './services/types.js'

/** The rooms around the engine, joined from the ground up. Throws CONFIGURATION_INVALID when the keys are missing or damaged. */
export function openServices(config: ServiceConfig, parts: ServiceParts): Services {
  const { store, clock, ids, engine } = parts
  const ground = openGround(config, parts)
  const { audit, vault, people, directory, accounts, staff, recovery, sessions, tasks } = ground
  const { authority } = staff
  const messages = openMessaging(config, parts, ground)
  const documents = openEvidence(config, parts, ground)
  const guard = openGuard(vault, {
    ...{ store, audit, clock, limits: config.limits, onAlert: parts.onAlert },
  })
  const keeping = openKeeping(config, parts, { ...ground, guard }, documents)
  const intake = openIntake(config, parts, ground, { messages, documents })
  const { emailDomains, codes, access, filing, requests, risk } = intake
  const deciding = openDeciding({
    ...{ ...intake.around, audit, directory, accounts, filing, requests, codes, risk },
    sender: messages.messenger,
  })
  const said = { audit, clock, ids, tasks, messenger: messages.messenger }
  const incidents = createIncidents({ ...said, store: store.work.incidents })
  const worklist = createWorklist({ store, engine, vault, clock, ids, audit, authority })
  return {
    ...{ audit, vault, people, directory, accounts, staff, recovery, sessions, tasks },
    ...{ emailDomains, codes, access, filing, requests },
    ...{ messages, documents, deciding, worklist, incidents, ...keeping },
    ...openOversight({ store, engine, clock, audit, logger: parts.logger }),
    guard,
    apply: (outgoing) => recovery.apply(outgoing),
    handlers: [
      ...[
        messages.messenger.receipt,
        messages.messenger.morning,
        messages.resender.task,
        documents.scan,
        keeping.care.erasure.record,
      ],
      ...intake.handlers,
      ...deciding.handlers,
      ...incidents.handlers,
    ],
    live: createLive({
      ...{ store, clock, logger: parts.logger },
      onCommitted: (listener) => engine.onCommitted(listener),
    }),
    bulk: createBulk({ store, engine, clock, ids, audit, authority, worklist }),
  }
}
