import { z } from 'zod'
import { PulihError } from '../../engine/errors.js'
import { masked, maskedDate, maskedDigits, maskedName } from '../../intake/masks.js'
import { ok, route, type ApiDeps, type Call, type Route } from '../context.js'
import { inspectBody } from '../personalData.js'
import { Person, PERSON_FIELDS } from '../shapes.filing.js'
import { visibleHead } from '../ticketViews.js'
import { declaredNames, jsonSchema, parse } from '../validation.js'

/** Those who decide; an auditor reads the log, which names nobody. */
const DECIDERS = ['agent', 'checker', 'supervisor'] as const
type Field = (typeof PERSON_FIELDS)[number]

/** Why somebody has to see it: codes, because what is written freely ends up in a record that nobody can take anything out of. */
export const REVEAL_REASONS = [
  'IDENTITY_CHECK',
  'CONTACT_PERSON',
  'KPJ_TRACE',
  'DISPUTE',
  'DATA_REQUEST',
  'FRAUD_REVIEW',
] as const
const RevealBody = z.strictObject({
  fields: z.array(z.enum(PERSON_FIELDS)).min(1).max(PERSON_FIELDS.length),
  reason: z.enum(REVEAL_REASONS),
})
const PROBLEMS = ['TICKET_NOT_FOUND', 'NOT_FOUND', 'ERASED', 'STEP_UP_REQUIRED', 'AUDIT_UNAVAILABLE'] as const

/** Who filed a ticket, for those who decide about it: masked, and field by field in the clear for a reason; each look is in the audit chain. */
export const personRoutes = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'get',
    path: '/v1/tickets/:id/person',
    operationId: 'getPerson',
    summary: 'Identitas dan kontak yang dinyatakan pengaju, tersamar. Masked; `reveal` shows fields in the clear.',
    access: DECIDERS,
    reply: { status: 200, description: 'As declared, masked.', schema: Person },
    problems: PROBLEMS,
    async handle(call) {
      const person = await personOf(deps, call)
      await deps.services.guard.open({ ...by(call), action: 'person.open', ticketId: person.ticketId })
      return ok(view(person, new Set()))
    },
  }),
  route({
    method: 'post',
    path: '/v1/tickets/:id/person/reveal',
    operationId: 'revealPerson',
    summary:
      'Membuka isian identitas atau kontak dengan alasan. Written down before it is answered; not written, not shown.',
    access: DECIDERS,
    body: jsonSchema(RevealBody),
    reply: { status: 200, description: 'The fields asked for in the clear, the others masked.', schema: Person },
    problems: [...PROBLEMS, 'PERSONAL_DATA_REFUSED'],
    async handle(call) {
      inspectBody(call.body, declaredNames(RevealBody))
      const { fields, reason } = parse(RevealBody, call.body, 'body')
      const person = await personOf(deps, call)
      const shown = new Set(fields)
      const detail = { fields: PERSON_FIELDS.filter((it) => shown.has(it)), reason }
      await deps.services.guard.open({ ...by(call), action: 'person.reveal', ticketId: person.ticketId, detail })
      return ok(view(person, shown))
    },
  }),
]

const by = ({ actor, principal }: Call) => ({ actor, principal })

async function personOf(deps: ApiDeps, call: Call) {
  const { ticketId } = await visibleHead(deps, call.params['id'] ?? '', call.actor)
  const { people } = deps.services
  const declared = await people.identityOf(ticketId)
  const row = await deps.store.intake.people.findIdentity(ticketId)
  if (declared === null || row === null) throw new PulihError('NOT_FOUND', 'this ticket was filed without a person')
  return { ticketId, declared, row, contacts: await people.contactsOf(ticketId) }
}

function view({ ticketId, declared, row, contacts }: Awaited<ReturnType<typeof personOf>>, shown: ReadonlySet<Field>) {
  const { name, nik, kpj, birthDate } = declared.identity
  const one = (field: Field, value: string, mask: (text: string) => string) => (shown.has(field) ? value : mask(value))
  return {
    ticketId,
    revealed: PERSON_FIELDS.filter((it) => shown.has(it)),
    version: declared.version,
    identity: {
      name: one('name', name, maskedName),
      nik: one('nik', nik, maskedDigits),
      kpj: kpj === null ? null : one('kpj', kpj, maskedDigits),
      birthDate: one('birthDate', birthDate, maskedDate),
    },
    contacts: contacts.map(({ channel, address, proven }) => ({
      channel,
      address: one(channel, address, (text) => masked(channel, text)),
      proven,
    })),
    notice: { version: row.noticeVersion, purpose: row.purpose, legalBasis: row.legalBasis },
  }
}
