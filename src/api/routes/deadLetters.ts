import { codeOrNull } from '../../audit/index.js'
import type { DeadLetter } from '../../../db/types.js'
import { PulihError } from '../../engine/errors.js'
import { ok, route, type ApiDeps, type Route } from '../context.js'
import { DeadLetterList, DeadLetterReplayed } from '../shapes.js'
import { iso, isoOrNull } from '../words.js'

const KEEPERS = ['supervisor', 'admin'] as const
/** The list is for people: one who has more than this must fix the cause first. */
const SHOWN = 1000

export const deadLetterRoutes = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'get',
    path: '/v1/dead-letters',
    operationId: 'listDeadLetters',
    summary: 'Pekerjaan yang gagal untuk seterusnya; ids and reasons only.',
    access: KEEPERS,
    everyOffice: true,
    reply: { status: 200, description: 'At most 1000.', schema: DeadLetterList },
    problems: [],
    handle: async () => ok({ items: (await deps.store.listDeadLetters(SHOWN)).map(letterView) }),
  }),
  route({
    method: 'post',
    path: '/v1/dead-letters/:id/replay',
    operationId: 'replayDeadLetter',
    summary:
      'Menjalankan kembali pekerjaan yang gagal. The work is idempotent, so no key is needed; a second replay is a conflict.',
    access: KEEPERS,
    everyOffice: true,
    reply: { status: 200, description: 'Handed back to its queue.', schema: DeadLetterReplayed },
    problems: ['NOT_FOUND', 'CONFLICT', 'AUDIT_UNAVAILABLE'],
    handle: async ({ params, actor }) => {
      const letter = await deps.store.findDeadLetter(params['id'] ?? '')
      if (letter === null) throw new PulihError('NOT_FOUND', 'no such dead letter')
      if (letter.replayedAt !== null) throw new PulihError('CONFLICT', 'already replayed')
      // Handed back first: a crash between the two repeats idempotent work instead of losing it.
      const at = deps.clock.now()
      const fact = {
        action: 'deadLetter.replay',
        subject: codeOrNull(letter.id),
        detail: { attempts: letter.attempts },
      }
      await deps.services.audit.record({ at, actorId: actor.id, actorRole: actor.role, ...fact })
      await deps.replayDeadLetter(letter)
      await deps.store.markReplayed(letter.id, at)
      return ok({ id: letter.id, replayedAt: iso(at) })
    },
  }),
]

const letterView = (letter: DeadLetter) => ({
  id: letter.id,
  queue: letter.queue,
  job: letter.job,
  reason: letter.reason,
  failedAt: iso(letter.failedAt),
  attempts: letter.attempts,
  replayedAt: isoOrNull(letter.replayedAt),
})
