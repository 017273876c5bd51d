import { z } from 'zod'
import { STAFF, json, ok, route, type ApiDeps, type Call, type Route } from '../context.js'
import { refuseHeld } from '../holding.js'
import { replayHeaders } from '../idempotency.js'
import { inspectBody } from '../personalData.js'
import { readIdempotencyKey } from '../requestHeaders.js'
import { visibleHead, visibleTicket } from '../ticketViews.js'
import { declaredNames, jsonSchema, parse } from '../validation.js'
import { iso } from '../words.js'
import { IDEMPOTENCY_HEADER } from './tickets.js'

const SHOWN = 500
const DECIDERS = ['agent', 'checker', 'supervisor'] as const
const EmptyBody = z.strictObject({})
const Resent = z.strictObject({ messageId: z.string(), accepted: z.literal(true) })

const MessageLog = z.strictObject({
  items: z.array(
    z.strictObject({
      ref: z.string().describe('What asked for it; its id where it is sent again'),
      recipient: z.string().describe('Whose address: newEmail, newPhone, oldEmail, oldPhone'),
      channel: z.enum(['email', 'sms']),
      template: z.string(),
      templateVersion: z.int(),
      outcome: z
        .enum(['sent', 'failed', 'skipped', 'deferred'])
        .describe('deferred: at night; the reason says until when'),
      reason: z.string().nullable(),
      attempts: z.int(),
      at: z.iso.datetime(),
    }),
  ),
})

/** What became of the messages of a ticket: whose address and which template, never the address or the words. */
export const messageRoutes = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'get',
    path: '/v1/tickets/:id/messages',
    operationId: 'listMessages',
    summary: 'Catatan pengiriman pesan satu tiket, oldest first. Staff only.',
    access: STAFF,
    reply: { status: 200, description: 'At most 500.', schema: MessageLog },
    problems: ['TICKET_NOT_FOUND'],
    handle: async ({ params, actor }) => {
      const { ticket } = await visibleTicket(deps, params['id'] ?? '', actor)
      const rows = await deps.store.intake.messages.messagesOf(ticket.id, SHOWN)
      return ok({
        items: rows.map(({ ref, recipient, channel, template, templateVersion, outcome, reason, attempts, at }) => ({
          ...{ ref, recipient, channel, template, templateVersion, outcome, reason, attempts },
          at: iso(at),
        })),
      })
    },
  }),
  route({
    method: 'post',
    path: '/v1/tickets/:id/messages/:messageId/resend',
    operationId: 'resendMessage',
    summary:
      'Mengirim ulang tanda terima atau pemberitahuan yang tidak sampai, with what it says now, to contacts as they are now. A code never is.',
    access: DECIDERS,
    headers: [IDEMPOTENCY_HEADER],
    body: jsonSchema(EmptyBody),
    reply: { status: 202, description: 'On its way; the delivery log says what became of it.', schema: Resent },
    problems: [
      ...(['TICKET_NOT_FOUND', 'NOT_FOUND', 'MESSAGE_NOT_RESENT', 'TICKET_HELD', 'ERASED', 'CONFLICT'] as const),
      ...(['IDEMPOTENCY_KEY_REQUIRED', 'IDEMPOTENCY_KEY_MALFORMED', 'IDEMPOTENCY_KEY_REUSED'] as const),
      ...(['PERSONAL_DATA_REFUSED', 'TOO_MANY_REQUESTS', 'AUDIT_UNAVAILABLE'] as const),
    ],
    handle: (call) => resend(deps, call),
  }),
]

async function resend(deps: ApiDeps, call: Call) {
  const { ticketId } = await visibleHead(deps, call.params['id'] ?? '', call.actor)
  inspectBody(call.body, declaredNames(EmptyBody))
  parse(EmptyBody, call.body, 'body')
  const key = readIdempotencyKey(call.header('idempotency-key'))
  await refuseHeld(deps, call, ticketId)
  const messageId = call.params['messageId'] ?? ''
  const { resender } = deps.services.messages
  const { replayed } = await resender.resend({ ticketId, messageId, actor: call.actor, key })
  return json(202, { messageId, accepted: true }, replayHeaders(replayed))
}
