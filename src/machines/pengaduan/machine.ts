import { and, not, setup } from 'xstate'
import type { EffectOf } from '../effects.js'
import { disarmed, nextGeneration } from '../generations.js'
import { slaRegion, type ClockEvent } from '../slaRegion.js'
import type { FilingInput } from '../ticketType.js'
import { bothProven, holdVariant, pengaduanContext, type PengaduanContext as Context } from './context.js'
import type { PengaduanEvent } from './events.js'
import { guards } from './guards.js'

/**
 * The reset of lost contacts. `handling` says where the ticket is; one small region beside it per promise.
 * No clock, no random number, no I/O: instants come with events, effects leave as data.
 */
const base = setup({
  types: {
    context: {} as Context,
    events: {} as PengaduanEvent | ClockEvent,
    input: {} as FilingInput,
    tags: {} as 'open' | 'waitingOnUs' | 'waitingOnParticipant' | 'terminal',
  },
  guards,
  actions: {
    'deadline.arm': (_, _params: EffectOf<'deadline.arm'>) => undefined,
    'deadline.disarm': (_, _params: EffectOf<'deadline.disarm'>) => undefined,
    'message.send': (_, _params: EffectOf<'message.send'>) => undefined,
    'port.call': (_, _params: EffectOf<'port.call'>) => undefined,
    'clock.start': (_, _params: EffectOf<'clock.start'>) => undefined,
    'clock.pause': (_, _params: EffectOf<'clock.pause'>) => undefined,
    'clock.resume': (_, _params: EffectOf<'clock.resume'>) => undefined,
    'clock.breach': (_, _params: EffectOf<'clock.breach'>) => undefined,
    'clock.settle': (_, _params: EffectOf<'clock.settle'>) => undefined,
    'clock.redate': (_, _params: EffectOf<'clock.redate'>) => undefined,
  },
})

// ── building blocks ──────────────────────────────────────────────────────────────────────────────────────────────────
const set = (patch: (args: { context: Context; event: PengaduanEvent }) => Partial<Context>) =>
  base.assign(({ context, event }) => patch({ context, event: event as PengaduanEvent }))

/** Enters a state whose ball is with the participant (a cause) or with us (null); the clocks hear only a change of that (D17). */
const enter = (cause: string | null) =>
  base.enqueueActions(({ context, enqueue }) => {
    const causes = cause === null ? [] : [...new Set([cause, ...(bothProven(context) ? [] : ['contactUnproven'])])]
    enqueue.assign({ pauseCauses: causes })
    if (causes.length > 0 === context.pauseCauses.length > 0) return
    enqueue.raise({ type: causes.length > 0 ? 'clocks.pause' : 'clocks.resume' })
  })

const arm = (deadline: string, variant: (context: Context) => string = () => 'standard') =>
  base.enqueueActions(({ context, enqueue }) => {
    const next = nextGeneration(context, deadline)
    enqueue.assign(next)
    enqueue({
      type: 'deadline.arm',
      params: { deadline, generation: next.generation, variant: variant(context), office: context.officeId },
    })
  })
const disarm = (deadline: string) =>
  base.enqueueActions(({ context, enqueue }) => {
    if (context.armed[deadline] === undefined) return
    enqueue.assign({ armed: disarmed(context, deadline) })
    enqueue({ type: 'deadline.disarm', params: { deadline } })
  })
/** The verification gate: once per cycle the ticket waits for its office to open (D26). */
const armRelease = base.enqueueActions(({ context, enqueue }) => {
  if (context.released || context.armed['release'] !== undefined) return
  const next = nextGeneration(context, 'release')
  enqueue.assign(next)
  enqueue({
    type: 'deadline.arm',
    params: { deadline: 'release', generation: next.generation, variant: 'standard', office: context.officeId },
  })
})
const message = (template: string, audience = 'participant') => ({
  type: 'message.send' as const,
  params: { template, audience },
})
const clocks = (type: Exclude<ClockEvent['type'], 'clocks.redate'>) => base.raise({ type })
const redate = (restart: boolean, reason: string) => base.raise({ type: 'clocks.redate', restart, reason })

/** Marks a channel proven or not and keeps the set of pause causes true; a pause as such begins and ends on entering states. */
const mark = (type: 'contact.prove' | 'contact.change') =>
  set(({ context, event }) => {
    if (event.type !== type) return {}
    const proven = type === 'contact.prove'
    const patch = event.channel === 'email' ? { provenEmail: proven } : { provenPhone: proven }
    const others = context.pauseCauses.filter((cause) => cause !== 'contactUnproven')
    if (others.length === 0) return patch
    return { ...patch, pauseCauses: bothProven({ ...context, ...patch }) ? others : [...others, 'contactUnproven'] }
  })
const prove = mark('contact.prove')
const unprove = mark('contact.change')
const voidApproval = set(() => ({ maker: null, checker: null, holdEnded: false }))
const askFor = set(({ context, event }) =>
  event.type === 'documents.request'
    ? { requestedDocuments: [...new Set([...context.requestedDocuments, ...event.documents.map((it) => it.kind)])] }
    : {},
)
const upload = set(({ context, event }) => {
  if (event.type !== 'documents.upload') return {}
  const kinds = event.documents.map((it) => it.kind as string)
  return {
    requestedDocuments: context.requestedDocuments.filter((kind) => !kinds.includes(kind)),
    uploaders: [...new Set([...context.uploaders, event.actor.id])],
  }
})
/** A new cycle asks for everything again: contacts, identity, two officers (D21, D22). */
const newCycle = set(({ context }) => ({
  cycle: context.cycle + 1,
  identityVerified: false,
  maker: null,
  checker: null,
  holdEnded: false,
  objectionOpen: false,
  closedAt: null,
}))
const close = [
  disarm('release'),
  set(({ event }) => ({ closedAt: event.at, objectionOpen: false, pauseCauses: [] })),
  clocks('clocks.closed'),
]

// ── shared transitions ───────────────────────────────────────────────────────────────────────────────────────────────
const noReply = {
  'noReply.remind': {
    guard: { type: 'currentDeadline' as const, params: { deadline: 'noReply' } },
    actions: [message('reminder')],
  },
  'noReply.expire': {
    guard: { type: 'currentDeadline' as const, params: { deadline: 'noReply' } },
    target: '#pengaduan.handling.expired',
    actions: [message('expired')],
  },
}
const waiting = (cause: string) => ({
  tags: ['open' as const, 'waitingOnParticipant' as const],
  entry: [enter(cause), arm('noReply')],
  exit: [disarm('noReply')],
})
const toVerification = {
  guard: and(['released', 'bothProven']),
  target: '#pengaduan.handling.active.underVerification',
  actions: [set(() => ({ reviewStarted: true })), clocks('clocks.reviewStarted')],
}
const refer = {
  target: '#pengaduan.handling.active.referredToBranch',
  actions: [
    set(({ event }) => (event.type === 'branch.refer' ? { referredTo: event.officeId } : {})),
    message('referred'),
  ],
}
const request = {
  target: '#pengaduan.handling.active.documentsRequested',
  actions: [askFor, message('documents.requested')],
}
/** A contact that changed is unproven again, and whatever was proposed on the old one is void (D32). */
const changeContact = {
  target: '#pengaduan.handling.active.contactUnproven',
  actions: [unprove, voidApproval, message('contact.changed', 'allChannels')],
}
const changeContactHere = { actions: [unprove, message('contact.changed', 'allChannels')] }
const backToWork = [
  { guard: not('bothProven'), target: '#pengaduan.handling.active.contactUnproven' },
  { guard: 'reviewStarted' as const, target: '#pengaduan.handling.active.underVerification' },
  { target: '#pengaduan.handling.active.submitted' },
]
const withActions = <T extends object>(branches: readonly T[], actions: readonly unknown[]) =>
  branches.map((branch) => ({ ...branch, actions }) as T & { actions: never })
const rejectBy = (guard: 'always' | 'independentChecker') => ({
  guard,
  target: '#pengaduan.handling.rejected',
  actions: [voidApproval, message('rejected', 'allChannels'), clocks('clocks.decided')],
})
const proveContact = (branches: readonly object[]) => [
  ...branches.map((branch) => ({ guard: 'provesLast' as const, actions: prove, ...branch })),
  { guard: 'provesSomething' as const, actions: prove },
]
const objection = {
  'objection.raise': {
    guard: not('objectionOpen'),
    actions: [
      set(() => ({ objectionOpen: true })),
      clocks('clocks.objectionRaised'),
      message('objection.received', 'staff'),
    ],
  },
  'objection.dismiss': {
    guard: 'objectionOpen' as const,
    actions: [set(() => ({ objectionOpen: false })), clocks('clocks.objectionResolved')],
  },
  'objection.uphold': {
    guard: 'objectionOpen' as const,
    target: '#pengaduan.handling.rejected',
    actions: [
      voidApproval,
      clocks('clocks.objectionResolved'),
      clocks('clocks.decided'),
      message('rejected', 'allChannels'),
    ],
  },
}
const withdraw = {
  target: '#pengaduan.handling.withdrawn',
  actions: [voidApproval, message('withdrawn', 'allChannels')],
}
const reopenable = {
  reopen: {
    guard: and(['withinReopenWindow', 'notErased']),
    target: '#pengaduan.handling.active.reopened',
    actions: [
      newCycle,
      set(() => ({
        provenEmail: false,
        provenPhone: false,
        released: false,
        releasedAt: null,
        reviewStarted: false,
        requestedDocuments: [],
        referredTo: null,
      })),
      clocks('clocks.start'),
      message('reopened', 'allChannels'),
    ],
  },
  'erasure.record': { guard: 'notErased' as const, actions: set(() => ({ erased: true })) },
}
const confirm = (holdEnded: boolean) => [
  set(({ event }) => ({ checker: event.actor.id, holdEnded })),
  clocks('clocks.decided'),
  message('approved', 'allChannels'),
]
/** An approval that does not stand after all: another cycle of the promise begins (D21). */
const returnToWork = {
  target: '#pengaduan.handling.active.underVerification',
  actions: [newCycle, clocks('clocks.start'), clocks('clocks.reviewStarted')],
}

// ── the states ───────────────────────────────────────────────────────────────────────────────────────────────────────
const active = {
  initial: 'submitted' as const,
  on: {
    withdraw,
    ...objection,
    'contact.prove': { guard: 'provesSomething' as const, actions: prove },
    'promise.extend': {
      guard: not('extended'),
      actions: [
        set(({ context, event }) =>
          event.type === 'promise.extend' ? { extended: true, flags: [...context.flags, event.flag] } : {},
        ),
        redate(false, 'extended'),
        message('promise.extended'),
      ],
    },
    'risk.elevate': { guard: not('elevated'), actions: set(() => ({ elevated: true })) },
    'office.transfer': {
      guard: 'onDigitalRoute' as const,
      actions: [
        set(({ event }) => (event.type === 'office.transfer' ? { officeId: event.officeId } : {})),
        redate(false, 'officeTransferred'),
        base.enqueueActions(({ context, enqueue }) => {
          // A gate still closed waits for the new office's opening.
          if (context.armed['release'] === undefined) return
          const next = nextGeneration(context, 'release')
          enqueue.assign(next)
          enqueue({
            type: 'deadline.arm',
            params: { deadline: 'release', generation: next.generation, variant: 'standard', office: context.officeId },
          })
        }),
      ],
    },
    'release.open': {
      guard: { type: 'currentDeadline' as const, params: { deadline: 'release' } },
      actions: [disarm('release'), set(({ event }) => ({ released: true, releasedAt: event.at }))],
    },
    'release.override': {
      guard: not('released'),
      actions: [disarm('release'), set(({ event }) => ({ released: true, releasedAt: event.at }))],
    },
    'merge.record': { target: '#pengaduan.handling.merged', actions: [voidApproval] },
  },
  states: {
    contactUnproven: {
      ...waiting('contactUnproven'),
      on: { ...noReply, 'contact.prove': proveContact(backToWork.slice(1)), 'contact.change': changeContactHere },
    },
    /** Reopened: like a new submission, both contacts are proven again first (D22). */
    reopened: {
      ...waiting('contactUnproven'),
      on: { ...noReply, 'contact.prove': proveContact([{ target: 'submitted' }]), 'contact.change': changeContactHere },
    },
    submitted: {
      tags: ['open' as const, 'waitingOnUs' as const],
      entry: [enter(null), armRelease],
      on: {
        'verification.start': toVerification,
        'documents.upload': { target: 'documentsUploaded', actions: [upload] },
        'documents.request': { guard: 'released' as const, ...request },
        'branch.refer': { guard: 'released' as const, ...refer },
        'contact.change': changeContact,
      },
    },
    documentsUploaded: {
      tags: ['open' as const, 'waitingOnUs' as const],
      entry: [enter(null), armRelease],
      on: {
        'verification.start': toVerification,
        'documents.upload': { actions: [upload] },
        'documents.request': { guard: 'released' as const, ...request },
        'branch.refer': { guard: 'released' as const, ...refer },
        'contact.change': changeContact,
      },
    },
    documentsRequested: {
      ...waiting('documentsRequested'),
      on: {
        ...noReply,
        'documents.upload': [
          { guard: and(['uploadsAll', 'bothProven']), target: 'documentsUploaded', actions: [upload] },
          { guard: 'uploadsAll' as const, target: 'contactUnproven', actions: [upload] },
          { actions: [upload] },
        ],
        'documents.request': { actions: [askFor, message('documents.requested')] },
        'documents.waive': withActions(backToWork, [set(() => ({ requestedDocuments: [] }))]),
        'contact.change': changeContactHere,
        'branch.refer': refer,
      },
    },
    correctionNeeded: {
      ...waiting('correctionNeeded'),
      on: {
        ...noReply,
        'correction.submit': [{ guard: 'bothProven' as const, target: 'submitted' }, { target: 'contactUnproven' }],
        'contact.change': changeContactHere,
        'branch.refer': refer,
      },
    },
    referredToBranch: {
      tags: ['open' as const, 'waitingOnParticipant' as const],
      entry: [enter('referredToBranch'), arm('referral')],
      exit: [disarm('referral')],
      on: {
        // The branch's own promise starts at arrival, on the branch's calendar (D24, D25).
        'branch.arrive': {
          guard: 'bothProven' as const,
          target: 'underVerification',
          actions: [
            set(({ context, event }) => ({
              route: 'kantor_cabang',
              officeId: context.referredTo ?? context.officeId,
              referredTo: null,
              released: true,
              releasedAt: context.releasedAt ?? event.at,
              reviewStarted: true,
            })),
            disarm('release'),
            clocks('clocks.reviewStarted'),
            redate(true, 'arrivedAtBranch'),
          ],
        },
        'branch.cancel': withActions(backToWork, [set(() => ({ referredTo: null }))]),
        'contact.change': changeContactHere,
        'referral.remind': {
          guard: { type: 'currentDeadline' as const, params: { deadline: 'referral' } },
          actions: [message('reminder')],
        },
        'referral.expire': {
          guard: { type: 'currentDeadline' as const, params: { deadline: 'referral' } },
          target: '#pengaduan.handling.expired',
          actions: [message('expired')],
        },
      },
    },
    underVerification: {
      tags: ['open' as const, 'waitingOnUs' as const],
      entry: [enter(null)],
      on: {
        'identity.verify': {
          actions: set(({ event }) =>
            event.type === 'identity.verify' ? { identityVerified: event.verdict === 'matched' } : {},
          ),
        },
        'documents.upload': { actions: [upload] },
        'documents.request': request,
        'correction.request': { target: 'correctionNeeded', actions: [message('correction.requested')] },
        'branch.refer': refer,
        'contact.change': changeContact,
        'approval.propose': {
          guard: and(['identityVerified', 'bothProven', not('objectionOpen'), 'independentMaker']),
          target: 'approvalProposed',
          actions: set(({ event }) => ({ maker: event.actor.id })),
        },
        reject: rejectBy('always'),
      },
    },
    approvalProposed: {
      tags: ['open' as const, 'waitingOnUs' as const],
      entry: [enter(null)],
      on: {
        // New evidence or another contact: the proposal was made on something else, so it is void (D32, R-4E-2).
        'documents.upload': { target: 'underVerification', actions: [upload, voidApproval] },
        'contact.change': changeContact,
        'approval.return': { guard: 'independentChecker' as const, target: 'underVerification', actions: voidApproval },
        'approval.retract': { guard: 'isMaker' as const, target: 'underVerification', actions: voidApproval },
        'approval.confirm': [
          {
            guard: and(['mayApprove', 'holdNeeded']),
            target: '#pengaduan.handling.approved.onHold',
            actions: confirm(false),
          },
          { guard: 'mayApprove' as const, target: '#pengaduan.handling.approved.applying', actions: confirm(true) },
        ],
        reject: rejectBy('independentChecker'),
      },
    },
  },
}

const approved = {
  initial: 'onHold' as const,
  on: { 'merge.record': { target: '#pengaduan.handling.merged', actions: [voidApproval] } },
  entry: [set(() => ({ pauseCauses: [] }))],
  states: {
    onHold: {
      tags: ['open' as const, 'waitingOnUs' as const],
      entry: [arm('hold', holdVariant), message('hold.started', 'allChannels')],
      exit: [disarm('hold')],
      on: {
        'hold.end': {
          guard: { type: 'currentDeadline' as const, params: { deadline: 'hold' } },
          target: 'applying',
          actions: set(() => ({ holdEnded: true })),
        },
        'objection.raise': {
          target: 'frozen',
          actions: [
            set(() => ({ objectionOpen: true })),
            clocks('clocks.objectionRaised'),
            message('objection.received', 'staff'),
          ],
        },
        // Risk seen during the hold lengthens it: the elevated hold starts anew.
        'risk.elevate': {
          guard: not('elevated'),
          target: 'onHold',
          reenter: true,
          actions: set(() => ({ elevated: true })),
        },
        withdraw,
      },
    },
    /** "Bukan saya" during the hold: nothing is applied until a supervisor resolves it (R-HOLD-3). */
    frozen: {
      tags: ['open' as const, 'waitingOnUs' as const],
      on: {
        'objection.dismiss': {
          target: 'onHold',
          actions: [set(() => ({ objectionOpen: false })), clocks('clocks.objectionResolved')],
        },
        'objection.uphold': {
          ...returnToWork,
          actions: [
            clocks('clocks.objectionResolved'),
            ...returnToWork.actions,
            message('approval.voided', 'allChannels'),
          ],
        },
        withdraw,
      },
    },
    applying: {
      tags: ['open' as const, 'waitingOnUs' as const],
      entry: [
        {
          type: 'port.call' as const,
          params: ({ context }: { context: Context }) => ({
            port: 'account',
            operation: 'replaceContacts',
            replyEvent: 'contacts.applied',
            refusalEvent: 'contacts.refused',
            data: { cycle: context.cycle, participantRef: context.participantRef },
          }),
        },
      ],
      on: {
        'contacts.applied': {
          guard: 'mayApply' as const,
          target: '#pengaduan.handling.contactUpdated',
          actions: [message('contact.updated', 'allChannels')],
        },
        'contacts.refused': { ...returnToWork, actions: [...returnToWork.actions, message('apply.refused', 'staff')] },
      },
    },
  },
}

/** The `pengaduan` statechart, version 1. */
export const pengaduanMachine = base.createMachine({
  id: 'pengaduan',
  type: 'parallel',
  context: ({ input }) => pengaduanContext(input),
  states: {
    handling: {
      initial: 'draft',
      states: {
        draft: {
          tags: ['open', 'waitingOnParticipant'],
          entry: [arm('draft')],
          exit: [disarm('draft')],
          on: {
            submit: [
              {
                guard: 'bothProven',
                target: 'active.submitted',
                actions: [clocks('clocks.start'), message('received')],
              },
              { target: 'active.contactUnproven', actions: [clocks('clocks.start'), message('received')] },
            ],
            'contact.prove': { guard: 'provesSomething', actions: prove },
            'contact.change': { actions: [unprove] },
            withdraw,
            'draft.expire': { guard: { type: 'currentDeadline', params: { deadline: 'draft' } }, target: 'expired' },
          },
        },
        active: active as never,
        approved: approved as never,
        contactUpdated: { tags: ['terminal'], entry: close },
        rejected: { tags: ['terminal'], entry: close, on: reopenable },
        withdrawn: { tags: ['terminal'], entry: close, on: reopenable },
        expired: { tags: ['terminal'], entry: close, on: reopenable },
        merged: { tags: ['terminal'], entry: close },
      },
    },
    firstReview: slaRegion({
      target: 'firstReview',
      start: 'clocks.start',
      settle: ['clocks.reviewStarted', 'clocks.decided'],
      pausable: true,
    }) as never,
    resolution: slaRegion({
      target: 'resolution',
      start: 'clocks.start',
      settle: ['clocks.decided'],
      pausable: true,
    }) as never,
    objectionReview: slaRegion({
      target: 'objectionReview',
      start: 'clocks.objectionRaised',
      settle: ['clocks.objectionResolved'],
      pausable: false,
    }) as never,
  },
})
