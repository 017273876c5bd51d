import { setup } from 'xstate'
import { nextGeneration } from '../generations.js'
import type { ClockEvent } from '../slaRegion.js'
import { effectActions, message, ticketSteps } from '../steps.js'
import type { FilingInput } from '../ticketType.js'
import { bothProven, type PengaduanContext as Context } from './context.js'
import type { PengaduanEvent } from './events.js'
import { guards } from './guards.js'

/** What every part of the statechart is built with: the types, the guards, the names of the effects. */
export const base = setup({
  types: {
    context: {} as Context,
    events: {} as PengaduanEvent | ClockEvent,
    input: {} as FilingInput,
    tags: {} as 'open' | 'waitingOnUs' | 'waitingOnParticipant' | 'terminal',
  },
  guards,
  actions: effectActions,
})

const steps = ticketSteps<Context, PengaduanEvent>()
export const { set, clocks, redate, arm, disarm } = steps
export { message }

/** While we wait for the participant anyway, an unproven contact is a cause of its own (D17). */
export const enter = (cause: string | null) =>
  steps.enter(cause, (context) => (bothProven(context) ? [] : ['contactUnproven']))
/** The verification gate: once per cycle the ticket waits for its office to open (D26). */
export const armRelease = steps.act(({ context, enqueue }) => {
  if (context.released || context.armed['release'] !== undefined) return
  const next = nextGeneration(context, 'release')
  enqueue.assign(next)
  enqueue({
    type: 'deadline.arm',
    params: { deadline: 'release', generation: next.generation, variant: 'standard', office: context.officeId },
  })
})
/** Marks a channel proven or not and keeps the set of pause causes true; a pause as such begins and ends on entering states. */
export const mark = (type: 'contact.prove' | 'contact.change') =>
  set(({ context, event }) => {
    if (event.type !== type) return {}
    const proven = type === 'contact.prove'
    const patch = {
      ...(event.channel === 'email' ? { provenEmail: proven } : { provenPhone: proven }),
      // Whoever stood at the desk is not known to be who changes a contact after the officer's look began.
      ...(proven ? {} : { inPerson: context.inPerson && !context.reviewStarted }),
    }
    const others = context.pauseCauses.filter((cause) => cause !== 'contactUnproven')
    if (others.length === 0) return patch
    return { ...patch, pauseCauses: bothProven({ ...context, ...patch }) ? others : [...others, 'contactUnproven'] }
  })
export const prove = mark('contact.prove')
export const unprove = mark('contact.change')
export const voidApproval = set(() => ({ maker: null, checker: null, holdEnded: false }))
export const askFor = set(({ context, event }) =>
  event.type === 'documents.request' || event.type === 'documents.revoke'
    ? { requestedDocuments: [...new Set([...context.requestedDocuments, ...event.documents.map((it) => it.kind)])] }
    : {},
)
/** Reasons to look twice: they lengthen the hold and reject nothing (R-RISK-1). */
export const recordRisk = set(({ context, event }) =>
  event.type === 'risk.record' ? { elevated: true, flags: [...new Set([...context.flags, ...event.codes])] } : {},
)
export const upload = set(({ context, event }) => {
  if (event.type !== 'documents.upload') return {}
  const kinds = event.documents.map((it) => it.kind as string)
  return {
    requestedDocuments: context.requestedDocuments.filter((kind) => !kinds.includes(kind)),
    uploaders: [...new Set([...context.uploaders, event.actor.id])],
  }
})
/** A new cycle asks for everything again: contacts, identity, two officers (D21, D22). */
export const newCycle = set(({ context }) => ({
  cycle: context.cycle + 1,
  late: [],
  identityVerified: false,
  maker: null,
  checker: null,
  holdEnded: false,
  objectionOpen: false,
  closedAt: null,
}))
export const close = [
  disarm('release'),
  // An objection that nobody judged before the ticket closed is a risk that a reopened one carries (R-HOLD-3).
  set(({ context, event }) => ({
    closedAt: event.at,
    elevated: context.elevated || context.objectionOpen,
    objectionOpen: false,
    pauseCauses: [],
  })),
  clocks('clocks.closed'),
]
