import { setup } from 'xstate'
import { z } from 'zod'
import { disarmed, isCurrent, nextGeneration, type Timed } from '../../../src/machines/generations.js'
import type { Policy } from '../../../src/machines/policy.js'
import { slaRegion } from '../../../src/machines/slaRegion.js'
import { leafOf } from '../../../src/machines/snapshots.js'
import type { FilingInput, TicketType } from '../../../src/machines/ticketType.js'

/** A ticket type of its own: somebody asks to be called back. One file, a promise, a deadline, two ways to end. */
interface Context extends Timed {
  readonly asker: string
  readonly calls: number
  readonly closedAt: number | null
  readonly rules: { readonly targets: Readonly<Record<string, readonly string[]>> }
}
/** What a test may want to be wrong with it. */
export interface Quirks {
  /** Version 2 says `waiting` where version 1 says `asked`. */
  readonly version?: 1 | 2
  readonly earlier?: TicketType
  /** A deadline that arms itself again for the very same instant. */
  readonly endless?: boolean
  /** Measures one event by the calendars of two offices. */
  readonly twoOffices?: boolean
  /** Asks for a deadline again without a new generation. */
  readonly sameGeneration?: boolean
}

type Event = { type: string; generation?: number; at: number; minutes?: number }
const label = (en: string) => ({ id: en, en })
const none = z.strictObject({})

/** Effects are data: the engine carries them out, the machine only names them. */
const nothing = (): undefined => undefined

const base = setup({
  types: { context: {} as Context, events: {} as Event, input: {} as FilingInput },
  actions: {
    'deadline.arm': nothing,
    'deadline.disarm': nothing,
    'clock.start': nothing,
    'clock.breach': nothing,
    'clock.settle': nothing,
    'message.send': nothing,
  },
  guards: {
    current: ({ context, event }, params: { deadline: string }) =>
      event.generation !== undefined && isCurrent(context, params.deadline, event.generation),
    /** Reads its payload without looking whether there is one. */
    short: ({ event }) => (event as unknown as { topics: string[] }).topics.length < 3,
  },
})

const arm = (deadline: string, { twoOffices, sameGeneration }: Quirks) =>
  base.enqueueActions(({ context, enqueue }) => {
    const armed = context.armed[deadline]
    const next =
      sameGeneration === true && armed !== undefined
        ? { generation: armed, armed: context.armed }
        : nextGeneration(context, deadline)
    enqueue.assign(next)
    const office = twoOffices === true ? 'cabang-jayapura' : context.officeId
    enqueue({ type: 'deadline.arm', params: { deadline, generation: next.generation, variant: 'standard', office } })
  })
const close = base.enqueueActions(({ context, event, enqueue }) => {
  enqueue.assign({ closedAt: event.at, armed: disarmed(context, 'patience') })
  enqueue({ type: 'deadline.disarm', params: { deadline: 'patience' } })
  enqueue.raise({ type: 'clocks.closed', at: event.at })
})

function machine(quirks: Quirks) {
  const waiting = quirks.version === 2 ? 'waiting' : 'asked'
  const patience = { type: 'current' as const, params: { deadline: 'patience' } }
  return base.createMachine({
    id: 'callback',
    type: 'parallel',
    context: ({ input: { policy, actor } }) => ({
      generation: 0,
      cycle: 1,
      armed: {},
      pauseCauses: [],
      late: [],
      route: 'phone',
      officeId: 'pusat',
      extended: false,
      asker: actor.id,
      calls: 0,
      closedAt: null,
      rules: { targets: { phone: Object.keys(policy.routes['phone']?.targets ?? {}) } },
    }),
    states: {
      handling: {
        initial: 'new',
        states: {
          new: {
            tags: ['open', 'waitingOnUs'],
            on: {
              ask: { target: waiting, actions: base.raise(({ event }) => ({ type: 'clocks.start', at: event.at })) },
            },
          },
          [waiting]: {
            tags: ['open', 'waitingOnUs'],
            entry: [arm('patience', quirks), ...(quirks.endless === true ? [arm('echo', quirks)] : [])],
            on: {
              'call.try': {
                actions: [base.assign({ calls: ({ context }) => context.calls + 1 }), arm('patience', quirks)],
              },
              'call.reach': {
                target: 'reached',
                actions: base.raise(({ event }) => ({ type: 'clocks.decided', at: event.at })),
              },
              'topics.note': { guard: 'short', actions: base.assign({ calls: 0 }) },
              'patience.end': { guard: patience, target: 'lapsed' },
              'echo.sound': { actions: arm('echo', quirks) },
            },
          },
          reached: { tags: ['terminal'], entry: close },
          lapsed: { tags: ['terminal'], entry: close },
        },
      },
      answer: slaRegion({
        target: 'answer',
        start: 'clocks.start',
        settle: ['clocks.decided'],
        pausable: false,
      }) as never,
    },
  })
}

const timer = (fact: string) => ({ payload: z.strictObject({ generation: z.int() }), fact, label: label(fact) })
const sla = (fact: string) => ({
  payload: z.strictObject({ target: z.string(), threshold: z.string(), generation: z.int() }),
  fact,
  label: label(fact),
})
const asked = (fact: string, payload: z.ZodType = none) => ({
  payload,
  roles: ['portal', 'agent'] as const,
  changesContent: true,
  needsVersion: false,
  fact,
  label: label(fact),
})

export function callbackType(quirks: Quirks = {}): TicketType {
  return {
    type: 'callback',
    version: quirks.version ?? 1,
    label: label('Call back'),
    machine: machine(quirks) as never,
    filing: none,
    filingEvent: 'ask',
    publicEvents: {
      ask: asked('CallbackAsked'),
      'call.try': asked('CallTried'),
      'call.reach': asked('CallReached'),
      'topics.note': asked('TopicsNoted', z.strictObject({ topics: z.array(z.string()) })),
    },
    internalEvents: {
      'patience.end': timer('PatienceEnded'),
      /** Declared and timed, yet no state of this machine hears it. */
      'patience.sigh': timer('PatienceSighed'),
      'echo.sound': timer('EchoSounded'),
      'sla.warn': sla('SlaWarned'),
      'sla.due': sla('SlaBreached'),
      'sla.escalate': sla('SlaEscalated'),
    },
    targets: { answer: label('Answer') },
    deadlines: { patience: { sigh: 'patience.sigh', end: 'patience.end' }, echo: { sound: 'echo.sound' } },
    states: {},
    refusals: {},
    input: (filing) => filing,
    columns: (context) => {
      const { route, officeId, closedAt } = context as Context
      return {
        route,
        officeId,
        closedAt,
        category: 'callback',
        cause: null,
        participantRef: 'ps_nobody',
        priority: 0,
        releasedAt: null,
        makerId: null,
        checkerId: null,
      }
    },
    stateOf: (snapshot) => leafOf(snapshot, 'handling'),
    ...(quirks.earlier !== undefined && { earlier: { [quirks.earlier.version]: quirks.earlier } }),
    upcasts: {
      1: ({ value, context }) => {
        const was = value as Record<string, unknown>
        return { value: { ...was, handling: was['handling'] === 'asked' ? 'waiting' : was['handling'] }, context }
      },
    },
  }
}
export const ticketType = callbackType()

/** Its numbers: an hour to answer, patience for two days with a sigh after one. */
export const callbackPolicy: Policy = {
  id: 'callback',
  version: 1,
  ticketType: 'callback',
  provenance: 'invented for a test',
  routes: {
    phone: {
      targets: {
        answer: { counting: 'deemed', within: { unit: 'businessMinutes', amount: 60 }, warnings: [50], ladder: [] },
      },
    },
  },
  deadlines: {
    patience: { standard: { sigh: { unit: 'wallMinutes', amount: 1440 }, end: { unit: 'wallMinutes', amount: 2880 } } },
    echo: { standard: { sound: 'nextOpening' } },
  },
  limits: {},
}
