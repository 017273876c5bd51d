import { createDice } from '../dice.js'
import { agentTurn, checkerTurn, did, type Deeds, type Desk } from './desk.js'
import { files, looks, withdraws, type DrawCard, type Filer } from './filers.js'
import { newTraffic, type Traffic } from './http.js'
import { at, END, people, rounds, START, visitingHour, walkInNumber } from './plan.js'
import { reportOn, type DayReport } from './report.js'
import { judges, noticeCode, objects, outage, outageOver, revokes, visits, walkIn } from './scenes.js'
import { hire, type Crew, type CrewSize, type Officer } from './staff.js'
import { openDayWorld, type DayWorld } from './world.js'

export interface DayOptions {
  readonly submissions: number
  readonly seed: number
  readonly crew: CrewSize
  readonly draw: DrawCard
  /** Where the thrown-away data folder is made. */
  readonly folder?: string | undefined
  /** Called after each step with the virtual instant reached. */
  readonly onStep?: ((now: number) => void) | undefined
}

const MINUTE = 60_000
/** The directory holds a few people more than file. */
const SPARE = 40

/** What the story has to remember between its scenes. */
interface Story {
  readonly world: DayWorld
  readonly crew: Crew
  readonly desk: Desk
  readonly filers: ReadonlyMap<string, Filer>
  readonly todo: { at: number; readonly act: () => Promise<void> }[]
  revokedTicket: string | null
  readonly objected: string[]
  doomed: Officer | null
}

/** Lives four days around a holiday through the HTTP API alone. */
export async function runDay(options: DayOptions): Promise<DayReport> {
  const { submissions, seed, folder } = options
  const world = await openDayWorld({ seed, start: START, people: submissions + SPARE, folder })
  try {
    const traffic = newTraffic()
    const crew = await hire(world, traffic, options.crew)
    const deeds: Deeds = new Map()
    const story = tell(world, crew, deeds, seed)
    const filers = plan(story, traffic, options)
    await live(story, options)
    const { revokedTicket } = story
    const staff = crew.agents.length + crew.checkers.length + crew.supervisors.length + crew.branch.length + 1
    const ticketIds = [...filers.map((it) => it.ticketId), ...story.walkedIn]
    return await reportOn(world, {
      options,
      traffic,
      deeds,
      ticketIds,
      revokedTicket,
      staff,
      signIns: crew.signIns.count,
    })
  } finally {
    await world.close()
  }
}

type Told = Story & { readonly walkedIn: string[]; readonly byTicket: Map<string, Filer> }

function tell(world: DayWorld, crew: Crew, deeds: Deeds, seed: number): Told {
  const byTicket = new Map<string, Filer>()
  const todo: Story['todo'] = []
  const story: Told = {
    ...{ world, crew, todo, byTicket, filers: byTicket, walkedIn: [], revokedTicket: null, objected: [] },
    doomed: crew.checkers.at(-1) ?? null,
    desk: {
      ...{ world, deeds, dice: createDice(seed, 'desk'), upheld: new Set<string>() },
      waits(ticketId, what) {
        const filer = byTicket.get(ticketId)
        if (filer === undefined) return
        const ready = world.clock.now() + filer.intent.answerAfter * MINUTE
        if (what === 'visit' && filer.rival) return
        if (what === 'visit') later(story, visitingHour(ready), () => visits(story.desk, crew, ticketId))
        else later(story, ready, () => looks(world, filer, drawOf(story)))
      },
      onApproved: (ticketId, by) => approved(story, ticketId, by),
    },
  }
  return story
}
const draws = new WeakMap<Story, DrawCard>()
function drawOf(story: Story): DrawCard {
  const draw = draws.get(story)
  if (draw === undefined) throw new TypeError('nobody draws cards')
  return draw
}

const later = ({ todo }: Story, instant: number, act: () => Promise<void>): void => void todo.push({ at: instant, act })

/** The first approval of the doomed checker costs them their role; two others are objected to while they wait. */
async function approved(story: Told, ticketId: string, by: Officer): Promise<void> {
  const { world, crew, desk, byTicket, objected } = story
  const filer = byTicket.get(ticketId)
  if (filer === undefined) return
  if (by === story.doomed) {
    story.doomed = null
    story.revokedTicket = ticketId
    await revokes(desk, crew, by)
  } else if (objected.length < 2 && filer.person.kind === 'plain' && filer.ticketNumber !== '') {
    const code = await noticeCode(filer.client, ticketId)
    // An approval without a hold tells nobody how to object.
    if (code === '') return
    objected.push(ticketId)
    const { client, ticketNumber } = filer
    later(story, world.clock.now() + 45 * MINUTE, () => objects(desk, client, ticketNumber, code))
  }
}

function plan(story: Told, traffic: Traffic, { submissions, seed, draw }: DayOptions): readonly Filer[] {
  const { world, crew, desk, byTicket } = story
  draws.set(story, draw)
  const filers = people(world, traffic, seed, submissions)
  for (const filer of filers)
    later(story, filer.filesAt, async () => {
      await files(world, filer, draw)
      byTicket.set(filer.ticketId, filer)
      const { withdrawAfter } = filer.intent
      if (withdrawAfter === null) return
      later(story, filer.filesAt + withdrawAfter * MINUTE, async () => {
        if (await withdraws(world, filer)) did(desk.deeds, 'withdrawn')
      })
    })
  later(story, at(2, 9.5), async () => {
    const number = walkInNumber(seed, submissions)
    story.walkedIn.push(await walkIn(desk, crew, { seed, number, start: START, draw }))
  })
  const [supervisor] = crew.supervisors
  if (supervisor !== undefined)
    later(story, at(2, 9.1), async () => {
      const id = await outage(desk, supervisor)
      later(story, at(2, 9.6), () => outageOver(desk, supervisor, id))
    })
  for (const instant of rounds()) later(story, instant, () => round(story))
  return filers
}

/** Everybody at their desks looks at the queue once. */
async function round(story: Told): Promise<void> {
  const { crew, desk } = story
  const revoked = story.revokedTicket !== null
  for (const officer of crew.agents) await agentTurn(desk, officer)
  const checkers = crew.checkers.filter((_, n) => !(revoked && n === crew.checkers.length - 1))
  // A proposal is looked at soon: checkers take several in one go.
  for (let waiting = true; waiting;) {
    waiting = false
    for (const officer of checkers) {
      if (officer === crew.checkers.at(-1) && story.revokedTicket !== null) continue
      waiting = (await checkerTurn(desk, officer)) || waiting
    }
  }
  for (const supervisor of crew.supervisors) await judges(desk, supervisor)
}

async function live({ world, todo }: Told, { onStep }: DayOptions): Promise<void> {
  for (;;) {
    const next = todo.reduce<Story['todo'][number] | null>(
      (first, it) => (first === null || it.at < first.at ? it : first),
      null,
    )
    if (next === null || next.at > END) break
    todo.splice(todo.indexOf(next), 1)
    await world.liveUntil(next.at)
    await next.act()
    await world.settle()
    onStep?.(world.clock.now())
  }
  await world.liveUntil(END)
  await world.services.audit.finish()
}
