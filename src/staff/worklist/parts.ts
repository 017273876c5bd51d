import type { Store } from '../../../db/types.js'
import type { Clock } from '../../engine/clock.js'
import type { Ids } from '../../engine/ids.js'
import type { Engine, Office } from '../../engine/types.js'
import type { Role } from '../../machines/ticketType.js'
import type { Vault } from '../../privacy/index.js'
import type { Principal } from '../principal.js'
import type { WorkRules } from './policy.js'

/** Who asks, as far as work is concerned. */
export type Worker = Pick<Principal, 'id' | 'grants'>
/** Ids, codes and counts only. */
export interface WorkAudit {
  record(entry: {
    readonly at: number
    readonly actorId: string
    readonly actorRole: string
    readonly action: string
    readonly ticketId?: string
    readonly subject?: string
    readonly detail?: Readonly<Record<string, string | number | boolean | null>>
  }): Promise<unknown>
}
/** Who holds which role where, now. */
export interface WorkAuthority {
  holds(actorId: string, role: Role, officeId: string, at: number): Promise<boolean>
}

export interface WorkParts {
  readonly store: Store
  readonly engine: Engine
  readonly vault: Vault
  readonly clock: Clock
  readonly ids: Pick<Ids, 'id'>
  readonly audit: WorkAudit
  readonly authority: WorkAuthority
}
export interface WorkWorld extends WorkParts {
  readonly rules: WorkRules
  /** Every office, remembered for a minute. */
  offices(): Promise<readonly Office[]>
}

const WORKING: readonly Role[] = ['agent', 'checker', 'supervisor']

/** The roles by which somebody may work on tickets of this office. */
export const rolesAt = ({ grants }: Worker, officeId: string): readonly Role[] =>
  WORKING.filter((role) => grants.some((it) => it.role === role && (it.officeId === null || it.officeId === officeId)))
