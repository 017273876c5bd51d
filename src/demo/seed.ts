import type { Store } from '../../db/types.js'
import { subtractBusinessMinutes, type BusinessCalendar } from '../calendar/index.js'
import type { Clock } from '../engine/clock.js'
import type { Engine } from '../engine/types.js'
import { actorOf, OFFICES, type OfficeId } from './cast.js'
import { samples, type Sample } from './samples.js'

export interface SeedParts {
  readonly engine: Pick<Engine, 'file' | 'handle' | 'deliverTimer' | 'reference'>
  readonly store: Store
  readonly clock: Clock
}
export interface Seeded {
  readonly ticketId: string
  readonly ticketNumber: string
  readonly state: string
}

/**
 * Files a few tickets in as many states, once: a sample that is there stays as people left it, and one that a start was cut off at is
 * gone on with. Their events lie in the last operating hours before now, so that it also works at night and on holidays; nothing lies in the future.
 */
export async function seedSampleTickets(parts: SeedParts): Promise<readonly Seeded[]> {
  const seeded: Seeded[] = []
  for (const [index, sample] of samples.entries()) seeded.push(await seedOne(parts, sample, index + 1))
  return seeded
}

async function seedOne(parts: SeedParts, sample: Sample, number: number): Promise<Seeded> {
  const { engine, store, clock } = parts
  const { office, part } = sample
  const key = `seed-${number}`
  const participantRef = `ps_contoh-00${number}`
  const { items } = await store.listTickets({ participantRef }, 'filed', 1, null)
  const [known] = items
  const calendar = engine.reference.calendar(engine.reference.office(office).calendarId)
  const now = clock.now()
  const ticketId =
    known?.id ??
    (
      await engine.file({
        ...{ type: 'pengaduan', key, fingerprint: key },
        filing: { declaration: true, officeId: office, participantRef, ...sample.filing },
        actor: actorOf(part, office, number),
        at: ago(calendar, now, sample.openMinutesAgo),
      })
    ).ticketId
  const done = await stepsDone(store, ticketId, key)
  for (const [step, [openMinutesAgo, who, event]] of sample.steps.entries()) {
    if (step < done) continue
    const row = await store.findTicket(ticketId)
    await engine.handle({
      ...{ ticketId, event, key: `${key}-${step + 1}`, fingerprint: `${key}-${step + 1}` },
      actor: actorOf(who, deskOf(row?.officeId), number),
      at: ago(calendar, now, openMinutesAgo),
      expectedContentVersion: row?.contentVersion,
    })
  }
  if (done < sample.steps.length || known === undefined) await ringWhatIsDue(parts, ticketId)
  const { ticketNumber = '', state = 'draft' } = (await store.findTicket(ticketId)) ?? {}
  return { ticketId, ticketNumber, state }
}

const LOGGED = 1_000

/** How many of a sample's steps an earlier start took before it was cut off; all of them once a person did something to it. */
async function stepsDone(store: Store, ticketId: string, key: string): Promise<number> {
  const log = (await store.readLog(ticketId, 0, LOGGED)).filter((it) => it.actorRole !== 'system')
  const ours = log.map(({ commandId }) => commandId?.split(':').at(-1) ?? '').filter((it) => it.startsWith(key))
  const steps = new Set(ours.filter((it) => it.startsWith(`${key}-`)))
  return ours.length === log.length ? steps.size : Number.POSITIVE_INFINITY
}

const ago = (calendar: BusinessCalendar, now: number, openMinutes: number): number =>
  openMinutes === 0 ? now : subtractBusinessMinutes(calendar, now, openMinutes)

const deskOf = (officeId: string | undefined): OfficeId => OFFICES.find((it) => it === officeId) ?? 'pusat'

/** A promise that ran out before the service started is late at once, not at the first sweep. */
async function ringWhatIsDue({ engine, store, clock }: SeedParts, ticketId: string): Promise<void> {
  for (const timer of await store.timersOf(ticketId))
    if (timer.state === 'pending' && timer.dueAt <= clock.now()) await engine.deliverTimer(timer)
}
