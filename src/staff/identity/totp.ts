import { generateSync, generateURI, ScureBase32Plugin, verifySync } from 'otplib'
import type { RandomBytes } from './secrets.js'

/** RFC 6238 as every authenticator has it: SHA-1, six digits, thirty seconds. */
const PERIOD_S = 30
/** RFC 4226 asks for 160 bits. */
const SECRET_BYTES = 20

export const newTotpSecret = (random: RandomBytes): string =>
  new ScureBase32Plugin().encode(random(SECRET_BYTES), { padding: false })

/** What an authenticator reads as a QR code. */
export const totpUri = (secret: string, username: string): string =>
  generateURI({ issuer: 'Pulih', label: username, secret, period: PERIOD_S })

/** What an authenticator shows at this instant (epoch ms). */
export const totpCode = (secret: string, at: number): string =>
  generateSync({ secret, epoch: Math.floor(at / 1_000), period: PERIOD_S })

/** The time step whose code this is, one step to either side of `at` (epoch ms); null for a wrong code. Whether the step was taken before is the store's to say. */
export function totpStepOf(secret: string, code: string, at: number): number | null {
  if (!/^\d{6}$/.test(code)) return null
  const result = verifySync({
    secret,
    token: code,
    epoch: Math.floor(at / 1_000),
    epochTolerance: PERIOD_S,
    period: PERIOD_S,
  })
  return result.valid && 'timeStep' in result ? result.timeStep : null
}
