import { z } from 'zod'
import type { LogEntry, TicketRow } from '../../engine/types.js'
import { drawSvg, leaves, panelsOf, promiseStateLabel, transitionsOf, type Step } from '../../machines/drawing/index.js'
import type { Role, TicketType } from '../../machines/ticketType.js'
import { rolesOn } from '../../staff/referral.js'
import { officesOf } from '../../staff/scope.js'
import { ok, route, STAFF, type ApiDeps, type Call, type Reply, type Route } from '../context.js'
import { TicketWorkflow, TypeWorkflow } from '../shapes.workflow.js'
import { eventLabel, typeOf, visibleTicket } from '../ticketViews.js'
import { iso, labelOf } from '../words.js'

/** Whoever sees the list of work sees where it stands. */
const VIEWERS: readonly Role[] = ['agent', 'checker', 'supervisor', 'auditor']
const DrawQuery = z.strictObject({
  lang: z.enum(['id', 'en']).default('id'),
  theme: z.enum(['light', 'dark']).default('light'),
  promises: z.enum(['show', 'hide']).default('show'),
  detail: z
    .enum(['events', 'names'])
    .default('events')
    .describe('`names`: the states alone, large, to be read at a glance'),
})
type DrawQuery = z.infer<typeof DrawQuery>

/** So many open tickets of each standing are looked at for the numbers in a picture, and so many log entries for a path. */
const COUNTED = 50_000
const TOLD = 500
const SVG = 'image/svg+xml; charset=utf-8'
const SvgText = z.string().describe('An SVG picture without script or style')

/** The statechart as a picture and as a table, from the definition that the engine runs. */
export const workflowRoutes = (deps: ApiDeps): readonly Route[] => [
  route<DrawQuery>({
    method: 'get',
    path: '/v1/types/:type/drawing',
    operationId: 'drawType',
    summary:
      'Gambar alur jenis tiket: the statechart as SVG, with how many open tickets of the caller’s offices are in each state.',
    access: VIEWERS,
    query: DrawQuery,
    reply: { status: 200, description: 'The picture.', schema: SvgText, media: 'image/svg+xml' },
    problems: ['NOT_FOUND'],
    handle: async (call) => {
      const type = typeOf(deps.types, call.params['type'] ?? '')
      const { counts } = await countsOf(deps, type, call)
      return picture(drawSvg(type, { ...optionsOf(call.query), counts }))
    },
  }),
  route({
    method: 'get',
    path: '/v1/types/:type/workflow',
    operationId: 'getTypeWorkflow',
    summary: 'Alur jenis tiket sebagai tabel: every state with its open tickets, every transition with its conditions.',
    access: VIEWERS,
    reply: { status: 200, description: 'What the drawing shows.', schema: TypeWorkflow },
    problems: ['NOT_FOUND'],
    handle: (call) => typeWorkflow(deps, call),
  }),
  route<DrawQuery>({
    method: 'get',
    path: '/v1/tickets/:id/drawing',
    operationId: 'drawTicket',
    summary: 'Gambar alur satu tiket: the way it went, and where it is now.',
    access: STAFF,
    query: DrawQuery,
    reply: { status: 200, description: 'The picture.', schema: SvgText, media: 'image/svg+xml' },
    problems: ['TICKET_NOT_FOUND'],
    handle: async ({ params, actor, query }) => {
      const { ticket, type } = await visibleTicket(deps, params['id'] ?? '', actor)
      const { steps } = await pathOf(deps, ticket)
      const now = deps.engine.outlook(ticket, []).regions
      return picture(drawSvg(type, { ...optionsOf(query), ticket: { now, steps } }))
    },
  }),
  route({
    method: 'get',
    path: '/v1/tickets/:id/workflow',
    operationId: 'getTicketWorkflow',
    summary:
      'Alur satu tiket sebagai tabel: its path, and for every event whether it is possible now and, if not, why.',
    access: STAFF,
    reply: { status: 200, description: 'What the drawing shows, and why not.', schema: TicketWorkflow },
    problems: ['TICKET_NOT_FOUND'],
    handle: (call) => ticketWorkflow(deps, call),
  }),
]

const optionsOf = ({ lang, theme, promises, detail }: DrawQuery) => ({
  language: lang,
  theme,
  detail,
  promises: promises === 'show',
})
const picture = (svg: string): Reply => ({ status: 200, body: { bytes: Buffer.from(svg), media: SVG } })

const countsOf = ({ store }: ApiDeps, type: TicketType, { principal }: Pick<Call, 'principal'>) =>
  store.work.stateCounts.openByState(type.type, principal === null ? [] : officesOf(principal, VIEWERS), COUNTED)

async function typeWorkflow(deps: ApiDeps, call: Call) {
  const type = typeOf(deps.types, call.params['type'] ?? '')
  const { counts, more } = await countsOf(deps, type, call)
  const [main] = panelsOf(type)
  const states = leaves(main?.items ?? []).filter((it) => it.kind === 'leaf')
  return ok({
    type: type.type,
    version: type.version,
    label: type.label,
    refusals: type.refusals,
    groups: type.groups ?? {},
    states: states.map(({ key, label, standing }) => ({
      state: key,
      label,
      standing,
      open: standing === 'terminal' ? null : (counts.get(key) ?? 0),
    })),
    more,
    transitions: main === undefined ? [] : transitionsOf(main),
  })
}

async function ticketWorkflow(deps: ApiDeps, { params, actor, principal }: Call) {
  const { ticket, type } = await visibleTicket(deps, params['id'] ?? '', actor)
  const roles = principal === null ? [actor.role] : rolesOn(principal, ticket)
  const { events, regions } = deps.engine.outlook(
    ticket,
    roles.map((role) => ({ id: actor.id, role })),
  )
  const { entries, steps, more } = await pathOf(deps, ticket)
  return ok({
    ticketId: ticket.id,
    contentVersion: ticket.contentVersion,
    state: ticket.state,
    stateLabel: labelOf(type.states, ticket.state),
    promises: Object.entries(type.targets).map(([target, label]) => {
      const state = regions[target] ?? 'idle'
      return { target, label, state, stateLabel: promiseStateLabel(state) }
    }),
    path: steps.map((step, at) => ({
      n: at + 1,
      at: iso(entries[at]?.at ?? ticket.filedAt),
      ...step,
      label: eventLabel(type, step.event),
    })),
    more,
    events: events.map(({ reasons, ...event }) => ({
      ...event,
      reasons: reasons.map(({ guard, id, en }) => ({ code: guard, text: { id, en } })),
    })),
    timers: timersOf(ticket, type),
  })
}

/** Steps that led from one state to another, of the first entries of its log. */
async function pathOf({ store }: ApiDeps, { id }: TicketRow) {
  const log = await store.readLog(id, 0, TOLD)
  const entries: LogEntry[] = []
  const steps: Step[] = []
  let from: string | null = null
  for (const entry of log) {
    if (from !== null && entry.state !== from) {
      entries.push(entry)
      steps.push({ from, event: entry.event.type, to: entry.state })
    }
    from = entry.state
  }
  return { entries, steps, more: log.length === TOLD }
}

function timersOf({ schedule }: TicketRow, type: TicketType) {
  const deadlines = schedule.deadlines.flatMap(({ name, thresholds }) =>
    thresholds.map(({ name: threshold, at }) => {
      const event = type.deadlines[name]?.[threshold] ?? threshold
      return { family: name, threshold, at, event }
    }),
  )
  return deadlines
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, ...it }) => ({ ...it, at: iso(at), label: eventLabel(type, it.event) }))
}
