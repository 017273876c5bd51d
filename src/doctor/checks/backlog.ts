import { COUNTED } from '../contents.js'
import { many, ok, skipped, span, warn } from '../findings.js'
import type { Check } from '../types.js'

/** What waits longer than it should, read only. */
export const checkBacklog: Check = ({ contents, probes }) => {
  const backlog = contents?.backlog ?? null
  if (backlog === null)
    return [
      skipped(
        'backlog',
        contents === null ? 'Needs a database that can be read, of this version.' : 'Nothing is there yet.',
      ),
    ]
  const { overdueTimers, oldestDueAt, undelivered, oldestCreatedAt, deadLetters } = backlog
  const age = (at: number | null): string => (at === null ? '' : `, the oldest for ${span(probes.clock.now() - at)}`)
  return [
    overdueTimers === 0
      ? ok('overdue timers', 'None.')
      : warn(
          'overdue timers',
          `${many(overdueTimers, COUNTED)}${age(oldestDueAt)}.`,
          'Start the service: they ring at once, in due order. If it runs, see its log.',
        ),
    undelivered === 0
      ? ok('outbox', 'Nothing waits for longer than five minutes.')
      : warn(
          'outbox',
          `${many(undelivered, COUNTED)} messages and commands are not delivered${age(oldestCreatedAt)}.`,
          'See whether the service runs and the receiver at SINK_URL answers.',
        ),
    deadLetters === 0
      ? ok('dead letters', 'None.')
      : warn(
          'dead letters',
          `${many(deadLetters, COUNTED)} were given up.`,
          'GET /v1/dead-letters says why; POST …/replay tries again.',
        ),
  ]
}
