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
import { createLogger } from '../logging.js'
import { openServices, refuseFreshKeys, type Services } from '../services.js'

/** What a command that looks needs; opened read-only, next to a running server. */
export interface Viewer {
  readonly store: Store
  readonly types: TicketTypes
  readonly reference: ReferenceData
}

/** Opens the database (DATABASE_URL, else the data folder) for reading and closes it afterwards. */
export async function viewing<T>(data: string | undefined, body: (viewer: Viewer) => Promise<T>): Promise<T> {
  const { dataDir, databaseUrl, ticketTypes } = loadConfig(undefined, { data })
  const store = await openStore({ dataDir, databaseUrl, readOnly: true, clock: systemClock })
  try {
    return await body({
      store,
      types: await loadTicketTypes(undefined, ticketTypes),
      reference: await loadReference(store),
    })
  } finally {
    await store.close()
  }
}

/**
 * What stands around the engine as well, over a database opened for writing, or for reading next to a running server. `keyless`: for work that
 * seals and opens nothing, with keys or without. Throws KEY_UNKNOWN where keys would be made beside rows of others.
 */
export async function serving<T>(
  data: string | undefined,
  { readOnly = false, keyless = false }: { readonly readOnly?: boolean; readonly keyless?: boolean },
  body: (parts: { store: Store; engine: TicketEngine; services: Services }) => Promise<T>,
): Promise<T> {
  const config = loadConfig(undefined, { data })
  const store = await openStore({
    dataDir: config.dataDir,
    databaseUrl: config.databaseUrl,
    readOnly,
    clock: systemClock,
  })
  try {
    const types = await loadTicketTypes(undefined, config.ticketTypes)
    if (!readOnly) {
      if (!keyless) await refuseFreshKeys(config, store)
      await seedReference(store, systemClock.now(), types)
    }
    const ids = createIds(systemClock, (bytes) => randomFillSync(bytes))
    const engine = await createEngine({ store, types, clock: systemClock, ids })
    const logger = createLogger({ level: 'silent' })
    return await body({
      store,
      engine,
      services: openServices(config, {
        store,
        clock: systemClock,
        ids,
        engine,
        logger,
        makeKeys: !readOnly && !keyless,
      }),
    })
  } finally {
    await store.close()
  }
}

/** The same for writing: SQLite refuses it (STORE_LOCKED) while a server runs on the folder. */
export async function writing<T>(
  data: string | undefined,
  body: (parts: { store: Store; engine: TicketEngine }) => Promise<T>,
): Promise<T> {
  const { dataDir, databaseUrl, ticketTypes } = loadConfig(undefined, { data })
  const store = await openStore({ dataDir, databaseUrl, clock: systemClock })
  try {
    const types = await loadTicketTypes(undefined, ticketTypes)
    await seedReference(store, systemClock.now(), types)
    const ids = createIds(systemClock, (bytes) => randomFillSync(bytes))
    const engine = await createEngine({ store, types, clock: systemClock, ids })
    return await body({ store, engine })
  } finally {
    await store.close()
  }
}
