import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Policy } from '../../src/machines/policy.js'
import { agent, DAY, HOUR, local, openStories, portal, shown, supervisor, system, type Tell } from './story.js'

let tell: Tell
let close: () => Promise<void>
beforeAll(async () => {
  const stories = await openStories()
  tell = stories.tell
  close = stories.close
})
afterAll(() => close())

const atDesk = (officeId: string) => ({
  filer: agent,
  filing: { route: 'kantor_cabang', channel: 'walk_in', officeId },
})
const calendarCounting = (policy: Policy): Policy => {
  const copy = structuredClone(policy)
  for (const target of Object.values(copy.routes['layanan_digital']!.targets)) target.counting = 'calendar'
  return copy
}

describe('what is promised (D1-D3)', () => {
  test.each([
    // filed (WIB), first review due, resolution due
    ['2026-07-06 09:00', '2026-07-07 17:00', '2026-07-09 17:00'],
    ['2026-07-06 16:59', '2026-07-07 17:00', '2026-07-09 17:00'],
    // At closing the desk is closed: the next day is day 0.
    ['2026-07-06 17:00', '2026-07-08 17:00', '2026-07-10 17:00'],
    ['2026-07-11 02:00', '2026-07-14 17:00', '2026-07-16 17:00'],
    // Over the weekend and Independence Day (Monday the 17th).
    ['2026-08-14 10:00', '2026-08-18 17:00', '2026-08-20 17:00'],
  ])('filed %s (deemed): due at closing of the N-th business day', async (filed, first, resolution) => {
    const story = await tell(filed)
    expect(story.filed.moves.map((it) => [it.target, it.from, shown(it.to)])).toEqual([
      ['firstReview', null, first],
      ['resolution', null, resolution],
    ])
  })

  test('calendar counting: the local date of submission is day 0, open or not', async () => {
    const story = await tell('2026-07-11 02:00', { policy: calendarCounting })
    expect([await story.due('firstReview'), await story.due()]).toEqual(['2026-07-13 17:00', '2026-07-15 17:00'])
  })

  test.each([
    ['cabang-makassar', 'WITA', '2026-07-07 17:00'],
    ['cabang-jayapura', 'WIT', '2026-07-07 17:00'],
  ] as const)('an office in another zone (%s) promises by its own closing', async (officeId, zone, due) => {
    const story = await tell('2026-07-06 09:00', { filing: { officeId } })
    expect(await story.due('firstReview', zone)).toBe(due)
    expect((await story.promise('firstReview')).calendar).toBe(`${zone.toLowerCase()}@1`)
  })

  test('15:30 WIB is after closing in Jayapura, so day 0 is tomorrow there', async () => {
    const jakarta = await tell('2026-07-06 15:30')
    const jayapura = await tell('2026-07-06 15:30', { filing: { officeId: 'cabang-jayapura' } })
    expect([await jakarta.due('firstReview'), await jayapura.due('firstReview', 'WIT')]).toEqual([
      '2026-07-07 17:00',
      '2026-07-08 17:00',
    ])
  })

  test('the app has an estimate and no clock (D24)', async () => {
    const story = await tell('2026-07-06 09:00', { filing: { route: 'aplikasi' } })
    expect((await story.row()).schedule.clocks).toEqual([])
  })
})

describe('pauses (D13, D17)', () => {
  test('a clock starts paused, without timers, until both contacts are proven; due moves by exactly the open time spent', async () => {
    const story = await tell('2026-07-06 09:00')
    expect(await story.pending('sla')).toEqual([])
    expect((await story.promise('resolution')).pauseCauses).toEqual(['contactUnproven'])
    await story.at('2026-07-06 10:30').proven()
    expect(await story.due()).toBe('2026-07-10 09:30')
    expect(await story.due('firstReview')).toBe('2026-07-08 09:30')
  })

  test('closed time inside a pause counts nothing', async () => {
    const story = await tell('2026-07-10 16:00')
    await story.at('2026-07-13 09:00').proven()
    // One hour on Friday, one on Monday; the promise was Wednesday 17:00.
    expect((await story.promise('resolution')).pausedMs).toBe(2 * HOUR)
    expect(await story.due()).toBe('2026-07-16 10:00')
  })

  test('a pause wholly in closed time moves nothing', async () => {
    const story = await tell('2026-07-10 17:30')
    await story.at('2026-07-12 23:00').proven()
    expect(await story.due()).toBe('2026-07-16 17:00')
    expect(story.filed.moves.map((it) => shown(it.to))).toContain('2026-07-16 17:00')
  })

  test('one pause or the same time in three pieces: the same due and warnings', async () => {
    const pausedFor = async (pieces: readonly (readonly [string, string])[]) => {
      const story = await (await tell('2026-07-06 08:00')).proven()
      await story.at('2026-07-06 08:30').started()
      for (const [from, until] of pieces) {
        await story.at(from).asksFor('KTP')
        await story.at(until).uploads('KTP')
        await story.send(agent, 'verification.start')
      }
      return story.pending('sla:resolution')
    }
    const whole = await pausedFor([['2026-07-06 10:00', '2026-07-06 15:00']])
    expect(
      await pausedFor([
        ['2026-07-06 10:00', '2026-07-06 10:20'],
        ['2026-07-06 10:21', '2026-07-06 11:21'],
        ['2026-07-06 11:30', '2026-07-06 15:10'],
      ]),
    ).toEqual(whole)
    expect(whole).toContain('sla:resolution.due @ 2026-07-10 14:00')
  })

  test('two causes at once: time counts once, and the pause lasts until the last cause is gone', async () => {
    const story = await (await tell('2026-07-06 08:00')).proven()
    await (await story.at('2026-07-06 09:00').started()).asksFor('KTP')
    await story.at('2026-07-06 10:00').send(portal, 'contact.change', { channel: 'phone' })
    await story.at('2026-07-06 11:00').uploads('KTP')
    expect([await story.state(), (await story.promise('resolution')).pausedAt !== null]).toEqual([
      'contactUnproven',
      true,
    ])
    await story.at('2026-07-06 12:00').send(portal, 'contact.prove', { channel: 'phone' })
    expect([await story.state(), (await story.promise('resolution')).pausedMs]).toEqual(['underVerification', 3 * HOUR])
    expect(await story.due()).toBe('2026-07-10 11:00')
  })

  test('a pause after due moves nothing and suspends the ladder', async () => {
    const story = await (await tell('2026-07-06 08:00')).proven()
    await story.at('2026-07-06 09:00').started()
    await story.live('2026-07-10 08:30')
    expect(await story.outcome()).toBe('breached')
    expect(await story.pending('sla:resolution')).toEqual([
      'sla:resolution.ladder1 @ 2026-07-10 09:00',
      'sla:resolution.ladder2 @ 2026-07-10 17:00',
    ])
    await story.asksFor('KTP')
    expect(await story.pending('sla:resolution')).toEqual([])
    await story.live('2026-07-13 08:30')
    await story.uploads('KTP')
    expect([await story.due(), await story.outcome()]).toEqual(['2026-07-09 17:00', 'breached'])
    // Paused for six and a half open hours on Friday and half an hour on Monday.
    expect(await story.pending('sla:resolution')).toEqual([
      'sla:resolution.ladder1 @ 2026-07-13 09:00',
      'sla:resolution.ladder2 @ 2026-07-13 16:00',
    ])
  })
})

describe('warnings (D18)', () => {
  test('percent of open time between the deemed start and due, each once', async () => {
    const story = await (await tell('2026-07-06 08:00')).proven()
    await story.at('2026-07-06 08:01').started()
    // 32 open hours from Monday 08:00 to Thursday 17:00: half of them are over on Tuesday at 17:00.
    expect(await story.pending('sla:resolution')).toEqual([
      'sla:resolution.warn50 @ 2026-07-07 17:00',
      'sla:resolution.warn80 @ 2026-07-09 09:36',
      'sla:resolution.due @ 2026-07-09 17:00',
    ])
    await story.live('2026-07-08 09:00')
    // New generations after the first warning do not send it again.
    await story.asksFor('KTP')
    await story.at('2026-07-08 10:00').uploads('KTP')
    await story.live('2026-07-20 08:00')
    const warned = (await story.log()).filter((it) => it.fact === 'SlaWarned').map((it) => it.event['threshold'])
    expect(warned).toEqual(['warn50', 'warn80'])
  })

  test('a warning that would lie in the past when it is planned is not sent', async () => {
    const story = await (await tell('2026-07-06 08:00')).proven()
    await story.at('2026-07-06 08:01').started()
    // Due in 30 minutes, the longer promise of 48 hours: its 50 % (24 h) lies before now.
    await story.live('2026-07-09 16:30')
    await story.extends()
    expect(await story.pending('sla:resolution')).toEqual(['sla:resolution.due @ 2026-07-13 17:00'])
  })

  test('a longer promise made during a long wait keeps the warnings that are ahead in its own time', async () => {
    const story = await (await tell('2026-07-06 08:00')).proven()
    await (await story.at('2026-07-06 09:00').started()).asksFor('KTP')
    await story.live('2026-07-16 09:00')
    await story.extends()
    await story.uploads('KTP')
    const warnings = (await story.pending('sla:resolution')).map((it) => it.split(' ')[0])
    expect(warnings).toEqual(['sla:resolution.warn50', 'sla:resolution.warn80', 'sla:resolution.due'])
  })

  test('a same-day promise that starts as it is due sends no warning at or before its start', async () => {
    const instant = (policy: Policy): Policy => {
      const copy = structuredClone(policy)
      copy.routes['kantor_cabang']!.targets['resolution']!.warnings = [1]
      copy.routes['kantor_cabang']!.targets['resolution']!.within = { unit: 'wallMinutes', amount: 1 }
      return copy
    }
    const story = await (await tell('2026-07-06 09:00', { ...atDesk('cabang-jakarta'), policy: instant })).proven()
    expect(await story.pending('sla')).toEqual([
      'sla:resolution.warn1 @ 2026-07-06 09:00:00.600',
      'sla:resolution.due @ 2026-07-06 09:01',
    ])
  })
})

describe('generations (D19)', () => {
  test('monotonic through pauses and reopening; every bump supersedes the old rows in its own commit', async () => {
    const story = await (await tell('2026-07-06 08:00')).proven()
    await (await story.at('2026-07-06 09:00').started()).asksFor('KTP')
    await story.at('2026-07-06 10:00').uploads('KTP')
    await (await story.at('2026-07-06 10:01').started()).rejected()
    await story.at('2026-07-07 10:00').send(portal, 'reopen')
    await story.at('2026-07-07 11:00').proven()
    const timers = (await story.timers()).filter((it) => it.family === 'sla:resolution')
    const pending = new Set(timers.filter((it) => it.state === 'pending').map((it) => it.generation))
    const older = timers.filter((it) => it.state !== 'pending')
    expect(pending.size).toBe(1)
    expect(Math.max(...older.map((it) => it.generation))).toBeLessThan([...pending][0]!)
    expect(new Set(older.map((it) => `${it.state} ${shown(it.closedAt) ?? ''}`))).toEqual(
      new Set(['superseded 2026-07-06 09:00', 'superseded 2026-07-06 10:01']),
    )
  })
})

describe('outcomes (D12, D20, D21)', () => {
  const review = async () => {
    const story = await (await tell('2026-07-06 08:00')).proven()
    return story.at('2026-07-06 09:00').started()
  }
  const LATE = '2026-07-09 17:00:00.001'

  test('met by approval: the clock stops at the decision, the hold runs apart and in wall time', async () => {
    const story = await (await review()).at('2026-07-09 16:00').identified()
    await story.send(agent, 'approval.propose')
    expect(await story.pending('sla:resolution')).toEqual(['sla:resolution.due @ 2026-07-09 17:00'])
    await story.send({ id: 'citra', role: 'checker' }, 'approval.confirm')
    expect([await story.outcome(), shown((await story.promise('resolution')).settledAt)]).toEqual([
      'met',
      '2026-07-09 16:00',
    ])
    expect(await story.pending()).toEqual(['hold.end @ 2026-07-10 16:00'])
  })
  test('met by rejection, also without a review: both promises', async () => {
    const story = await review()
    await story.rejected()
    expect([await story.outcome('firstReview'), await story.outcome(), await story.pending()]).toEqual([
      'met',
      'met',
      [],
    ])
  })
  test('breached while open, then metLate', async () => {
    const story = (await review()).at(LATE)
    await story.identified()
    expect([await story.outcome(), (await story.promise('resolution')).settledAt]).toEqual(['breached', null])
    await story.rejected()
    expect([await story.outcome(), await story.pending()]).toEqual(['metLate', []])
  })
  test('void by withdrawal, expiry and merge', async () => {
    const withdrawn = await (await review()).withdrawn()
    const expired = await (await tell('2026-07-06 08:00')).live('2026-07-21 08:00')
    const merged = await review()
    await merged.send(system, 'merge.record', { into: 'other' })
    for (const [story, state] of [
      [withdrawn, 'withdrawn'],
      [expired, 'expired'],
      [merged, 'merged'],
    ] as const)
      expect([await story.state(), await story.outcome(), await story.pending()]).toEqual([state, 'void', []])
    expect([await withdrawn.outcome('firstReview'), await expired.outcome('firstReview')]).toEqual(['met', 'void'])
  })
  test('a breach stands when the ticket is withdrawn', async () => {
    const story = await (await review()).at(LATE).withdrawn()
    expect([await story.outcome(), await story.pending()]).toEqual(['breached', []])
    expect((await story.promise('resolution')).settledAt).not.toBeNull()
  })
  test('the start of verification meets the first review, late when it is late', async () => {
    const story = await (await tell('2026-07-06 08:00')).proven()
    await story.at('2026-07-08 08:00').started()
    expect(await story.outcome('firstReview')).toBe('metLate')
  })
  test('an objection upheld after approval opens a new cycle; the old verdict stands', async () => {
    const story = await (await review()).approved()
    await story.at('2026-07-06 12:00').send(portal, 'objection.raise')
    await story.at('2026-07-07 09:00').send(supervisor, 'objection.uphold', { reason: 'BUKAN_SAYA' })
    expect(await story.state()).toBe('underVerification')
    expect([await story.outcome('resolution', 1), await story.outcome('resolution', 2)]).toEqual(['met', null])
    expect(shown((await story.promise('resolution', 2)).dueAt)).toBe('2026-07-10 17:00')
    expect([await story.outcome('firstReview', 2), await story.outcome('objectionReview')]).toEqual(['met', 'met'])
    expect(await story.refusal(agent, 'approval.propose')).toBe('EVENT_NOT_ALLOWED identityVerified')
  })
  test('an objection before the decision leaves the clock running and has its own promise, which no wait pauses', async () => {
    const story = (await review()).at('2026-07-06 10:00')
    await story.send(portal, 'objection.raise')
    expect([await story.due(), await story.due('objectionReview')]).toEqual(['2026-07-09 17:00', '2026-07-07 17:00'])
    await story.asksFor('KTP')
    expect(await story.pending('sla')).toEqual([
      'sla:objectionReview.warn75 @ 2026-07-07 13:30',
      'sla:objectionReview.due @ 2026-07-07 17:00',
    ])
    await story.live('2026-07-08 08:00')
    await story.send(supervisor, 'objection.dismiss', { reason: 'TIDAK_TERBUKTI' })
    expect(await story.outcome('objectionReview')).toBe('metLate')
  })
})

describe('reopening (D22)', () => {
  const rejected = async () => {
    const story = await (await tell('2026-07-06 08:00')).proven()
    await (await story.at('2026-07-06 09:00').started()).approved()
    await story.send(portal, 'objection.raise')
    await story.send(supervisor, 'objection.uphold', { reason: 'BUKAN_SAYA' })
    return story.rejected()
  }
  const closed = local('2026-07-06 09:00')

  test('possible through the whole thirtieth day and not a millisecond longer', async () => {
    expect((await (await rejected()).at(closed + 30 * DAY).send(portal, 'reopen')).state).toBe('reopened')
    expect(await (await rejected()).at(closed + 30 * DAY + 1).refusal(portal, 'reopen')).toBe(
      'EVENT_NOT_ALLOWED withinReopenWindow',
    )
  })
  test('never after erasure or merge', async () => {
    const erased = await rejected()
    await erased.send(system, 'erasure.record')
    expect(await erased.refusal(portal, 'reopen')).toBe('EVENT_NOT_ALLOWED notErased')
    const merged = await tell('2026-07-06 08:00')
    await merged.send(system, 'merge.record', { into: 'other' })
    expect(await merged.refusal(portal, 'reopen')).toBe('EVENT_NOT_ALLOWED')
  })
  test('every closed ticket takes note of an erasure, once', async () => {
    const merged = await tell('2026-07-06 08:00')
    await merged.send(system, 'merge.record', { into: 'other' })
    expect((await merged.send(system, 'erasure.record')).facts).toEqual(['PersonalDataErased'])
    expect(await merged.refusal(system, 'erasure.record')).toBe('EVENT_NOT_ALLOWED notErased')
  })
  test('contacts are proven again, the gate waits again, and two officers decide again', async () => {
    const story = (await rejected()).at('2026-07-11 10:00')
    await story.send(portal, 'reopen')
    expect([await story.outcome('resolution', 2), await story.outcome('resolution', 3)]).toEqual(['met', null])
    expect((await story.promise('resolution', 3)).pauseCauses).toEqual(['contactUnproven'])
    expect(await story.refusal(agent, 'verification.start')).toBe('EVENT_NOT_ALLOWED')
    await story.proven()
    expect(await story.refusal(agent, 'verification.start')).toBe('EVENT_NOT_ALLOWED released')
    await story.at('2026-07-13 08:00:01').started()
    expect(await story.refusal(agent, 'approval.propose')).toBe('EVENT_NOT_ALLOWED identityVerified')
    await story.identified()
    expect([(await story.row()).makerId, (await story.row()).checkerId]).toEqual([null, null])
  })
})

describe('longer promises and waits (D23)', () => {
  test('five business days from the original start, pauses kept', async () => {
    const story = await (await tell('2026-07-06 08:00')).at('2026-07-06 10:00').proven()
    await story.at('2026-07-07 10:00').started()
    const { moves } = await story
      .extends()
      .then(() => story.log())
      .then((log) => log.at(-1)!)
    expect(moves?.map((it) => [it.target, shown(it.from), shown(it.to), it.reason])).toEqual([
      ['resolution', '2026-07-10 10:00', '2026-07-14 10:00', 'extended'],
    ])
    expect(await story.refusal(agent, 'promise.extend', { flag: 'perbedaan_identitas' })).toBe(
      'EVENT_NOT_ALLOWED not:extended',
    )
  })
  test('data known to be out of sync earn the longer promise from the start', async () => {
    const story = await tell('2026-07-06 08:00', { filing: { cause: 'DATA_LAMA' } })
    expect(await story.due()).toBe('2026-07-13 17:00')
  })
  test('never earlier than the old due', async () => {
    const shorter = (policy: Policy): Policy => {
      const copy = structuredClone(policy)
      copy.routes['layanan_digital']!.targets['resolution']!.extended = {
        unit: 'businessDays',
        amount: 1,
        minimumOpenMinutes: 60,
      }
      return copy
    }
    const story = await (await tell('2026-07-06 08:00', { policy: shorter })).proven()
    await (await story.at('2026-07-06 09:00').started()).extends()
    expect(await story.due()).toBe('2026-07-09 17:00')
  })
  test('never undoes a breach', async () => {
    const story = await (await tell('2026-07-06 08:00')).proven()
    await story.at('2026-07-06 09:00').started()
    story.at('2026-07-10 09:00')
    expect(await story.refusal(agent, 'promise.extend', { flag: 'perbedaan_identitas' })).toBe(
      'EVENT_NOT_ALLOWED not:resolutionLate',
    )
    expect([await story.outcome(), await story.due()]).toEqual(['breached', '2026-07-09 17:00'])
  })
  test('no reply: reminders after 3 and 7 calendar days, expiry after 14', async () => {
    const story = await (await tell('2026-07-06 08:00')).live('2026-08-31 08:00')
    const log = (await story.log()).slice(2).map((it) => `${it.fact} ${shown(it.at) ?? ''}`)
    expect(log).toEqual([
      'ParticipantReminded 2026-07-09 08:00',
      'ParticipantReminded 2026-07-13 08:00',
      'TicketExpired 2026-07-20 08:00',
    ])
  })
  test('a partial upload or another request begins the wait anew', async () => {
    const story = await (await tell('2026-07-06 08:00')).proven()
    await (await story.at('2026-07-06 09:00').started()).asksFor('KTP', 'SLIP_GAJI')
    await story.at('2026-07-19 09:00').uploads('KTP')
    expect((await story.pending('noReply')).at(-1)).toBe('noReply.expire @ 2026-08-02 09:00')
    await story.at('2026-07-20 09:00').asksFor('KARTU_KELUARGA')
    expect(await story.pending('noReply')).toEqual([
      'noReply.remind1 @ 2026-07-23 09:00',
      'noReply.remind2 @ 2026-07-27 09:00',
      'noReply.expire @ 2026-08-03 09:00',
    ])
  })
  test('a referral nobody follows expires too', async () => {
    const story = await (await tell('2026-07-06 08:00')).proven()
    await (await story.at('2026-07-06 09:00').started()).refers('cabang-makassar')
    await story.live('2026-07-20 09:00')
    expect([await story.state(), await story.outcome(), await story.pending()]).toEqual(['expired', 'void', []])
  })
})

describe('the branch (D24, D25)', () => {
  test.each([
    ['2026-07-06 16:00', '2026-07-06 17:00'],
    ['2026-07-06 16:00:00.001', '2026-07-07 17:00'],
    ['2026-07-06 11:30', '2026-07-06 17:00'],
    ['2026-07-10 17:00', '2026-07-13 17:00'],
  ])('same day with 60 open minutes left at arrival (%s WITA), else the next business day', async (arrival, due) => {
    const story = await (await tell(local(arrival, 'WITA'), atDesk('cabang-makassar'))).proven()
    expect(await story.due('resolution', 'WITA')).toBe(due)
  })

  test('a referral pauses; at arrival the clock starts anew on the branch calendar', async () => {
    const story = await (await tell('2026-07-06 08:00')).proven()
    await (await story.at('2026-07-06 09:00').started()).refers('cabang-jayapura')
    expect((await story.promise('resolution')).pauseCauses).toEqual(['referredToBranch'])
    await story.at('2026-07-08 10:00', 'WIT').arrives()
    const promise = await story.promise('resolution')
    expect([promise.calendar, promise.route, promise.pausedMs, promise.cycle]).toEqual(['wit@1', 'kantor_cabang', 0, 1])
    expect([await story.due('resolution', 'WIT'), (await story.row()).officeId]).toEqual([
      '2026-07-08 17:00',
      'cabang-jayapura',
    ])
    expect(await story.outcome('firstReview')).toBe('met')
  })
  test('arriving late undoes no breach', async () => {
    const story = await (await tell('2026-07-06 08:00')).proven()
    await (await story.at('2026-07-09 17:00:00.001').started()).refers('cabang-makassar')
    await story.at('2026-07-10 09:00').arrives()
    expect([await story.outcome(), await story.due()]).toEqual(['breached', '2026-07-09 17:00'])
  })
  test('the app has no clock, the branch it refers to has one from arrival', async () => {
    const story = await (await tell('2026-07-06 08:00', { filing: { route: 'aplikasi' } })).proven()
    await (await story.at('2026-07-06 09:00').started()).refers('cabang-jakarta')
    await story.at('2026-07-07 09:00').arrives()
    expect([await story.due(), await story.outcome()]).toEqual(['2026-07-07 17:00', null])
    await story.at('2026-07-07 10:00').rejected()
    expect([await story.outcome(), await story.pending()]).toEqual(['met', []])
  })
  test('an objection keeps its own start when the participant arrives', async () => {
    const story = await (await tell('2026-07-06 08:00')).proven()
    await (await story.at('2026-07-06 09:00').started()).refers('cabang-jakarta')
    await story.send(portal, 'objection.raise')
    await story.at('2026-07-07 09:00').arrives()
    expect(await story.due('objectionReview')).toBe('2026-07-07 17:00')
  })
  test('another office: a new generation on its calendar, from the original start, pauses kept', async () => {
    const story = await (await tell('2026-07-06 08:00')).at('2026-07-06 09:00').proven()
    const before = (await story.promise('resolution')).generation
    await story
      .at('2026-07-06 10:00')
      .send(supervisor, 'office.transfer', { officeId: 'cabang-jayapura', reason: 'BEBAN' })
    const after = await story.promise('resolution')
    expect([after.generation > before, after.calendar, after.pausedMs]).toEqual([true, 'wit@1', HOUR])
    expect(await story.due('resolution', 'WIT')).toBe('2026-07-10 09:00')
  })
  test("another office's earlier closing never makes a promise late by itself", async () => {
    const story = await (await tell('2026-07-06 08:00')).proven()
    await story.at('2026-07-06 09:00').started()
    // 15:30 WIB is 17:30 WIT: there the day is over.
    await story
      .at('2026-07-09 15:30')
      .send(supervisor, 'office.transfer', { officeId: 'cabang-jayapura', reason: 'BEBAN' })
    expect([await story.due(), await story.outcome()]).toEqual(['2026-07-09 17:00', null])
    await story.at('2026-07-09 16:00').rejected()
    expect(await story.outcome()).toBe('met')
    const instants = (await story.log()).map((it) => it.at)
    expect(instants).toEqual([...instants].sort((a, b) => a - b))
  })
})

describe('the gate (D26)', () => {
  test.each([
    ['2026-07-06 12:30', '2026-07-06 13:00'],
    ['2026-07-06 22:00', '2026-07-07 08:00'],
    ['2026-07-11 02:00', '2026-07-13 08:00'],
    ['2026-08-14 17:00', '2026-08-18 08:00'],
  ])('submitted %s, released %s', async (filed, released) => {
    const story = await (await tell(filed)).proven()
    expect(await story.pending('release')).toEqual([`release.open @ ${released}`])
    expect(await story.refusal(agent, 'verification.start')).toBe('EVENT_NOT_ALLOWED released')
    await story.at(local(released) + 1).started()
    expect([await story.state(), shown((await story.row()).releasedAt)]).toEqual(['underVerification', released])
  })
  test('submitted while the office is open, verified from that very instant', async () => {
    const story = await (await tell('2026-07-06 09:00')).proven()
    expect(await story.pending('release')).toEqual(['release.open @ 2026-07-06 09:00'])
    await story.started()
    expect([await story.state(), shown((await story.row()).releasedAt)]).toEqual([
      'underVerification',
      '2026-07-06 09:00',
    ])
  })
  test('a supervisor may open it, and then it does not open again', async () => {
    const story = await (await tell('2026-07-11 02:00')).proven()
    await story.at('2026-07-11 09:00').send(supervisor, 'release.override', { reason: 'DARURAT' })
    await story.started()
    expect([await story.state(), await story.pending('release')]).toEqual(['underVerification', []])
  })
  test('another office opens at its own hour', async () => {
    const story = await (await tell('2026-07-11 02:00')).proven()
    await story.send(supervisor, 'office.transfer', { officeId: 'cabang-jayapura', reason: 'BEBAN' })
    expect(await story.pending('release', 'WIT')).toEqual(['release.open @ 2026-07-13 08:00'])
  })
})

describe('the hold (D27)', () => {
  const digital = async (elevated: boolean) => {
    const story = await (await tell('2026-07-10 08:00')).proven()
    await story.at('2026-07-10 16:00').started()
    if (elevated) await story.send(agent, 'risk.elevate', { reason: 'SIM_BARU' })
    return story.approved()
  }
  const branch = async (filer: typeof agent, elevated = false) => {
    const story = await (await tell('2026-07-10 08:00', { ...atDesk('cabang-jakarta'), filer })).proven()
    await story.at('2026-07-10 09:00').started()
    if (elevated) await story.send(agent, 'risk.elevate', { reason: 'SIM_BARU' })
    return story.approved()
  }
  const other = { id: 'budi', role: 'agent' } as const

  test('24 h of wall time, 72 h at elevated risk, also over a weekend', async () => {
    expect(await (await digital(false)).pending()).toEqual(['hold.end @ 2026-07-11 16:00'])
    expect(await (await digital(true)).pending()).toEqual(['hold.end @ 2026-07-13 16:00'])
  })
  test('none at a branch, 24 h there at elevated risk, and when nobody was there in person', async () => {
    expect(await (await branch(other)).state()).toBe('applying')
    expect(await (await branch(other, true)).pending()).toEqual(['hold.end @ 2026-07-11 09:00'])
    expect(await (await branch(portal as never)).pending()).toEqual(['hold.end @ 2026-07-11 09:00'])
  })
  test('risk seen during the hold begins the longer one', async () => {
    const story = (await digital(false)).at('2026-07-11 10:00')
    await story.send(agent, 'risk.elevate', { reason: 'SIM_BARU' })
    expect(await story.pending()).toEqual(['hold.end @ 2026-07-14 10:00'])
  })
  test('an objection at the very end of the hold is in time; a millisecond later the contacts are being replaced', async () => {
    const end = local('2026-07-11 16:00')
    const inTime = (await digital(false)).at(end)
    await inTime.send(portal, 'objection.raise')
    expect([await inTime.state(), await inTime.pending('hold')]).toEqual(['frozen', []])
    const late = (await digital(false)).at(end + 1)
    expect(await late.refusal(portal, 'objection.raise')).toBe('EVENT_NOT_ALLOWED')
    expect([await late.state(), shown((await late.log()).at(-1)!.at)]).toEqual(['applying', '2026-07-11 16:00'])
  })
  test('a dismissed objection begins the hold again; the account service is called only after it', async () => {
    const story = (await digital(false)).at('2026-07-11 10:00')
    await story.send(portal, 'objection.raise')
    await story.at('2026-07-13 10:00').send(supervisor, 'objection.dismiss', { reason: 'TIDAK_TERBUKTI' })
    expect(await story.pending()).toEqual(['hold.end @ 2026-07-14 10:00'])
    await story.live('2026-07-14 10:00')
    expect(await story.state()).toBe('applying')
    await story.at('2026-07-14 10:00').send(system, 'contacts.applied')
    expect([await story.state(), await story.pending(), (await story.row()).nextDueAt]).toEqual([
      'contactUpdated',
      [],
      null,
    ])
  })
  test('while contacts are being replaced nothing can merge the ticket away', async () => {
    const story = await branch(other)
    expect(await story.refusal(system, 'merge.record', { into: 'other' })).toBe('EVENT_NOT_ALLOWED')
  })
})

test('a branch checks identity itself, and corrected data are checked again', async () => {
  const referred = await (await tell('2026-07-06 08:00')).proven()
  await (await (await referred.at('2026-07-06 09:00').started()).identified()).refers('cabang-jakarta')
  await referred.at('2026-07-06 10:00').arrives()
  expect(await referred.refusal(agent, 'approval.propose')).toBe('EVENT_NOT_ALLOWED identityVerified')
  const corrected = await (await tell('2026-07-06 08:00')).proven()
  await (await corrected.at('2026-07-06 09:00').started()).identified()
  await corrected.send(agent, 'correction.request', { reason: 'SALAH_KETIK' })
  await corrected.send(portal, 'correction.submit')
  await corrected.at('2026-07-06 09:00').started()
  expect(await corrected.refusal(agent, 'approval.propose')).toBe('EVENT_NOT_ALLOWED identityVerified')
})
