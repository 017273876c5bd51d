import { isOpen, nextOpening, type BusinessCalendar } from '../../calendar/index.js'
import { PulihError } from '../../engine/errors.js'
import { dueOf } from '../../engine/promise.js'
import type { Accepted, TicketRow } from '../../engine/types.js'
import { wallMinutes } from '../../machines/policy.js'
import { sampleOf } from '../../machines/samples.js'
import type { Role, Story, StoryStep, TicketType } from '../../machines/ticketType.js'
import { createDice, type Dice } from '../dice.js'
import { newTally, stepThrough, type Refusal, type Tally } from '../live.js'
import { local } from '../period.js'
import type { DemoWorld } from '../world.js'

/** Tickets are filed in the weeks around Lebaran 2026; time goes on until every wait of theirs has had its chance to end. */
const FILED_FROM = local('2026-03-09T07:00')
const FILED_UNTIL = local('2026-03-30T07:00')
export const UNTIL = local('2026-06-01T00:00')

/** Every so many tickets one walks at random, also beside stories: what nobody thought of happens too. */
const WANDERS_EVERY = 4
const MOST_STEPS = 12
const FILING_TRIES = 20
const OFFICERS: ReadonlySet<Role> = new Set(['agent', 'checker', 'supervisor'])

/** One ticket on its way: through a story, or wherever the dice lead. */
export interface AnyTicket {
  readonly index: number
  readonly story: Story | null
  readonly dice: Dice
  ticketId: string | null
  done: number
  nextAt: number | null
}
export interface AnyLived extends Tally {
  readonly tickets: readonly AnyTicket[]
}

/** Lives through the weeks with `count` tickets of any type. What goes otherwise than a story says is a surprise. */
export async function liveAny(
  world: DemoWorld,
  type: TicketType,
  options: { readonly tickets: number; readonly seed: number; readonly onStep?: (now: number) => void },
): Promise<AnyLived> {
  const { stories = [] } = type
  const tickets = Array.from({ length: options.tickets }, (_, index): AnyTicket => {
    const dice = createDice(options.seed, `${type.type}/${index}`)
    const wanders = stories.length === 0 || index % WANDERS_EVERY === WANDERS_EVERY - 1
    const nth = index - Math.floor(index / WANDERS_EVERY)
    const filedAt = FILED_FROM + Math.floor(((FILED_UNTIL - FILED_FROM) * index) / options.tickets)
    return {
      ...{ index: index + 1, dice, ticketId: null, done: 0 },
      story: wanders ? null : (stories[nth % stories.length] ?? null),
      nextAt: filedAt + dice.int(0, 24 * 3600) * 1000,
    }
  })
  const lived = { tickets, ...newTally() }
  const scene = { world, type, lived }
  const next = () => {
    const due = tickets.filter((it) => it.nextAt !== null)
    const first = due.reduce<AnyTicket | null>((a, b) => ((a?.nextAt ?? Infinity) <= (b.nextAt ?? 0) ? a : b), null)
    return first?.nextAt == null ? null : { at: first.nextAt, act: () => actOn(scene, first) }
  }
  await stepThrough(world, UNTIL, next, lived, options.onStep)
  return lived
}

interface Scene {
  readonly world: DemoWorld
  readonly type: TicketType
  readonly lived: AnyLived
}

async function actOn(scene: Scene, ticket: AnyTicket): Promise<void> {
  scene.lived.commands += 1
  if (ticket.ticketId === null) {
    const filing = () =>
      attempt(async () => {
        ticket.ticketId = (await file(scene, ticket)).ticketId
      })
    let code = await filing()
    // The schema does not say everything: a sampled office may be no branch, and the dice are thrown again.
    for (let again = 0; again < FILING_TRIES && code === 'VALIDATION_FAILED' && ticket.story === null; again++)
      code = await filing()
    if (code !== null) note(scene, ticket, scene.type.filingEvent, code)
  } else {
    const [, role, type, payload] = await nextStep(scene, ticket, ticket.ticketId)
    const code = type === null ? null : await send(scene, ticket, ticket.ticketId, role, { ...payload, type })
    if (code !== null && type !== null) note(scene, ticket, type, code)
    ticket.done += 1
  }
  ticket.nextAt = await nextInstant(scene, ticket)
}

/** A story goes as it is written; a wanderer is told no now and then, but never for a reason that nobody foresaw. */
function note({ world, lived }: Scene, { story, ticketId }: AnyTicket, event: string, code: string): void {
  const refusal: Refusal = { ticketId: ticketId ?? '-', at: world.clock.now(), event, code }
  if (story === null && FORESEEN.has(code)) lived.refusals.push(refusal)
  else lived.surprises.push(refusal)
}
const FORESEEN: ReadonlySet<string> = new Set(['EVENT_NOT_ALLOWED', 'OWN_CASE', 'VALIDATION_FAILED'])

async function attempt(work: () => Promise<void>): Promise<string | null> {
  try {
    await work()
    return null
  } catch (error) {
    if (error instanceof PulihError) return error.code
    throw error
  }
}

function file({ world, type }: Scene, { story, dice, index }: AnyTicket): Promise<Accepted> {
  const roles = type.publicEvents[type.filingEvent]?.roles ?? []
  const role = story?.by ?? roles[dice.int(0, Math.max(0, roles.length - 1))] ?? 'portal'
  const filing = { ...(story?.filing ?? sampledFiling(type, dice)) }
  // Each ticket has a participant of its own, where its type knows one by this name.
  if ('participantRef' in filing) filing['participantRef'] = `ps_contoh-${String(index).padStart(4, '0')}`
  const key = `demo-${index}`
  return world.engine.file({ type: type.type, filing, actor: actorOf(role, index), key, fingerprint: key })
}

const sampledFiling = ({ filing, stories = [] }: TicketType, dice: Dice): Readonly<Record<string, unknown>> => {
  const told = stories[dice.int(0, Math.max(0, stories.length - 1))]
  return (told?.filing ?? sampleOf(filing, (below) => dice.int(0, below - 1)) ?? {}) as Readonly<
    Record<string, unknown>
  >
}

/** One person per role and, for participants, per ticket. */
const actorOf = (role: Role, index: number) =>
  ({ id: role === 'participant' ? `peserta-${index}` : `${role}-${(index % 5) + 1}`, role }) as const

async function send(
  { world }: Scene,
  { index, done }: AnyTicket,
  ticketId: string,
  role: Role,
  event: { readonly type: string; readonly [key: string]: unknown },
): Promise<string | null> {
  const { contentVersion } = await rowOf(world, ticketId)
  const key = `demo-${index}-${done}`
  return attempt(async () => {
    await world.engine.handle({
      ...{ ticketId, event, actor: actorOf(role, index), key, fingerprint: key },
      expectedContentVersion: contentVersion,
    })
  })
}

/** What the story says, or something that somebody could send now; no event: nobody does anything this time. */
async function nextStep(
  { world, type }: Scene,
  { story, done, dice }: AnyTicket,
  ticketId: string,
): Promise<StoryStep | readonly [null, Role, null, undefined]> {
  const nothing = [null, 'portal', null, undefined] as const
  if (story !== null) return story.steps[done] ?? nothing
  const row = await rowOf(world, ticketId)
  const open = isOpen(calendarOf(world, row), world.clock.now())
  const roles = (['participant', 'portal', 'agent', 'checker', 'supervisor'] as const).filter(
    (role) => open || !OFFICERS.has(role),
  )
  const possible = roles.flatMap((role) =>
    world.engine.allowed(row, actorOf(role, 1)).map((event) => ({ role, name: event.type })),
  )
  const chosen = possible[dice.int(0, Math.max(0, possible.length - 1))]
  if (chosen === undefined || dice.int(0, 5) === 0) return nothing
  const { role, name } = chosen
  const given = type.samples?.[name] ?? []
  const schema = type.publicEvents[name]?.payload
  const sampled = schema === undefined ? undefined : sampleOf(schema, (below) => dice.int(0, below - 1))
  const payload = given[dice.int(0, Math.max(0, given.length - 1))] ?? sampled
  return payload === undefined ? nothing : [wallMinutes(1), role, name, payload as Readonly<Record<string, unknown>>]
}

/** A story's own wait; a wanderer's hours or days. Officers act while their office is open. */
async function nextInstant({ world }: Scene, { story, done, dice, ticketId }: AnyTicket): Promise<number | null> {
  if (ticketId === null) return null
  const row = await rowOf(world, ticketId)
  const calendar = calendarOf(world, row)
  const now = world.clock.now()
  if (story === null) return done >= MOST_STEPS ? null : now + dice.int(600, dice.pick([4, 30, 120]) * 3600) * 1000
  const step = story.steps[done]
  if (step === undefined) return null
  const [after, role] = step
  const at = dueOf(calendar, now, after, 'calendar')
  // A closing instant is closed: what would fall there waits for the next opening.
  return OFFICERS.has(role) && !isOpen(calendar, at) ? nextOpening(calendar, at).opening + 60_000 : at
}

const calendarOf = ({ engine: { reference } }: DemoWorld, { officeId }: TicketRow): BusinessCalendar =>
  reference.calendar(reference.office(officeId).calendarId)

async function rowOf({ store }: DemoWorld, ticketId: string): Promise<TicketRow> {
  const row = await store.findTicket(ticketId)
  if (row === null) throw new PulihError('TICKET_NOT_FOUND', 'There is no such ticket.')
  return row
}
