import { join } from 'node:path'
import type { DocumentRow } from '../../db/intake/documents.js'
import type { AuditWriter } from '../audit/index.js'
import { createDocuments, type DocumentService } from '../documents/index.js'
import type { Ids } from '../engine/ids.js'
import { RISK } from '../intake/risk.js'
import type { TaskBoard } from '../intake/tasks.js'
import { DOCUMENT_KINDS } from '../machines/pengaduan/events.js'
import { networkOf } from '../networks.js'
import { embeddedScanner } from '../ports/scanner.js'
import { clamdScanner } from '../ports/scannerClamd.js'
import { filesOf, type Ground } from './ground.js'
import type { ServiceConfig, ServiceParts } from './types.js'

/** Uploads and what is kept of them, each compared with other cases' behind the answer. */
export function openEvidence(
  { files, dataDir }: ServiceConfig,
  { store, engine, clock, ids, logger }: ServiceParts,
  { vault, tasks, audit }: Ground,
): DocumentService {
  const { clamd } = files
  const documents = createDocuments({
    ...{ store, engine, vault, tasks, clock, ids, logger },
    files: filesOf({ files, dataDir }),
    scanner: clamd === null ? embeddedScanner : clamdScanner({ address: clamd }),
    quarantineFolder: join(dataDir, 'quarantine'),
    kinds: DOCUMENT_KINDS,
    networkOf,
    onMalware: malwareFound(audit, { clock, logger }),
  })
  return watched(documents, tasks, ids)
}

/** The file is gone by then: where the chain cannot take the entry now, the log has it, and nobody's upload fails for it. */
const malwareFound =
  (audit: AuditWriter, { clock, logger }: Pick<ServiceParts, 'clock' | 'logger'>) =>
  async ({ id, ticketId, kind, uploaderId }: DocumentRow): Promise<void> => {
    const by = { actorId: uploaderId, actorRole: 'uploader' }
    await audit
      .record({ at: clock.now(), ...by, action: 'file.rejected.malware', ticketId, subject: id, detail: { kind } })
      .catch((error: unknown) => {
        logger.error({ err: error, ticketId, documentId: id }, 'a refused file is not in the audit')
      })
  }

function watched(documents: DocumentService, tasks: TaskBoard, ids: Pick<Ids, 'id'>): DocumentService {
  const { scan } = documents
  return {
    ...documents,
    scan: {
      kind: scan.kind,
      async run(task) {
        await scan.run(task)
        await tasks.ask(RISK, task.ticketId, `scanned:${task.ref}`)
      },
    },
    async adopt(ticketId) {
      await documents.adopt(ticketId)
      await tasks.ask(RISK, ticketId, 'adopted')
    },
    async upload(ticketId, ...given) {
      const outcomes = await documents.upload(ticketId, ...given)
      await tasks.ask(RISK, ticketId, `uploaded:${ids.id()}`)
      return outcomes
    },
  }
}
