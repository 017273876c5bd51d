import type { IntakeStores } from '../../db/intake/index.js'
import type { IndexRow } from '../../db/intake/people.js'
import type { Store } from '../../db/types.js'
import type { Clock } from '../engine/clock.js'
import { ERROR_CODES, PulihError } from '../engine/errors.js'
import type { Engine } from '../engine/types.js'
import type { Limits } from './limits.js'
import type { ParticipantDirectory } from '../ports/directory.js'
import type { People } from '../privacy/index.js'
import { isDisposable } from './email.js'
import { matchIdentity } from './matching.js'
import { riskCode } from './riskCodes.js'
import type { TaskHandler } from './tasks.js'

interface Reuse {
  readonly otherTicketId: string
  readonly how: 'same' | 'alike'
}
export interface RiskParts {
  readonly store: Pick<Store, 'findTicket'> & { readonly intake: Pick<IntakeStores, 'people'> }
  readonly people: Pick<People, 'identityOf' | 'contactsOf'>
  readonly directory: ParticipantDirectory
  /** Documents of other tickets that are, or look like, this ticket's. */
  readonly reuse: (ticketId: string) => Promise<readonly Reuse[]>
  readonly engine: Pick<Engine, 'system'>
  readonly clock: Clock
  readonly limits: Limits
}
/** A reason, and the other case that it came from: both are flagged, neither is told (A29). */
interface Finding {
  readonly code: string
  readonly other?: string
}

export const MATCH = 'match'
export const RISK = 'risk'
const SYSTEM = { id: 'system', role: 'system' } as const
const DAY_MS = 86_400_000
const REPEATED_MS = 30 * DAY_MS
const SHARED_MS = 365 * DAY_MS

/** Looks at a case once its identity is written down or corrected: what our own cases say first, then the directory. */
export const matchHandler = (parts: RiskParts): TaskHandler => ({
  kind: MATCH,
  async run({ ticketId }) {
    await assess(parts, ticketId)
    const match = { ...parts, store: parts.store.intake.people }
    const codes = await matchIdentity(match, ticketId)
    await flag(
      parts,
      ticketId,
      codes.map((code) => ({ code })),
    )
  },
})

/** Looks again at what our own cases say: after a contact was proven or a document came. */
export const riskHandler = (parts: RiskParts): TaskHandler => ({
  kind: RISK,
  run: ({ ticketId }) => assess(parts, ticketId),
})

async function assess(parts: RiskParts, ticketId: string): Promise<void> {
  const { store, clock, limits } = parts
  const own = await store.intake.people.indexesOf(ticketId)
  const nik = valuesOf(own, 'nik')
  if (nik.length === 0) return
  const samePerson = await withSame(parts, own, 'nik', ticketId)
  const others = async (kind: string) => strangers(await withSame(parts, own, kind, ticketId), samePerson)
  const findings: Finding[] = []
  const now = clock.now()
  for (const { ticketId: other } of samePerson) {
    const ticket = await store.findTicket(other)
    if (ticket === null || ticket.standing === 'terminal') continue
    findings.push({ code: 'competing_case', other })
    await store.intake.people.linkCompeting(ticketId, other, now)
  }
  const recent = samePerson.filter(({ createdAt }) => createdAt > now - REPEATED_MS)
  if (recent.length + 1 > limits.casesPerNikMonth) findings.push({ code: 'repeated_case' })
  for (const kind of ['phone', 'email'] as const)
    for (const row of await others(kind))
      if (row.createdAt > now - SHARED_MS) findings.push({ code: `${kind}_shared`, other: row.ticketId })
  for (const row of await others('device')) findings.push({ code: 'device_shared', other: row.ticketId })
  const today = (await withSame(parts, own, 'device', ticketId)).filter(({ createdAt }) => createdAt > now - DAY_MS)
  if (today.length + 1 > limits.casesPerDeviceDay) findings.push({ code: 'device_cap' })
  // It came in only because somebody allowed its domain (R16).
  const contacts = await parts.people.contactsOf(ticketId)
  if (contacts.some((it) => it.channel === 'email' && isDisposable(it.address)))
    findings.push({ code: 'email_disposable' })
  for (const { otherTicketId, how } of await parts.reuse(ticketId))
    if (!samePerson.some((row) => row.ticketId === otherTicketId))
      findings.push({ code: how === 'same' ? 'document_reused' : 'document_alike', other: otherTicketId })
  await flag(parts, ticketId, findings)
}

const valuesOf = (rows: readonly IndexRow[], kind: string) =>
  rows.filter((it) => it.kind === kind).map((it) => it.value)

/** Other tickets under one of this one's values of a kind, each once, newest first. */
async function withSame(
  { store }: RiskParts,
  own: readonly IndexRow[],
  kind: string,
  except: string,
): Promise<readonly IndexRow[]> {
  const rows = await store.intake.people.sharing(kind, valuesOf(own, kind), except, 100)
  const seen = new Set<string>()
  return rows.filter(({ ticketId }) => !seen.has(ticketId) && seen.add(ticketId))
}
const strangers = (rows: readonly IndexRow[], samePerson: readonly IndexRow[]) =>
  rows.filter((row) => !samePerson.some((it) => it.ticketId === row.ticketId))

/** Writes reasons down on this case and on the ones they came from, and tells each ticket what elevates it. */
async function flag(parts: RiskParts, ticketId: string, findings: readonly Finding[]): Promise<void> {
  const { store, clock } = parts
  const at = clock.now()
  const raise = (on: string, code: string, other: string | undefined) =>
    store.intake.people.raiseFlag({
      ticketId: on,
      code,
      detail: other === undefined ? {} : { otherTicketId: other },
      raisedAt: at,
    })
  const touched = new Set([ticketId])
  for (const { code, other } of findings) {
    await raise(ticketId, code, other)
    if (other === undefined) continue
    await raise(other, code, ticketId)
    touched.add(other)
  }
  for (const on of touched) await tell(parts, on)
}

/** The machine hears every reason that elevates; the same ones again are the same command. */
async function tell({ store, engine }: RiskParts, ticketId: string): Promise<void> {
  const raised = (await store.intake.people.flagsOf(ticketId)).map((it) => it.code)
  const codes = raised.filter((it) => riskCode(it).elevates).toSorted()
  if (codes.length === 0) return
  try {
    const event = { type: 'risk.record', codes }
    await engine.system({
      ticketId,
      event,
      actor: SYSTEM,
      key: `risk:${ticketId}:${codes.join('+')}`,
      fingerprint: null,
    })
  } catch (error) {
    // A closed ticket has nothing left to hold back; the flag stands for officers all the same.
    if (error instanceof PulihError && (ERROR_CODES[error.code] === 404 || error.code === 'EVENT_NOT_ALLOWED')) return
    throw error
  }
}
