import type { Channel } from '../../db/intake/people.js'
import { PulihError } from '../engine/errors.js'
import type { Logger } from '../logging.js'
import type { Codes } from './codes.js'

/**
 * Asks for a code on the filer's behalf. A budget that is spent, or one that cannot be counted, must not show in the answer to
 * something else (R-ENUM-3): whoever gets no code asks for one by themselves and is told then.
 */
export const askQuietly =
  (codes: Pick<Codes, 'request'>, logger: Pick<Logger, 'info'>) =>
  async (ticketId: string, channel: Channel, desk = false): Promise<void> => {
    try {
      await codes.request({ ticketId, channel, purpose: 'prove', desk })
    } catch (error) {
      const code = error instanceof PulihError ? error.code : 'INTERNAL'
      logger.info({ ticketId, channel, code }, 'no code was sent along')
    }
  }
