import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Change, LogEntry } from '../../src/engine/types.js'
import { live, script } from './script.js'
import { intercept, sqliteBed, type Fault } from './subject.js'

/** Within so many scripts the model must notice what is wrong with the engine. */
const ENOUGH = 60
const MINUTES = 60_000 * 5

const inEachChange =
  (spoil: (change: Change) => Change): Fault =>
  (store) =>
    intercept(store, 'commit', (changes, commit) => commit(changes.map(spoil)))

const isTimer = ({ event }: LogEntry) => 'generation' in event
const everyNth = (n: number): (() => boolean) => {
  let times = 0
  return () => ++times % n === 0
}

/** Faults between the engine and its store, each of a kind that an engine could have. */
const FAULTS: Readonly<Record<string, () => Fault>> = {
  'a timer is written a millisecond late': () =>
    inEachChange((change) => ({
      ...change,
      timersAdded: change.timersAdded.map((it) => (it.threshold === 'due' ? { ...it, dueAt: it.dueAt + 1 } : it)),
    })),
  'a timer fires twice': () =>
    inEachChange((change) => {
      const last = change.log.at(-1)
      if (last === undefined || !isTimer(last)) return change
      const log = [...change.log, { ...last, seq: last.seq + 1 }]
      return { ...change, log, ticket: { ...change.ticket, logSeq: change.ticket.logSeq + 1 } }
    }),
  'a timer that fired stays open': () =>
    inEachChange((change) => ({
      ...change,
      timersClosed:
        change.ticket.standing === 'terminal'
          ? change.timersClosed
          : change.timersClosed.filter((it) => it.state !== 'fired'),
    })),
  'two timers of one settlement are told in the wrong order': () =>
    inEachChange((change) => {
      const [first, second] = change.log.filter(isTimer)
      if (first === undefined || second === undefined || first.at === second.at) return change
      const swapped = new Map([
        [first.seq, { ...second, seq: first.seq }],
        [second.seq, { ...first, seq: second.seq }],
      ])
      return { ...change, log: change.log.map((it) => swapped.get(it.seq) ?? it) }
    }),
  'a timer rings when the worker woke up, not when it was due': () =>
    inEachChange((change) => ({
      ...change,
      log: change.log.map((it) => (isTimer(it) ? { ...it, at: it.recordedAt } : it)),
    })),
  'answers are forgotten': () => (store) =>
    intercept(
      intercept(store, 'findIdempotency', () => Promise.resolve(null)),
      'commit',
      (changes, commit) => commit(changes.map((it) => ({ ...it, idempotency: null }))),
    ),
  'a revision that nobody made': () => {
    const now = everyNth(9)
    return (store) =>
      intercept(store, 'commit', async (changes, commit) => {
        const outcomes = await commit(changes)
        const [{ ticket }] = changes as [Change]
        if (now())
          await commit([
            {
              ...{ expectedRevision: ticket.revision, ticket: { ...ticket, revision: ticket.revision + 1 } },
              ...{ log: [], timersAdded: [], timersClosed: [], outbox: [], idempotency: null },
            },
          ])
        return outcomes
      })
  },
  'a commit is acknowledged and never made': () => {
    const now = everyNth(9)
    return (store) =>
      intercept(store, 'commit', async (changes, commit) =>
        now() ? changes.map(() => ({ ok: true as const })) : commit(changes),
      )
  },
  'a stray alarm closes what is not its own': () => (store) =>
    intercept(store, 'closeTimer', async (key) => {
      const [other] = (await store.timersOf(key.ticketId)).filter((it) => it.state === 'pending')
      return store.closeTimer(other ?? key, 0)
    }),
}

test.for(Object.keys(FAULTS))('found: %s', { timeout: MINUTES }, async (name) => {
  const lives = fc.asyncProperty(script, async (it) => {
    const bed = await sqliteBed()
    try {
      await live(it, bed, FAULTS[name]!())
    } finally {
      await bed.close()
    }
  })
  const found = await fc.check(lives, { seed: 7, numRuns: ENOUGH, endOnFailure: true })
  expect(found.failed).toBe(true)
})
