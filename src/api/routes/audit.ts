import { z } from 'zod'
import { ALERT } from '../../audit/index.js'
import type { AuditRow, CheckpointRow } from '../../audit/types.js'
import { PulihError } from '../../engine/errors.js'
import { ok, route, type ApiDeps, type Route } from '../context.js'
import { readCursor, writeCursor } from '../cursor.js'
import { instant } from '../shapes.js'
import { iso } from '../words.js'

const READERS = ['auditor', 'admin'] as const
const limit = z
  .string()
  .regex(/^\d{1,3}$/)
  .transform(Number)
  .refine((n) => n >= 1 && n <= 200)
  .optional()
const cursor = z.string().max(500).optional()
const word = z.string().regex(/^[A-Za-z0-9._@-]{1,96}$/)
const Query = z.strictObject({
  action: word.optional().describe('As `person.reveal`'),
  actorId: word.optional(),
  ticketId: z.uuid().optional(),
  from: z.iso.datetime().optional().describe('Included'),
  until: z.iso.datetime().optional().describe('Not included'),
  limit,
  cursor,
})
const Page = z.strictObject({ limit, cursor })
const Entry = z.strictObject({
  position: z.int(),
  at: instant,
  actorId: z.string(),
  actorRole: z.string(),
  action: z.string(),
  ticketId: z.string().nullable(),
  subject: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()).describe('Ids, codes, counts and instants (epoch ms)'),
  prevHash: z.string(),
  hash: z.string().describe('SHA-256(prevHash ‖ JCS(record)), hex'),
})
const Entries = z.strictObject({ items: z.array(Entry), next: z.string().nullable() })
const Checkpoint = z.strictObject({
  position: z.int(),
  hash: z.string(),
  at: instant,
  keyId: z.string(),
  signature: z.string().describe('Ed25519, base64url'),
})
const CheckpointList = z.strictObject({ items: z.array(Checkpoint), next: z.string().nullable() })
const SIZE = 50

/** What was done, for those who examine it: nobody's personal data, because there are none in it (R-AUD-3). */
export const auditRoutes = ({ store }: ApiDeps): readonly Route[] => [
  route({
    method: 'get',
    path: '/v1/audit',
    operationId: 'listAudit',
    summary: 'Catatan audit, terbaru dahulu, dengan hash rantainya.',
    access: READERS,
    everyOffice: true,
    query: Query,
    reply: { status: 200, description: 'Entries of the chain.', schema: Entries },
    problems: ['CURSOR_MALFORMED', 'REQUEST_MALFORMED'],
    async handle({ query: { limit: size = SIZE, cursor: text, from, until, ...filter } }) {
      const scope = ['audit', from ?? null, until ?? null, filter.action, filter.actorId, filter.ticketId]
      const before = positionOf(text, scope)
      const range = {
        from: from === undefined ? from : Date.parse(from),
        until: until === undefined ? until : Date.parse(until),
      }
      const rows = await store.audit.filtered({ ...filter, ...range }, { order: 'newest', before, limit: size })
      return ok({ items: rows.map(entryView), next: nextOf(rows, size, scope) })
    },
  }),
  route({
    method: 'get',
    path: '/v1/audit/alerts',
    operationId: 'listAuditAlerts',
    summary: 'Peringatan akses tidak wajar: siapa membuka lebih banyak daripada pekerjaannya.',
    access: ['supervisor', ...READERS],
    everyOffice: true,
    query: Page,
    reply: { status: 200, description: 'Alerts, the newest first.', schema: Entries },
    problems: ['CURSOR_MALFORMED'],
    async handle({ query: { limit: size = SIZE, cursor: text } }) {
      const scope = ['alerts']
      const page = { order: 'newest', before: positionOf(text, scope), limit: size } as const
      const rows = await store.audit.filtered({ action: ALERT }, page)
      return ok({ items: rows.map(entryView), next: nextOf(rows, size, scope) })
    },
  }),
  route({
    method: 'get',
    path: '/v1/audit/checkpoints',
    operationId: 'listAuditCheckpoints',
    summary: 'Titik periksa rantai audit yang ditandatangani. What proves anything is the copy that is kept elsewhere.',
    access: READERS,
    everyOffice: true,
    query: Page,
    reply: { status: 200, description: 'The newest first.', schema: CheckpointList },
    problems: ['CURSOR_MALFORMED'],
    async handle({ query: { limit: size = SIZE, cursor: text } }) {
      const scope = ['checkpoints']
      const rows = await store.audit.checkpoints(size, positionOf(text, scope) ?? undefined)
      return ok({ items: rows.map(checkpointView), next: nextOf(rows, size, scope) })
    },
  }),
]

/** Throws CURSOR_MALFORMED. */
function positionOf(text: string | undefined, scope: readonly unknown[]): number | null {
  const at = readCursor(text, scope)
  if (at === null) return null
  if (at.key === null || !Number.isInteger(at.key)) throw new PulihError('CURSOR_MALFORMED', 'no position in it')
  return at.key
}

function nextOf(
  rows: readonly { readonly position: number }[],
  size: number,
  scope: readonly unknown[],
): string | null {
  const last = rows.length < size ? undefined : rows.at(-1)
  return last === undefined ? null : writeCursor({ key: last.position, id: '' }, scope)
}

const entryView = (row: AuditRow) => ({ ...row, at: iso(row.at) })
const checkpointView = (row: CheckpointRow) => ({ ...row, at: iso(row.at) })
