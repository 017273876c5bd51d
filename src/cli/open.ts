import { randomFillSync } from 'node:crypto'
import { openStore, type Store } from '../../db/index.js'
import { seedReference } from '../../db/seeds/index.js'
import { loadConfig } from '../config.js'
import {
  createEngine,
  createIds,
  loadReference,
  loadTicketTypes,
  systemClock,
  type ReferenceData,
  type TicketEngine,
  type TicketTypes,
} from '../engine/index.js'

/** What a command that looks needs; opened read-only, next to a running server. */
export interface Viewer {
  readonly store: Store
  readonly types: TicketTypes
  readonly reference: ReferenceData
}

/** Opens the data folder for reading and closes it afterwards. */
export async function viewing<T>(data: string | undefined, body: (viewer: Viewer) => Promise<T>): Promise<T> {
  const config = loadConfig(undefined, { data })
  const store = await openStore({ dataDir: config.dataDir, readOnly: true, clock: systemClock })
  try {
    return await body({ store, types: await loadTicketTypes(), reference: await loadReference(store) })
  } finally {
    await store.close()
  }
}

/** Opens the data folder for writing: refused (STORE_LOCKED) while a server runs on it. */
export async function writing<T>(
  data: string | undefined,
  body: (parts: { store: Store; engine: TicketEngine }) => Promise<T>,
): Promise<T> {
  const config = loadConfig(undefined, { data })
  const store = await openStore({ dataDir: config.dataDir, clock: systemClock })
  try {
    await seedReference(store, systemClock.now())
    const ids = createIds(systemClock, (bytes) => randomFillSync(bytes))
    const engine = await createEngine({ store, types: await loadTicketTypes(), clock: systemClock, ids })
    return await body({ store, engine })
  } finally {
    await store.close()
  }
}
