/**
 * All that a ticket type is written with, from one place: outside this repository `import … from 'pulih/ticket-type'`.
 * docs/ticket-types.md shows how; examples/ has a whole one.
 */
export { and, not, or, setup } from 'xstate'
export { z } from 'zod'
export type { EffectType } from './effects.js'
export {
  documentOf,
  documentsOf,
  internalEvent,
  NoPayload,
  OFFICER,
  OfficeId,
  OpaqueRef,
  PARTICIPANT,
  publicEvent,
  ReasonCode,
  requestOf,
  slaEvents,
  TimerPayload,
  type EventOf,
} from './events.js'
export { nextGeneration, type Timed } from './generations.js'
export { businessDays, businessMinutes, Policy, wallDays, wallHours, wallMinutes, type Amount } from './policy.js'
export { slaRegion, type ClockEvent } from './slaRegion.js'
export { leafOf } from './snapshots.js'
export { currentDeadline, effectActions, message, onTimer, promisedTargets, ticketSteps, timedStart } from './steps.js'
export type {
  Actor,
  FilingInput,
  Label,
  Role,
  Story,
  StoryStep,
  Tag,
  TicketColumns,
  TicketEvent,
  TicketType,
} from './ticketType.js'
export { sampleOf } from './samples.js'
export { checkTicketType, type Checked, type CheckOptions } from './walk.js'
