import { slaRegion } from '../slaRegion.js'
import { active } from './active.js'
import { approved } from './approved.js'
import { pengaduanContext } from './context.js'
import { arm, disarm, message, clocks, prove, unprove, close, base } from './steps.js'
import { withdraw, erasable, reopenable } from './transitions.js'

/**
 * The `pengaduan` statechart: the reset of lost contacts. `handling` says where the ticket is; one small region beside it per promise.
 * No clock, no random number, no I/O: instants come with events, effects leave as data. Version 2 tells other systems of a changed contact
 * and lets nobody judge an objection to their own decision; version 1 is kept for the logs that it wrote.
 */
export const pengaduanMachineOf = (version: 1 | 2) =>
  base.createMachine({
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
          active: active(version) as never,
          approved: approved(version) as never,
          contactUpdated: { tags: ['terminal'], entry: close, on: erasable },
          rejected: { tags: ['terminal'], entry: close, on: reopenable },
          withdrawn: { tags: ['terminal'], entry: close, on: reopenable },
          expired: { tags: ['terminal'], entry: close, on: reopenable },
          merged: { tags: ['terminal'], entry: close, on: erasable },
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

export const pengaduanMachine = pengaduanMachineOf(2)
