import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { registerDemo } from '../../src/cli/demo.js'
import { asJson } from '../../src/demo/json.js'
import { kinds } from '../../src/demo/kinds/index.js'
import { runDemo, isSound, type DemoReport } from '../../src/demo/report.js'
import { local } from '../../src/demo/period.js'
import { asText } from '../../src/demo/text.js'
import { command } from '../support/command.js'

const GOLDEN = new URL('../fixtures/demo/lebaran-2026.json', import.meta.url)

const pulih = (...args: string[]) => command([registerDemo], args)
/** The report that a document was made of: what is an instant there is a number here. */
const reportOf = (document: string): DemoReport =>
  JSON.parse(document, (_key, value: unknown) =>
    typeof value === 'string' && INSTANT.test(value) ? Date.parse(value) : value,
  ) as DemoReport
const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/

/** The three weeks as the command tells them by default, lived once for all that is asked of them here. */
let golden: Awaited<ReturnType<typeof pulih>>
let report: DemoReport
beforeAll(async () => {
  golden = await pulih('demo', '--json')
  report = reportOf(golden.out.join('\n'))
})

describe('pulih demo --json', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pulih-demo-test-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('is the golden document, byte for byte (UPDATE_GOLDEN=1 writes it anew)', () => {
    const { out, code } = golden
    expect(code).toBe(0)
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(GOLDEN, `${out.join('\n')}\n`)
    expect(`${out.join('\n')}\n`).toBe(readFileSync(GOLDEN, 'utf8'))
    // What the tests below look at is all of it.
    expect(JSON.stringify(asJson(report), null, 2)).toBe(out.join('\n'))
  })

  it('gives other weeks for another seed, sound too, and leaves no folder behind', async () => {
    const first = await runDemo({ tickets: 60, seed: 1, folder })
    const other = await runDemo({ tickets: 60, seed: 2, folder })
    expect(other.everyTicket).not.toEqual(first.everyTicket)
    expect([isSound(first), isSound(other)]).toEqual([true, true])
    expect(readdirSync(folder)).toEqual([])
  })

  it('refuses numbers that are none, without starting', async () => {
    for (const args of [
      ['--tickets', '0'],
      ['--tickets', 'many'],
      ['--seed', '1.5'],
    ]) {
      const { out, err, code } = await pulih('demo', ...args)
      expect([out, code]).toEqual([[], 2])
      expect(err[0]).toContain('--tickets is a whole number')
    }
  })
})

describe('three weeks around Lebaran', () => {
  const kind = (id: string) => report.kinds.find((it) => it.id === id)!
  const linesOf = (id: string) => report.everyTicket.filter((line) => line.includes(` | ${id} | `))

  it('plays every kind by its weight', () => {
    expect(report.kinds.map((it) => [it.id, it.tickets])).toEqual(kinds.map((it) => [it.id, it.weight]))
    expect(report.kinds.reduce((sum, it) => sum + it.tickets, 0)).toBe(200)
  })

  it('holds every rule, and verify tells every ticket again from its log', () => {
    expect(report.surprises).toEqual([])
    expect(report.rules.filter((it) => it.violations > 0)).toEqual([])
    expect(report.rules.filter((it) => it.looked === 0)).toEqual([])
    expect(report.verified).toMatchObject({ tickets: 200, problems: [] })
    expect(report.totals).toMatchObject({ deadLetters: 0, timersDropped: 0 })
    expect(report.totals['delivered']).toBe((report.totals['messages'] ?? 0) + (report.totals['accountCommands'] ?? 0))
  })

  it('closes the desk from 18 to 24 March: tickets come in, nothing is decided (R09, D6)', () => {
    const closed = report.days.filter((it) => it.date >= '2026-03-18' && it.date <= '2026-03-24')
    expect(closed.map((it) => it.opening)).toEqual(Array.from({ length: 7 }, () => null))
    expect(closed.every((it) => it.filed > 0)).toBe(true)
    expect(closed.reduce((sum, it) => sum + it.decided, 0)).toBe(0)
    expect(report.days.find((it) => it.date === '2026-03-17')?.closing).toBe(local('2026-03-17T15:00'))
    expect(report.days.find((it) => it.date === '2026-03-25')?.closing).toBe(local('2026-03-25T17:00'))
  })

  it('promises a Sunday 02:00 ticket from Monday: three business days over Lebaran end on 26 March (D2, D3)', () => {
    const sundays = linesOf('minggu_0200').filter((line) => line.includes('2026-03-14T19:00:00Z'))
    expect(sundays).toHaveLength(2)
    for (const line of sundays) expect(line).toContain('resolution#1 due 2026-03-26T10:00:00Z met')
  })

  it('counts a ticket of 16:59:59 for that Friday and one of 17:00:00 for Monday (D3, D16)', () => {
    const at = (instant: string) => linesOf('jumat_tutup').find((line) => line.includes(instant))
    // The second before closing was spent waiting for proof of the contacts, so it moves over the night (D13).
    expect(at('2026-03-27T09:59:59Z')).toContain('resolution#1 due 2026-04-02T01:00:01Z')
    expect(at('2026-03-27T10:00:00Z')).toContain('resolution#1 due 2026-04-02T10:00:00Z')
  })

  it('shows every ending: late ones climb the ladder, silence expires, a reopened one is promised again', () => {
    expect(kind('terlambat')).toMatchObject({ metLate: 7, met: 0 })
    expect(kind('tak_diputus')).toMatchObject({ breached: 3 })
    expect(kind('tanpa_balasan')).toMatchObject({ void: 8 })
    expect(kind('rujukan_absen')).toMatchObject({ void: 5 })
    expect(kind('dibuka_kembali')).toMatchObject({ tickets: 6, promised: 12, met: 12 })
    expect(kind('sanggahan_diterima')).toMatchObject({ tickets: 3, promised: 6 })
    expect(kind('aplikasi')).toMatchObject({ tickets: 5, promised: 0 })
    expect(new Set(report.late.map((it) => it.called))).toEqual(new Set(['supervisor', 'unitHead']))
    expect(report.refusals).toEqual({ OWN_CASE: 5, ROLE_NOT_ALLOWED: 5 })
  })

  it('decides walk-ins in the same sitting, in the zone of their branch (D24)', () => {
    for (const id of ['makassar', 'jayapura']) {
      for (const line of linesOf(id)) {
        const [, , filedAt = '', state, promise = ''] = line.split(' | ')
        expect(state).toBe('contactUpdated')
        const settledAt = promise.split(' ').at(-1) ?? ''
        expect(promise).toContain(' met ')
        expect(Date.parse(settledAt) - Date.parse(filedAt)).toBeLessThan(3 * 3_600_000)
      }
    }
  })

  it('reads well in 120 columns and says that the hours are an example (D5)', () => {
    const lines = asText(report)
    expect(lines.filter((line) => line.length > 120)).toEqual([])
    expect(lines.join('\n')).toContain('CONTOH, bukan jam resmi')
    expect(lines.join('\n')).not.toMatch(/undefined|NaN|\[object/)
    expect(lines.at(-1)).toBe('  Semua aturan berlaku.')
  })
})
