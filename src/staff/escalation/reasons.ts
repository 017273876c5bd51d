import type { BreachReason, EscalationStore } from '../../../db/staff/escalation.js'
import type { SlaFact } from '../../../db/staff/ledger.js'
import type { AuditWriter } from '../../audit/types.js'
import type { Clock } from '../../engine/clock.js'
import { PulihError } from '../../engine/errors.js'
import type { Actor } from '../../machines/ticketType.js'
import type { Ledger } from '../ledger/index.js'

/** Why a promise was broken: codes, so that they can be counted and hold nobody's data. */
export const BREACH_REASONS = {
  BEBAN_KERJA: { id: 'Beban kerja melebihi kapasitas', en: 'More work than there is capacity for' },
  KEKURANGAN_PETUGAS: { id: 'Petugas tidak cukup', en: 'Too few officers' },
  GANGGUAN_SISTEM: { id: 'Gangguan sistem', en: 'A system was down' },
  MENUNGGU_PIHAK_LAIN: { id: 'Menunggu unit atau instansi lain', en: 'Waited for another unit or institution' },
  KASUS_RUMIT: { id: 'Kasus memerlukan pemeriksaan lebih lama', en: 'The case needed a longer examination' },
  INDIKASI_PENIPUAN: { id: 'Pemeriksaan indikasi penipuan', en: 'Signs of fraud were examined' },
  TERLEWAT: { id: 'Terlewat oleh petugas', en: 'Overlooked' },
} as const
export type BreachReasonCode = keyof typeof BREACH_REASONS

export interface ReasonParts {
  readonly store: EscalationStore
  readonly ledger: Pick<Ledger, 'fold' | 'promisesOf'>
  readonly audit: AuditWriter
  readonly clock: Clock
}
export interface ReasonOrder {
  readonly ticketId: string
  readonly target: string
  /** Which time the target was promised; null: the last one that was broken. */
  readonly cycle: number | null
  readonly reason: BreachReasonCode
}
export interface Broken {
  readonly promise: SlaFact
  readonly said: BreachReason | null
}
/** What supervisors say about promises that were broken. */
export interface BreachReasons {
  /** The first reason stands; the same once more changes nothing. Throws NOT_FOUND when no such promise is broken, CONFLICT for another reason. */
  record(order: ReasonOrder, by: Actor): Promise<Broken>
  /** Every broken promise of a ticket, with what was said about it. */
  of(ticketId: string): Promise<readonly Broken[]>
}

export function createBreachReasons({ store, ledger, audit, clock }: ReasonParts): BreachReasons {
  async function of(ticketId: string): Promise<readonly Broken[]> {
    await ledger.fold([ticketId])
    const said = await store.breachReasonsOf(ticketId)
    const now = clock.now()
    return (await ledger.promisesOf(ticketId))
      .filter((it) => it.verdict === 'late' && it.verdictAt !== null && it.verdictAt <= now)
      .map((promise) => ({
        promise,
        said: said.find((it) => it.target === promise.target && it.cycle === promise.cycle) ?? null,
      }))
  }
  const find = async ({ ticketId, target, cycle }: ReasonOrder): Promise<Broken> => {
    const broken = await of(ticketId)
    const found = broken.findLast(({ promise: it }) => it.target === target && (cycle === null || it.cycle === cycle))
    if (found === undefined) throw new PulihError('NOT_FOUND', 'no such promise was broken')
    return found
  }
  const assertSame = ({ said }: Broken, { reason }: ReasonOrder): void => {
    if (said !== null && said.reason !== reason) throw new PulihError('CONFLICT', 'another reason stands already')
  }

  return {
    of,
    async record(order, by) {
      const { ticketId, target, reason } = order
      const found = await find(order)
      assertSame(found, order)
      if (found.said !== null) return found
      const { cycle } = found.promise
      const at = clock.now()
      const detail = { target, cycle, reason }
      await audit.record({ at, actorId: by.id, actorRole: by.role, action: 'breach.explain', ticketId, detail })
      await store.addBreachReason({ ticketId, target, cycle, reason, actorId: by.id, at })
      // Somebody else may have been first.
      const stands = await find({ ...order, cycle })
      assertSame(stands, order)
      return stands
    },
  }
}
