/** The participant portal: a handler to mount, and what it has to be given. */
export { createPortal } from './portal.js'
export type { PortalDeps, TriageObserver } from './visit.js'
