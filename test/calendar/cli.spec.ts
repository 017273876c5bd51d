import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Command } from 'commander'
import { afterAll, describe, expect, it } from 'vitest'
import { registerCalendar } from '../../src/cli/calendar.js'
import { office } from './helpers.js'

const dir = mkdtempSync(join(tmpdir(), 'calendar-cli-'))
afterAll(() => rmSync(dir, { recursive: true }))
const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/business-time/${name}`, import.meta.url))
const file = (name: string, content: unknown): string => {
  const path = join(dir, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

function run(...args: string[]): { out: string[]; err: string[]; code: number } {
  const result = { out: [] as string[], err: [] as string[], code: 0 }
  const program = new Command().exitOverride()
  registerCalendar(program, {
    out: (line) => result.out.push(line),
    err: (line) => result.err.push(line),
    setExitCode: (code) => (result.code = code),
  })
  program.parse(['calendar', ...args], { from: 'user' })
  return result
}

describe('calendar vectors', () => {
  const vector = { id: 'v-1', op: 'isOpen', calendar: 'a', at: '2026-06-08T02:00:00Z', expect: { open: true } }
  const calendars = file('calendars.json', {
    a: { zone: 'Asia/Jakarta', weekly: { 1: [['08:00', '17:00']] }, holidays: [], seasons: [] },
    b: { zone: 'Mars/Base', weekly: {} },
  })
  const vectors = (name: string, ...lines: unknown[]) =>
    file(name, lines.map((line) => JSON.stringify(line)).join('\n'))

  it('passes all of the fixture', () => {
    const all = run('vectors', '--calendars', fixture('calendars.json'), '--vectors', fixture('vectors.jsonl'))
    expect(all).toEqual({ out: ['600 passed, 0 failed'], err: [], code: 0 })
  })

  it('prints each failure with what was expected and got, and exits 1', () => {
    const lines = [
      vector,
      { ...vector, id: 'v-2', expect: { open: false } },
      { ...vector, id: 'v-3', calendar: 'b' },
      { ...vector, id: 'v-4', calendar: 'zz' },
    ]
    const { out, code } = run('vectors', '--calendars', calendars, '--vectors', vectors('v.jsonl', ...lines))
    expect(out).toHaveLength(4)
    expect(out[0]).toBe('v-2: expected {"open":false}, got {"open":true}')
    expect(out[1]).toContain('v-3: expected {"open":true}, got {"error":"ZONE_UNKNOWN"')
    expect(out[2]).toContain('v-4')
    expect(out[3]).toBe('1 passed, 3 failed')
    expect(code).toBe(1)
    const json = run('vectors', '--json', '--calendars', calendars, '--vectors', vectors('v.jsonl', ...lines))
    expect(JSON.parse(json.out.join('\n'))).toMatchObject({ passed: 1, failed: 3, failures: [{ id: 'v-2' }, {}, {}] })
    expect(json.code).toBe(1)
  })

  it.each([
    ['a missing file', calendars, join(dir, 'none.jsonl'), /none\.jsonl: cannot be read \(ENOENT\)/],
    ['calendars that are not JSON', file('x.json', '{'), fixture('vectors.jsonl'), /x\.json: is not JSON/],
    ['a line that is not JSON', calendars, file('y.jsonl', '{}}'), /y\.jsonl line 1: is not JSON/],
    [
      'a line that is no vector',
      calendars,
      vectors('z.jsonl', vector, { ...vector, at: 'noon' }),
      /z\.jsonl line 2: is not a vector \(at: /,
    ],
    ['no vectors at all', calendars, file('empty.jsonl', '\n'), /holds no vectors/],
  ])('exits 2 on %s', (_case, calendarsFile, vectorsFile, message) => {
    const { out, err, code } = run('vectors', '--calendars', calendarsFile, '--vectors', vectorsFile)
    expect(out).toEqual([])
    expect(err.join('\n')).toMatch(message)
    expect(code).toBe(2)
  })
})

describe('calendar explain', () => {
  it('tells an Indonesian reader why, and that the calendar is an example', () => {
    const { out, code } = run('explain', '--at', '2026-03-17T14:00+07:00', '--days', '3')
    expect(code).toBe(0)
    const text = out.join('\n')
    expect(text).toContain('pusat@1): contoh, bukan jam resmi')
    expect(text).toContain('Jatuh tempo       : Jumat, 2026-03-27 pukul 17:00 WIB')
    expect(text).toMatch(/2026-03-17 {2}Selasa {2}08:00-15:00 {2}hari ke-0/)
    expect(text).toMatch(/2026-03-19 {2}Kamis {3}tutup {8}hari libur: Hari Suci Nyepi/)
    expect(text).toMatch(/2026-03-20 {2}Jumat {3}tutup {8}Cuti Bersama Idulfitri/)
    expect(text).toContain('hari kerja ke-3')
  })

  it('reads another zone, another rule, another file', () => {
    const wit = run(
      'explain',
      '--calendar',
      'wit',
      '--at',
      '2026-06-06T10:00+09:00',
      '--days',
      '1',
      '--counting',
      'calendar',
      '--json',
    )
    expect(JSON.parse(wit.out.join('\n'))).toMatchObject({
      calendar: 'wit@1',
      example: true,
      due: '2026-06-08T08:00:00Z',
      businessDays: 1,
    })
    const own = run('explain', '--file', file('own.json', office()), '--at', '2026-06-06T10:00+07:00', '--days', '1')
    expect(own.out[0]).toBe('Kalender          : Office (office@1)')
    const many = run(
      'explain',
      '--file',
      fixture('calendars.json'),
      '--calendar',
      'ber-24x7',
      '--at',
      '2026-03-28T12:00Z',
      '--days',
      '1',
    )
    expect(many.out.join('\n')).toContain('Jatuh tempo       : Senin, 2026-03-30 pukul 00:00 Europe/Berlin')
  })

  it.each([
    ['a local time', ['--at', '2026-03-17T14:00', '--days', '3'], /offset/, 2],
    ['half a day', ['--at', '2026-03-17T14:00Z', '--days', '1.5'], /whole number/, 2],
    ['an unknown calendar', ['--at', '2026-03-17T14:00Z', '--days', '1', '--calendar', 'x'], /pusat, wita, wit/, 2],
    ['an unknown rule', ['--at', '2026-03-17T14:00Z', '--days', '1', '--counting', 'x'], /deemed or calendar/, 2],
    [
      'a file of many without a choice',
      ['--at', '2026-03-17T14:00Z', '--days', '1', '--file', fixture('calendars.json')],
      /--calendar names one of/,
      2,
    ],
    [
      'a closed calendar',
      ['--at', '2026-03-17T14:00Z', '--days', '1', '--file', fixture('calendars.json'), '--calendar', 'closed-berlin'],
      /NO_OPEN_TIME/,
      1,
    ],
  ])('refuses %s', (_case, args, message, exit) => {
    const { out, err, code } = run('explain', ...args)
    expect(out).toEqual([])
    expect(err.join('\n')).toMatch(message)
    expect(code).toBe(exit)
  })
})

describe('calendar check', () => {
  it('finds nothing wrong with the fixture and with a plain spec', () => {
    const never = (id: string) =>
      `${id}: note: no hours at all from now on; as a version in force it is refused [NO_OPEN_TIME]`
    expect(run('check', fixture('calendars.json'))).toEqual({
      out: [...['closed-empty', 'closed-nokeys', 'closed-berlin'].map(never), '43 calendar(s), 0 problem(s)'],
      err: [],
      code: 0,
    })
    expect(run('check', file('good.json', [office(), office({ version: 2 })])).code).toBe(0)
  })

  it('prints each problem with its place and code', () => {
    const broken = file('broken.json', office({ zone: 'Mars/Base', weekly: { 1: [['09:00', '08:00']] } }))
    expect(run('check', broken)).toEqual({
      out: [
        'office: zone: "Mars/Base" is not an IANA time zone this machine knows [ZONE_UNKNOWN]',
        'office: weekly.1[0]: 09:00 to 08:00 holds no time (split at midnight) [INTERVAL_EMPTY]',
        '1 calendar(s), 2 problem(s)',
      ],
      err: [],
      code: 1,
    })
    const exchange = file('exchange.json', {
      a: { zone: 'UTC' },
      b: { zone: 'Europe/Berlin', weekly: { 7: [['02:30', '03:00']] } },
    })
    const json = run('check', exchange, '--json')
    expect(JSON.parse(json.out.join('\n'))).toMatchObject({
      problems: 3,
      calendars: [{ id: 'a' }, { id: 'b', problems: [{ code: 'EDGE_IN_GAP' }, { code: 'EDGE_IN_FOLD' }] }],
    })
    expect(json.code).toBe(1)
  })

  it('takes a calendar as the API gives it, and no version twice', () => {
    expect(run('check', file('api.json', { ...office(), notices: [] })).code).toBe(0)
    expect(run('check', file('shape.json', { ...office(), notices: 1 })).code).toBe(1)
    const twice = run('check', file('twice.json', [office(), office()]))
    expect([twice.code, twice.out]).toEqual([
      1,
      ['office@1: is in the file twice: which is meant? [VERSION_TWICE]', '2 calendar(s), 1 problem(s)'],
    ])
  })

  it('exits 2 on what is no calendar file', () => {
    expect(run('check', join(dir, 'none.json')).code).toBe(2)
    expect(run('check', file('list.json', '[]')).code).toBe(2)
    expect(run('check', file('text.json', '"x"')).code).toBe(2)
  })
})
