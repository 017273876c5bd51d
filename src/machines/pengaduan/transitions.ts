import { and, not } from 'xstate'
import { set, enter, arm, disarm, message, clocks, prove, unprove, voidApproval, askFor, newCycle } from './steps.js'

export const noReply = {
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
export const waiting = (cause: string) => ({
  tags: ['open' as const, 'waitingOnParticipant' as const],
  entry: [enter(cause), arm('noReply')],
  exit: [disarm('noReply')],
})
export const toVerification = {
  guard: and(['released', 'bothProven']),
  target: '#pengaduan.handling.active.underVerification',
  actions: [set(() => ({ reviewStarted: true })), clocks('clocks.reviewStarted')],
}
export const refer = {
  target: '#pengaduan.handling.active.referredToBranch',
  actions: [
    set(({ event }) =>
      event.type === 'branch.refer' ? { referredTo: event.officeId, referredBy: event.actor.id } : {},
    ),
    message('referred'),
  ],
}
export const request = {
  target: '#pengaduan.handling.active.documentsRequested',
  actions: [askFor, message('documents.requested')],
}
/** Evidence that turns out to be bad later is asked for again; what was checked or proposed on it is void (D34). */
export const forgetEvidence = [
  askFor,
  voidApproval,
  set(() => ({ identityVerified: false })),
  message('documents.requested'),
]
export const revoke = { target: '#pengaduan.handling.active.documentsRequested', actions: forgetEvidence }
/** A contact that changed is unproven again, and whatever was proposed on the old one is void (D32). */
export const changeContact = {
  target: '#pengaduan.handling.active.contactUnproven',
  actions: [unprove, voidApproval, message('contact.changed', 'allChannels')],
}
export const changeContactHere = { actions: [unprove, message('contact.changed', 'allChannels')] }
export const backToWork = [
  { guard: not('bothProven'), target: '#pengaduan.handling.active.contactUnproven' },
  { guard: 'reviewStarted' as const, target: '#pengaduan.handling.active.underVerification' },
  { target: '#pengaduan.handling.active.submitted' },
]
export const withActions = <T extends object>(branches: readonly T[], actions: readonly unknown[]) =>
  branches.map((branch) => ({ ...branch, actions }) as T & { actions: never })
export const rejectBy = (guard: 'always' | 'independentChecker') => ({
  guard,
  target: '#pengaduan.handling.rejected',
  actions: [voidApproval, message('rejected', 'allChannels'), clocks('clocks.decided')],
})
/** Work goes on with the last proof, and only then; an earlier one is noted. */
export const proveContact = (branches: readonly { guard?: unknown; target: string }[]) => [
  ...branches.map(({ guard, target }) => ({
    guard: guard === undefined ? 'provesLast' : and(['provesLast', guard as 'reviewStarted']),
    target,
    actions: prove,
  })),
  { guard: 'provesSomething', actions: prove },
]
/** Nobody judges what they decided themselves, whichever way (R-HOLD-3); version 1 looked at dismissals only. */
export const upholder = (version: 1 | 2) => (version === 1 ? ('always' as const) : ('independentResolver' as const))
export const objection = (version: 1 | 2) => ({
  'objection.raise': {
    guard: not('objectionOpen'),
    actions: [
      set(() => ({ objectionOpen: true })),
      clocks('clocks.objectionRaised'),
      message('objection.received', 'staff'),
    ],
  },
  'objection.dismiss': {
    guard: and(['objectionOpen', 'independentResolver']),
    actions: [set(() => ({ objectionOpen: false })), clocks('clocks.objectionResolved')],
  },
  'objection.uphold': {
    guard: and(['objectionOpen', upholder(version)]),
    target: '#pengaduan.handling.rejected',
    actions: [
      voidApproval,
      clocks('clocks.objectionResolved'),
      clocks('clocks.decided'),
      message('rejected', 'allChannels'),
    ],
  },
})
/** An objection that this leaves unjudged is carried as risk into any reopening (`close`). */
export const withdraw = {
  target: '#pengaduan.handling.withdrawn',
  actions: [voidApproval, message('withdrawn', 'allChannels')],
}
/** Never while contacts are being replaced: the reply of the account service would find nobody to hear it. */
export const merge = { target: '#pengaduan.handling.merged', actions: [voidApproval] }
/** The other side of a merge, in the same commit (D31): the log keeps which, and whoever decides on an earlier version looks again. */
export const absorb = { actions: set(() => ({})) }
/** Every closed ticket can be told that its personal data are gone. */
export const erasable = { 'erasure.record': { guard: 'notErased' as const, actions: set(() => ({ erased: true })) } }
export const reopenable = {
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
        referredBy: null,
        inPerson: false,
      })),
      clocks('clocks.start'),
      message('reopened', 'allChannels'),
    ],
  },
  ...erasable,
}
export const confirm = (holdEnded: boolean) => [
  set(({ event }) => ({ checker: event.actor.id, holdEnded })),
  clocks('clocks.decided'),
  message('approved', 'allChannels'),
]
/** An approval that does not stand after all: another cycle of the promise begins (D21). */
export const returnToWork = {
  target: '#pengaduan.handling.active.underVerification',
  actions: [newCycle, clocks('clocks.start'), clocks('clocks.reviewStarted')],
}
