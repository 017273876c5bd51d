import type { IntakeStores } from '../../db/intake/index.js'
import type { Store } from '../../db/types.js'
import type { Clock } from '../engine/clock.js'
import { ERROR_CODES, PulihError } from '../engine/errors.js'
import type { Ids } from '../engine/ids.js'
import type { Accepted, Engine } from '../engine/types.js'
import type { Identity, People } from '../privacy/index.js'
import { dayInJakarta } from './birthDate.js'
import { allGood, identityChecks, noteOf } from './fields.js'
import { INTAKE } from './filing.js'
import { refuseUnlessAllowed, type FilerRequest, type IdentityPatch } from './requests.js'
import { MATCH, RISK } from './risk.js'
import type { TaskHandler, Tasks } from './tasks.js'

interface Parts {
  readonly store: Pick<Store, 'findTicket' | 'findIdempotency' | 'readLog'> & {
    readonly intake: Pick<IntakeStores, 'people' | 'tasks'>
  }
  readonly engine: Pick<Engine, 'handle' | 'allowed'>
  readonly people: Pick<People, 'identityOf' | 'correct'>
  readonly tasks: Tasks
  readonly clock: Clock
  readonly ids: Pick<Ids, 'id'>
}
const SUBMIT = { type: 'correction.submit' } as const
const FACT = 'CorrectionSubmitted'
export const SETTLE_CORRECTION = 'settle_correction'
/** By then whoever wrote the identity has told the ticket, or never will. */
const SETTLE_MS = 60_000
/** More than a ticket takes in while one correction is on its way. */
const LOG_PAGE = 500

/**
 * What was asked to be corrected, over what was declared before (R05). The identity is written only while the ticket stands where it was
 * looked at and no other correction is on its way; the ticket is told next. A task of the same commit tells it where that was cut short, so
 * that no identity goes without its fact. Throws VALIDATION_FAILED, EVENT_NOT_ALLOWED, CONFLICT.
 */
export async function correct(parts: Parts, request: FilerRequest, patch: IdentityPatch): Promise<Accepted> {
  const { engine, people, store } = parts
  const { ticketId, actor, key, fingerprint } = request
  if (Object.values(patch).every((value) => value === undefined))
    throw new PulihError('VALIDATION_FAILED', 'nothing to correct', { errors: [noteOf('', 'nothing_changed')] })
  const send = () => engine.handle({ ticketId, event: SUBMIT, actor, key, fingerprint })
  // The ticket before the identity: whatever comes in between makes the write below be refused.
  const ticket = await store.findTicket(ticketId)
  const declared = await people.identityOf(ticketId)
  if (declared === null || ticket === null) throw new PulihError('NOT_FOUND', 'this ticket has no identity')
  const identity = corrected(declared.identity, patch, parts.clock.now())
  if ((await store.findIdempotency(key)) !== null) return send()
  refuseUnlessAllowed(parts, ticket, actor, SUBMIT.type)
  if (JSON.stringify(identity) === JSON.stringify(declared.identity)) return send()
  const version = declared.version + 1
  const [createdAt, id] = [parts.clock.now(), parts.ids.id()]
  const ref = `v${version}:${ticket.logSeq}`
  const task = { ...{ id, kind: SETTLE_CORRECTION, ticketId, ref }, dueAt: createdAt + SETTLE_MS, createdAt }
  await people.correct(ticketId, identity, declared.version, { contentVersion: ticket.contentVersion, task })
  const accepted = await send()
  await parts.tasks.ask(MATCH, ticketId, `v${version}`)
  await store.intake.tasks.finishTask(id, parts.clock.now())
  return accepted
}

/** Throws VALIDATION_FAILED. */
function corrected(declared: Identity, patch: IdentityPatch, now: number): Identity {
  const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined))
  const checked = allGood(identityChecks({ ...declared, ...given }, dayInJakarta(now)))
  return {
    name: checked['/identity/name'],
    nik: checked['/identity/nik'],
    kpj: checked['/identity/kpj'],
    birthDate: checked['/identity/birthDate'],
  }
}

/** Tells the ticket of an identity that was corrected without it; where the ticket has moved on since, officers get a reason to look again. */
export const settleCorrectionHandler = ({
  store,
  engine,
  tasks,
  clock,
}: Pick<Parts, 'store' | 'engine' | 'tasks' | 'clock'>): TaskHandler => ({
  kind: SETTLE_CORRECTION,
  async run({ ticketId, ref }) {
    const [version = '', seq = '0'] = ref.split(':')
    const ticket = await store.findTicket(ticketId)
    if (ticket === null) return
    await tasks.ask(MATCH, ticketId, version)
    const since = await store.readLog(ticketId, Number(seq), LOG_PAGE)
    if (since.some(({ fact }) => fact === FACT)) return
    const key = `${INTAKE.id}:${SUBMIT.type}:${ticketId}:${version}`
    const actor = { id: ticket.participantRef, role: 'participant' } as const
    try {
      await engine.handle({ ticketId, event: SUBMIT, actor, key, fingerprint: key })
    } catch (error) {
      if (!(error instanceof PulihError) || ERROR_CODES[error.code] !== 409 || error.code === 'CONFLICT') throw error
      const flag = { ticketId, code: 'correction_unrecorded', detail: {}, raisedAt: clock.now() }
      await store.intake.people.raiseFlag(flag)
      await tasks.ask(RISK, ticketId, `correction:${version}`)
    }
  },
})
