import { afterAll, describe, expect, test } from 'vitest'
import type { AnyMachineSnapshot } from 'xstate'
import type { PengaduanContext } from '../../src/machines/pengaduan/context.js'
import { step } from '../../src/machines/snapshots.js'
import type { TicketType } from '../../src/machines/ticketType.js'
import { ticketType } from '../../src/machines/types/pengaduan.js'
import { withConfig, withGuards, type Config } from './broken.js'
import { EVENTS, STARTS, type Start } from './events.js'
import { explore } from './explore.js'
import {
  noDeadEnds,
  objectionsAreTimed,
  pausesAgree,
  pausesEnd,
  PROOFS,
  safeToApply,
  sameAfterReopen,
  staleTimersRefused,
  terminalIsQuiet,
  timersAreCurrent,
  verdictsFollowEvents,
  workNeedsProof,
  type Proof,
} from './proofs.js'

/**
 * Three questions, each with the events that matter to it, so that every path fits into seconds. Left out where they change nothing:
 * clocks never speak to `handling` (so "who" needs no SLA timers), and one pair of officers is enough where nobody asks who they are.
 */
const WORLDS = [
  { question: 'who may decide', starts: [0, 1, 2, 3], without: /^sla|promise|SLIP/ },
  { question: 'when things are due', starts: [0, 2, 4], without: /by c|mismatched|promise|SLIP/ },
  {
    question: 'documents and longer promises',
    starts: [0, 2],
    without: /by c|mismatched|risk|objection|warn|escalate/,
  },
] as const

const [digital, typed, desk] = STARTS as [Start, Start, Start]
/** What needs the schedule beside the snapshot. */
const TIMED: readonly Proof[] = [terminalIsQuiet, timersAreCurrent]
const explored = { configurations: 0, transitions: 0, refused: 0 }
const states = new Set<string>()
const accepted = new Set<string>()
const effectsSeen = new Set<string>()

describe.each(WORLDS)('over every path: $question', ({ question, starts, without }) => {
  test.each(starts.map((it) => STARTS[it]!))('$name', (start) => {
    const withTime = question !== 'who may decide'
    const running = PROOFS.filter((it) => withTime || !TIMED.includes(it)).map((proof) => ({
      proof,
      at: proof.start(),
    }))
    const findings: string[] = []
    const say = (proof: Proof, wrong: string, path: string) => {
      if (findings.length < 5) findings.push(`${proof.name}: ${wrong} (${path})`)
    }
    const exploration = explore(
      start,
      (edge, { pathTo }) => {
        accepted.add(edge.event.type)
        for (const effect of edge.effects) effectsSeen.add(effect.type)
        for (const { proof, at } of running) {
          const wrong = at.visit(edge)
          if (wrong !== null) say(proof, wrong, `${pathTo(edge.from)} > ${edge.name}`)
        }
        if (
          start === desk &&
          edge.to.terminal &&
          edge.snapshot !== edge.to.snapshot &&
          !sameClosed(edge.snapshot, edge.to.snapshot)
        )
          findings.push(`two closed tickets were taken for one: ${pathTo(edge.from)} > ${edge.name}`)
      },
      { without: (name) => without.test(name), withTime },
    )
    for (const { proof, at } of running) {
      const last = at.end?.(exploration) ?? null
      if (last !== null) say(proof, last.wrong, exploration.pathTo(last.at))
    }
    for (const node of exploration.nodes) states.add(node.leaf)
    explored.configurations += exploration.nodes.length
    explored.transitions += exploration.transitions
    explored.refused += exploration.refused
    expect(findings).toEqual([])
    expect(exploration.nodes.length).toBeGreaterThan(500)
  })
})

afterAll(() => {
  const { configurations, transitions, refused } = explored
  if (configurations > 0)
    console.log(`explored ${configurations} configurations, ${transitions} transitions, ${refused} refusals`)
})

const reopened = (closed: AnyMachineSnapshot) => {
  const { taken, snapshot } = step(ticketType, closed, EVENTS['reopen']!)
  return taken ? snapshot : null
}
/** What reopening a configuration's first snapshot leads to, once for all that were taken for it. */
const reopenings = new WeakMap<AnyMachineSnapshot, { readonly to: AnyMachineSnapshot | null }>()
function sameClosed(a: AnyMachineSnapshot, known: AnyMachineSnapshot): boolean {
  const one = reopened(a)
  let other = reopenings.get(known)
  if (other === undefined) reopenings.set(known, (other = { to: reopened(known) }))
  return one === null || other.to === null ? one === other.to : sameAfterReopen(one, other.to)
}

describe('the exploration leaves nothing out', () => {
  test('every handling state is reached', () => {
    expect([...states].sort()).toEqual(Object.keys(ticketType.states).sort())
  })
  test('every public and every internal event is accepted somewhere', () => {
    const declared = [...Object.keys(ticketType.publicEvents), ...Object.keys(ticketType.internalEvents)]
    expect([...accepted].sort()).toEqual(declared.sort())
  })
  test('every effect is asked for somewhere', () => {
    expect([...effectsSeen].sort()).toEqual(Object.keys(ticketType.machine.implementations.actions).sort())
  })
})

/** Explores until the proof objects; null when it does not. */
function objectionOf(proof: Proof, type: TicketType, start: Start, more: RegExp): string | null {
  class Found extends Error {}
  const at = proof.start()
  try {
    const exploration = explore(
      start,
      (edge, { pathTo }) => {
        const wrong = at.visit(edge)
        if (wrong !== null) throw new Found(`${wrong} (${pathTo(edge.from)} > ${edge.name})`)
      },
      { type, withTime: TIMED.includes(proof), without: (name) => !EVERYDAY.test(name) && !more.test(name) },
    )
    const last = at.end?.(exploration) ?? null
    return last === null ? null : `${last.wrong} (${exploration.pathTo(last.at)})`
  } catch (error) {
    if (error instanceof Found) return error.message
    throw error
  }
}
/** What most tickets go through. A broken machine is looked for in this and in what its own case needs `more`: whoever knows fewer events walks fewer paths. */
const EVERYDAY =
  /^(submit|prove|upload KTP|withdraw|draft|noReply|release|verification|identity matched|propose|confirm|hold|contacts.applied)/
const NOTHING = /^$/
const DOCUMENTS = /^(documents|request KTP)/
const REFERRAL = /^(branch|referral)/
const OBJECTION = /^objection/
/** All that a participant can do, so that nothing of it is overlooked as a way out. */
const PARTICIPANT = /^(change|correction|objection.raise|reopen)/
const either = (...worlds: readonly RegExp[]) => new RegExp(worlds.map((it) => it.source).join('|'))

type Args = { context: PengaduanContext; event?: { actor: { id: string } } }
const always = () => true
const mayApproveBut =
  (forgotten: 'identity' | 'email' | 'maker' | 'filer' | 'uploader' | 'objection') => (args: Args) => {
    const { context } = args
    const actor = args.event?.actor.id ?? ''
    return (
      (forgotten === 'identity' || context.identityVerified) &&
      (forgotten === 'email' || context.provenEmail) &&
      context.provenPhone &&
      (forgotten === 'objection' || !context.objectionOpen) &&
      (forgotten === 'maker' || actor !== context.maker) &&
      (forgotten === 'filer' || actor !== context.filer) &&
      (forgotten === 'uploader' || !context.uploaders.includes(actor))
    )
  }
/** Guards that stand before mayApprove and would hide what it forgot. */
const open = { identityVerified: always, bothProven: always, provesLast: always }

const waiting = (handling: Config, state: string): Config => handling.states['active']!.states[state]!
function proposalSurvivesUpload(handling: Config): void {
  const { on } = waiting(handling, 'approvalProposed')
  const [upload] = (on['documents.upload'] as { actions: unknown[] }).actions
  on['documents.upload'] = { actions: [upload] }
}
function resumeWithoutGeneration(_: Config, root: Config): void {
  root.states['resolution']!.states['paused']!.on['clocks.resume'] = { target: 'running' }
}
function lateCountsAsMet(_: Config, root: Config): void {
  const { breached, running } = root.states['resolution']!.states
  breached!.on['clocks.decided'] = running!.on['clocks.decided']
}

describe('each proof finds the machine that breaks it', () => {
  const cases: readonly [string, Proof, TicketType, RegExp, more?: RegExp, start?: Start][] = [
    [
      'identity is not asked for',
      safeToApply,
      withGuards({ mayApprove: mayApproveBut('identity'), identityVerified: always }),
      /identity/,
    ],
    [
      'contacts are not asked for',
      safeToApply,
      withGuards({ mayApprove: mayApproveBut('email'), ...open, mayApply: always }),
      /proven/,
    ],
    ['the maker may check', safeToApply, withGuards({ mayApprove: mayApproveBut('maker') }), /checker is the maker/],
    [
      'the filer may check',
      safeToApply,
      withGuards({ mayApprove: mayApproveBut('filer') }),
      /checker filed/,
      NOTHING,
      typed,
    ],
    ['an uploader may check', safeToApply, withGuards({ mayApprove: mayApproveBut('uploader') }), /uploaded/],
    ['the filer may propose', safeToApply, withGuards({ independentMaker: always }), /maker filed/, NOTHING, typed],
    [
      'an objection is overlooked',
      safeToApply,
      withGuards({ mayApprove: mayApproveBut('objection') }),
      /objection/,
      OBJECTION,
    ],
    ['no hold', safeToApply, withGuards({ holdNeeded: () => false }), /hold/],
    [
      'a branch forgets elevated risk',
      safeToApply,
      withGuards({ holdNeeded: ({ context }) => context.route !== 'kantor_cabang' }),
      /hold/,
      /^risk/,
      desk,
    ],
    ['who refers may receive', safeToApply, withGuards({ arrivalWitness: always }), /hold/, REFERRAL],
    ['any timer ends the hold', safeToApply, withGuards({ currentDeadline: always }), /hold/],
    ['an upload leaves the proposal standing', safeToApply, withConfig(proposalSurvivesUpload), /nobody proposed/],
    [
      'nobody answers for applying',
      noDeadEnds,
      withConfig((it) => (it.states['approved']!.states['applying']!.on = {})),
      /applying/,
      OBJECTION,
    ],
    [
      'a frozen ticket has no supervisor',
      noDeadEnds,
      withConfig((it) => (it.states['approved']!.states['frozen']!.on = {})),
      /frozen/,
      OBJECTION,
    ],
    [
      'documents are awaited for ever',
      pausesEnd,
      withConfig((it) => delete waiting(it, 'documentsRequested').on['noReply.expire']),
      /never expires \(.*documentsRequested\)/,
      DOCUMENTS,
    ],
    [
      'only staff can end a referral',
      pausesEnd,
      withConfig((it) => delete it.states['active']!.on['withdraw']),
      /referredToBranch/,
      either(REFERRAL, PARTICIPANT),
    ],
    [
      'withdrawing does not stop the clocks',
      terminalIsQuiet,
      withConfig((it) => it.states['withdrawn']!.entry!.pop()),
      /armed: sla/,
    ],
    [
      'leaving a wait does not disarm it',
      terminalIsQuiet,
      withConfig((it) => delete waiting(it, 'contactUnproven').exit),
      /noReply/,
    ],
    [
      'arriving documents do not resume',
      pausesAgree,
      withConfig((it) => delete waiting(it, 'documentsUploaded').entry),
      /documentsUploaded|paused/,
      DOCUMENTS,
    ],
    [
      'a correction does not pause',
      pausesAgree,
      withConfig((it) => delete waiting(it, 'correctionNeeded').entry),
      /correctionNeeded/,
      /^correction/,
    ],
    [
      'a resumed clock keeps its generation',
      timersAreCurrent,
      withConfig(resumeWithoutGeneration),
      /stale|without a due/,
    ],
    [
      'an objection without a clock',
      objectionsAreTimed,
      withConfig((_, root) => (root.states['objectionReview']!.states['idle']!.on = {})),
      /objection open, clock idle/,
      OBJECTION,
    ],
    [
      'late is called in time',
      verdictsFollowEvents,
      withConfig(lateCountsAsMet),
      /resolution was breached/,
      either(OBJECTION, /^sla.due/),
    ],
    [
      'any proof counts as the last',
      workNeedsProof,
      withGuards({ provesLast: ({ context }) => !context.provenEmail }),
      /submitted without proof/,
    ],
    ['stale timers ring', staleTimersRefused, withGuards({ currentDeadline: always }), /stale/],
  ]
  /** What the proofs say of the real machine, by the world they look at: several cases share one. */
  const ofTheReal = new Map<string, string | null>()
  test.each(cases)('%s', (_name, proof, type, complaint, more = NOTHING, start = digital) => {
    expect(objectionOf(proof, type, start, more)).toMatch(complaint)
    // What was found is the machine's fault, not that of a world too small.
    const world = `${proof.name} | ${start.name} | ${more.source}`
    if (!ofTheReal.has(world)) ofTheReal.set(world, objectionOf(proof, ticketType, start, more))
    expect(ofTheReal.get(world)).toBeNull()
  })
})
