import { randomFillSync } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Config } from '../config.js'
import { createIds, PulihError } from '../engine/index.js'
import type { Opened } from '../main.js'
import { seedDemonstration, type DemonstrationOfficer } from '../staff/identity/index.js'
import { STAFF_ROLES } from '../staff/principal.js'

const FILE = 'dev-staff.json'
const Kept = z.array(
  z.object({ username: z.string(), role: z.enum(STAFF_ROLES), password: z.string(), totpSecret: z.string() }),
)

/** Made-up officers for a start on embedded defaults: in a file of the data folder, readable by its owner only. Never in production. */
export async function demonstrationStaff(
  { store, services, engine }: Opened,
  config: Config,
): Promise<readonly DemonstrationOfficer[]> {
  if (config.production || config.databaseUrl !== null) return []
  const random = (size: number) => randomFillSync(new Uint8Array(size))
  const { clock } = engine
  const made = await seedDemonstration({
    store: store.staff,
    vault: services.vault,
    clock,
    ids: createIds(clock, (bytes) => randomFillSync(bytes)),
    random,
  })
  if (made === null) return readDevStaff(config.dataDir)
  writeFileSync(join(config.dataDir, FILE), JSON.stringify(made, null, 2), { mode: 0o600 })
  return made
}

/** Empty where there are none. Throws CONFIGURATION_INVALID when the file holds something else. */
export function readDevStaff(dataDir: string): readonly DemonstrationOfficer[] {
  const file = join(dataDir, FILE)
  if (!existsSync(file)) return []
  try {
    return Kept.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    // Without the cause: a parser's message may show a piece of a secret.
    throw new PulihError('CONFIGURATION_INVALID', `The file ${FILE} in the data folder is damaged: delete it.`)
  }
}
