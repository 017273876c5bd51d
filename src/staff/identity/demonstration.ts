import type { StaffStore } from '../../../db/staff/identity.js'
import { EVERY_OFFICE } from '../../../db/staff/identity.js'
import type { Clock } from '../../engine/clock.js'
import type { Ids } from '../../engine/ids.js'
import type { Vault } from '../../privacy/index.js'
import type { StaffRole } from '../principal.js'
import { hashPassword } from './passwords.js'
import { newWord, type RandomBytes } from './secrets.js'
import { newTotpSecret } from './totp.js'

/** Somebody made up, with what they sign in with in the clear: for trying things out only. */
export interface DemonstrationOfficer {
  readonly username: string
  readonly role: StaffRole
  readonly password: string
  readonly totpSecret: string
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
  readonly random: RandomBytes
}

/** Makes them where nobody works yet, ready to sign in; null where somebody does. Never called in production. */
export async function seedDemonstration(parts: Parts): Promise<readonly DemonstrationOfficer[] | null> {
  if ((await parts.store.listStaff()).length > 0) return null
  return Promise.all(CAST.map(([username, role, name]) => seedOne(parts, username, role, name)))
}

async function seedOne(
  { store, vault, clock, ids, random }: Parts,
  username: string,
  role: StaffRole,
  name: string,
): Promise<DemonstrationOfficer> {
  const [id, password, totpSecret] = [ids.id(), newWord(random, 15), newTotpSecret(random)]
  const place = { ticketId: null, table: 'staff', column: 'totp_sealed', row: id }
  const by = { createdAt: clock.now(), createdBy: 'demonstration' }
  await store.addStaff({
    ...{ id, staffNumber: `contoh-${username}`, username, name, issuer: null, subject: null },
    ...{ passwordHash: await hashPassword(password), oneTime: false, passwordExpiresAt: null },
    ...{ totpSealed: await vault.seal(place, totpSecret), totpConfirmed: true, totpStep: 0 },
    ...{ ...by, disabledAt: null, disabledBy: null },
  })
  await store.addGrant({
    ...{ id: ids.id(), staffId: id, role, officeId: EVERY_OFFICE },
    ...{ grantedAt: by.createdAt, grantedBy: by.createdBy, revokedAt: null, revokedBy: null },
  })
  return { username, role, password, totpSecret }
}
