export { createDocuments } from './service.js'
export { areTooMany, countOrphans } from './tidy.js'
export type { DocumentService } from './types.js'
export type { DocumentParts, DocumentView, FilesProof, Outcome, Reuse } from './types.js'
