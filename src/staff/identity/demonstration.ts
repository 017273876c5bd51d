import type { StaffStore } from '../../../db/staff/identity.js'
import { EVERY_OFFICE } from '../../../db/staff/identity.js'
import type { Clock } from '../../engine/clock.js'
import type { Ids } from '../../engine/ids.js'
import type { Vault } from '../../privacy/index.js'
import type { StaffRole } from '../principal.js'
import { hashPassword } from './passwords.js'
import { newWord, type RandomBytes } from './secrets.js'
import { newRecoveryCodes, recoveryHash } from './signIn.js'
import { newTotpSecret } from './totp.js'

/** Somebody made up, with what they sign in with in the clear: for trying things out only. */
export interface DemonstrationOfficer {
  readonly username: string
  readonly role: StaffRole
  readonly password: string
  readonly totpSecret: string
  readonly recoveryCodes: readonly string[]
}

/** One of each role, and a second one of those who check each other. */
const CAST: readonly (readonly [username: string, role: StaffRole, name: string])[] = [
  ['agent', 'agent', 'Petugas Contoh Satu'],
  ['agent2', 'agent', 'Petugas Contoh Dua'],
  ['checker', 'checker', 'Pemeriksa Contoh Satu'],
  ['checker2', 'checker', 'Pemeriksa Contoh Dua'],
  ['supervisor', 'supervisor', 'Penyelia Contoh'],
  ['admin', 'admin', 'Administrator Contoh'],
  ['auditor', 'auditor', 'Auditor Contoh'],
]

interface Parts {
  readonly store: StaffStore
  readonly vault: Pick<Vault, 'seal'>
  readonly clock: Clock
  readonly ids: Pick<Ids, 'id'>
}

/** Who made them, which tells them from people. */
export const DEMONSTRATION = 'demonstration'

/** Draws what they sign in with; nothing is stored yet. */
export const castDemonstration = (random: RandomBytes): readonly DemonstrationOfficer[] =>
  CAST.map(([username, role]) => ({
    ...{ username, role, password: newWord(random, 15) },
    ...{ totpSecret: newTotpSecret(random), recoveryCodes: newRecoveryCodes(random) },
  }))

/**
 * Makes those of them who are not there, ready to sign in. `anew`: whoever is there gets these secrets too, because nobody knows theirs any
 * more. Never called in production, nor where people work.
 */
export async function seedDemonstration(
  parts: Parts,
  officers: readonly DemonstrationOfficer[],
  anew: boolean,
): Promise<void> {
  for (const officer of officers) await seedOne(parts, officer, anew)
}

async function seedOne(parts: Parts, officer: DemonstrationOfficer, anew: boolean): Promise<void> {
  const { store, clock, ids } = parts
  const { username, role } = officer
  const there = await store.findStaffByUsername(username)
  const id = there?.id ?? ids.id()
  const by = { createdAt: clock.now(), createdBy: DEMONSTRATION }
  if (there === null)
    await store.addStaff({
      ...{ id, staffNumber: `contoh-${username}`, username, issuer: null, subject: null },
      ...{ name: CAST.find(([known]) => known === username)?.[2] ?? username, passwordExpiresAt: null },
      ...{ ...(await secretsOf(parts, id, officer)), totpStep: 0 },
      ...{ ...by, disabledAt: null, disabledBy: null },
    })
  else if (anew) await store.changeStaff(id, await secretsOf(parts, id, officer))
  if (there === null || anew)
    await store.replaceRecoveryCodes(id, officer.recoveryCodes.map(recoveryHash), by.createdAt)
  // A start that was cut off between the two left somebody without a role; one that was taken away stays so.
  if ((await store.grantsOf([id])).length > 0) return
  await store.addGrant({
    ...{ id: ids.id(), staffId: id, role, officeId: EVERY_OFFICE },
    ...{ grantedAt: by.createdAt, grantedBy: by.createdBy, revokedAt: null, revokedBy: null },
  })
}

async function secretsOf({ vault }: Parts, id: string, { password, totpSecret }: DemonstrationOfficer) {
  const place = { ticketId: null, table: 'staff', column: 'totp_sealed', row: id }
  const totpSealed = await vault.seal(place, totpSecret)
  return { passwordHash: await hashPassword(password), oneTime: false, totpSealed, totpConfirmed: true }
}
