import type { ErasureStore, LegalHoldRow } from '../../db/intake/erasure.js'
import type { KeyStore } from '../../db/intake/keys.js'
import type { NewTask } from '../../db/intake/tasks.js'
import type { Clock } from '../engine/clock.js'
import { PulihError } from '../engine/errors.js'
import type { Ids } from '../engine/ids.js'
import type { Engine, TicketRow } from '../engine/types.js'
import type { TaskHandler } from '../intake/tasks.js'
import type { TombstoneFile } from './tombstones.js'
import type { Vault } from './vault.js'

/** Erasing somebody's personal data for good: the key goes, and with it every copy, backups too (A47). */
export interface Erasure {
  /**
   * Destroys the ticket's key, what was sealed under it and what it was found by; the ticket's own record, which holds no personal data,
   * stays. Cut off anywhere, it is completed by `complete`. False when it was done before. Throws CONFLICT for a ticket that is not closed,
   * LEGAL_HOLD, NOT_FOUND for a ticket without personal data.
   */
  erase(ticketId: string, reason: string): Promise<boolean>
  /** Erases again what a restored backup brought back, and completes what was cut off. For every start and restore. */
  complete(): Promise<Completed>
  /** Throws NOT_FOUND without personal data, ERASED. */
  placeHold(ticketId: string, reason: string, actorId: string): Promise<void>
  /** How many holds stood. */
  liftHold(ticketId: string): Promise<number>
  holdsOf(ticketId: string): Promise<readonly LegalHoldRow[]>
  /** Says in the ticket's log what was done, where that was cut off. */
  readonly record: TaskHandler
}
export interface Completed {
  readonly erased: number
  /** Under a legal hold now: they stay until it is lifted. */
  readonly held: number
}

export interface ErasureParts {
  readonly store: {
    findTicket(id: string): Promise<TicketRow | null>
    readonly intake: { readonly erasure: ErasureStore; readonly keys: Pick<KeyStore, 'findKey'> }
  }
  readonly engine: Pick<Engine, 'system'>
  readonly vault: Pick<Vault, 'forget'>
  /** Removes files of the file store. What is left by a crash is noise, and is swept up there. */
  readonly removeFiles: (refs: readonly string[]) => Promise<void>
  readonly tombstones: TombstoneFile
  readonly clock: Clock
  readonly ids: Pick<Ids, 'id'>
}

const SILENT: ReadonlySet<string> = new Set(['EVENT_NOT_ALLOWED', 'TICKET_NOT_FOUND'])
const SYSTEM = { id: 'system', role: 'system' } as const
const PAGE = 500
const RECORD = 'record_erasure'
const held = () => new PulihError('LEGAL_HOLD', 'A legal hold stands: nothing of this ticket may be erased.')
const isHold = (error: unknown): boolean => String(error).includes('ticket_keys_legal_hold')

export function createErasure(parts: ErasureParts): Erasure {
  const { store, clock } = parts
  const { erasure, keys } = store.intake
  return {
    async erase(ticketId, reason) {
      const key = await keys.findKey(ticketId)
      if (key === null) throw noPerson()
      const ticket = await store.findTicket(ticketId)
      if (ticket !== null && ticket.standing !== 'terminal')
        throw new PulihError('CONFLICT', 'The ticket is still open: its personal data are needed to decide it.')
      if ((await erasure.holdsOf(ticketId)).some((it) => it.liftedAt === null)) throw held()
      return carryOut(parts, { ticketId, reason, erasedAt: clock.now() }, ticket !== null)
    },
    complete: () => complete(parts),
    async placeHold(ticketId, reason, actorId) {
      const key = await keys.findKey(ticketId)
      if (key === null) throw noPerson()
      if (key.destroyedAt !== null) throw erased()
      try {
        await erasure.placeHold({ ticketId, reason, actorId, placedAt: clock.now() })
      } catch (error) {
        throw String(error).includes('ticket_keys_destroyed_for_good') ? erased() : error
      }
    },
    liftHold: (ticketId) => erasure.liftHolds(ticketId, clock.now()),
    holdsOf: (ticketId) => erasure.holdsOf(ticketId),
    record: { kind: RECORD, run: ({ ticketId }) => record(parts, ticketId) },
  }
}

const noPerson = () => new PulihError('NOT_FOUND', 'This ticket has no personal data.')
const erased = () => new PulihError('ERASED', 'The personal data of this ticket are erased.')

interface Order {
  readonly ticketId: string
  readonly reason: string
  readonly erasedAt: number
}

/** The list beside the data first: what it names is erased, now or at the next start; then the database, the files, the ticket's own log. */
async function carryOut(parts: ErasureParts, order: Order, isTicket: boolean): Promise<boolean> {
  const { store, tombstones, vault, clock } = parts
  await tombstones.append([{ ticketId: order.ticketId, erasedAt: order.erasedAt }])
  const refs = await store.intake.erasure.fileRefsOf(order.ticketId)
  let done: boolean
  try {
    done = await store.intake.erasure.erasePerson(order, owed(parts, order))
  } catch (error) {
    if (!isHold(error)) throw error
    await tombstones.withdraw(order.ticketId, clock.now())
    throw held()
  }
  vault.forget(order.ticketId)
  await parts.removeFiles(refs)
  if (isTicket) await record(parts, order.ticketId)
  return done
}

const owed = ({ ids, clock }: ErasureParts, { ticketId }: Order): NewTask => {
  const at = clock.now()
  return { id: ids.id(), kind: RECORD, ticketId, ref: '-', dueAt: at, createdAt: at }
}

/** Says it in the ticket's log, once; a ticket that a backup brought back open says it when it is closed, or never was filed. */
async function record({ engine }: ErasureParts, ticketId: string): Promise<void> {
  try {
    const key = `system:erasure:${ticketId}`
    await engine.system({ ticketId, event: { type: 'erasure.record' }, actor: SYSTEM, key, fingerprint: ticketId })
  } catch (error) {
    if (!(error instanceof PulihError) || !SILENT.has(error.code)) throw error
  }
}

async function complete(parts: ErasureParts): Promise<Completed> {
  const { store, tombstones } = parts
  const { erasure, keys } = store.intake
  const listed = await tombstones.read()
  const known = new Set<string>()
  for (let after = ''; ;) {
    const page = await erasure.tombstonesAfter(after, PAGE)
    await tombstones.append(
      page.filter((it) => !listed.has(it.ticketId)).map(({ ticketId, erasedAt }) => ({ ticketId, erasedAt })),
    )
    for (const { ticketId } of page) known.add(ticketId)
    if (page.length < PAGE) break
    after = page.at(-1)?.ticketId ?? after
  }
  const result = { erased: 0, held: 0 }
  for (const { ticketId, erasedAt } of listed.values()) {
    const key = await keys.findKey(ticketId)
    if (known.has(ticketId) && key?.wrapped == null) continue
    const newer = (await erasure.holdsOf(ticketId)).some((it) => it.liftedAt === null && it.placedAt > erasedAt)
    if (newer) {
      result.held += 1
      continue
    }
    const ticket = await store.findTicket(ticketId)
    if (await again(parts, { ticketId, reason: 'restored', erasedAt }, ticket)) result.erased += 1
  }
  return result
}

/** As first ordered, whatever the restored ticket's state says: the decision was taken when it was closed. */
async function again(parts: ErasureParts, order: Order, ticket: TicketRow | null): Promise<boolean> {
  const { store, vault } = parts
  const refs = await store.intake.erasure.fileRefsOf(order.ticketId)
  // It was erased, so no hold stood then: one that the backup brought back was lifted before.
  await store.intake.erasure.liftHolds(order.ticketId, order.erasedAt, order.erasedAt)
  const done = await store.intake.erasure.erasePerson(order, owed(parts, order))
  vault.forget(order.ticketId)
  await parts.removeFiles(refs)
  if (ticket?.standing === 'terminal') await record(parts, order.ticketId)
  return done
}
