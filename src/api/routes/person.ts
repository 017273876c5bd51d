import { PulihError } from '../../engine/errors.js'
import { ok, route, type ApiDeps, type Call, type Route } from '../context.js'
import { Person } from '../shapes.filing.js'
import { visibleHead } from '../ticketViews.js'

/** Those who decide; an auditor reads the log, which names nobody. */
const DECIDERS = ['agent', 'checker', 'supervisor'] as const

export const personRoutes = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'get',
    path: '/v1/tickets/:id/person',
    operationId: 'getPerson',
    summary:
      'Identitas dan kontak yang dinyatakan pengaju. In the clear, for officers; each reading is in the request log.',
    access: DECIDERS,
    reply: { status: 200, description: 'As declared.', schema: Person },
    problems: ['TICKET_NOT_FOUND', 'NOT_FOUND', 'ERASED'],
    handle: (call) => person(deps, call),
  }),
]

async function person(deps: ApiDeps, call: Call) {
  const { ticketId } = await visibleHead(deps, call.params['id'] ?? '', call.actor)
  const { people } = deps.services
  const declared = await people.identityOf(ticketId)
  const row = await deps.store.intake.people.findIdentity(ticketId)
  if (declared === null || row === null) throw new PulihError('NOT_FOUND', 'this ticket was filed without a person')
  const contacts = await people.contactsOf(ticketId)
  return ok({
    ticketId,
    version: declared.version,
    identity: declared.identity,
    contacts: contacts.map(({ channel, address, proven }) => ({ channel, address, proven })),
    notice: { version: row.noticeVersion, purpose: row.purpose, legalBasis: row.legalBasis },
  })
}
