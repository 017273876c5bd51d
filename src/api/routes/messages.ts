import { z } from 'zod'
import { STAFF, ok, route, type ApiDeps, type Route } from '../context.js'
import { visibleTicket } from '../ticketViews.js'
import { iso } from '../words.js'

const SHOWN = 500

const MessageLog = z.strictObject({
  items: z.array(
    z.strictObject({
      ref: z.string().describe('What asked for it'),
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
]
