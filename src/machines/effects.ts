/**
 * The vocabulary of effects: everything a machine may ask for, as data. `plan` (src/engine) turns each into rows;
 * an effect that is not listed here is an error, and a test proves that each one has a handler.
 * Generations are monotonic per ticket (D19): the machine hands them out, a timer of an older one is stale.
 */
export type Effect =
  /** Starts a target's clock (a new cycle, D21/D22). With `causes` it starts paused (D17). */
  | {
      type: 'clock.start'
      params: {
        target: string
        cycle: number
        generation: number
        route: string
        office: string
        extended: boolean
        causes: readonly string[]
      }
    }
  | { type: 'clock.pause'; params: { target: string; generation: number; causes: readonly string[] } }
  | { type: 'clock.resume'; params: { target: string; generation: number } }
  /** Due was reached while open: the breach stands for this cycle (D20); plans the escalation ladder under the same generation. */
  | { type: 'clock.breach'; params: { target: string } }
  /** Ends a target for this cycle; a breach is never undone, it closes as `breached` where others close as `void` (D20). */
  | { type: 'clock.settle'; params: { target: string; outcome: 'met' | 'metLate' | 'void' | 'breached' } }
  /** Computes the due date anew: extended policy (D23) or another office or route (D24, D25). `restart`: counting starts at this event. */
  | {
      type: 'clock.redate'
      params: {
        target: string
        generation: number
        route: string
        office: string
        extended: boolean
        restart: boolean
        reason: string
        causes: readonly string[]
      }
    }
  | { type: 'deadline.arm'; params: { deadline: string; generation: number; variant: string; office: string } }
  | { type: 'deadline.disarm'; params: { deadline: string } }
  /** A message to people; ids and codes only. */
  | { type: 'message.send'; params: { template: string; audience: string } }
  /** A command to an outside system, delivered once under its outbox id; its answer comes back as the internal event `replyEvent` or `refusalEvent`. */
  | {
      type: 'port.call'
      params: {
        port: string
        operation: string
        /** Absent: nobody waits for the answer. */
        replyEvent?: string
        refusalEvent?: string
        data: Readonly<Record<string, unknown>>
      }
    }

export type EffectType = Effect['type']
export type EffectOf<T extends EffectType> = Extract<Effect, { type: T }>['params']

/** Every effect name, checked against the union by the compiler. */
export const EFFECT_TYPES = [
  'clock.start',
  'clock.pause',
  'clock.resume',
  'clock.breach',
  'clock.settle',
  'clock.redate',
  'deadline.arm',
  'deadline.disarm',
  'message.send',
  'port.call',
] as const satisfies readonly EffectType[]
export const isEffectType = (type: string): type is EffectType => (EFFECT_TYPES as readonly string[]).includes(type)
