import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PulihError } from '../../../src/engine/errors.js'
import { compareDates, compareDigits, compareNames, distanceOf } from '../../../src/staff/deciding/compare.js'
import { sideBySide } from '../../../src/staff/deciding/comparison.js'
import { pluck, rowWith } from '../../api/harness.js'
import { DecidingWorld } from './world.js'

describe('names, numbers and days', () => {
  it.each([
    ['Siti Rahmawati', 'SITI RAHMAWATI', 'equal', null],
    ['Siti Rahmawati', 'Siti  Rahmawati.', 'equal', null],
    ['Rahmawati Siti', 'Siti Rahmawati', 'differs', 'wordOrder'],
    ['Soeharto', 'Suharto', 'differs', 'spelling'],
    ['Tjahja Poernomo', 'Cahya Purnomo', 'differs', 'spelling'],
    ['Djojo Koesoemo', 'Joyo Kusumo', 'differs', 'spelling'],
    ['Moh. Arif', 'Muhammad Arif', 'differs', 'abbreviation'],
    ['M Arif', 'Mochamad Arif', 'differs', 'abbreviation'],
    ['Siti Rahmawti', 'Siti Rahmawati', 'differs', 'typo'],
    ['Siti Rahmawati', 'Siti Nur Rahmawati', 'differs', 'missingWord'],
    ['Siti Rahmawati', 'Budi Santoso', 'differs', 'other'],
    ['Siti Rahmawati', null, 'onlyHere', null],
  ])('%s ↔ %s: %s %s', (one, other, verdict, kind) => {
    expect(compareNames(one, other)).toMatchObject({ verdict, kind })
  })
  it('numbers: two digits swapped, one mistyped, another number', () => {
    expect(compareDigits('12345678901', '12345678901').verdict).toBe('equal')
    expect(compareDigits('12345678901', '12345687901')).toEqual({ verdict: 'differs', kind: 'swapped', distance: 1 })
    expect(compareDigits('12345678901', '12345678909')).toEqual({ verdict: 'differs', kind: 'typo', distance: 1 })
    expect(compareDigits('12345678901', '99999999999').kind).toBe('other')
    expect(compareDigits('12345678901', null).verdict).toBe('onlyHere')
  })
  it('days: day and month swapped', () => {
    expect(compareDates('1990-05-07', '1990-07-05').kind).toBe('dayMonthSwapped')
    expect(compareDates('1990-05-07', '1991-05-07')).toMatchObject({ kind: 'typo', distance: 1 })
    expect(compareDates('1990-05-07', '1972-12-31').kind).toBe('other')
  })
  it('a distance is one', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 })
    fc.assert(
      fc.property(word, word, (a, b) => {
        const d = distanceOf(a, b)
        expect(d).toBe(distanceOf(b, a))
        expect(d === 0).toBe(a === b)
        expect(d).toBeGreaterThanOrEqual(Math.abs(a.length - b.length))
        expect(d).toBeLessThanOrEqual(Math.max(a.length, b.length))
      }),
    )
  })
  it('looks alike whichever way it is held', () => {
    const name = fc.array(fc.constantFrom('Siti', 'Soeharto', 'Moh', 'Rahmawati', 'Tjahja'), {
      minLength: 1,
      maxLength: 3,
    })
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(compareNames(a.join(' '), b.join(' '))).toEqual(compareNames(b.join(' '), a.join(' ')))
      }),
    )
  })
})

describe('side by side', () => {
  let world: DecidingWorld
  beforeAll(async () => {
    world = await DecidingWorld.open()
  })
  afterAll(() => world.close())
  const comparison = async (ticketId: string) => {
    const answer = await world.api.get(`/v1/tickets/${ticketId}/comparison`)
    expect(answer.status, answer.text).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    return answer
  }

  it('declared, directory and NIK, per field, masked; several cards are no difference (R52)', async () => {
    const { ticketId, participant, identity } = await world.submitted({}, 'severalCards')
    const { body, text } = await comparison(ticketId)
    expect([body.masked, body.directory, body.records.length]).toEqual([true, 'answered', 1])
    const [record] = body.records
    expect(record.foundBy).toEqual(['nik', 'kpj'])
    expect(pluck(record.fields, 'verdict')).toEqual(['equal', 'equal', 'equal', 'equal'])
    expect(record.cards).toHaveLength(participant.cards.length)
    expect(pluck(record.cards, 'declared').filter(Boolean)).toHaveLength(1)
    expect(record.activeAccounts).toBe(1)
    expect(body.derived.birthDate.verdict).toBe('equal')
    expect(body.derived.province.name).toEqual(expect.any(String))
    for (const secret of [identity.nik, identity.name, identity.birthDate, identity.kpj ?? '?'])
      expect(text).not.toContain(secret)
  })

  it('differences say of what kind they are, and the mask hides no more than the value', async () => {
    const { identity } = world.somebody()
    const words = identity.name.split(' ')
    const [day, other] = [identity.birthDate, '1950-01-31']
    const name = [...words.slice(1), words[0]].join(' ')
    const { ticketId } = await world.submitted({
      identity: { ...identity, name, birthDate: other, kpj: '10987654321' },
    })
    const [record] = (await comparison(ticketId)).body.records
    expect(rowWith(record.fields, 'field', 'name')).toMatchObject({ verdict: 'differs', kind: 'wordOrder' })
    expect(rowWith(record.fields, 'field', 'birthDate')).toMatchObject({
      verdict: 'differs',
      declared: '1950-**-**',
      other: `${day.slice(0, 4)}-**-**`,
    })
    expect(rowWith(record.fields, 'field', 'kpj').verdict).toBe('differs')
    expect(record.foundBy).toEqual(['nik'])
  })

  it('A42 in the clear for a reason only, and written down first', async () => {
    const { ticketId, identity } = await world.submitted()
    const path = `/v1/tickets/${ticketId}/comparison/reveal`
    expect((await world.post(path, { reason: 'Saya ingin tahu' })).status).toBe(422)
    expect((await world.post(path, { reason: 'IDENTITY_CHECK' }, 'auditor')).status).toBe(403)
    const shown = await world.post(path, { reason: 'IDENTITY_CHECK' })
    expect([shown.status, shown.body.masked], shown.text).toEqual([200, false])
    expect(rowWith(shown.body.records[0].fields, 'field', 'nik').declared).toBe(identity.nik)
    const trail = await world.api.store.audit.recentOf('agent-1', ['person.reveal'], 0, 10)
    const entry = trail.find((it) => it.ticketId === ticketId)
    expect(entry?.detail).toMatchObject({ view: 'comparison', reason: 'IDENTITY_CHECK' })
    expect(JSON.stringify(trail)).not.toContain(identity.nik)
  })

  it('a NIK of one person and a KPJ of another lead to two records', async () => {
    const [one, two] = [world.somebody(), world.somebody()]
    const { ticketId } = await world.submitted({ identity: { ...one.identity, kpj: two.identity.kpj } })
    const { records } = (await comparison(ticketId)).body
    expect(pluck(records, 'foundBy')).toEqual([['nik'], ['kpj']])
    expect(rowWith(records[1].fields, 'field', 'nik').verdict).toBe('differs')
  })

  it('a directory that does not answer is said so; everything else is shown', async () => {
    const { ticketId } = await world.submitted()
    const down = () => Promise.reject(new PulihError('UPSTREAM_UNAVAILABLE', 'down'))
    const directory = { findByNik: down, findByKpj: down, findById: down }
    const shown = await sideBySide({ people: world.api.deps.services.people, directory }, ticketId)
    expect([shown.directory, shown.records]).toEqual(['unreachable', []])
    expect(shown.unasked.map((it) => it.verdict)).toEqual(['unknown', 'unknown', 'unknown', 'unknown'])
    expect(shown.derived.sex).toMatch(/^(fe)?male$/)
  })

  it('A19 is for officers; without a person there is nothing to compare', async () => {
    const { ticketId } = await world.submitted()
    for (const as of ['auditor', 'admin', 'portal', 'participant'] as const)
      expect((await world.api.get(`/v1/tickets/${ticketId}/comparison`, as)).status).toBe(403)
    const codesOnly = String((await world.api.file()).body.ticketId)
    expect((await world.api.get(`/v1/tickets/${codesOnly}/comparison`)).body.code).toBe('NOT_FOUND')
  })
})
