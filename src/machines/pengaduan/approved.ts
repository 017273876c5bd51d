import { not } from 'xstate'
import { holdVariant, type PengaduanContext as Context } from './context.js'
import { set, arm, disarm, message, clocks, recordRisk } from './steps.js'
import { withdraw, merge, returnToWork, upholder } from './transitions.js'

/** Other systems look twice at what happens on this account for a while (R-HOLD-5). Nobody waits for an answer. */
const contactChanged = {
  type: 'port.call' as const,
  params: ({ context }: { context: Context }) => ({
    port: 'events',
    operation: 'contactChanged',
    data: { cycle: context.cycle, participantRef: context.participantRef },
  }),
}

const applying = (version: 1 | 2) => ({
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
      actions: [message('contact.updated', 'allChannels'), ...(version === 1 ? [] : [contactChanged])],
    },
    'contacts.refused': { ...returnToWork, actions: [...returnToWork.actions, message('apply.refused', 'staff')] },
  },
})

/** Between the decision and the account: the hold, an objection, the replacement itself. `version`: version 1 told nobody else, and let anybody uphold. */
export const approved = (version: 1 | 2) => ({
  initial: 'onHold' as const,
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
        'risk.record': [
          { guard: not('elevated'), target: 'onHold', reenter: true, actions: recordRisk },
          { actions: recordRisk },
        ],
        withdraw,
        'merge.record': merge,
      },
    },
    /** "Bukan saya" during the hold: nothing is applied, and nobody can make the question go away, until a supervisor resolves it (R-HOLD-3). */
    frozen: {
      tags: ['open' as const, 'waitingOnUs' as const],
      on: {
        'objection.dismiss': {
          guard: 'independentResolver' as const,
          target: 'onHold',
          actions: [set(() => ({ objectionOpen: false })), clocks('clocks.objectionResolved')],
        },
        'objection.uphold': {
          ...returnToWork,
          guard: upholder(version),
          actions: [
            clocks('clocks.objectionResolved'),
            ...returnToWork.actions,
            message('approval.voided', 'allChannels'),
          ],
        },
        'risk.elevate': { guard: not('elevated'), actions: set(() => ({ elevated: true })) },
        'risk.record': { actions: recordRisk },
        'merge.record': merge,
      },
    },
    applying: applying(version),
  },
})
