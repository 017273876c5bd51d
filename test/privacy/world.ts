import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { describe, onTestFinished } from 'vitest'
import { openStore, type Store } from '../../db/index.js'
import { seedReference } from '../../db/seeds/index.js'
import type { Config } from '../../src/config.js'
import { createEngine, createIds, loadTicketTypes, VirtualClock, type TicketEngine } from '../../src/engine/index.js'
import { createLogger } from '../../src/logging.js'
import type { KeyringConfig, NewPerson } from '../../src/privacy/index.js'
import type { Services } from '../../src/services.js'
import { createSecretKey } from 'node:crypto'
import { hasPostgres, onPostgres } from '../support/postgres.js'
import { databaseOfTest } from '../support/sharedPostgres.js'
import { servicesFor } from '../support/services.js'

/** Monday 2 March 2026, 09:00 in Jakarta. */
export const START = Date.UTC(2026, 2, 2, 2)
export const HOUR = 3_600_000
export const DAY = 24 * HOUR

export const PERSON = {
  identity: { name: 'Siti Rahmawati Uji', nik: '3171234509900007', kpj: '10000123457', birthDate: '1990-09-05' },
  email: 'Siti.Uji@contoh.example',
  phone: '+6281234567890',
  noticeVersion: 'test',
  purpose: 'test',
  legalBasis: 'test',
  found: [],
} as const

const named = (id: string, byte: number) => ({ id, secret: createSecretKey(Buffer.alloc(32, byte)) })
/** A ring with these keys, the one in use first; the same number is the same secret. */
export const ring = (wrapping: readonly number[], index: readonly number[]): KeyringConfig => ({
  wrapping: wrapping.map((n) => named(`k${n}`, n)),
  index: index.map((n) => named(`i${n}`, 100 + n)),
})

export interface Place {
  readonly dataDir: string
  readonly databaseUrl: string | null
}
export interface PrivacyWorld {
  readonly place: Place
  readonly store: Store
  readonly engine: TicketEngine
  readonly services: Services
  readonly clock: VirtualClock
  readonly newId: () => string
  /** A ticket with a person; without `file` the person alone. */
  readonly file: (person?: Partial<NewPerson>, file?: boolean) => Promise<string>
  /** Ends a ticket. */
  readonly end: (ticketId: string) => Promise<void>
  /** The same database in another process with other keys. */
  readonly again: (config?: Partial<Config>) => Promise<PrivacyWorld>
  /** SQL past everything, as an intruder or a tool would. */
  readonly raw: (sql: string) => Promise<readonly Record<string, unknown>[]>
  readonly close: () => Promise<void>
}

export async function openPrivacyWorld(
  place: Place,
  config: Partial<Config> = {},
  clock = new VirtualClock(START),
): Promise<PrivacyWorld> {
  const store = await openStore({ ...place, clock })
  const types = await loadTicketTypes()
  await seedReference(store, clock.now(), types)
  const ids = createIds(clock, (bytes) => randomBytes(bytes.length))
  const engine = await createEngine({ store, types, clock, ids })
  const logger = createLogger({ level: 'silent' })
  const services = servicesFor(place.dataDir, { store, clock, ids, engine, logger }, config)
  let closed = false
  const close = async () => {
    if (closed) return
    closed = true
    await engine.stop()
    await store.close()
  }
  onTestFinished(close)
  const actorOf = (ticketId: string) => ({
    id: `ps_${ticketId.replaceAll(/[^a-f]/g, 'g')}`,
    role: 'participant' as const,
  })
  return {
    place,
    store,
    engine,
    services,
    clock,
    newId: () => ids.id(),
    async file(person = {}, file = true) {
      const ticketId = ids.id()
      await services.people.add(ticketId, { ...PERSON, ...person })
      const filing = {
        route: 'layanan_digital',
        cause: 'HP_GANTI',
        participantRef: actorOf(ticketId).id,
        declaration: true,
      }
      const actor = { id: 'intake', role: 'portal' as const }
      if (file)
        await engine.file({ type: 'pengaduan', ticketId, filing, actor, key: `f:${ticketId}`, fingerprint: null })
      return ticketId
    },
    async end(ticketId) {
      const key = `w:${ticketId}`
      await engine.handle({
        ticketId,
        event: { type: 'withdraw', reason: 'BATAL' },
        actor: actorOf(ticketId),
        key,
        fingerprint: null,
      })
    },
    async again(other = {}) {
      if (place.databaseUrl === null) await close()
      return openPrivacyWorld(place, other, clock)
    },
    async raw(sql) {
      if (place.databaseUrl !== null)
        return onPostgres(place.databaseUrl, async (db) => (await db.query<Record<string, unknown>>(sql)).rows)
      const db = new Database(join(place.dataDir, 'pulih.db'))
      try {
        db.pragma('foreign_keys = ON')
        const statement = db.prepare(sql)
        if (statement.reader) return statement.all() as Record<string, unknown>[]
        statement.run()
        return []
      } finally {
        db.close()
      }
    },
    close,
  }
}

export const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'pulih-privacy-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The same suite on SQLite and on a PostgreSQL server. */
export function onBothDatabases(
  what: string,
  suite: (newPlace: () => Promise<Place>, postgres: boolean) => void,
): void {
  describe(`${what} on SQLite`, () => {
    suite(() => Promise.resolve({ dataDir: newFolder(), databaseUrl: null }), false)
  })
  describe.skipIf(!hasPostgres)(`${what} on PostgreSQL`, () => {
    suite(async () => ({ dataDir: newFolder(), databaseUrl: await databaseOfTest() }), true)
  })
}
