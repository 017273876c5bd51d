import type { PengaduanContext } from '../../src/machines/pengaduan/context.js'
import type { Actor } from '../../src/machines/ticketType.js'
import { isTimerEvent } from '../../src/engine/timerEvents.js'
import type { LogEntry, TicketRow, TimerRow } from '../../src/engine/types.js'
import { agent, checker, portal, supervisor, system, type World } from '../support/world.js'

/** The people of a walk; the first agent sits at the checker's desk too. */
export const ACTORS: readonly Actor[] = [
  portal,
  agent,
  { id: 'agent-2', role: 'agent' },
  { id: 'agent-1', role: 'checker' },
  checker,
  supervisor,
]

type Payloads = readonly (readonly [type: string, payload: Readonly<Record<string, unknown>>])[]
const reason = { reason: 'ALASAN' }
const kinds = (...all: string[]) => all.map((kind) => ({ kind, reason: 'KURANG_JELAS' }))
const files = (...all: string[]) => ({
  documents: all.map((kind) => ({
    kind,
    ref: `doc_scan-${kind.toLowerCase().replaceAll('_', '-')}`,
    sha256: 'a'.repeat(64),
  })),
})
const checked = (verdict: string) => ({ verdict, checklist: [{ item: 'KTP_COCOK', matched: verdict === 'matched' }] })

/** Every event of the public union with payloads worth trying; the likelier ways on stand more than once. */
export const PUBLIC: Payloads = [
  ['contact.prove', { channel: 'email' }],
  ['contact.prove', { channel: 'phone' }],
  ['contact.change', { channel: 'phone' }],
  ['documents.upload', files('KTP')],
  ['documents.upload', files('KTP', 'SLIP_GAJI')],
  ['correction.submit', {}],
  ['withdraw', reason],
  ['objection.raise', {}],
  ['reopen', {}],
  ['verification.start', {}],
  ['verification.start', {}],
  ['release.override', reason],
  ['documents.request', { documents: kinds('KTP', 'SLIP_GAJI') }],
  ['documents.waive', reason],
  ['correction.request', reason],
  ['identity.verify', checked('matched')],
  ['identity.verify', checked('matched')],
  ['identity.verify', checked('mismatched')],
  ['branch.refer', { officeId: 'cabang-makassar', ...reason }],
  ['branch.arrive', {}],
  ['branch.cancel', reason],
  ['office.transfer', { officeId: 'cabang-jayapura', ...reason }],
  ['promise.extend', { flag: 'perbedaan_identitas' }],
  ['risk.elevate', reason],
  ['approval.propose', {}],
  ['approval.propose', {}],
  ['approval.retract', {}],
  ['approval.return', reason],
  ['approval.confirm', {}],
  ['approval.confirm', {}],
  ['approval.confirm', {}],
  ['reject', { code: 'BUKAN_PEMILIK' }],
  ['objection.dismiss', reason],
  ['objection.uphold', reason],
]
/** What the account service answers. */
export const REPLIES: Payloads = [
  ['contacts.applied', {}],
  ['contacts.applied', {}],
  ['contacts.refused', { code: 'PESERTA_TIDAK_DITEMUKAN' }],
]

export interface Step {
  readonly actor: Actor
  readonly type: string
  readonly payload: Readonly<Record<string, unknown>>
}

export type Mood = 'ahead' | 'anywhere' | 'wild'

/** The step that leads on from a state, so that walks come far. */
const AHEAD: Readonly<Record<string, (context: PengaduanContext) => Step>> = {
  contactUnproven: (it) => prove(it),
  reopened: (it) => prove(it),
  submitted: () => ({ actor: agent, type: 'verification.start', payload: {} }),
  documentsUploaded: () => ({ actor: agent, type: 'verification.start', payload: {} }),
  documentsRequested: () => ({ actor: portal, type: 'documents.upload', payload: files('KTP', 'SLIP_GAJI') }),
  correctionNeeded: () => ({ actor: portal, type: 'correction.submit', payload: {} }),
  referredToBranch: (it) =>
    it.provenEmail && it.provenPhone ? { actor: checker, type: 'branch.arrive', payload: {} } : prove(it),
  underVerification: (it) =>
    it.identityVerified
      ? { actor: agent, type: 'approval.propose', payload: {} }
      : { actor: agent, type: 'identity.verify', payload: checked('matched') },
  approvalProposed: () => ({ actor: checker, type: 'approval.confirm', payload: {} }),
  frozen: () => ({ actor: supervisor, type: 'objection.dismiss', payload: reason }),
  applying: () => ({ actor: system, type: 'contacts.applied', payload: {} }),
}
const prove = (it: PengaduanContext): Step => ({
  actor: portal,
  type: 'contact.prove',
  payload: { channel: it.provenEmail ? 'phone' : 'email' },
})

/** One step: on along the happy path, or any that is possible now, or (wild) any that its role may try. */
export function choose(world: Pick<World, 'types' | 'engine'>, row: TicketRow, pick: number, mood: Mood): Step {
  const context = row.snapshot.context as unknown as PengaduanContext
  const ahead = mood === 'ahead' ? AHEAD[row.state]?.(context) : undefined
  if (ahead !== undefined) return ahead
  if (row.state === 'applying' && mood === 'anywhere') {
    const [type, payload] = REPLIES[pick % REPLIES.length]!
    return { actor: system, type, payload }
  }
  const types = world.types.get(row.type)!.publicEvents
  const possible = ACTORS.flatMap((actor) => {
    const allowed = new Set(world.engine.allowed(row, actor).map((it) => it.type))
    const sendable = PUBLIC.filter(([type]) =>
      mood === 'wild' ? types[type]!.roles.includes(actor.role) : allowed.has(type),
    )
    return sendable.map(([type, payload]) => ({ actor, type, payload }))
  })
  return possible[pick % possible.length] ?? { actor: portal, type: 'reopen', payload: {} }
}

/** Accepted, or the code of the refusal. Anything else is a fault of the engine. */
export async function take(world: World, ticketId: string, { actor, type, payload }: Step): Promise<string> {
  const sent =
    actor.role === 'system' ? world.system(ticketId, type, payload) : world.send(ticketId, actor, type, payload)
  return sent.then(
    (answer) => `accepted: ${answer.state}`,
    (error: unknown) => {
      const code = (error as { code?: string }).code
      if (['EVENT_NOT_ALLOWED', 'OWN_CASE', 'VERSION_STALE', 'VERSION_REQUIRED'].includes(code ?? '')) return code!
      throw error
    },
  )
}

/** What must hold of a ticket at any moment; each sentence is a broken promise. */
export function brokenPromises(
  row: TicketRow,
  log: readonly LogEntry[],
  timers: readonly TimerRow[],
): readonly string[] {
  const context = row.snapshot.context as unknown as PengaduanContext
  const broken: string[] = []
  const pending = timers.filter((it) => it.state === 'pending')
  if (row.standing === 'terminal' && pending.length > 0) broken.push('a closed ticket waits for a timer')
  if (row.state === 'contactUpdated') broken.push(...missingForUpdate(context, log))
  if (log.some((it, n) => n > 0 && it.at < log[n - 1]!.at)) broken.push('instants run backwards')
  const rung = new Map<string, number>()
  const cycles = new Map<string, number>()
  for (const { event, moves } of log) {
    if (typeof event['target'] === 'string') {
      const name = `${event['target']} ${String(event['threshold'])} of cycle ${cycles.get(event['target']) ?? 0}`
      rung.set(name, (rung.get(name) ?? 0) + 1)
    }
    for (const move of moves ?? [])
      if (move.reason === 'promised') cycles.set(move.target, (cycles.get(move.target) ?? 0) + 1)
  }
  for (const [name, times] of rung) if (times > 1) broken.push(`${name} rang ${times} times`)
  return broken
}

function missingForUpdate(context: PengaduanContext, log: readonly LogEntry[]): readonly string[] {
  const last = (fact: string) => log.findLast((it) => it.fact === fact)
  const since = (fact: string, after: string) => (last(fact)?.seq ?? 0) > (last(after)?.seq ?? 0)
  const proven = (channel: string) =>
    (log.findLast((it) => it.fact === 'ContactProven' && it.event['channel'] === channel)?.seq ?? 0) >
    (log.findLast((it) => it.fact === 'ContactChanged' && it.event['channel'] === channel)?.seq ?? 0)
  return [
    !proven('email') && 'e-mail not proven',
    !proven('phone') && 'phone not proven',
    last('IdentityChecked')?.event['verdict'] !== 'matched' && 'identity not matched',
    !since('ApprovalProposed', 'ApprovalReturned') && 'no proposal stands',
    !since('TicketApproved', 'ApprovalProposed') && 'no approval stands',
    last('ApprovalProposed')?.actorId === last('TicketApproved')?.actorId && 'one person did both',
    context.maker === context.checker && 'maker is checker',
    (context.objectionOpen ||
      (since('ObjectionRaised', 'TicketApproved') && !since('ObjectionDismissed', 'ObjectionRaised'))) &&
      'an objection is open',
    !context.holdEnded && 'the hold has not ended',
  ].filter((it) => it !== false)
}

/** A ticket's story without what may differ between two that lived the same life: ids, and how many commits it took. */
export async function storyOf(world: World, ticketId: string) {
  const { id, ticketNumber, revision, ...row } = await world.row(ticketId)
  const type = world.types.get(row.type)!
  const timers = await world.store.timersOf(ticketId)
  return {
    row: { ...row, known: [id, ticketNumber].length, committed: revision > 0 },
    log: (await world.log(ticketId)).map(({ seq, at, fact, event, actorId, calendar, state, moves }) => ({
      seq,
      at,
      fact,
      event,
      actorId,
      calendar,
      state,
      moves,
      timer: isTimerEvent(type, event.type),
    })),
    // One that is planned and superseded inside one commit was never there: only what fired or waits is the same.
    timers: timers.filter((it) => it.state !== 'superseded').map((it) => ({ ...it, ticketId: '' })),
    outbox: (await world.store.outboxOf(ticketId)).map(({ seq, kind, body }) => ({ seq, kind, body })),
  }
}
