import { createHash } from 'node:crypto'
import type { AlertStore, StaffAlert } from '../../db/audit/alerts.js'
import type { Store } from '../../db/types.js'
import type { Principal } from '../staff/principal.js'

/** Somebody opened more than their work explains. */
export interface Excessive {
  readonly actorId: string
  /** Null: of nobody who signed in. */
  readonly principal: Pick<Principal, 'grants'> | null
  readonly kind: StaffAlert['kind']
  /** How much it was. */
  readonly opened: number
  /** What they were about to open. */
  readonly ticketId: string
  readonly at: number
}
/** Brings an alert before people: the supervisors of the offices at which somebody works, and the auditors (A42). Read at `/v1/notices`. */
export type TellPeople = (it: Excessive) => Promise<void>

export interface TellParts {
  readonly alerts: Pick<AlertStore, 'addAlerts'>
  readonly findTicket: Store['findTicket']
}
const HOUR = 3_600_000

export const createTellPeople = ({ alerts, findTicket }: TellParts): TellPeople =>
  async function tell({ actorId, principal, kind, opened, ticketId, at }) {
    const own = new Set(principal?.grants.flatMap((it) => it.officeId ?? []))
    // Who works for every office, or is nobody of the staff, is told of where the ticket is.
    const offices = own.size > 0 ? [...own] : [(await findTicket(ticketId))?.officeId ?? null]
    const to = [
      ...offices.map((officeId) => ({ role: 'supervisor', officeId }) as const),
      { role: 'auditor', officeId: null } as const,
    ]
    // Told before it is written down, and perhaps again after a crash: within an hour it is the same alert.
    const which = [actorId, kind, Math.floor(at / HOUR)]
    await alerts.addAlerts(
      to.map(({ role, officeId }) => ({
        ...{ id: idOf([...which, role, officeId ?? '']), kind, aboutId: actorId, opened, role, officeId, at },
      })),
    )
  }

function idOf(parts: readonly (string | number)[]): string {
  const hex = createHash('sha256')
    .update(['alert', ...parts].join('\n'))
    .digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
