import { beforeAll, describe, expect, it } from 'vitest'
import { sampleJpeg } from '../../src/cli/sample.js'
import { isDaySound, type DayReport } from '../../src/demo/day/report.js'
import { runDay } from '../../src/demo/day/run.js'
import { dayText } from '../../src/demo/day/text.js'

const CREW = { agents: 4, checkers: 2, supervisors: 2 }

describe('four days at the desk, through the API alone', () => {
  let report: DayReport
  beforeAll(async () => {
    const draw = (card: { nik: string; name: string; born: string }) =>
      sampleJpeg({ ...card, address: 'JL. CONTOH NO. 1' })
    report = await runDay({ submissions: 40, seed: 2026, crew: CREW, draw })
  }, 300_000)

  it('ends proven: every ticket replays, what is sealed opens, the audit chain is whole', () => {
    expect(report.verified).toMatchObject({ tickets: 41, problems: [] })
    expect(report.privacy.problems).toEqual([])
    expect(report.audited.problems).toEqual([])
    // Every entry of every log, and the claims besides.
    expect(report.audited.sealed).toBeGreaterThan(report.verified.entries)
    expect(report.deadLetters).toBe(0)
    expect(isDaySound(report)).toBe(true)
  })

  it('A26 refuses to carry out an approval whose checker lost the role during the hold, and goes back to review', () => {
    expect(report.revoked).toEqual({ code: 'AUTHORITY_REVOKED', backToReview: true })
    expect(report.deeds['revoked']).toBe(1)
  })

  it('plays every scene: two objections, an outage, a walk-in, a competing pair, documents, corrections', () => {
    const scenes = { 'objection.uphold': 1, 'objection.dismiss': 1, objected: 2, incident: 1, walkIn: 1 }
    expect(report.deeds).toMatchObject(scenes)
    for (const deed of ['competing', 'linked', 'documents.request', 'correction.request', 'branch.arrive', 'released'])
      expect(report.deeds[deed], deed).toBeGreaterThan(0)
    expect(report.documents).toBeGreaterThan(1)
  })

  it('keeps its promises over the holiday, and ends with nobody forgotten', () => {
    const { contactUpdated = 0, rejected = 0 } = report.states
    expect(contactUpdated).toBeGreaterThan(20)
    expect(rejected).toBeGreaterThan(0)
    for (const it of report.promises)
      expect({ ...it, breached: it.breached, metLate: it.metLate }).toMatchObject({ breached: 0, metLate: 0 })
    expect(Object.values(report.states).reduce((sum, n) => sum + n)).toBe(41)
  })

  it('tells the story in both languages and fits a terminal', () => {
    const lines = dayText(report)
    expect(lines.join('\n')).toMatch(/Everything holds/)
    expect(lines.join('\n')).toMatch(/Semuanya terbukti/)
    expect(Math.max(...lines.map((it) => it.length))).toBeLessThan(190)
  })
})
