import { z } from 'zod'
import { instant, label } from './shapes.js'

const transition = z.strictObject({
  from: z.string().describe('A state, or the name of states around others'),
  event: z.string(),
  label,
  to: z.string().nullable().describe('Null: it stays'),
  conditions: z.array(z.string()).describe('As the statechart names them; empty: always'),
  when: z.array(label).describe('The same as sentences, one of which must hold; empty: always'),
})

/** The drawing of a type as a table. */
export const TypeWorkflow = z.strictObject({
  type: z.string(),
  version: z.int(),
  label,
  states: z.array(
    z.strictObject({
      state: z.string(),
      label,
      standing: z.string(),
      open: z.int().nullable().describe('Open tickets there in your offices; null: over, which is not counted'),
    }),
  ),
  groups: z.record(z.string(), label).describe('States around others, by their names'),
  more: z.boolean().describe('There are more open tickets than were counted'),
  transitions: z.array(transition),
  refusals: z.record(z.string(), label).describe('What people hear where a condition does not hold, by its name'),
})

/** Where a ticket is, how it came there, and what is possible now. */
export const TicketWorkflow = z.strictObject({
  ticketId: z.string(),
  contentVersion: z.int(),
  state: z.string(),
  stateLabel: label,
  promises: z.array(z.strictObject({ target: z.string(), label, state: z.string(), stateLabel: label })),
  path: z.array(
    z.strictObject({ n: z.int(), at: instant, from: z.string(), event: z.string(), label, to: z.string() }),
  ),
  more: z.boolean().describe('The path is longer than what is shown'),
  events: z.array(
    z.strictObject({
      type: z.string(),
      label,
      roles: z.array(z.string()),
      possible: z.boolean(),
      why: z.enum(['role', 'state', 'guard']).nullable().describe('What stands in the way; null: nothing'),
      reasons: z.array(z.strictObject({ code: z.string(), text: label })),
    }),
  ),
  timers: z.array(z.strictObject({ family: z.string(), threshold: z.string(), at: instant, event: z.string(), label })),
})
