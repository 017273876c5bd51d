import { randomBytes, randomFillSync } from 'node:crypto'
import { join } from 'node:path'
import { z } from 'zod'
import type { Config } from '../config.js'
import { createIds, PulihError } from '../engine/index.js'
import type { Opened } from '../main.js'
import { makePrivateFile, readIfThere } from '../privateFile.js'
import {
  castDemonstration,
  DEMONSTRATION,
  seedDemonstration,
  type DemonstrationOfficer,
} from '../staff/identity/index.js'
import { STAFF_ROLES } from '../staff/principal.js'

const FILE = 'dev-staff.json'
const Kept = z.array(
  z.object({
    ...{ username: z.string(), role: z.enum(STAFF_ROLES), password: z.string(), totpSecret: z.string() },
    recoveryCodes: z.array(z.string()).default([]),
  }),
)

/** Made-up officers for a start on embedded defaults: in a file of the data folder, readable by its owner only. Never in production. */
export async function demonstrationStaff(
  { store, services, engine }: Opened,
  config: Config,
): Promise<readonly DemonstrationOfficer[]> {
  if (config.production || config.databaseUrl !== null) return []
  const kept = readDevStaff(config.dataDir)
  if ((await store.staff.listStaff()).some((it) => it.createdBy !== DEMONSTRATION)) return kept
  const ids = createIds(engine.clock, (bytes) => randomFillSync(bytes))
  const random = (size: number) => randomBytes(size)
  // Written down first: who was made without that could never sign in.
  const officers = kept.length > 0 ? kept : keep(config.dataDir, castDemonstration(random))
  const parts = { store: store.staff, vault: services.vault, clock: engine.clock, ids }
  await seedDemonstration(parts, officers, kept.length === 0)
  return officers
}

function keep(dataDir: string, officers: readonly DemonstrationOfficer[]): readonly DemonstrationOfficer[] {
  makePrivateFile(join(dataDir, FILE), JSON.stringify(officers, null, 2), randomBytes)
  return readDevStaff(dataDir)
}

/** Empty where there are none. Throws CONFIGURATION_INVALID when the file holds something else. */
export function readDevStaff(dataDir: string): readonly DemonstrationOfficer[] {
  const text = readIfThere(join(dataDir, FILE))
  if (text === null) return []
  try {
    return Kept.parse(JSON.parse(text))
  } catch {
    // Without the cause: a parser's message may show a piece of a secret.
    throw new PulihError(
      'CONFIGURATION_INVALID',
      `The file ${FILE} in the data folder is damaged: delete it, and the next start makes new ones.`,
    )
  }
}
