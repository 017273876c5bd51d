import type { Channel } from '../../db/intake/people.js'

/** `breaker`: refused because all SMS of this hour are spent, which somebody has to look at. */
export type CodeResult =
  | 'asked'
  | 'sent'
  | 'failed'
  | 'refused'
  | 'breaker'
  | 'accepted'
  | 'CODE_INVALID'
  | 'CODE_EXPIRED'
  | 'CODE_USED'
  | 'CODE_TRIES_EXCEEDED'

/** Whoever counts what becomes of codes (R-OBS-3). It is told channels and results only. */
export interface CodeObserver {
  code(channel: Channel, result: CodeResult): void
}
export const noObserver: CodeObserver = { code: () => undefined }
