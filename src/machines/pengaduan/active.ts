import { and, not } from 'xstate'
import { nextGeneration } from '../generations.js'
import {
  set,
  enter,
  arm,
  disarm,
  armRelease,
  message,
  clocks,
  redate,
  prove,
  voidApproval,
  askFor,
  upload,
  recordRisk,
  base,
} from './steps.js'
import {
  toVerification,
  objection,
  waiting,
  noReply,
  refer,
  request,
  changeContact,
  changeContactHere,
  backToWork,
  withActions,
  rejectBy,
  proveContact,
  withdraw,
  merge,
  absorb,
  confirm,
  forgetEvidence,
  revoke,
} from './transitions.js'

/** Between submission and decision: where staff and participant pass the ball. */
const current = {
  initial: 'submitted' as const,
  on: {
    withdraw,
    ...objection(2),
    'contact.prove': { guard: 'provesSomething' as const, actions: prove },
    'documents.revoke': revoke,
    'promise.extend': {
      guard: and(['onDigitalRoute', not('extended'), not('resolutionLate')]),
      actions: [
        set(({ context, event }) =>
          event.type === 'promise.extend' ? { extended: true, flags: [...context.flags, event.flag] } : {},
        ),
        redate(false, 'extended'),
        message('promise.extended'),
      ],
    },
    'risk.elevate': { guard: not('elevated'), actions: set(() => ({ elevated: true })) },
    'risk.record': { actions: recordRisk },
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
    'merge.record': merge,
    'merge.absorb': absorb,
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
          // A part of what was asked for is a reply too, and a new request asks anew: the wait starts again.
          { actions: [upload, arm('noReply')] },
        ],
        'documents.request': { actions: [askFor, arm('noReply'), message('documents.requested')] },
        'documents.revoke': { actions: [...forgetEvidence, arm('noReply')] },
        'documents.waive': withActions(backToWork, [set(() => ({ requestedDocuments: [] }))]),
        'contact.change': changeContactHere,
        'branch.refer': refer,
      },
    },
    correctionNeeded: {
      ...waiting('correctionNeeded'),
      on: {
        ...noReply,
        'documents.revoke': { actions: forgetEvidence },
        // Corrected data are other data: what was checked on the old ones says nothing about them.
        'correction.submit': withActions(
          [{ guard: 'bothProven' as const, target: 'submitted' }, { target: 'contactUnproven' }],
          [set(() => ({ identityVerified: false }))],
        ),
        'contact.change': changeContactHere,
        'branch.refer': refer,
      },
    },
    referredToBranch: {
      tags: ['open' as const, 'waitingOnParticipant' as const],
      entry: [enter('referredToBranch'), arm('referral')],
      exit: [disarm('referral')],
      on: {
        // The branch's own promise starts at arrival, on the branch's calendar (D24, D25), and so does its own look at the person:
        // there is no hold at a branch because identity is checked in person (R-HOLD-1).
        'branch.arrive': {
          guard: and(['bothProven', 'arrivalWitness']),
          target: 'underVerification',
          actions: [
            set(({ context, event }) => ({
              route: 'kantor_cabang',
              officeId: context.referredTo ?? context.officeId,
              referredTo: null,
              referredBy: null,
              inPerson: true,
              identityVerified: false,
              released: true,
              releasedAt: context.releasedAt ?? event.at,
              reviewStarted: true,
            })),
            disarm('release'),
            clocks('clocks.reviewStarted'),
            redate(true, 'arrivedAtBranch'),
          ],
        },
        'documents.revoke': { actions: forgetEvidence },
        'branch.cancel': withActions(backToWork, [set(() => ({ referredTo: null, referredBy: null }))]),
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
        // What the officers decided on is not what stands there any more (R-4E-2).
        'approval.void': {
          target: 'underVerification',
          actions: [voidApproval, message('approval.voided', 'staff')],
        },
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

export const active = (version: 1 | 2) => ({ ...current, on: { ...current.on, ...objection(version) } })
