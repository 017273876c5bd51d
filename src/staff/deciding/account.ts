import { PulihError } from '../../engine/errors.js'
import { lookAtOldContacts, type OldContacts } from '../../privacy/index.js'

/** The contacts that this case would replace; null where the account has none. */
export interface AccountSide {
  readonly state: 'known' | 'noAccount' | 'unreachable'
  readonly contacts: OldContacts
}

const NOTHING: OldContacts = { email: null, phone: null }

/**
 * What the matched account answers to before this case changes it, in the clear: whoever shows it masks it. `noAccount`: no participant was
 * matched. Throws ERASED.
 */
export async function accountOf(
  parts: Parameters<typeof lookAtOldContacts>[0],
  ticketId: string,
): Promise<AccountSide> {
  try {
    const contacts = await lookAtOldContacts(parts, ticketId)
    return contacts === null ? { state: 'noAccount', contacts: NOTHING } : { state: 'known', contacts }
  } catch (error) {
    if (error instanceof PulihError && error.code === 'UPSTREAM_UNAVAILABLE')
      return { state: 'unreachable', contacts: NOTHING }
    throw error
  }
}
