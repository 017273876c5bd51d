import type { Actor, Role } from '../machines/ticketType.js'
import type { ApiDeps, Call } from './context.js'

const AT_THE_DESK: readonly Role[] = ['agent', 'checker']
type Who = Pick<Call, 'principal'> & { readonly actor: Actor }

/**
 * Before anything that an officer decides on a ticket, by whichever route. Throws TICKET_HELD when a colleague works on it; what was accepted
 * under this key before is answered again all the same.
 */
export async function refuseHeld(
  { services, store }: Pick<ApiDeps, 'services' | 'store'>,
  { principal, actor: { role } }: Who,
  ticketId: string,
  key: string | null = null,
): Promise<void> {
  if (principal === null || !AT_THE_DESK.includes(role)) return
  try {
    await services.worklist.mayAct(principal, ticketId)
  } catch (error) {
    if (key === null || (await store.findIdempotency(key)) === null) throw error
  }
}

/** Whoever cannot go on with what the ticket reached holds it no longer. It is done already: a failure here only leaves the lease to run out. */
export async function closeClaim(
  { services, logger }: Pick<ApiDeps, 'services' | 'logger'>,
  { principal }: Pick<Call, 'principal'>,
  ticketId: string,
): Promise<void> {
  if (principal === null) return
  await services.worklist.moved(principal, ticketId).catch((error: unknown) => {
    logger.warn({ err: error, ticketId }, 'a claim was not closed')
  })
}
