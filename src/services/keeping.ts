import { join } from 'node:path'
import { recordedCare, type Guard } from '../audit/index.js'
import type { DocumentService } from '../documents/index.js'
import { toldTo } from '../intake/timeline.js'
import {
  createCare,
  createDataRequests,
  exportPerson as writePerson,
  tombstoneFile,
  TOMBSTONES,
} from '../privacy/index.js'
import { filesOf, type Ground } from './ground.js'
import type { ServiceConfig, Services, ServiceParts } from './types.js'

/** How long personal data are kept, under which keys, and what their owners may ask. */
export function openKeeping(
  config: ServiceConfig,
  { store, engine, clock, ids }: ServiceParts,
  { audit, keyring, vault, people, guard }: Ground & { readonly guard: Guard },
  documents: DocumentService,
): Pick<Services, 'care' | 'dataRequests' | 'exportPerson'> {
  const care = createCare({
    ...{ store, engine, keyring, vault, people, documents, clock, ids, policy: config.retention },
    removeFile: (ref) => filesOf(config).remove(ref),
    tombstones: tombstoneFile(join(config.dataDir, TOMBSTONES)),
  })
  const isTicket = async (id: string) => (await store.findTicket(id)) !== null
  const dataRequests = createDataRequests({ store: store.intake.dataRequests, isTicket, clock, ids })
  const exporting = { ...{ store, people, documents, clock }, told: toldTo, requests: dataRequests }
  return {
    care: recordedCare(care, audit, clock),
    dataRequests,
    async exportPerson(ticketId, folder, actorId) {
      await guard.exported({ id: actorId, role: 'operator' }, ticketId)
      return writePerson(exporting, ticketId, folder, actorId)
    },
  }
}
