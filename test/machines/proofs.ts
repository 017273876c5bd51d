import { isDeepStrictEqual } from 'node:util'
import type { AnyMachineSnapshot } from 'xstate'
import type { PengaduanContext } from '../../src/machines/pengaduan/context.js'
import { isParticipants, isTimer } from './events.js'
import type { Edge, Exploration, Node } from './explore.js'
import { objectionsToApplying } from './ghost.js'

/** One property of every path. A check gives null or what is wrong; a proof that looks at the whole graph speaks at the end. */
export interface Proof {
  readonly name: string
  start(): {
    visit(edge: Edge): string | null
    end?(exploration: Exploration): { wrong: string; at: Node } | null
  }
}
const ofSteps = (name: string, visit: (edge: Edge) => string | null): Proof => ({ name, start: () => ({ visit }) })

const PAUSABLE = ['firstReview', 'resolution'] as const
const regionsOf = (snapshot: AnyMachineSnapshot) => snapshot.value as Record<string, string>
const contextOf = (snapshot: AnyMachineSnapshot) => snapshot.context as PengaduanContext

export const safeToApply = ofSteps(
  'contacts change only after verified identity, two officers, both contacts proven and an ended hold',
  ({ effects, from, to, event, ghost, snapshot }) => {
    const commanded = effects.some((it) => it.type === 'port.call' && it.params.port === 'account')
    const arrived = to.leaf === 'contactUpdated' && from.leaf !== 'contactUpdated'
    if (arrived && (from.leaf !== 'applying' || event.type !== 'contacts.applied')) return 'contacts updated unasked'
    if (commanded && to.leaf !== 'applying') return 'the account service is called outside applying'
    if (!commanded && !arrived) return null
    const wrong = objectionsToApplying(ghost, contextOf(snapshot).route)
    return wrong.length === 0 ? null : wrong.join(', ')
  },
)

/** Withdrawal and merge are not counted: a ticket must be able to end even when nobody gives it up. */
export const noDeadEnds: Proof = {
  name: 'from every configuration a terminal state can be reached',
  start: () => {
    const back: number[][] = []
    return {
      visit: ({ from, to, event }) => {
        if (event.type !== 'withdraw' && event.type !== 'merge.record') (back[to.index] ??= []).push(from.index)
        return null
      },
      end: ({ nodes }) => {
        const reached = reach(
          back,
          nodes.filter((it) => it.terminal).map((it) => it.index),
        )
        const at = nodes.find((it) => !reached.has(it.index))
        return at === undefined ? null : { wrong: 'no way to a terminal state', at }
      },
    }
  },
}

export const pausesEnd: Proof = {
  name: 'every wait for the participant ends without staff, and by itself',
  start: () => {
    const back: number[][] = []
    const expires = new Set<number>()
    return {
      visit: ({ from, to, event }) => {
        if (isParticipants(event)) (back[to.index] ??= []).push(from.index)
        if (isTimer(event) && to.terminal) expires.add(from.index)
        return null
      },
      end: ({ nodes }) => {
        const waiting = nodes.filter((it) => !it.terminal && it.snapshot.hasTag('waitingOnParticipant'))
        const freed = reach(
          back,
          nodes.filter((it) => !waiting.includes(it)).map((it) => it.index),
        )
        for (const at of waiting) {
          if (!freed.has(at.index)) return { wrong: 'the participant cannot get out', at }
          if (!expires.has(at.index)) return { wrong: 'it never expires', at }
        }
        return null
      },
    }
  },
}

export const terminalIsQuiet = ofSteps(
  'nothing ticks in a terminal state',
  ({ to, snapshot, pending }): string | null => {
    if (!to.terminal) return null
    const { armed, pauseCauses, objectionOpen, closedAt } = contextOf(snapshot)
    if (Object.keys(armed).length > 0) return `armed: ${Object.keys(armed).join(', ')}`
    if (pending.length > 0) return `pending: ${pending.map((it) => `${it.family}.${it.threshold}`).join(', ')}`
    const open = openRegions(snapshot)
    if (open.length > 0) return `clocks open: ${open.join(', ')}`
    if (pauseCauses.length > 0) return 'still paused'
    if (objectionOpen) return 'an objection is still open'
    return closedAt === null ? 'no closing instant' : null
  },
)

const OPEN = ['running', 'paused', 'breached', 'breachedPaused']
const openRegions = (snapshot: AnyMachineSnapshot): string[] =>
  Object.entries(regionsOf(snapshot)).flatMap(([region, state]) => (OPEN.includes(state) ? [region] : []))

export const pausesAgree = ofSteps(
  'clocks are paused exactly while there are causes to wait for the participant',
  ({ to, snapshot }) => {
    const { pauseCauses, provenEmail, provenPhone } = contextOf(snapshot)
    for (const region of PAUSABLE) {
      const state = regionsOf(snapshot)[region] ?? ''
      if (!OPEN.includes(state)) continue
      const paused = state === 'paused' || state === 'breachedPaused'
      if (paused !== pauseCauses.length > 0) return `${region} is ${state} with causes [${pauseCauses.join(', ')}]`
    }
    if (to.leaf === 'draft' || to.terminal) return null
    const waits = snapshot.hasTag('waitingOnParticipant')
    if (waits !== pauseCauses.length > 0) return `${to.leaf} has causes [${pauseCauses.join(', ')}]`
    if (waits && pauseCauses.includes('contactUnproven') === (provenEmail && provenPhone))
      return `contacts ${provenEmail && provenPhone ? '' : 'not '}proven with causes [${pauseCauses.join(', ')}]`
    return null
  },
)

export const timersAreCurrent = ofSteps(
  'every pending timer has the current generation, and every open promise has its due timer',
  ({ snapshot, pending }) => {
    const { armed } = contextOf(snapshot)
    const stale = pending.find((it) => armed[it.family] !== it.generation)
    if (stale !== undefined) return `${stale.family}.${stale.threshold} is stale`
    for (const [region, state] of Object.entries(regionsOf(snapshot))) {
      const timers = pending.filter((it) => it.family === `sla:${region}`).map((it) => it.threshold)
      if (state === 'running' && !timers.includes('due')) return `${region} runs without a due timer`
      if ((state === 'paused' || state === 'breachedPaused') && timers.length > 0) return `${region} ticks while paused`
      if (state === 'breached' && timers.includes('due')) return `${region} is late and due again`
    }
    return null
  },
)

export const objectionsAreTimed = ofSteps(
  'an open objection has its own running promise, and only an open one has',
  ({ snapshot, ghost }) => {
    const state = regionsOf(snapshot)['objectionReview'] ?? ''
    const { objectionOpen } = contextOf(snapshot)
    return OPEN.includes(state) === (objectionOpen && !ghost.untimed)
      ? null
      : `objection ${objectionOpen ? 'open' : 'closed'}, clock ${state}`
  },
)

/** Verdicts by what happened: due reached while open or not, and how it ended (D20). */
export const verdictsFollowEvents = ofSteps(
  'met, metLate, void and breached follow from whether due had been reached and how the promise ended',
  ({ from, snapshot, effects, event, to }) => {
    for (const effect of effects) {
      if (effect.type !== 'clock.settle') continue
      const { target, outcome } = effect.params
      const was = regionsOf(from.snapshot)[target] ?? ''
      const late = was === 'breached' || was === 'breachedPaused'
      const kept = KEEPS[target]?.includes(event.type) ?? false
      const expected = kept ? (late ? 'metLate' : 'met') : late ? 'breached' : 'void'
      if (outcome !== expected) return `${target} was ${was}, ${event.type} made it ${outcome}`
      if (!kept && !to.terminal) return `${target} ended by ${event.type} without a decision`
      if (OPEN.includes(regionsOf(snapshot)[target] ?? '') && !REOPENS.includes(event.type))
        return `${target} still open`
    }
    return null
  },
)
const DECISIONS = ['approval.confirm', 'reject', 'objection.uphold']
const KEEPS: Readonly<Record<string, readonly string[]>> = {
  firstReview: ['verification.start', 'branch.arrive', ...DECISIONS, 'contacts.refused'],
  resolution: DECISIONS,
  objectionReview: ['objection.dismiss', 'objection.uphold'],
}
const REOPENS = ['reopen', 'contacts.refused', 'objection.uphold']

export const workNeedsProof = ofSteps(
  'nobody works on a ticket whose new contacts are not proven',
  ({ snapshot, ghost, to }) =>
    !to.terminal && snapshot.hasTag('waitingOnUs') && !(ghost.email && ghost.phone) ? `${to.leaf} without proof` : null,
)

export const staleTimersRefused = ofSteps('a timer of an older generation is never accepted', ({ name }) =>
  name.endsWith('(stale)') ? 'a stale timer was accepted' : null,
)

export const PROOFS = [
  safeToApply,
  noDeadEnds,
  pausesEnd,
  terminalIsQuiet,
  pausesAgree,
  timersAreCurrent,
  objectionsAreTimed,
  verdictsFollowEvents,
  staleTimersRefused,
  workNeedsProof,
] as const

function reach(edges: readonly (readonly number[] | undefined)[], from: readonly number[]): Set<number> {
  const reached = new Set(from)
  const queue = [...from]
  for (let at = queue.pop(); at !== undefined; at = queue.pop())
    for (const next of edges[at] ?? []) {
      if (reached.has(next)) continue
      reached.add(next)
      queue.push(next)
    }
  return reached
}

/** Are two closed tickets that were taken for one really one? Reopening either leads to equal values and facts. */
export const sameAfterReopen = (a: AnyMachineSnapshot, b: AnyMachineSnapshot): boolean => {
  const facts = (it: AnyMachineSnapshot) => {
    const context = contextOf(it)
    // What the key leaves out: numbers, instants and names that no guard reads, and an approval that reopening has voided.
    const blank = { generation: 0, cycle: 0, flags: [], officeId: '', releasedAt: null, uploaders: [] }
    return { ...context, ...blank, uploads: context.uploaders.includes('c'), armed: Object.keys(context.armed) }
  }
  return isDeepStrictEqual(settledAlike(a), settledAlike(b)) && isDeepStrictEqual(facts(a), facts(b))
}
const settledAlike = (snapshot: AnyMachineSnapshot) =>
  Object.values(snapshot.value as Record<string, unknown>).map((it) =>
    ['met', 'metLate', 'voided', 'breachStands'].includes(String(it)) ? 'settled' : it,
  )
