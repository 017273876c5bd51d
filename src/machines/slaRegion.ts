import { enqueueing, type Enqueue } from './actions.js'
import { isCurrent, nextGeneration, slaFamily, type Timed } from './generations.js'

/**
 * One parallel region per SLA target. It hears what `handling` raises (`clocks.*`) and what its timers send (`sla.*`),
 * holds no instants, and asks for time by effects. Verdicts (D20): met, metLate, breached while open, void.
 *
 *   idle ─start→ running ⇄ paused        running ─due→ breached ⇄ breachedPaused
 *   running, paused ─settle→ met         breached* ─settle→ metLate
 *   running, paused ─closed→ voided      breached* ─closed→ breachStands
 */
export interface SlaRegionOptions {
  readonly target: string
  /** Raised events that start a cycle and those that fulfil the promise. */
  readonly start: string
  readonly settle: readonly string[]
  /** Does waiting for the participant stop this clock? (D13) */
  readonly pausable: boolean
}

export const CLOCK_EVENTS = [
  'clocks.start',
  'clocks.pause',
  'clocks.resume',
  'clocks.reviewStarted',
  'clocks.decided',
  'clocks.closed',
  'clocks.redate',
  'clocks.objectionRaised',
  'clocks.objectionResolved',
] as const
/** What `handling` raises for the clocks; never accepted from outside. */
export type ClockEvent =
  | { type: Exclude<(typeof CLOCK_EVENTS)[number], 'clocks.redate'> }
  | { type: 'clocks.redate'; restart: boolean; reason: string }

type Ctx = Timed & { readonly rules: { readonly targets: Readonly<Record<string, readonly string[]>> } }
type RegionEvent = {
  type: string
  target?: string
  threshold?: string
  generation?: number
  restart?: boolean
  reason?: string
}
interface Args {
  context: Ctx
  event: RegionEvent
}

/** What a region's states are made of: each transition with its guard and the effect it asks for. */
function transitionsOf({ target, start, settle, pausable }: SlaRegionOptions) {
  const family = slaFamily(target)
  const act = (body: (args: Args & { enqueue: Enqueue }) => void) => enqueueing(body)
  /** Takes a new generation, so that every timer planned before is stale, then asks for the effect under it. */
  const rearm = (effect: string, params: (args: Args) => Readonly<Record<string, unknown>>) =>
    act(({ context, event, enqueue }) => {
      const next = nextGeneration(context, family)
      enqueue.assign(next)
      enqueue({ type: effect, params: { target, generation: next.generation, ...params({ context, event }) } })
    })
  const place = ({ context }: Args) => ({ route: context.route, office: context.officeId, extended: context.extended })

  const isOurs = ({ context, event }: Args) =>
    event.target === target && event.generation !== undefined && isCurrent(context, family, event.generation)
  const promised = ({ context }: Args) => (context.rules.targets[context.route] ?? []).includes(target)
  const waits = ({ context }: Args) => context.pauseCauses.length > 0
  const promisedButWaiting = (args: Args) => promised(args) && waits(args)
  const promisedAnew = (args: Args) => args.event.restart === true && promised(args)

  const begin = rearm('clock.start', (args) => ({
    ...place(args),
    cycle: args.context.cycle,
    causes: pausable ? args.context.pauseCauses : [],
  }))
  /** A promise of the whole ticket begins anew at a branch (D24), also where the route before had none; an objection's does not. */
  const ofTicket = start === 'clocks.start'
  const started = {
    [start]: [
      ...(pausable ? [{ guard: promisedButWaiting, target: 'paused', actions: begin }] : []),
      { guard: promised, target: 'running', actions: begin },
    ],
  }
  const close = (verdict: string) =>
    act(({ context, enqueue }) => {
      enqueue.assign({ armed: Object.fromEntries(Object.entries(context.armed).filter(([name]) => name !== family)) })
      enqueue({ type: 'clock.settle', params: { target, outcome: verdict } })
    })
  const settledAs = (state: string, verdict: string) =>
    Object.fromEntries(settle.map((event) => [event, { target: state, actions: close(verdict) }]))
  const closedAs = (state: string, verdict: string) => ({ 'clocks.closed': { target: state, actions: close(verdict) } })
  const pause = (to: string) =>
    pausable
      ? {
          'clocks.pause': {
            target: to,
            actions: rearm('clock.pause', ({ context }) => ({ causes: context.pauseCauses })),
          },
        }
      : {}
  const redate = {
    'clocks.redate': {
      guard: promised,
      actions: rearm('clock.redate', (args) => ({
        ...place(args),
        restart: ofTicket && args.event.restart === true,
        reason: args.event.reason ?? '',
        causes: pausable ? args.context.pauseCauses : [],
      })),
    },
  }
  const fired = (template: string, effect?: string) => ({
    guard: isOurs,
    actions: act(({ context, event, enqueue }) => {
      if (effect !== undefined) {
        enqueue.assign({ late: [...context.late, target] })
        enqueue({ type: effect, params: { target } })
      }
      enqueue({ type: 'message.send', params: { template, audience: `sla:${target}:${event.threshold ?? ''}` } })
    }),
  })

  const anew = ofTicket ? { 'clocks.redate': { guard: promisedAnew, target: 'running', actions: begin } } : {}
  const resume = (to: string) => ({ 'clocks.resume': { target: to, actions: rearm('clock.resume', () => ({})) } })
  return { started, anew, settledAs, closedAs, pause, resume, redate, fired }
}

/** The state-node configuration of one target's region. */
export function slaRegion(options: SlaRegionOptions) {
  const { started, anew, settledAs, closedAs, pause, resume, redate, fired } = transitionsOf(options)
  const states = {
    idle: { on: { ...started, ...anew } },
    running: {
      on: {
        ...settledAs('met', 'met'),
        ...closedAs('voided', 'void'),
        ...pause('paused'),
        ...redate,
        'sla.warn': fired('sla.warning'),
        'sla.due': { ...fired('sla.breached', 'clock.breach'), target: 'breached' },
      },
    },
    paused: {
      on: {
        ...settledAs('met', 'met'),
        ...closedAs('voided', 'void'),
        ...redate,
        ...resume('running'),
      },
    },
    breached: {
      on: {
        ...settledAs('metLate', 'metLate'),
        ...closedAs('breachStands', 'breached'),
        ...pause('breachedPaused'),
        'sla.escalate': fired('sla.escalated'),
      },
    },
    breachedPaused: {
      on: {
        ...settledAs('metLate', 'metLate'),
        ...closedAs('breachStands', 'breached'),
        ...resume('breached'),
      },
    },
    met: { on: started },
    metLate: { on: started },
    voided: { on: started },
    breachStands: { on: started },
  }
  return { initial: 'idle' as const, states: options.pausable ? states : withoutPauses(states) }
}

function withoutPauses<S extends Record<string, unknown>>(states: S): S {
  return Object.fromEntries(
    Object.entries(states).filter(([name]) => name !== 'paused' && name !== 'breachedPaused'),
  ) as S
}
