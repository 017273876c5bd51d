import { randomBytes } from 'node:crypto'
import type { TicketRow } from '../../../src/engine/types.js'
import type { Role } from '../../../src/machines/ticketType.js'
import { ticketType as pengaduan } from '../../../src/machines/types/pengaduan.js'
import { createVault, localKeyring, openKeyFile, type Vault } from '../../../src/privacy/index.js'
import {
  createWorklist,
  type WorkAudit,
  type Worker,
  type Worklist,
  type WorkParts,
} from '../../../src/staff/worklist/index.js'
import { World, type WorldOptions } from '../../support/world.js'

type Entry = Parameters<WorkAudit['record']>[0]

export const worker = (id: string, role: Role = 'agent', officeId: string | null = 'pusat'): Worker => ({
  id,
  grants: [{ role, officeId }],
})
export const ani = worker('ani')
export const budi = worker('budi')
export const citra = worker('citra', 'checker')
export const sari = worker('sari', 'supervisor')

/** Monday 23 November 2026, 09.00 WIB: an ordinary week; open until 17.00, closed over noon. */
export const MONDAY_9 = Date.parse('2026-11-23T02:00:00Z')

/** The real worklist over a real engine and store; who holds which role is this table. */
export interface WorkDesk {
  readonly world: World
  readonly worklist: Worklist
  readonly vault: Vault
  readonly parts: WorkParts
  readonly audited: Entry[]
  readonly staff: Map<string, Worker>
  /** Another process on the same database. */
  another(): Worklist
  key(): string
  /** A ticket that waits for an officer, filed now. */
  waiting(filing?: Record<string, unknown>): Promise<TicketRow>
  close(): Promise<void>
}

export async function openDesk(options: WorldOptions = {}): Promise<WorkDesk> {
  const world = await World.open({ start: MONDAY_9, types: new Map([[pengaduan.type, pengaduan]]), ...options })
  const { store, engine, clock } = world
  const audited: Entry[] = []
  const staff = new Map([ani, budi, citra, sari].map((it) => [it.id, it]))
  const vault = createVault({
    keyring: localKeyring(openKeyFile(world.place.dataDir, randomBytes), randomBytes),
    keys: store.intake.keys,
    clock,
    random: randomBytes,
  })
  let number = 0
  const parts: WorkParts = {
    ...{ store, engine, vault, clock },
    ids: { id: () => `00000000-0000-7000-8000-${String(++number).padStart(12, '0')}` },
    audit: { record: (entry) => Promise.resolve(audited.push(entry)) },
    authority: {
      holds: (id, role, officeId) =>
        Promise.resolve(
          staff.get(id)?.grants.some((it) => it.role === role && (it.officeId === null || it.officeId === officeId)) ??
            false,
        ),
    },
  }
  const another = () => createWorklist(parts)
  return {
    ...{ world, parts, vault, audited, staff, another },
    worklist: another(),
    key: () => `key-${++number}`,
    async waiting(filing = {}) {
      const id = await world.ticketIn('submitted', filing)
      // The release is a timer of its own; in opening hours it is due at once.
      await world.ring(id)
      return world.row(id)
    },
    close: () => world.close(),
  }
}
