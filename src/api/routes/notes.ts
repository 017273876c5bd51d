import { z } from 'zod'
import { NOTE_LENGTH } from '../../staff/deciding/index.js'
import { json, ok, route, type ApiDeps, type Call, type Route } from '../context.js'
import { refuseHeld } from '../holding.js'
import { inspectBody } from '../personalData.js'
import { NoteList, NoteShape } from '../shapes.deciding.js'
import { visibleHead } from '../ticketViews.js'
import { declaredNames, jsonSchema, parse } from '../validation.js'
import { iso } from '../words.js'

const DECIDERS = ['agent', 'checker', 'supervisor'] as const
/** A link in a note would be the first that a participant ever gets from an officer: there are none. */
const LINK = /https?:|www\.|:\/\//i
const Body = z.strictObject({
  text: z
    .string()
    .trim()
    .min(1)
    .max(NOTE_LENGTH)
    .refine((it) => !LINK.test(it), 'no links')
    .describe('To the participant; shown as plain text on the status page, never sent'),
})
/** It is sealed, so that it may name somebody. */
const TYPED = new Set(['/text'])

export const noteRoutes = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'get',
    path: '/v1/tickets/:id/notes',
    operationId: 'listNotes',
    summary: 'Catatan untuk peserta pada tiket ini.',
    access: DECIDERS,
    reply: { status: 200, description: 'Oldest first.', schema: NoteList },
    problems: ['TICKET_NOT_FOUND', 'ERASED', 'STEP_UP_REQUIRED', 'AUDIT_UNAVAILABLE'],
    handle: async (call) => {
      const { ticketId } = await visibleHead(deps, call.params['id'] ?? '', call.actor)
      const notes = await deps.services.deciding.notes.of(ticketId)
      const { actor, principal } = call
      // They may name somebody: reading them is a look at the case like any other (A42).
      if (notes.length > 0)
        await deps.services.guard.open({ actor, principal, action: 'person.open', ticketId, detail: { view: 'notes' } })
      return ok({ items: notes.map((it) => ({ ...it, at: iso(it.at) })) })
    },
  }),
  route({
    method: 'post',
    path: '/v1/tickets/:id/notes',
    operationId: 'writeNote',
    summary: 'Menulis catatan tersegel untuk peserta, beside a coded reason. Each call writes one.',
    access: DECIDERS,
    body: jsonSchema(Body),
    reply: { status: 201, description: 'Written.', schema: NoteShape },
    problems: ['TICKET_NOT_FOUND', 'NOT_FOUND', 'TICKET_HELD', 'ERASED', 'PERSONAL_DATA_REFUSED', 'TOO_MANY_REQUESTS'],
    handle: (call) => write(deps, call),
  }),
]

async function write(deps: ApiDeps, call: Call) {
  const { ticketId } = await visibleHead(deps, call.params['id'] ?? '', call.actor)
  inspectBody(call.body, declaredNames(Body), TYPED)
  const { text } = parse(Body, call.body, 'body')
  await refuseHeld(deps, call, ticketId)
  const note = await deps.services.deciding.notes.write(ticketId, call.actor.id, text)
  return json(201, { ...note, at: iso(note.at) })
}
