import type { Label } from '../ticketType.js'
import { leaves, type Panel } from './graph.js'
import { PROMISE_STATES } from './words.js'

/** One row of the table that says what the picture shows. */
export interface Transition {
  readonly from: string
  readonly event: string
  readonly label: Label
  readonly to: string | null
  /** As the statechart names them; empty: always. */
  readonly conditions: readonly string[]
  /** The same as sentences, one of which must hold. */
  readonly when: readonly Label[]
}

/** Every transition of a panel, in the order of the picture's source. */
export const transitionsOf = (panel: Panel): readonly Transition[] =>
  leaves(panel.items).flatMap(({ key, rows, stays }) =>
    [...rows, ...stays].map(({ event, label, target, guards, when }) => ({
      from: key,
      event,
      label,
      to: target,
      conditions: guards.filter((it) => it !== ''),
      when,
    })),
  )

/** What a state of a promise is called. */
export const promiseStateLabel = (state: string): Label => PROMISE_STATES[state] ?? { id: state, en: state }
