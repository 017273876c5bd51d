import { timingSafeEqual } from 'node:crypto'
import type { ServiceKeyRow, StaffStore } from '../../../db/staff/identity.js'
import type { AuditWriter } from '../../audit/types.js'
import type { Clock } from '../../engine/clock.js'
import { PulihError } from '../../engine/errors.js'
import type { Ids } from '../../engine/ids.js'
import type { Actor } from '../../machines/ticketType.js'
import type { Principal } from '../principal.js'
import { hashOf, newSecret, type RandomBytes } from './secrets.js'

/** Groups of routes, by what stands behind `/v1/`: a key opens those that it names, under the role of the portal. */
export const SCOPES = ['tickets', 'pengaduan', 'types', 'calendars', 'policies', 'data-requests'] as const
export type Scope = (typeof SCOPES)[number]

const DAY = 86_400_000
/** A key that nobody renews ends. */
export const KEY_DAYS_MAX = 366
const USED_EVERY_MS = 60_000
const FORM = /^pulih_([0-9a-f]{32})_([A-Za-z0-9_-]{43})$/

/** The keys of other systems: named, limited to groups of routes, expiring. */
export interface ServiceKeys {
  /** The key in the clear, this once. */
  create(
    order: { readonly name: string; readonly scopes: readonly Scope[]; readonly days: number },
    by: Actor,
  ): Promise<{ readonly key: string; readonly row: ServiceKeyRow }>
  list(): Promise<readonly ServiceKeyRow[]>
  /** Throws NOT_FOUND when there is none, or it was revoked before. */
  revoke(id: string, by: Actor): Promise<void>
  /** Null for any text that is no valid key now. */
  open(text: string): Promise<Principal | null>
}

export interface ServiceKeyParts {
  readonly store: StaffStore
  readonly clock: Clock
  readonly ids: Pick<Ids, 'id'>
  readonly random: RandomBytes
  readonly audit: AuditWriter
}

export const isServiceKey = (text: string): boolean => text.startsWith('pulih_')
/** What a route belongs to, of its template: `/v1/tickets/:id/events` is `tickets`. */
export const scopeOf = (path: string): string => path.split('/')[2] ?? ''

export function createServiceKeys({ store, clock, ids, random, audit }: ServiceKeyParts): ServiceKeys {
  const note = (action: string, id: string, by: Actor, detail = {}) =>
    audit.record({ at: clock.now(), actorId: by.id, actorRole: by.role, action, subject: id, detail })
  return {
    async create({ name, scopes, days }, by) {
      const at = clock.now()
      const secret = newSecret(random)
      const id = ids.id()
      const row: ServiceKeyRow = {
        id,
        name,
        secretHash: hashOf(secret),
        scopes,
        createdAt: at,
        createdBy: by.id,
        expiresAt: at + Math.min(days, KEY_DAYS_MAX) * DAY,
        lastUsedAt: null,
        revokedAt: null,
        revokedBy: null,
      }
      await note('key.create', id, by, { scopes, expiresAt: row.expiresAt })
      await store.addServiceKey(row)
      return { key: `pulih_${id.replaceAll('-', '')}_${secret}`, row }
    },
    list: () => store.listServiceKeys(),
    async revoke(id, by) {
      if (!(await store.revokeServiceKey(id, clock.now(), by.id))) throw new PulihError('NOT_FOUND', 'no such key')
      await note('key.revoke', id, by)
    },
    async open(text) {
      const [, hex = '', secret = ''] = FORM.exec(text) ?? []
      if (hex === '') return null
      const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
      const row = await store.findServiceKey(id)
      if (row === null || !timingSafeEqual(Buffer.from(hashOf(secret)), Buffer.from(row.secretHash))) return null
      const now = clock.now()
      if (row.revokedAt !== null || row.expiresAt <= now) return null
      await store.useServiceKey(id, now, now - USED_EVERY_MS)
      const grants = [{ role: 'portal', officeId: null }] as const
      return { id, via: 'key', grants, scopes: row.scopes, sessionId: null, steppedUpAt: null }
    },
  }
}
