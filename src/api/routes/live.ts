import { z } from 'zod'
import { PulihError } from '../../engine/errors.js'
import type { Role } from '../../machines/ticketType.js'
import { officesOf } from '../../staff/scope.js'
import { identify } from '../auth.js'
import { route, type ApiDeps, type Call, type Reply, type Route } from '../context.js'

const WATCHERS: readonly Role[] = ['agent', 'checker', 'supervisor', 'auditor']

export const liveRoutes = (deps: ApiDeps): readonly Route[] => [
  route({
    method: 'get',
    path: '/v1/live',
    operationId: 'watchTickets',
    summary:
      'Perubahan tiket secara langsung: server-sent events of the caller’s offices, ids and versions only. `ready`, `ticket`, `claim` (somebody else holds it now), `worklist` (something left your offices), `reset` (read everything again), `end` (signed out), `bye` (come back).',
    access: WATCHERS,
    headers: [
      { name: 'Last-Event-ID', required: false, description: 'The last id seen; what happened since is told first.' },
    ],
    reply: { status: 200, description: 'A stream that does not end.', schema: z.string(), media: 'text/event-stream' },
    problems: ['TOO_MANY_REQUESTS', 'SHUTTING_DOWN'],
    handle: (call) => watch(deps, call),
  }),
]

function watch(deps: ApiDeps, call: Call): Reply {
  const { principal, method } = call
  if (principal === null) throw new PulihError('UNAUTHENTICATED', 'nobody signed in')
  if (deps.health.stopping) throw new PulihError('SHUTTING_DOWN', 'no new streams while stopping')
  const media = 'text/event-stream; charset=utf-8'
  if (method === 'HEAD') return { status: 200, headers: { 'Content-Type': media }, body: null }
  const headers = { authorization: call.header('authorization'), cookie: call.header('cookie') }
  const answer = deps.services.live.open({
    key: `${principal.id} ${principal.sessionId ?? ''}`,
    lastEventId: call.header('last-event-id') ?? null,
    look: async () => {
      const now = await identify(headers, deps, 'look').catch(nobody)
      const offices = now === null ? [] : officesOf(now, WATCHERS)
      return offices?.length === 0 ? null : { kind: 'offices', offices }
    },
  })
  return { status: 200, body: { stream: answer } }
}

function nobody(error: unknown): null {
  if (error instanceof PulihError && error.code === 'UNAUTHENTICATED') return null
  throw error
}
