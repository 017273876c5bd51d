import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Store } from '../../db/index.js'
import type { CalendarSpec } from '../../src/calendar/index.js'
import {
  beginCalendarChange,
  createIds,
  loadReference,
  loadTicketTypes,
  planCalendarChange,
  PulihError,
  resumeCalendarChanges,
  runCalendarChange,
  TicketEngine,
} from '../../src/engine/index.js'
import type { Change } from '../../src/engine/types.js'
import {
  AFTER,
  applyCalendar,
  BEFORE,
  changeEntries,
  previewOf,
  problemsOf,
  specOf,
  version,
  withDay,
  withoutDay,
} from './redate.story.js'
import { agent, HOUR, local, MINUTE, openStories, supervisor, type Story, type Tell } from './story.js'

let tell: Tell
let store: Store
let close: () => Promise<void>
beforeEach(async () => {
  ;({ tell, store, close } = await openStories(BEFORE))
})
afterEach(() => close())

const PUSAT_2 = specOf(AFTER, 'pusat')
const THURSDAY = '2025-08-14 10:00'
const waiting = async (at: string | number = THURSDAY, office?: string): Promise<Story> => {
  const story = await tell(at, office === undefined ? {} : { filing: { officeId: office } })
  return story.proven()
}

describe('cuti bersama 18 Agustus 2025 ditambahkan', () => {
  test('three business days from the 14th end a day later, warnings with them; the first review does not move', async () => {
    const story = await waiting()
    expect(await story.due()).toBe('2025-08-19 17:00')
    story.at('2025-08-14 11:00')
    const { contentVersion, revision } = await story.row()
    const change = await applyCalendar(story, store, PUSAT_2)
    expect(change.reason).toEqual({
      id: 'cuti bersama 18 Agustus 2025 ditambahkan',
      en: 'collective leave 18 August 2025 added',
    })
    expect(change.progress).toMatchObject({ open: 1, concerned: 1, later: 1, earlier: 0, unchanged: 0, failed: 0 })
    expect(change.finishedAt).toBe(local('2025-08-14 11:00'))
    expect(await story.pending('sla:resolution')).toEqual([
      'sla:resolution.warn50 @ 2025-08-19 09:30',
      'sla:resolution.warn80 @ 2025-08-20 10:12',
      'sla:resolution.due @ 2025-08-20 17:00',
    ])
    expect(await story.due('firstReview')).toBe('2025-08-15 17:00')
    expect(await story.row()).toMatchObject({ contentVersion, revision: revision + 1 })
    const [entry] = await changeEntries(story)
    expect(entry).toMatchObject({
      calendar: 'pusat@2',
      actorId: supervisor.id,
      event: { from: ['pusat@1'], calendar: 'pusat@2', reason: change.reason },
      moves: [{ target: 'resolution', from: local('2025-08-19 17:00'), to: local('2025-08-20 17:00') }],
    })
    expect((await store.outboxOf(story.id)).at(-1)?.body).toMatchObject({
      template: 'promise.moved',
      audience: 'participant',
    })
    expect(await problemsOf(store)).toEqual([])
  })

  test('an old alarm is dropped, the new one rings, and life goes on to the breach of the new date', async () => {
    const story = await waiting()
    const old = (await story.timers()).find((it) => it.family === 'sla:resolution' && it.threshold === 'due')
    await applyCalendar(story.at('2025-08-14 11:00'), store, PUSAT_2)
    story.at('2025-08-19 17:30')
    expect(await story.ring(old!)).toBe('dropped')
    expect(await story.outcome()).toBeNull()
    await story.live('2025-08-20 17:00')
    expect(await story.outcome()).toBe('breached')
    expect(await problemsOf(store)).toEqual([])
  })

  test.each([
    ['WITA', 'cabang-makassar', 'wita'],
    ['WIT', 'cabang-jayapura', 'wit'],
  ] as const)('in %s the same day moves the dates of its own calendar only', async (zone, office, id) => {
    const there = await waiting(local(THURSDAY, zone), office)
    const central = await waiting()
    there.at('2025-08-14 11:00')
    expect((await applyCalendar(there, store, specOf(AFTER, id))).progress).toMatchObject({ open: 2, concerned: 1 })
    expect(await there.due('resolution', zone)).toBe('2025-08-20 17:00')
    expect(await central.due()).toBe('2025-08-19 17:00')
    expect(await problemsOf(store)).toEqual([])
  })

  test('a pause that goes on ends under the new version: the day off counts for nobody', async () => {
    const story = await waiting()
    await (await story.at('2025-08-15 08:30').started()).asksFor('KTP')
    story.at('2025-08-15 09:00')
    await applyCalendar(story, store, PUSAT_2)
    expect(await story.pending('sla:')).toEqual([])
    // Over the weekend and the day off: Friday's 6.5 remaining hours from 08.30 on, then one hour of Tuesday.
    await story.at('2025-08-19 09:00').uploads('KTP')
    expect((await story.promise('resolution')).pausedMs).toBe(7.5 * HOUR)
    expect(await problemsOf(store)).toEqual([])
  })

  test('a pause that is over is measured again', async () => {
    const story = await waiting()
    await (await story.at('2025-08-15 08:30').started()).asksFor('KTP')
    await story.at('2025-08-19 09:00').uploads('KTP')
    // One working Monday too many was counted as waiting.
    expect((await story.promise('resolution')).pausedMs).toBe(15.5 * HOUR)
    const due = await story.due()
    await applyCalendar(story.at('2025-08-19 09:30'), store, PUSAT_2)
    expect((await story.promise('resolution')).pausedMs).toBe(7.5 * HOUR)
    // The Monday is in the promise now instead of in the pause: the date itself stays.
    expect(await story.due()).toBe(due)
    expect(await problemsOf(store)).toEqual([])
  })

  test('a warning that fired stays fired; what is due before the change is delivered first', async () => {
    const story = await waiting()
    story.at('2025-08-18 10:00')
    await applyCalendar(story, store, PUSAT_2)
    // Nobody rang warn50 (Monday 09.30): the change settles it, then computes on.
    expect(await story.facts()).toEqual(expect.arrayContaining(['SlaWarned', 'CalendarChanged']))
    expect((await story.facts()).at(-1)).toBe('CalendarChanged')
    const clock = await story.promise('resolution')
    expect(clock.fired).toEqual(['warn50'])
    expect(clock.thresholds.map((it) => it.name)).toEqual(['warn80', 'due'])
    expect(await problemsOf(store)).toEqual([])
  })

  test('a breach stays a breach, and its ladder follows the new version', async () => {
    const story = await tell(THURSDAY)
    await story.proven()
    await story.live('2025-08-15 17:30')
    expect(await story.outcome('firstReview')).toBe('breached')
    const due = await story.due('firstReview')
    expect(await story.pending('sla:firstReview')).toEqual(['sla:firstReview.ladder1 @ 2025-08-18 09:00'])
    await applyCalendar(story, store, PUSAT_2)
    expect(await story.outcome('firstReview')).toBe('breached')
    expect(await story.due('firstReview')).toBe(due)
    expect(await story.pending('sla:firstReview')).toEqual(['sla:firstReview.ladder1 @ 2025-08-19 09:00'])
    expect(await problemsOf(store)).toEqual([])
  })

  test('a closed ticket and a promise that was met are left alone', async () => {
    const gone = await (await waiting()).withdrawn()
    const met = await (await waiting()).at('2025-08-14 11:00').started()
    const before = (await gone.row()).revision
    const { progress } = await applyCalendar(met, store, PUSAT_2)
    expect(progress).toMatchObject({ open: 1, concerned: 1 })
    expect((await gone.row()).revision).toBe(before)
    expect(await met.promise('firstReview')).toMatchObject({ outcome: 'met', calendar: 'pusat@1' })
    expect(await met.promise('resolution')).toMatchObject({ outcome: null, calendar: 'pusat@2' })
    expect(await problemsOf(store)).toEqual([])
  })

  test('the gate waits for the next day that opens', async () => {
    // Sunday: released on Monday, which becomes a day off.
    const story = await waiting('2025-08-17 20:00')
    expect(await story.pending('release')).toEqual(['release.open @ 2025-08-18 08:00'])
    await applyCalendar(story.at('2025-08-17 21:00'), store, PUSAT_2)
    expect(await story.pending('release')).toEqual(['release.open @ 2025-08-19 08:00'])
    await story.live('2025-08-18 09:00')
    expect(await story.refusal(agent, 'verification.start')).toBe('EVENT_NOT_ALLOWED released')
    await story.live('2025-08-19 08:00')
    await story.started()
    expect(await problemsOf(store)).toEqual([])
  })

  test('wall time stays: the wait for a reply ends when it ended', async () => {
    const story = await tell(THURSDAY)
    const before = await story.pending('noReply')
    await applyCalendar(story.at('2025-08-14 11:00'), store, PUSAT_2)
    expect(await story.pending('noReply')).toEqual(before)
  })

  test('where no date moves the version is lifted all the same: later pauses measure by it', async () => {
    const story = await waiting('2025-08-20 09:00')
    const { progress } = await applyCalendar(story.at('2025-08-20 10:00'), store, PUSAT_2)
    expect(progress).toMatchObject({ concerned: 1, unchanged: 1 })
    const [entry] = await changeEntries(story)
    expect(entry?.moves).toBeNull()
    expect((await story.promise('resolution')).calendar).toBe('pusat@2')
    expect((await store.outboxOf(story.id)).some((it) => it.body['template'] === 'promise.moved')).toBe(false)
    expect(await problemsOf(store)).toEqual([])
  })

  test('an extension keeps what it promised', async () => {
    const story = await waiting()
    await story.at('2025-08-14 11:00').started()
    await story.extends()
    expect(await story.due()).toBe('2025-08-21 17:00')
    await applyCalendar(story.at('2025-08-14 12:00'), store, PUSAT_2)
    expect(await story.due()).toBe('2025-08-22 17:00')
    expect(await problemsOf(store)).toEqual([])
  })
})

describe('a holiday removed', () => {
  const REOPENED = version(withoutDay(specOf(AFTER, 'pusat')), 3)
  const withLeave = async (at = THURSDAY): Promise<Story> => {
    const story = await waiting(at)
    await applyCalendar(story, store, PUSAT_2)
    return story
  }

  test('brings the date forward', async () => {
    const story = await withLeave()
    const { progress, reason } = await applyCalendar(story.at('2025-08-15 10:00'), store, REOPENED)
    expect(reason.id).toBe('cuti bersama 18 Agustus 2025 dihapus')
    expect(progress).toMatchObject({ earlier: 1, later: 0 })
    expect(await story.due()).toBe('2025-08-19 17:00')
    expect(await problemsOf(store)).toEqual([])
  })

  test('makes nothing late: a date that would lie behind stays where it was', async () => {
    const story = await withLeave()
    await story.live('2025-08-19 17:30')
    await applyCalendar(story, store, REOPENED)
    expect(await story.due()).toBe('2025-08-20 17:00')
    expect(await story.outcome()).toBeNull()
    expect((await story.promise('resolution')).calendar).toBe('pusat@3')
    expect(await problemsOf(store)).toEqual([])
  })
})

describe('many tickets', () => {
  const several = async (): Promise<readonly Story[]> => {
    const stories: Story[] = []
    for (let n = 0; n < 12; n++) stories.push(await waiting(local(THURSDAY) + n * MINUTE))
    for (const story of stories) story.at('2025-08-14 12:00')
    return stories
  }
  const dues = (stories: readonly Story[]) =>
    Promise.all(stories.map(async (it) => (await it.promise('resolution')).dueAt))

  test('the dry run writes nothing and foresees exactly what is done', async () => {
    const stories = await several()
    const before = await dues(stories)
    const foreseen = await previewOf(stories[0]!, store, PUSAT_2, 5)
    expect(await dues(stories)).toEqual(before)
    expect((await store.calendars()).some((it) => it.version === 2)).toBe(false)
    expect(await store.unfinishedCalendarChanges()).toEqual([])
    await applyCalendar(stories[0]!, store, PUSAT_2)
    const done = await Promise.all(
      stories.map(async (it) => ({ ticketId: it.id, moves: (await changeEntries(it))[0]?.moves })),
    )
    const byId = (a: { ticketId: string }, b: { ticketId: string }) => (a.ticketId < b.ticketId ? -1 : 1)
    expect(foreseen.map(({ ticketId, moves }) => ({ ticketId, moves })).sort(byId)).toEqual([...done].sort(byId))
  })

  test('applied twice it changes nothing', async () => {
    const stories = await several()
    const first = await applyCalendar(stories[0]!, store, PUSAT_2)
    const revisions = await Promise.all(stories.map(async (it) => (await it.row()).revision))
    expect(await applyCalendar(stories[0]!, store, PUSAT_2)).toEqual(first)
    expect(await previewOf(stories[0]!, store, PUSAT_2)).toEqual([])
    expect(await Promise.all(stories.map(async (it) => (await it.row()).revision))).toEqual(revisions)
  })

  /** An engine whose store commits twice, then fails as a full disk does. */
  async function failing({ clock }: Story): Promise<TicketEngine> {
    let commits = 0
    const broken = new Proxy(store, {
      get: (target, name) => {
        if (name !== 'commit') return Reflect.get(target, name) as unknown
        return (changes: readonly Change[]) =>
          ++commits > 2 ? Promise.reject(new PulihError('STORE_BUSY', 'The disk is full.')) : target.commit(changes)
      },
    })
    const reference = await loadReference(store)
    const ids = createIds(clock, (bytes) => bytes)
    return new TicketEngine({ store: broken, types: await loadTicketTypes(), reference, clock, ids, maxBatch: 3 })
  }

  test('stopped in the middle, it goes on where it was; no ticket is moved twice', async () => {
    const stories = await several()
    const { engine } = stories[0]!
    const planned = await planCalendarChange(store, {
      spec: PUSAT_2,
      reason: 'SKB',
      actor: supervisor,
      at: engine.clock.now(),
      production: false,
    })
    const change = await beginCalendarChange(store, planned, engine.clock.now())
    const doomed = await failing(stories[0]!)
    await expect(runCalendarChange(doomed, store, change)).rejects.toMatchObject({ code: 'STORE_BUSY' })
    const moved = (await Promise.all(stories.map(changeEntries))).filter((it) => it.length > 0)
    expect(moved).toHaveLength(6)
    const [left] = await store.unfinishedCalendarChanges()
    expect(left).toMatchObject({ leasedUntil: null, progress: { concerned: 6, later: 6 } })

    const [resumed] = await resumeCalendarChanges(engine, store)
    expect(resumed).toMatchObject({ finishedAt: engine.clock.now(), progress: { concerned: 12, later: 12 } })
    expect(await store.unfinishedCalendarChanges()).toEqual([])
    for (const story of stories) {
      expect(await changeEntries(story)).toHaveLength(1)
      expect(await story.due()).toBe('2025-08-20 17:00')
    }
    expect(await resumeCalendarChanges(engine, store)).toEqual([])
    expect(await problemsOf(store)).toEqual([])
  })

  test('a lease keeps others out until it runs out', async () => {
    const [story] = await several()
    const { engine } = story!
    const planned = await planCalendarChange(store, {
      spec: PUSAT_2,
      reason: null,
      actor: supervisor,
      at: engine.clock.now(),
      production: false,
    })
    const change = await beginCalendarChange(store, planned, engine.clock.now())
    await store.leaseCalendarChange(change, engine.clock.now(), engine.clock.now() + 30_000)
    expect((await runCalendarChange(engine, store, change)).finishedAt).toBeNull()
    expect(await changeEntries(story!)).toEqual([])
    story!.clock.advance(30_000)
    expect((await runCalendarChange(engine, store, change)).finishedAt).not.toBeNull()
    expect(await changeEntries(story!)).toHaveLength(1)
  })

  test('beside other processes it does not end before they can have learned the version', async () => {
    const [story] = await several()
    const { engine } = story!
    const planned = await planCalendarChange(store, {
      spec: PUSAT_2,
      reason: null,
      actor: supervisor,
      at: engine.clock.now(),
      production: false,
    })
    const change = await beginCalendarChange(store, planned, engine.clock.now())
    // Nobody is at it while it waits.
    const waits = await runCalendarChange(engine, store, change, { quietMs: 15_000 })
    expect([waits.finishedAt, waits.leasedUntil]).toEqual([null, null])
    // Another process that knows version 1 only files a ticket meanwhile.
    const late = await tell('2025-08-14 12:00')
    expect((await late.promise('resolution')).calendar).toBe('pusat@1')
    story!.clock.advance(15_000)
    const [ended] = await resumeCalendarChanges(engine, store, { quietMs: 15_000 })
    expect(ended?.finishedAt).not.toBeNull()
    expect((await late.promise('resolution')).calendar).toBe('pusat@2')
    // And it can work on the ticket that now is measured by a version it had never heard of.
    await late.at('2025-08-14 12:05').proven()
    expect((await late.promise('resolution')).calendar).toBe('pusat@2')
    expect(await problemsOf(store)).toEqual([])
  })

  test('a version that soon closes for ever leaves its tickets on the old one, each with the reason', async () => {
    const stories = await several()
    const { weekly } = PUSAT_2
    const last = { from: '2025-08-14', to: '2025-08-15', name: 'Terakhir', weekly }
    const change = await applyCalendar(stories[0]!, store, { ...version(PUSAT_2, 2), weekly: {}, seasons: [last] })
    expect(change.progress).toMatchObject({ concerned: 0, failed: stories.length })
    expect(change.progress.failures[0]).toMatchObject({ code: 'NO_OPEN_TIME' })
    expect(await stories[3]!.due()).toBe('2025-08-19 17:00')
    expect(await changeEntries(stories[3]!)).toEqual([])
    expect(await problemsOf(store)).toEqual([])
  })
})

describe('a version that a ticket did not follow', () => {
  const { weekly } = PUSAT_2
  const ending = { from: '2025-08-14', to: '2025-08-15', name: 'Terakhir', weekly }
  const skipped = async (): Promise<Story> => {
    const story = await waiting()
    await applyCalendar(story.at('2025-08-14 12:00'), store, { ...version(PUSAT_2, 2), weekly: {}, seasons: [ending] })
    expect((await story.promise('resolution')).calendar).toBe('pusat@1')
    return story
  }
  const own = 'cuti bersama 18 Agustus 2025 ditambahkan'
  const next = version(PUSAT_2, 3)

  test('the next one tells it what differs from its own', async () => {
    const story = await skipped()
    const [foreseen] = await previewOf(story, store, next)
    const change = await applyCalendar(story, store, next)
    expect(change.reason.id).toContain('jam kerja')
    expect(foreseen?.reason?.id).toBe(own)
    expect((await changeEntries(story))[0]?.event).toMatchObject({ reason: { id: own } })
    expect(await problemsOf(store)).toEqual([])
  })

  test('days long over that are cleared out of a calendar are nobody’s reason', async () => {
    const story = await waiting()
    const cleared = PUSAT_2.holidays.filter((it) => it.date >= '2025-01-01')
    expect(cleared.length).toBeLessThan(PUSAT_2.holidays.length)
    const { reason } = await applyCalendar(story.at('2025-08-14 12:00'), store, { ...PUSAT_2, holidays: cleared })
    expect(reason.id).toBe(own)
  })

  test('a reason that was given is told as it is', async () => {
    const story = await skipped()
    await applyCalendar(story, store, next, 'SKB')
    expect((await changeEntries(story))[0]?.event).toMatchObject({ reason: { id: 'SKB' } })
  })
})

describe('what is no next version', () => {
  const plan = (spec: CalendarSpec, production = false) =>
    planCalendarChange(store, { spec, reason: null, actor: supervisor, at: Date.parse('2025-08-14'), production })
  const pusat = specOf(BEFORE, 'pusat')

  test.each([
    ['the version in force with other content', withDay(pusat, '2025-08-19'), 'CONFLICT'],
    ['another zone', { ...version(pusat, 2), zone: 'Asia/Makassar' }, 'CONFLICT'],
    ['a calendar nobody has', { ...version(pusat, 2), id: 'lain' }, 'NOT_FOUND'],
    ['one that never opens', { ...version(pusat, 2), weekly: {}, seasons: [] }, 'NO_OPEN_TIME'],
    [
      'one that does not open any more',
      { ...version(pusat, 2), weekly: {}, seasons: [{ from: '2025-01-02', to: '2025-08-13', weekly: pusat.weekly }] },
      'NO_OPEN_TIME',
    ],
  ])('%s is refused', async (_name, spec, code) => {
    await expect(plan(spec)).rejects.toMatchObject({ code })
    expect(await store.calendars()).toHaveLength(3)
  })

  test('a version that skips back is refused, an example in production too', async () => {
    const story = await waiting()
    await applyCalendar(story, store, version(PUSAT_2, 5))
    await expect(plan(version(PUSAT_2, 4))).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(plan(version(PUSAT_2, 6), true)).rejects.toMatchObject({ code: 'CALENDAR_UNCONFIRMED' })
    expect((await plan({ ...version(PUSAT_2, 6), example: false }, true)).fromVersion).toBe(5)
  })
})
