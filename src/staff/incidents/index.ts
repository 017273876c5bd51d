import type { IncidentRow, IncidentStore } from '../../../db/staff/incidents.js'
import type { AuditWriter } from '../../audit/types.js'
import type { Clock } from '../../engine/clock.js'
import { PulihError } from '../../engine/errors.js'
import type { Ids } from '../../engine/ids.js'
import type { TaskHandler, Tasks } from '../../intake/tasks.js'
import type { Actor } from '../../machines/ticketType.js'
import type { MessageTeller } from './teller.js'
import { INCIDENT_POLICY } from './policy.js'
import type { INCIDENT_CAUSES, IncidentTitle } from './words.js'

export { INCIDENT_POLICY } from './policy.js'
export { bannerOf, INCIDENT_CAUSES, INCIDENT_TITLES } from './words.js'

export interface IncidentOrder {
  readonly cause: (typeof INCIDENT_CAUSES)[number]
  readonly title: IncidentTitle
  readonly fromAt: number
  readonly untilAt: number | null
  /** Scoped to the caller, with a hash of what was asked. */
  readonly key: string
  readonly fingerprint: string
}
export interface Incident {
  readonly row: IncidentRow
  readonly tickets: number
}

/** Outages on our side (R29): declared, announced, ended, each in the audit before it counts. Tickets are linked by bulk work (`incident.link`). */
export interface Incidents {
  /** The same key again gives the same incident. Throws IDEMPOTENCY_KEY_REUSED. */
  declare(order: IncidentOrder, actor: Actor): Promise<Incident & { readonly replayed: boolean }>
  /** From here on every page and answer of filing says so. Harmless when repeated. Throws NOT_FOUND, INCIDENT_OVER. */
  announce(id: string, actor: Actor): Promise<Incident>
  /** Over: the banner goes, and the proven contacts of every linked ticket are told. Harmless when repeated. Throws NOT_FOUND. */
  end(id: string, actor: Actor): Promise<Incident>
  /** Newest first. */
  list(): Promise<readonly Incident[]>
  /** What everybody may know now. */
  announced(): Promise<readonly IncidentRow[]>
  readonly handlers: readonly TaskHandler[]
}

interface Parts {
  readonly store: IncidentStore
  readonly audit: AuditWriter
  readonly clock: Clock
  readonly ids: Pick<Ids, 'id'>
  readonly tasks: Tasks
  readonly messenger: MessageTeller
}

const OVER = 'incident_over'
const TELL = 'incident_tell'
const INCIDENT_ENDED = 'incident.ended'
const PAGE = 500
const SHOWN = 100

export function createIncidents(parts: Parts): Incidents {
  const { store, clock, ids, tasks } = parts
  const found = async (id: string): Promise<IncidentRow> => {
    const row = await store.findIncident(id)
    if (row === null) throw new PulihError('NOT_FOUND', 'no such incident')
    return row
  }
  const shown = async (id: string): Promise<Incident> => counted(store, await found(id))
  return {
    async declare({ cause, title, fromAt, untilAt, key, fingerprint }, actor) {
      const known = await store.findIncidentByKey(key)
      const [id, declaredAt] = [ids.id(), clock.now()]
      const said = { cause, title, fromAt, untilAt }
      const nobody = { announcedBy: null, announcedAt: null, endedBy: null, endedAt: null }
      const row = { id, key, fingerprint, ...said, declaredBy: actor.id, declaredAt, ...nobody }
      if (known === null) {
        const detail = { ...said, clocks: INCIDENT_POLICY.clocks, policy: INCIDENT_POLICY.version }
        await record(parts, actor, 'incident.declare', id, detail)
      }
      const added = known === null && (await store.addIncident(row))
      const twin = added ? row : (known ?? (await store.findIncidentByKey(key)))
      if (twin?.fingerprint !== fingerprint)
        throw new PulihError('IDEMPOTENCY_KEY_REUSED', 'This key declared another incident.')
      return { ...(await counted(store, twin)), replayed: !added }
    },
    async announce(id, actor) {
      const { endedAt, announcedAt } = await found(id)
      if (endedAt !== null) throw new PulihError('INCIDENT_OVER', 'this incident has ended')
      if (announcedAt === null) {
        await record(parts, actor, 'incident.announce', id, {})
        await store.announceIncident(id, actor.id, clock.now())
      }
      return shown(id)
    },
    async end(id, actor) {
      const { endedAt } = await found(id)
      if (endedAt === null) {
        await record(parts, actor, 'incident.end', id, { tickets: await store.countLinked(id) })
        await store.endIncident(id, actor.id, clock.now())
      }
      // Asked for every time: a crash in between leaves nobody untold, and nobody is told twice.
      await tasks.ask(OVER, id, id)
      return shown(id)
    },
    list: async () => Promise.all((await store.listIncidents(SHOWN)).map((row) => counted(store, row))),
    announced: () => store.announcedIncidents(clock.now()),
    handlers: [over(parts), tell(parts)],
  }
}

const counted = async (store: IncidentStore, row: IncidentRow): Promise<Incident> => ({
  row,
  tickets: await store.countLinked(row.id),
})

const record = (
  { audit, clock }: Parts,
  { id: actorId, role }: Actor,
  action: string,
  subject: string,
  detail: object,
) => audit.record({ at: clock.now(), actorId, actorRole: role, action, subject, detail: { ...detail } })

/** One task for each linked ticket, so that one address that fails keeps nobody else waiting. */
const over = ({ store, tasks }: Parts): TaskHandler => ({
  kind: OVER,
  async run({ ref: incidentId }) {
    let after: string | null = null
    do {
      const page: readonly string[] = await store.linkedTickets(incidentId, after, PAGE)
      for (const ticketId of page) await tasks.ask(TELL, ticketId, incidentId)
      after = page.length < PAGE ? null : (page.at(-1) ?? null)
    } while (after !== null)
  },
})

const tell = ({ messenger }: Parts): TaskHandler => ({
  kind: TELL,
  async run({ ticketId, ref: incidentId }) {
    const message = { ref: `${incidentId}-${ticketId}`, ticketId, template: INCIDENT_ENDED, audience: 'participant' }
    try {
      await messenger.deliver(message)
    } catch (error) {
      // Whoever is erased is told nothing any more.
      if (!(error instanceof PulihError) || error.code !== 'ERASED') throw error
    }
  },
})
