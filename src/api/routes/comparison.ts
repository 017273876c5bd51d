import { z } from 'zod'
import { masked as maskedContact, maskedDate, maskedDigits, maskedName } from '../../intake/masks.js'
import type { AccountSide, ComparedField, SideBySide } from '../../staff/deciding/index.js'
import { ok, route, type ApiDeps, type Call, type Route } from '../context.js'
import { inspectBody } from '../personalData.js'
import { SideBySideShape } from '../shapes.deciding.js'
import { visibleHead } from '../ticketViews.js'
import { declaredNames, jsonSchema, parse } from '../validation.js'
import { isoOrNull } from '../words.js'
import { REVEAL_REASONS } from './person.js'

const DECIDERS = ['agent', 'checker', 'supervisor'] as const
const RevealBody = z.strictObject({ reason: z.enum(REVEAL_REASONS) })
const PROBLEMS = ['TICKET_NOT_FOUND', 'NOT_FOUND', 'ERASED', 'STEP_UP_REQUIRED', 'AUDIT_UNAVAILABLE'] as const

export const comparisonRoutes = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'get',
    path: '/v1/tickets/:id/comparison',
    operationId: 'getComparison',
    summary:
      'Perbandingan data yang dinyatakan, catatan kepesertaan, dan isi NIK, per isian. Masked; a directory that does not answer is said so, the rest is shown.',
    access: DECIDERS,
    reply: { status: 200, description: 'Side by side, masked.', schema: SideBySideShape },
    problems: PROBLEMS,
    handle: async (call) => {
      const { ticketId } = await visibleHead(deps, call.params['id'] ?? '', call.actor)
      const { deciding } = deps.services
      const [compared, account] = await Promise.all([deciding.compare(ticketId), deciding.accountOf(ticketId)])
      await deps.services.guard.open({ ...by(call), action: 'person.open', ticketId, detail: { view: 'comparison' } })
      return ok(comparisonView(compared, account, true))
    },
  }),
  route({
    method: 'post',
    path: '/v1/tickets/:id/comparison/reveal',
    operationId: 'revealComparison',
    summary: 'Membuka perbandingan dengan alasan. Written down before it is answered; not written, not shown.',
    access: DECIDERS,
    body: jsonSchema(RevealBody),
    reply: { status: 200, description: 'Side by side, in the clear.', schema: SideBySideShape },
    problems: [...PROBLEMS, 'PERSONAL_DATA_REFUSED'],
    handle: async (call) => {
      inspectBody(call.body, declaredNames(RevealBody))
      const { reason } = parse(RevealBody, call.body, 'body')
      const { ticketId } = await visibleHead(deps, call.params['id'] ?? '', call.actor)
      const { deciding } = deps.services
      const [compared, account] = await Promise.all([deciding.compare(ticketId), deciding.accountOf(ticketId)])
      const detail = { view: 'comparison', fields: ['name', 'nik', 'kpj', 'birthDate'], reason }
      await deps.services.guard.open({ ...by(call), action: 'person.reveal', ticketId, detail })
      return ok(comparisonView(compared, account, false))
    },
  }),
]
const by = ({ actor, principal }: Call) => ({ actor, principal })

function comparisonView(it: SideBySide, account: AccountSide, masked: boolean) {
  const field = (one: ComparedField) => (masked ? maskedField(one) : one)
  const digits = (text: string) => (masked ? maskedDigits(text) : text)
  return {
    ticketId: it.ticketId,
    identityVersion: it.identityVersion,
    masked,
    derived: { ...it.derived, birthDate: field(it.derived.birthDate) },
    directory: it.directory,
    records: it.records.map(({ fields, cards, accounts, ...record }) => ({
      ...record,
      fields: fields.map(field),
      cards: cards.map((card) => ({ ...card, kpj: digits(card.kpj) })),
      accounts: accounts.map(({ state, createdBy, contactsChangedAt }) => ({
        state,
        createdBy,
        contactsChangedAt: isoOrNull(contactsChangedAt),
      })),
      activeAccounts: accounts.filter((account) => account.state === 'active').length,
    })),
    unasked: it.unasked.map(field),
    account: accountView(account),
  }
}

/** Who holds the old contacts may be somebody else than the owner: nobody reads them here. */
function accountView({ state, contacts: { email, phone } }: AccountSide) {
  const hidden = (channel: 'email' | 'phone', text: string | null) =>
    text === null ? null : maskedContact(channel, text)
  return { state, email: hidden('email', email), phone: hidden('phone', phone) }
}

const MASKS = { name: maskedName, nik: maskedDigits, kpj: maskedDigits, birthDate: maskedDate }

function maskedField(it: ComparedField): ComparedField {
  const mask = MASKS[it.field]
  const hidden = (text: string | null) => (text === null ? null : mask(text))
  return { ...it, declared: hidden(it.declared), other: hidden(it.other) }
}
