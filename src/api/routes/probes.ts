import { PulihError } from '../../engine/errors.js'
import { ok, route, type ApiDeps, type Route } from '../context.js'
import { Live, Ready } from '../shapes.js'

/** R-OPS-1. The store opens only with its migrations applied, so a ping that goes through says both. */
export const probeRoutes = ({ store, health }: ApiDeps): readonly Route[] => [
  route({
    method: 'get',
    path: '/livez',
    operationId: 'livez',
    summary: 'The process runs; looks at nothing else.',
    access: 'open',
    reply: { status: 200, description: 'Alive.', schema: Live },
    problems: [],
    handle: () => ok({ status: 'alive' }),
  }),
  route({
    method: 'get',
    path: '/readyz',
    operationId: 'readyz',
    summary:
      'A write goes through. A queue that is down, or still being opened, only degrades: the outbox keeps its work.',
    access: 'open',
    reply: { status: 200, description: 'Ready, or degraded.', schema: Ready },
    problems: ['STORE_BUSY', 'SHUTTING_DOWN'],
    handle: async () => {
      if (health.stopping) throw new PulihError('SHUTTING_DOWN', 'stopping')
      await store.ping()
      const queue = await health.queue()
      return ok({ status: queue === 'up' ? 'ready' : 'degraded', checks: { store: 'up', queue } })
    },
  }),
]
