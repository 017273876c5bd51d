import { z } from 'zod'
import type { IntakeStores } from '../../../db/intake/index.js'
import type { MatchRow } from '../../../db/intake/people.js'
import type { Store } from '../../../db/types.js'
import { PulihError } from '../../engine/errors.js'
import type { Command, LogEntry, TicketRow } from '../../engine/types.js'
import { riskCode } from '../../intake/riskCodes.js'
import type { Label } from '../../machines/ticketType.js'
import type { People } from '../../privacy/index.js'
import { currentChecklist, ITEM_LABELS, itemsFor, type ChecklistItem } from './checklists.js'
import { unknownReasons } from './reasons.js'

/** An item as an officer left it. */
export interface Tick {
  readonly item: string
  readonly matched: boolean
  readonly by: string
  readonly at: number
}
/** What the system compared by itself. It never counts as a tick: an officer looks, the system points. */
export interface Hint {
  readonly verdict: 'agrees' | 'differs' | 'unknown'
  readonly findings: readonly { readonly code: string; readonly text: Label }[]
}
export interface Verification {
  readonly ticketId: string
  readonly contentVersion: number
  readonly checklistVersion: number
  readonly identityVerified: boolean
  readonly items: readonly {
    readonly item: ChecklistItem
    readonly label: Label
    readonly required: boolean
    readonly hint: Hint | null
    readonly tick: Omit<Tick, 'item'> | null
  }[]
  /** Required and not ticked as matching. */
  readonly missing: readonly ChecklistItem[]
}

interface Parts {
  readonly store: Pick<Store, 'findTicket' | 'readLog' | 'findIdempotency'> & {
    readonly intake: Pick<IntakeStores, 'people' | 'keys' | 'documents'>
  }
  readonly people: Pick<People, 'identityOf'>
}
export interface Verifications {
  /** Throws TICKET_NOT_FOUND, ERASED. */
  of(ticketId: string): Promise<Verification>
  /**
   * What the machine cannot know of a case with personal data: are all items ticked, is the reason one of the list, must the person come
   * to a branch, is a file still unscanned? Throws CHECKLIST_INCOMPLETE, REASON_UNKNOWN, BRANCH_REQUIRED, DOCUMENT_PENDING, VERSION_STALE.
   */
  refuse(command: Command): Promise<void>
}

type Payload = Readonly<Record<string, unknown>>
const LOG_LIMIT = 1_000
const Context = z.looseObject({ elevated: z.boolean(), identityVerified: z.boolean() })
const Checked = z.looseObject({ checklist: z.array(z.looseObject({ item: z.string(), matched: z.boolean() })) })
/** After these, what was ticked was ticked on something else: the machine takes the identity for unverified too. */
const UNDONE = new Set([
  'CorrectionSubmitted',
  'DocumentsRevoked',
  'ParticipantArrived',
  'TicketReopened',
  'ObjectionUpheld',
  'ApplyRefused',
])

export function createVerifications(parts: Parts): Verifications {
  const read = async (ticketId: string) => {
    const ticket = await parts.store.findTicket(ticketId)
    if (ticket === null) throw new PulihError('TICKET_NOT_FOUND', 'no such ticket')
    return { ticket, ...(await stateOf(parts, ticket)) }
  }
  return {
    async of(ticketId) {
      const { ticket, required, ticks } = await read(ticketId)
      const match = await parts.store.intake.people.findMatch(ticketId)
      const flags = await parts.store.intake.people.flagsOf(ticketId)
      const version = (await parts.people.identityOf(ticketId))?.version ?? null
      const hints = hintsOf(match?.identityVersion === version ? match : null, pluckCodes(flags))
      const shown = [...new Set<ChecklistItem>([...required, 'KARTU_COCOK', 'HRD_KONFIRMASI'])]
      return {
        ticketId,
        contentVersion: ticket.contentVersion,
        checklistVersion: currentChecklist().version,
        identityVerified: Context.parse(ticket.snapshot.context).identityVerified,
        items: shown.map((item) => ({
          item,
          label: ITEM_LABELS[item],
          required: required.includes(item),
          hint: hints[item] ?? null,
          tick: withoutItem(ticks.get(item)),
        })),
        missing: missingOf(required, ticks),
      }
    },
    async refuse({ ticketId, event: { type, ...payload }, expectedContentVersion, key }) {
      if ((await parts.store.intake.keys.findKey(ticketId)) === null) return
      // What was accepted once is not judged again.
      if (key !== null && (await parts.store.findIdempotency(key)) !== null) return
      refuseUnknownReasons(type, payload)
      if (REVIEWS.has(type)) await refuseUnscanned(parts, ticketId)
      if (type !== 'identity.verify' && type !== 'approval.propose') return
      if (type === 'identity.verify' && payload['verdict'] !== 'matched') return
      const { ticket, required, ticks } = await read(ticketId)
      // What is looked at here is what the machine will decide on, or the machine refuses it.
      if (expectedContentVersion !== undefined && expectedContentVersion > ticket.contentVersion)
        throw new PulihError('VERSION_STALE', 'nobody saw this version', { contentVersion: ticket.contentVersion })
      if (type === 'approval.propose') await refuseAbsent(parts, ticket)
      const ticked = type === 'identity.verify' ? withEvent(ticks, payload) : ticks
      const missing = missingOf(required, ticked)
      if (type === 'approval.propose' && !Context.parse(ticket.snapshot.context).identityVerified) return
      if (missing.length === 0) return
      const reasons = missing.map((item) => ({ guard: item, ...ITEM_LABELS[item] }))
      throw new PulihError('CHECKLIST_INCOMPLETE', 'required items are not ticked', { reasons })
    },
  }
}

/** Nobody looks at a case, or decides on it, while a file of it waits for the scanner (R-FILE-3: fail closed). */
const REVIEWS = new Set(['verification.start', 'approval.propose'])

async function refuseUnscanned({ store }: Parts, ticketId: string): Promise<void> {
  const documents = await store.intake.documents.documentsOf(ticketId)
  if (documents.some(({ state }) => state === 'pending'))
    throw new PulihError('DOCUMENT_PENDING', 'a file waits for the scanner')
}

/** Events that are looked at here before the machine sees them. */
export const GUARDED = [
  'verification.start',
  'identity.verify',
  'approval.propose',
  'approval.return',
  'documents.request',
  'documents.waive',
  'correction.request',
  'branch.refer',
  'branch.cancel',
  'risk.elevate',
] as const

function refuseUnknownReasons(type: string, payload: Payload): void {
  if (unknownReasons(type, payload).length > 0)
    throw new PulihError('REASON_UNKNOWN', 'the reason is not one of the list for this event')
}

/** Some reasons for risk can only be answered by the person at a desk (A50). */
async function refuseAbsent({ store }: Parts, ticket: TicketRow): Promise<void> {
  if (ticket.route === 'kantor_cabang') return
  const flags = (await store.intake.people.flagsOf(ticket.id)).filter(({ code }) => riskCode(code).branch === true)
  if (flags.length === 0) return
  const reasons = flags.map(({ code }) => ({ guard: code, ...riskCode(code).reason }))
  throw new PulihError('BRANCH_REQUIRED', 'this has to be settled at a branch', { reasons })
}

async function stateOf({ store, people }: Parts, ticket: TicketRow) {
  const declared = await people.identityOf(ticket.id)
  const { elevated } = Context.parse(ticket.snapshot.context)
  const kpj = declared !== null && declared.identity.kpj !== null
  const required = itemsFor({ route: ticket.route, cause: ticket.cause, elevated, kpj })
  return { required, ticks: ticksOf(await store.readLog(ticket.id, 0, LOG_LIMIT)) }
}

/** The last word on each item since the identity was last unverified. */
export function ticksOf(log: readonly LogEntry[]): ReadonlyMap<string, Tick> {
  const ticks = new Map<string, Tick>()
  for (const { fact, event, actorId, at } of log) {
    if (UNDONE.has(fact)) ticks.clear()
    if (fact !== 'IdentityChecked') continue
    for (const { item, matched } of Checked.parse(event).checklist) ticks.set(item, { item, matched, by: actorId, at })
  }
  return ticks
}

const missingOf = (required: readonly ChecklistItem[], ticks: ReadonlyMap<string, Pick<Tick, 'matched'>>) =>
  required.filter((item) => ticks.get(item)?.matched !== true)

function withEvent(ticks: ReadonlyMap<string, Tick>, payload: Payload) {
  const all = new Map<string, Pick<Tick, 'matched'>>(ticks)
  for (const { item, matched } of Checked.parse(payload).checklist) all.set(item, { matched })
  return all
}

const withoutItem = (tick: Tick | undefined) =>
  tick === undefined ? null : { matched: tick.matched, by: tick.by, at: tick.at }
const pluckCodes = (flags: readonly { readonly code: string }[]) => flags.map((it) => it.code)

/** Which findings speak about which item. */
const SPEAKS: Readonly<Partial<Record<ChecklistItem, readonly string[]>>> = {
  NAMA_COCOK: ['name_differs'],
  NIK_COCOK: ['nik_not_found', 'nik_province_unknown', 'nik_province_retired'],
  TANGGAL_LAHIR_COCOK: ['birth_date_differs', 'nik_birth_date_differs'],
  KPJ_COCOK: ['kpj_not_found', 'kpj_of_another', 'kpj_inactive'],
  KEPEMILIKAN_AKUN: ['account_by_employer', 'account_missing', 'account_duplicate'],
}

function hintsOf(match: MatchRow | null, flags: readonly string[]): Partial<Record<ChecklistItem, Hint>> {
  const codes =
    match === null ? [] : z.looseObject({ codes: z.array(z.string()).catch([]) }).parse(match.findings).codes
  const said = (list: readonly string[]) => list.map((code) => ({ code, text: riskCode(code).reason }))
  const hints = Object.entries(SPEAKS).map(([item, about]) => {
    const found = codes.filter((code) => about.includes(code))
    const verdict = match === null ? 'unknown' : found.length > 0 ? 'differs' : 'agrees'
    // Of somebody whom nobody found there is nothing to agree with.
    const blind = match?.outcome === 'notFound' && item !== 'NIK_COCOK' && found.length === 0
    return [item, { verdict: blind ? 'unknown' : verdict, findings: said(found) }] as const
  })
  const risk: Hint = { verdict: flags.length === 0 ? 'agrees' : 'differs', findings: said(flags) }
  return { ...Object.fromEntries(hints), RISIKO_DITINJAU: risk }
}
